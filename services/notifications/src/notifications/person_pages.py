"""The secretariat finds one person by the number on their letter, and sees what was sent to them, with proof of it.

Addresses hold neither the number nor the person's id: what is opened has a random id of its own and lives two hours.
"""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import audit, seals
from chassis.cases import CaseClosed
from chassis.errors import BadInput, Transient
from chassis.identity import caller
from chassis.language import N_
from chassis.mongo import Document
from chassis.service import Service
from contracts.references import LONGEST, SUBJECT, FindReference, Found
from notifications import proof
from notifications.failed_pages import WHY
from notifications.person_view import messages_of, who_is
from notifications.post_desk import CASE, PERSON, Desk
from notifications.repository.known import ASSEMBLIES, load_assemblies
from notifications.use_cases import opening

NO_NUMBER = N_("That is no reference number. It is nine digits, and one of them is mistyped or missing")
NOBODY = N_("Nobody in this assembly has that number. Whoever is erased has none any more")
NO_ASSEMBLY = N_("Choose the assembly that the letter is about")
NO_ANSWER = N_("Registration does not answer, so nobody can be found right now. Try again in a minute")


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = PersonDesk(service)
    routes.add_api_route(PERSON, desk.ask, methods=["GET"])
    routes.add_api_route(PERSON, desk.find, methods=["POST"])
    routes.add_api_route(CASE, desk.show, methods=["GET"])
    routes.add_api_route(f"{CASE}/bevis", desk.hand_out, methods=["POST"])
    return routes


class PersonDesk(Desk):
    """Where the telephone stands."""

    async def ask(self, request: Request) -> HTMLResponse:
        """Ask for the number, and why."""
        return await self._ask(request)

    async def find(self, request: Request) -> Response:
        """Open the person's post, or say what is wrong with the number."""
        fields = seals.fields(request)
        assembly, typed, why = (fields.get(name, "") for name in ("assembly", "reference", "why"))
        say = self.service.pages.words(request).gettext
        errors = []
        if await self.service.db.collection(ASSEMBLIES).get(assembly) is None:
            errors.append(("assembly", say(NO_ASSEMBLY)))
        if not typed.strip() or len(typed) > LONGEST:
            errors.append(("reference", say(NO_NUMBER)))
        try:
            audit.reason(why)
        except BadInput:
            errors.append(("why", say(WHY, shortest=audit.SHORTEST_WHY, longest=audit.LONGEST_WHY)))
        if errors:
            return await self._ask(request, errors)
        try:
            found = await self.service.ask(SUBJECT, FindReference(assembly=assembly, typed=typed), Found)
        except Transient:
            return await self._ask(request, [("reference", say(NO_ANSWER))], status=503)
        if not found.holders:
            return await self._ask(request, [("reference", say(NOBODY if found.readable else NO_NUMBER))])
        chosen = fields.get("person", "")
        people = [one.person for one in found.holders if len(found.holders) == 1 or one.person == chosen]
        who, now = caller(request), self.service.clock.machine_now()
        if not people:
            await self.service.transaction(
                lambda tx: opening.tell_apart(tx, who, assembly, len(found.holders), why=why)
            )
            return self.render(request, "person-which.html", holders=found.holders, given=fields)
        case = await self.service.transaction(
            lambda tx: opening.open_person(tx, who, assembly, people[0], why=why, machine_now=now)
        )
        return self.service.pages.go_on(request, CASE.format(case=case))

    async def _ask(
        self, request: Request, errors: list[tuple[str, str]] | None = None, status: int = 422
    ) -> HTMLResponse:
        assemblies = await self.service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"])
        return self.render(
            request,
            "person-find.html",
            status if errors else 200,
            assemblies=assemblies,
            errors=errors or [],
            given=seals.fields(request) if errors else {},
        )

    async def show(self, request: Request, case: str) -> Response:
        """Show each message to the person with its course."""
        return await self._with(request, case, self._show)

    async def _show(self, request: Request, found: Document, shipments: list[Document]) -> Response:
        who = await who_is(self.service, found["assembly"], found["person"])
        assemblies = await load_assemblies(self.service.db, [found["assembly"]])
        return self.render(
            request,
            "person.html",
            who=who,
            assembly=assemblies.get(found["assembly"]),
            why=found["why"],
            messages=await messages_of(self.service.db, self.service.pages.words(request), who, shipments),
            case=found["_id"],
            action=f"{CASE.format(case=found['_id'])}/bevis",
        )

    async def hand_out(self, request: Request, case: str) -> Response:
        """Answer with the proof as a file, and write that down."""
        who, now = caller(request), self.service.clock.machine_now()
        try:
            found, shipments = await self.service.transaction(lambda tx: opening.hand_out(tx, who, case, now))
        except CaseClosed:
            return self._closed(request)
        kind = proof.KINDS.get(seals.fields(request).get("format", ""), proof.KINDS["pdf"])
        known = await who_is(self.service, found["assembly"], found["person"])
        assemblies = await load_assemblies(self.service.db, [found["assembly"]])
        about = proof.About(
            assembly=assemblies[found["assembly"]], reference=known.reference, made_at=self.service.clock.now()
        )
        body = await kind.make(self.service.pages.words(request), about, shipments)
        headers = {"Content-Disposition": f'attachment; filename="{kind.filename}"', "Cache-Control": "no-store"}
        return Response(body, media_type=kind.media_type, headers=headers)

    async def _with(
        self, request: Request, case: str, show: Callable[[Request, Document, list[Document]], Awaitable[Response]]
    ) -> Response:
        try:
            found, shipments = await opening.post_of(
                self.service.db, caller(request), case, self.service.clock.machine_now()
            )
        except CaseClosed:
            return self._closed(request)
        return await show(request, found, shipments)

    def _closed(self, request: Request) -> HTMLResponse:
        return self.render(request, "person-closed.html", 410)
