"""The public pages: what signing up is, the form behind the personal link, and the way out.

The link is the whole identification, a bearer credential. Its forms are sealed to it (chassis.seals).
Pages under `/l/` are never cached or indexed (chassis.edge).
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.errors import NotFound
from chassis.service import Service
from chassis.vault import Vault
from registration import links, sign_outs
from registration.calendar_file import calendar_file
from registration.domain.registration import SIGNED_UP, TAKING_PART
from registration.entrance import language
from registration.form_pages import Steps
from registration.holders import LINK, by_personal_link, link_path, state_of
from registration.repository import ASSEMBLIES, assembly_from
from registration.settings import Settings
from registration.use_cases import signing_up
from registration.use_cases.announcing import get_assembly

CALENDAR = "/tilmelding/{assembly}/samlinger.ics"


def router(service: Service, settings: Settings, vault: Vault) -> APIRouter:
    """Return the public routes."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = Desk(service)
    routes.add_api_route("/tilmelding", desk.front, methods=["GET"])
    routes.add_api_route(CALENDAR, desk.calendar, methods=["GET"])
    Steps(service, settings.key, vault, LINK, by_personal_link(service)).add_to(routes)
    routes.add_api_route(LINK + "/frameld", desk.ask_to_withdraw, methods=["GET"])
    routes.add_api_route(LINK + "/frameld", desk.withdraw, methods=["POST"])
    return routes


class Desk:
    """Where people read about signing up, and where they withdraw."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pages = service.pages
        self._find = by_personal_link(service)

    async def front(self, request: Request) -> HTMLResponse:
        """Say what signing up is, and which assemblies take sign-ups."""
        documents = await self._service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)])
        entries = [{"assembly": assembly_from(d), "state": state_of(self._service, d)} for d in documents]
        return self._pages.render(request, "front.html", entries=entries)

    async def calendar(self, request: Request, assembly: str) -> Response:
        """Give the meetings as a file for people's calendars; NotFound when the assembly is not announced."""
        found = assembly_from(await get_assembly(self._service.db, assembly))
        text = calendar_file(found, self._pages.words(request), self._service.clock.now())
        headers = {"Content-Disposition": f'attachment; filename="{found.id}.ics"'}
        return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)

    async def ask_to_withdraw(self, request: Request) -> Response:
        """Ask whether they are sure."""
        try:
            holder = await self._find(request)
        except NotFound:
            return await links.leads_nowhere(self._service, request)
        if holder.status not in TAKING_PART | SIGNED_UP:
            return self._to(request, "")
        return self._pages.render(request, "withdraw.html", assembly=holder.assembly, link=link_path(request))

    async def withdraw(self, request: Request, token: str) -> Response:
        """Withdraw, at any time."""
        try:
            await self._service.transaction(lambda tx: signing_up.withdraw(tx, token))
        except NotFound:
            return await links.leads_nowhere(self._service, request)
        self._service.poke(sign_outs.NAME)
        return self._to(request, "/kvittering")

    def _to(self, request: Request, rest: str) -> RedirectResponse:
        return RedirectResponse(f"{link_path(request)}{rest}{language(request)}", status_code=303)
