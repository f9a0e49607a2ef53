"""The doorkeeper of a service's application: who calls, whether the table lets them in, and whether a form is genuine.

It stands before the routes and reads nothing of a request that it may not let in. Each refusal is a clear answer and
one audit line in the log (`audit`), without anything personal: reason, route, role.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import seals, signins
from chassis.access import Door, Doors, path_of
from chassis.errorpages import answer
from chassis.errors import Transient
from chassis.identity import PUBLIC, Caller, Role
from chassis.seals import FAULTS, MOST_FIELDS, Fault, NotTaken
from chassis.uploads import Upload

if TYPE_CHECKING:
    from chassis.service import Service

SIGN_IN = "/log-ind"

EXPIRED_SIGN_IN, UNKNOWN_SIGN_IN = "sign-in-expired", "sign-in-unknown"
UNKNOWN_TOKEN = Caller(Role.PUBLIC, "unknown token")


class Refused(Exception):  # noqa: N818
    """Not let in: the answer to give, and the reason for the audit line."""

    def __init__(self, reason: str, response: Response) -> None:
        super().__init__(reason)
        self.reason, self.response = reason, response


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at a door."""

    request: Request
    door: Door
    caller: Caller
    trouble: str
    """Why the cookie it came with is not taken; empty when all is well."""

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "unknown"


class Doorkeeper:
    """The middleware. Innermost of all, so that headers, limits, traces and metrics are on its answers too."""

    def __init__(self, app: ASGIApp, service: "Service", doors: Doors) -> None:
        self._app, self._service, self._doors = app, service, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] != "lifespan":  # no web sockets here, so none is let in
                return
            await self._app(scope, receive, send)
            return
        door, there = self._doors.find(scope["method"], scope["path"])
        if door is not None and door.row.kind == "file":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope.setdefault("state", {})["caller"] = PUBLIC
        try:
            await self._visit(request, door, there, receive, send)
        except Transient:
            await answer(request, self._service.pages, 503, headers={"Retry-After": "5"})(scope, receive, send)
        except HTTPException as error:  # a body above its limit, found while it was read
            await answer(request, self._service.pages, error.status_code)(scope, receive, send)

    async def _visit(self, request: Request, door: Door | None, there: bool, receive: Receive, send: Send) -> None:
        scope = request.scope
        caller, trouble = await self._caller(request, door)
        scope["state"]["caller"] = caller
        if trouble:
            send = _without_cookie(send, self._service.sign_ins.cookie)
            self._note(trouble, door, caller)
        if door is None:
            # Nothing is here; a wrong method, or a slash too many, is the application's own answer.
            if there or self._doors.find(scope["method"], scope["path"].rstrip("/"))[0]:
                await self._app(scope, receive, send)
            else:
                await answer(request, self._service.pages, 404)(scope, receive, send)
            return
        scope["route"] = door  # for traces and metrics of what never reaches a route
        visit = Visit(request, door, caller, trouble)
        try:
            await self._admit(visit)
            if door.row.kind == "form" or door.path in self._service.sign_in_paths:
                await self._count(visit)
            if door.row.kind == "form":
                await self._take_form(visit, receive, send)
            else:
                await self._pass(visit, receive, send)
        except Refused as refused:
            self._note(refused.reason, door, caller)
            await refused.response(scope, receive, send)

    async def _caller(self, request: Request, door: Door | None) -> tuple[Caller, str]:
        if door is not None and door.row.kind == "api":
            return self._token(request), ""
        value = request.cookies.get(self._service.sign_ins.cookie.name)
        if value is None or (door is not None and door.row.link):
            return PUBLIC, ""
        try:
            found = await self._service.sign_ins.find(value)
        except signins.Expired:
            return PUBLIC, EXPIRED_SIGN_IN
        return (found, "") if found else (PUBLIC, UNKNOWN_SIGN_IN)

    def _token(self, request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return PUBLIC
        role = self._service.tokens.role_of(token)
        if role is None:
            return UNKNOWN_TOKEN
        return Caller(role, "token")

    async def _admit(self, visit: Visit) -> None:
        """Let in whom the table lets in; a personal link is judged by the route it opens."""
        row = visit.door.row
        if row.link:
            if wait := await self._service.limits.guesser(visit.address):
                raise self._too_often(visit, wait)
            return
        if visit.caller.role in row.roles and visit.caller != UNKNOWN_TOKEN:
            return
        raise self._not_admitted(visit)

    def _not_admitted(self, visit: Visit) -> Refused:
        if visit.door.row.kind == "api":
            return self._not_admitted_by_token(visit)
        request, pages = visit.request, self._service.pages
        if visit.caller.role is not Role.PUBLIC:
            return Refused("role", pages.render(request, "refused.html", 403, roles=sorted(visit.door.row.roles)))
        if visit.door.row.kind == "form":
            return Refused("signed-out", answer(request, pages, 401))
        why = "&hvorfor=udloebet" if visit.trouble == EXPIRED_SIGN_IN else ""
        target = f"{SIGN_IN}?videre={quote(request.url.path)}{why}"
        return Refused("signed-out", RedirectResponse(target, 303, {"Cache-Control": "no-store"}))

    def _not_admitted_by_token(self, visit: Visit) -> Refused:
        def refused(reason: str, status: int, detail: str, challenge: str = "") -> Refused:
            headers = {"WWW-Authenticate": challenge} if challenge else None
            return Refused(reason, answer(visit.request, self._service.pages, status, detail=detail, headers=headers))

        if visit.caller == UNKNOWN_TOKEN:
            return refused("token-unknown", 401, "the token is not known", 'Bearer error="invalid_token"')
        if visit.caller.role is Role.PUBLIC:
            return refused("token-missing", 401, "a bearer token is needed", "Bearer")
        return refused("role", 403, f"this is not for the role {visit.caller.role}")

    async def _count(self, visit: Visit) -> None:
        if wait := await self._service.limits.form(visit.address, visit.request.url.path):
            raise self._too_often(visit, wait)

    async def _take_form(self, visit: Visit, receive: Receive, send: Send) -> None:
        try:
            if visit.door.row.upload:
                await self._take_upload(visit, receive, send)
                return
            body = await visit.request.body()
            if visit.door.row.unsealed:
                await self._pass(visit, receive, send)
            else:
                await self._take_sealed(visit, self._checked(visit, _urlencoded(visit, body)), body, receive, send)
        except NotTaken as error:
            raise self._faulty(visit, error.fault) from None

    async def _take_upload(self, visit: Visit, receive: Receive, send: Send) -> None:
        most = self._service.settings.http.max_body_bytes
        upload = Upload(visit.request.headers.get("content-type", ""), receive, most)
        seal = self._checked(visit, await upload.fields())
        # Before the seal is taken: who forgot the file may go back and send the same form.
        await upload.look_into_file()
        visit.request.scope["state"]["upload"] = upload
        await self._take_sealed(visit, seal, b"", receive, send)

    async def _take_sealed(self, visit: Visit, seal: str, body: bytes, receive: Receive, send: Send) -> None:
        if not visit.door.row.in_steps and not await self._service.seals.take(seal):
            raise NotTaken(Fault.REPLAYED)
        again = iter(({"type": "http.request", "body": body, "more_body": False},))
        status = 500

        async def receive_again() -> Message:
            return next(again, None) or await receive()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._pass(visit, receive_again, send_and_note)
        finally:
            # The fault was ours, or the file broke off on its way: the same form may be sent again.
            if status >= 500:
                await self._service.seals.give_back(seal)

    def _checked(self, visit: Visit, fields: dict[str, str]) -> str:
        """Return the form's seal, and let the route have what was filled in."""
        if fields.get(seals.TRAP):
            raise NotTaken(Fault.TRAPPED)
        seal, path = fields.get(seals.FIELD, ""), visit.request.url.path
        row = visit.door.row
        hurried = (row.link or visit.caller.role is Role.PUBLIC) and not row.in_steps
        fault = self._service.seals.fault(seal, path, visit.caller.sign_in, hurried=hurried)
        if fault:
            raise NotTaken(fault)
        visit.request.scope["state"]["form"] = {k: v for k, v in fields.items() if k not in {seals.FIELD, seals.TRAP}}
        return seal

    def _faulty(self, visit: Visit, fault: Fault) -> Refused:
        status, title, advice = FAULTS[fault]
        page = answer(visit.request, self._service.pages, status, detail=title, words=(title, advice))
        return Refused(fault, page)

    def _too_often(self, visit: Visit, wait: int) -> Refused:
        return Refused("too-often", answer(visit.request, self._service.pages, 429, headers={"Retry-After": str(wait)}))

    async def _pass(self, visit: Visit, receive: Receive, send: Send) -> None:
        unknown = False

        async def send_and_look(message: Message) -> None:
            nonlocal unknown
            if message["type"] == "http.response.start":
                unknown = message["status"] == 404
                if visit.caller.role is not Role.PUBLIC:
                    # What someone signed in is shown stays with them, also on a library's computer.
                    MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self._app(visit.request.scope, receive, send_and_look)
        if unknown and visit.door.row.link:
            self._note("link-unknown", visit.door, visit.caller)
            await self._service.limits.guessed(visit.address)

    def _note(self, reason: str, door: Door | None, caller: Caller) -> None:
        self._service.refused(reason, path_of(door), caller.role)


def _urlencoded(visit: Visit, body: bytes) -> dict[str, str]:
    kind = visit.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise NotTaken(Fault.UNREADABLE)
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise NotTaken(Fault.UNREADABLE) from None


def _without_cookie(send: Send, cookie: signins.Cookie) -> Send:
    forget = Response()
    cookie.take_back(forget)
    header = next(pair for pair in forget.raw_headers if pair[0] == b"set-cookie")

    async def send_without(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Unless the answer gives a new one: someone with an old cookie has just signed in.
            name = f"{cookie.name}=".encode()
            if not any(key == b"set-cookie" and value.startswith(name) for key, value in message["headers"]):
                message["headers"] = [*message["headers"], header]
        await send(message)

    return send_without
