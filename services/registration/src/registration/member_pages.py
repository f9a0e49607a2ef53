"""A member signs in: the personal link, and a one-time code sent to their Digital Post.

The link alone shows where someone stands in the draw; being signed in as a member takes the code too, since a link may
be forwarded. Everyone who is drawn may ask, nobody else is told more than that they are no member.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import NotFound
from chassis.identity import caller
from chassis.language import N_, Words
from chassis.mongo import Document
from chassis.service import Service
from registration.domain.sign_in_code import State, typed
from registration.entrance import language, let_in
from registration.holders import LINK, link_path
from registration.links import leads_nowhere
from registration.repository import CODES, assembly_from, code_from
from registration.settings import Settings
from registration.use_cases import signing_in
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_in import NotAMember, TooManyCodes, Tried

ASK = LINK + "/medlem"
ENTER = ASK + "/kode"

ENDED = {
    State.EXPIRED: (N_("The code has expired"), N_("A code can be used for half an hour. Have a new one sent.")),
    State.USED: (
        N_("The code has been used"),
        N_("A code signs you in once. Have a new one sent. Was it not you who used it? Then call the secretariat."),
    ),
    State.SPENT: (
        N_("The code has been tried too often"),
        N_("After five wrong tries a code is closed. Have a new one sent."),
    ),
}
"""Title and advice for a code that cannot be used any more."""

Handler = Callable[..., Awaitable[Response]]


def router(service: Service, settings: Settings) -> APIRouter:
    """Return the routes behind the personal link."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = MemberDesk(service, settings)
    routes.add_api_route(ASK, desk.ask, methods=["GET"])
    routes.add_api_route(ASK, desk.send_code, methods=["POST"])
    routes.add_api_route(ENTER, desk.enter, methods=["GET"])
    routes.add_api_route(ENTER, desk.try_code, methods=["POST"])
    return routes


def _members_alone(handler: Handler) -> Handler:
    """Answer an unknown link, and someone who is no member, with their own page."""

    @wraps(handler)
    async def answer(self: "MemberDesk", request: Request, token: str) -> Response:
        try:
            return await handler(self, request, token)
        except NotFound:
            return await leads_nowhere(self.service, request)
        except NotAMember:
            self.service.refused("not-a-member", request.scope["route"].path, caller(request).role)
            return self.pages.render(request, "not-a-member.html", 403, link=link_path(request))

    return answer


class MemberDesk:
    """Where members ask for a code and hand it in."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service = service
        self.pages = service.pages
        self._key = settings.key
        self._mitid = settings.member_sign_in.issuer is not None

    @_members_alone
    async def ask(self, request: Request, token: str) -> Response:
        """Say how a member signs in."""
        return await self._asking(request, token)

    @_members_alone
    async def send_code(self, request: Request, token: str) -> Response:
        """Have a code sent, and show where to enter it."""
        now = self.service.clock.machine_now()
        try:
            await self.service.transaction(lambda tx: signing_in.issue(tx, token, now))
        except TooManyCodes as refusal:
            self.service.refused("code-too-many", ASK, caller(request).role)
            return await self._asking(request, token, 429, again_at=refusal.again_at)
        return RedirectResponse(f"{link_path(request)}/medlem/kode{language(request)}", 303)

    @_members_alone
    async def enter(self, request: Request, token: str) -> Response:
        """Show the form for the code that was sent; where none was, how to get one."""
        return await self._entering(request, token)

    @_members_alone
    async def try_code(self, request: Request, token: str) -> Response:
        """Sign in with a code, or say what is wrong with it."""
        given = typed(seals.fields(request).get("code", ""))
        if given is None:
            error = self.pages.words(request).gettext(N_("Enter the six digits of the code"))
            return await self._entering(request, token, 422, error)
        tried = await self.service.transaction(lambda tx: signing_in.try_code(tx, self._key, token, given))
        if tried.right:
            return await let_in(self.service, request, tried.person, tried.assembly, "code")
        wrong = tried.state is State.LIVE
        reason = f"code-{'wrong' if wrong else tried.state or 'missing'}"
        self.service.refused(reason, ENTER, caller(request).role)
        status = 429 if tried.state is State.SPENT else 422
        return await self._entering(request, token, status, _error(self.pages.words(request), tried))

    async def _asking(
        self, request: Request, token: str, status: int = 200, again_at: datetime | None = None
    ) -> Response:
        _, assembly = await self._member(token)
        return self.pages.render(
            request,
            "member.html",
            status,
            assembly=assembly_from(assembly),
            link=link_path(request),
            mitid=self._mitid,
            again_at=again_at,
        )

    async def _entering(self, request: Request, token: str, status: int = 200, error: str = "") -> Response:
        person, assembly = await self._member(token)
        document = await self.service.db.collection(CODES).get(person["_id"])
        if document is None:
            return RedirectResponse(f"{link_path(request)}/medlem{language(request)}", 303)
        code = code_from(document)
        state = code.state(self.service.clock.now())
        return self.pages.render(
            request,
            "code.html",
            status,
            assembly=assembly_from(assembly),
            link=link_path(request),
            code=code,
            ended=ENDED.get(state),
            # What the summary links to: the field, or how to get another code where the field is gone.
            errors=[("code" if state is State.LIVE else "new-code", error)] if error else [],
        )

    async def _member(self, token: str) -> tuple[Document, Document]:
        person = await signing_in.member_by_link(self.service.db, token)
        return person, await get_assembly(self.service.db, person["assembly"])


def _error(words: Words, tried: Tried) -> str:
    if tried.state in ENDED:
        return words.gettext(ENDED[tried.state][0])
    return words.ngettext(
        "The code is not right. You have %(num)s try left.",
        "The code is not right. You have %(num)s tries left.",
        tried.tries_left,
    )
