"""Behind a personal link, and behind a follower's: which themes they want to read of first in each status."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.service import Service
from registration.entrance import language
from registration.follow_pages import unknown_follower
from registration.holders import FOLLOWER, LINK, clean, link_path
from registration.links import leads_nowhere
from registration.repository import assembly_from
from registration.settings import Settings
from registration.use_cases import following, themes
from registration.use_cases.announcing import get_assembly
from registration.use_cases.seats import has_seat
from registration.use_cases.signing_in import NotAMember
from registration.use_cases.signing_up import by_link

OF_MEMBER, OF_FOLLOWER = LINK + "/temaer", FOLLOWER + "/temaer"


def router(service: Service, settings: Settings) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = ThemeDesk(service, settings.key)
    routes.add_api_route(OF_MEMBER, desk.ask_member, methods=["GET"])
    routes.add_api_route(OF_MEMBER, desk.take_of_member, methods=["POST"])
    routes.add_api_route(OF_FOLLOWER, desk.ask_follower, methods=["GET"])
    routes.add_api_route(OF_FOLLOWER, desk.take_of_follower, methods=["POST"])
    return routes


class ThemeDesk:
    """Where themes are chosen. Whoever chooses none is told of each status all the same."""

    def __init__(self, service: Service, key: bytes) -> None:
        self._service, self._key = service, key

    async def ask_member(self, request: Request, token: str) -> Response:
        """Ask a member; who has no seat is led to where they stand."""
        try:
            person = await by_link(self._service.db, token)
        except NotFound:
            return await leads_nowhere(self._service, request)
        if not has_seat(person):
            return self._to_receipt(request)
        base = link_path(request)
        return await self._form(request, person, f"{base}/temaer", f"{base}/kvittering")

    async def take_of_member(self, request: Request, token: str) -> Response:
        """Take a member's choice."""
        fields = seals.fields(request)
        try:
            await self._service.transaction(lambda tx: themes.choose_as_member(tx, token, fields))
        except NotFound:
            return await leads_nowhere(self._service, request)
        except NotAMember:
            return self._to_receipt(request)
        return _saved(request, f"{link_path(request)}/temaer")

    async def ask_follower(self, request: Request, token: str) -> Response:
        """Ask who follows."""
        try:
            follower = await following.by_token(self._service.db, self._key, token, self._service.clock.now())
        except NotFound:
            return unknown_follower(self._service, request)
        base = FOLLOWER.format(token=clean(token))
        return await self._form(request, follower, f"{base}/temaer", base)

    async def take_of_follower(self, request: Request, token: str) -> Response:
        """Take a follower's choice."""
        fields = seals.fields(request)
        try:
            await self._service.transaction(lambda tx: themes.choose_as_follower(tx, self._key, token, fields))
        except NotFound:
            return unknown_follower(self._service, request)
        return _saved(request, f"{FOLLOWER.format(token=clean(token))}/temaer")

    async def _form(self, request: Request, holder: Document, action: str, back: str) -> Response:
        about: dict[str, Any] = {
            "assembly": assembly_from(await get_assembly(self._service.db, holder["assembly"])),
            "chosen": [f"{themes.PREFIX}{one}" for one in holder.get("themes", [])],
            "prefix": themes.PREFIX,
            "action": action,
            "back": back,
            "saved": request.query_params.get("gemt") == "ja",
        }
        return self._service.pages.render(request, "themes.html", **about)

    def _to_receipt(self, request: Request) -> RedirectResponse:
        return RedirectResponse(f"{link_path(request)}/kvittering{language(request)}", 303)


def _saved(request: Request, path: str) -> RedirectResponse:
    spoken = language(request)
    return RedirectResponse(f"{path}{spoken}{'&' if spoken else '?'}gemt=ja", 303)
