"""The sign-up on the telephone: the same steps as the person's own, in their case, and marked so."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.cases import CaseClosed
from chassis.identity import caller
from chassis.service import Service
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.case_pages import CASE, case_path, closed, not_now
from registration.domain.cases import Action
from registration.domain.registration import SIGNED_UP, Status
from registration.form_pages import Steps
from registration.holders import Find, Holder, holder
from registration.repository import PEOPLE
from registration.settings import Settings
from registration.use_cases import cases

PHONE = f"{CASE}/{Action.SIGN_UP.value}"


def router(service: Service, settings: Settings, vault: Vault) -> APIRouter:
    """Return the routes. They stand before a case's actions, whose paths look alike."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    PhoneSteps(service, settings.key, vault, PHONE, by_case(service)).add_to(routes)
    return routes


def by_case(service: Service) -> Find:
    """Return what finds the person of the case in the path, or answers that it is closed, or nobody was invited."""

    async def find(request: Request) -> Holder | Response:
        case, machine_now = request.path_params["case"], service.clock.machine_now()
        try:
            _, person, assembly = await cases.current(service.db, caller(request), case, machine_now)
        except CaseClosed:
            return closed(service, request)
        if person["invited_at"] is None:
            return not_now(service, request, case, assembly, Action.SIGN_UP)
        home = f"{case_path(case)}?sprog={service.pages.language(request)}"
        return await holder(service, person, "phone", home)

    return find


class PhoneSteps(Steps):
    """The form's pages, where what is sent is written down among what was done by hand."""

    async def _command(self, request: Request, command: Callable[..., Awaitable[None]]) -> Response:
        who, machine_now = caller(request), self._service.clock.machine_now()

        async def and_note(tx: Transaction) -> None:
            _, person, _ = await cases.current(tx, who, request.path_params["case"], machine_now)
            await command(tx)
            after = await tx.collection(PEOPLE).get(person["_id"])
            signed_up = after is not None and Status(after["status"]) in SIGNED_UP
            what = Action.SIGN_UP if signed_up else Action.DECLINE
            await cases.note_change(tx, self._vault, who, person, what, None)

        try:
            return await super()._command(request, and_note)
        except CaseClosed:
            return closed(self._service, request)
