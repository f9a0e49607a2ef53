"""The secretariat finds one person by the number on their letter, and makes trial people to try the form with."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import audit, seals
from chassis.errors import BadInput
from chassis.identity import caller
from chassis.language import N_
from chassis.mongo import Document
from chassis.service import Service
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.case_pages import LOOK_UP, back, case_path
from registration.case_words import SLIPS
from registration.domain.cases import slip_in
from registration.domain.draw_code import typed_line
from registration.domain.people import link_token, spoken_reference, typed_reference
from registration.repository import assembly_from
from registration.settings import Settings
from registration.status_words import status_in_words
from registration.use_cases import cases, trials
from registration.use_cases.announcing import get_assembly

TRIALS = f"{LOOK_UP}/proever"


def router(service: Service, settings: Settings, vault: Vault) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = LookUpDesk(service, settings, vault)
    routes.add_api_route(LOOK_UP, desk.ask, methods=["GET"])
    routes.add_api_route(LOOK_UP, desk.look_up, methods=["POST"])
    routes.add_api_route(TRIALS, desk.make_trial, methods=["POST"])
    routes.add_api_route(f"{TRIALS}/slet", desk.delete_trials, methods=["POST"])
    return routes


class LookUpDesk:
    """Where the telephone stands."""

    def __init__(self, service: Service, settings: Settings, vault: Vault) -> None:
        self._service, self._vault, self._key = service, vault, settings.key

    async def ask(self, request: Request, assembly: str) -> Response:
        """Ask for the number, and why."""
        erased = request.query_params.get("slettet") == "ja"
        return await self._render(request, assembly, erased=erased)

    async def look_up(self, request: Request, assembly: str) -> Response:
        """Open the person's case, or say what is wrong with the number."""
        fields = seals.fields(request)
        typed, why = fields.get("reference", ""), fields.get("why", "")
        reference, line = typed_reference(typed), typed_line(typed)
        say = self._service.pages.words(request).gettext
        errors = [] if reference or line else [("reference", say(SLIPS[slip_in(typed)]))]
        try:
            audit.reason(why)
        except BadInput:
            message = N_("Write in %(shortest)s to %(longest)s characters why you look the person up")
            errors.append(("why", say(message, shortest=audit.SHORTEST_WHY, longest=audit.LONGEST_WHY)))
        if errors:
            return await self._render(request, assembly, errors=errors, typed=typed, why=why)
        who, machine_now, chosen = caller(request), self._service.clock.machine_now(), fields.get("person", "")

        async def look_up(tx: Transaction) -> cases.LookedUp:
            if reference is None:
                return await cases.look_up_line(
                    tx, self._vault, self._key, who, assembly, line or "", why=why, machine_now=machine_now
                )
            return await cases.look_up(
                tx, self._vault, who, assembly, reference, why=why, machine_now=machine_now, chosen=chosen
            )

        found = await self._service.transaction(look_up)
        if found.case:
            return back(request, case_path(found.case))
        if found.candidates:
            announced = assembly_from(await get_assembly(self._service.db, assembly))
            return self._service.pages.render(
                request,
                "case-which.html",
                assembly=announced,
                look_up=LOOK_UP.format(assembly=assembly),
                reference=spoken_reference(reference or ""),
                why=why,
                candidates=found.candidates,
            )
        message = say(N_("Nobody in this assembly has that number. Is the letter about another one?"))
        return await self._render(request, assembly, errors=[("reference", message)], typed=typed, why=why)

    async def make_trial(self, request: Request, assembly: str) -> Response:
        """Make someone who is not there."""
        await self._service.transaction(lambda tx: trials.make(tx, self._key, self._vault, assembly))
        return back(request, LOOK_UP.format(assembly=assembly))

    async def delete_trials(self, request: Request, assembly: str) -> Response:
        """Delete all who are not there."""
        await self._service.transaction(lambda tx: trials.delete_all(tx, assembly))
        return back(request, LOOK_UP.format(assembly=assembly))

    async def _render(
        self,
        request: Request,
        assembly: str,
        *,
        errors: list[tuple[str, str]] | None = None,
        typed: str = "",
        why: str = "",
        erased: bool = False,
    ) -> HTMLResponse:
        announced = assembly_from(await get_assembly(self._service.db, assembly))
        people = await trials.all_of(self._service.db, assembly)
        return self._service.pages.render(
            request,
            "case-look-up.html",
            422 if errors else 200,
            assembly=announced,
            look_up=LOOK_UP.format(assembly=assembly),
            errors=errors or [],
            typed=typed,
            why=why,
            erased=erased,
            trials=[self._trial(request, person) for person in people],
            room=len(people) < trials.MOST,
        )

    def _trial(self, request: Request, person: Document) -> dict[str, Any]:
        link = link_token(self._key, person["_id"], person["generation"])
        return {
            "name": self._vault.unlock(person["identity"])["name"],
            "reference": spoken_reference(person["reference"]),
            "status": status_in_words(self._service.pages.words(request), person, {}),
            "link": f"/tilmelding/l/{link}",
        }
