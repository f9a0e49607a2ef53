"""The public pages: what signing up is, and the form behind the personal link.

The link is the whole identification, a bearer credential. Its forms are sealed to it (chassis.seals).
Pages under `/l/` are never cached or indexed (chassis.edge).
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import NotFound
from chassis.language import N_, Words
from chassis.mongo import Document
from chassis.service import Service
from registration import links, sign_outs
from registration.domain.assembly import Assembly, Criterion
from registration.domain.registration import TAKING_PART, FormProblem, Status, read_form
from registration.entrance import language
from registration.repository import ASSEMBLIES, assembly_from
from registration.use_cases import signing_up
from registration.use_cases.announcing import get_assembly
from registration.use_cases.gates import SignUpClosed

LINK = "/tilmelding/l/{token}"


def router(service: Service) -> APIRouter:
    """Return the public routes."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = Desk(service)
    routes.add_api_route("/tilmelding", desk.front, methods=["GET"])
    routes.add_api_route(LINK, desk.form, methods=["GET"])
    routes.add_api_route(LINK, desk.sign_up, methods=["POST"])
    routes.add_api_route(LINK + "/kvittering", desk.receipt, methods=["GET"])
    routes.add_api_route(LINK + "/frameld", desk.ask_to_withdraw, methods=["GET"])
    routes.add_api_route(LINK + "/frameld", desk.withdraw, methods=["POST"])
    return routes


class Desk:
    """Where people sign up."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pages = service.pages

    async def front(self, request: Request) -> HTMLResponse:
        """Say what signing up is, and which assemblies take sign-ups."""
        documents = await self._service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)])
        entries = [{"assembly": assembly_from(d), "state": self._state(d)} for d in documents]
        return self._pages.render(request, "front.html", entries=entries)

    async def form(self, request: Request, token: str) -> Response:
        """Show the form, or why there is none."""
        return await self._shown(request, token, fields=None, problems=[])

    async def sign_up(self, request: Request, token: str) -> Response:
        """Take the form: to the receipt, or back to it with what is missing and everything else kept."""
        try:
            _, document = await self._find(token)
        except NotFound:
            return await self._unknown(request)
        fields = seals.fields(request)
        answers, problems = read_form(fields, assembly_from(document).form_criteria)
        if problems:
            return await self._shown(request, token, fields, problems)
        spoken = self._pages.language(request)
        try:
            await self._service.transaction(lambda tx: signing_up.sign_up(tx, token, answers, spoken))
        except SignUpClosed:
            return await self._shown(request, token, fields=None, problems=[])
        return self._to(request, token, "/kvittering")

    async def receipt(self, request: Request, token: str) -> Response:
        """Show where the holder of the link stands."""
        try:
            person, document = await self._find(token)
        except NotFound:
            return await self._unknown(request)
        if Status(person["status"]) not in TAKING_PART | {Status.WITHDRAWN}:
            return self._to(request, token, "")
        return self._receipt(request, person, document)

    async def ask_to_withdraw(self, request: Request, token: str) -> Response:
        """Ask whether they are sure."""
        try:
            person, document = await self._find(token)
        except NotFound:
            return await self._unknown(request)
        if Status(person["status"]) not in TAKING_PART:
            return self._to(request, token, "")
        return self._pages.render(request, "withdraw.html", assembly=assembly_from(document), link=link_path(request))

    async def withdraw(self, request: Request, token: str) -> Response:
        """Withdraw, at any time."""
        try:
            await self._service.transaction(lambda tx: signing_up.withdraw(tx, token))
        except NotFound:
            return await self._unknown(request)
        self._service.poke(sign_outs.NAME)
        return self._to(request, token, "/kvittering")

    async def _find(self, token: str) -> tuple[Document, Document]:
        person = await signing_up.by_link(self._service.db, token)
        return person, await get_assembly(self._service.db, person["assembly"])

    def _state(self, document: Document) -> str:
        now = self._service.clock.now()
        if signing_up.is_open(document, now):
            return "open"
        return "closed" if document["pool"] is not None or now >= assembly_from(document).closes_at else "not-yet"

    async def _shown(
        self, request: Request, token: str, fields: dict[str, str] | None, problems: list[FormProblem]
    ) -> Response:
        try:
            person, document = await self._find(token)
        except NotFound:
            return await self._unknown(request)
        status, state = Status(person["status"]), self._state(document)
        if status in TAKING_PART and (state != "open" or status is not Status.POOL):
            return self._receipt(request, person, document)
        assembly = assembly_from(document)
        if state != "open":
            http = 410 if state == "closed" else 200
            return self._pages.render(request, "closed.html", http, assembly=assembly, state=state)
        return self._pages.render(
            request,
            "form.html",
            status=422 if problems else 200,
            assembly=assembly,
            signed_up=status is Status.POOL,
            known=_known(assembly, person),
            values=fields if fields is not None else person["answers"],
            errors=_errors(self._pages.words(request), assembly, problems),
            link=link_path(request),
        )

    def _receipt(self, request: Request, person: Document, document: Document) -> HTMLResponse:
        assembly = assembly_from(document)
        return self._pages.render(
            request,
            "receipt.html",
            assembly=assembly,
            status_of=person["status"],
            can_change=self._state(document) == "open",
            known=_known(assembly, person),
            answers=[
                (c.title, c.title_of(person["answers"][c.id]))
                for c in assembly.form_criteria
                if c.id in person["answers"]
            ],
            link=link_path(request),
        )

    async def _unknown(self, request: Request) -> HTMLResponse:
        return await links.leads_nowhere(self._service, request)

    def _to(self, request: Request, token: str, rest: str) -> RedirectResponse:
        return RedirectResponse(f"{LINK.format(token=_clean(token))}{rest}{language(request)}", status_code=303)


def link_path(request: Request) -> str:
    """Return the path of the personal link a request came by."""
    return LINK.format(token=_clean(request.path_params["token"]))


def _clean(token: str) -> str:
    # A redirect repeats the token it was called with: letters and digits alone.
    return "".join(c for c in token if c.isascii() and c.isalnum())


def _known(assembly: Assembly, person: Document) -> list[tuple[Any, Any]]:
    def shown(criterion: Criterion) -> tuple[Any, Any]:
        return criterion.title, criterion.title_of(person["features"][criterion.id])

    return [shown(c) for c in assembly.roll_criteria if c.id in person["features"]]


def _errors(words: Words, assembly: Assembly, problems: list[FormProblem]) -> list[tuple[str, str]]:
    titles = {criterion.id: words.text(criterion.title) for criterion in assembly.form_criteria}
    return [(problem.field, _message(words, titles, problem)) for problem in problems]


def _message(words: Words, titles: dict[str, str], problem: FormProblem) -> str:
    if problem.field == "consent":
        return words.gettext(N_("Tick that you consent; without it you cannot be in the draw"))
    return words.gettext(N_("Choose one of the answers to “%(question)s”"), question=titles[problem.field])
