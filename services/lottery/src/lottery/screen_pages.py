"""The page for the room's big screen: when, the three digits one by one, and the panel beside the population."""

from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.live import EventStream
from chassis.service import Service
from lottery.desk import Desk
from lottery.domain.ceremony import State
from lottery.paths import DRAW, SCREEN
from lottery.repository import draws
from lottery.repository.assemblies import Assembly
from lottery.repository.draws import Draw
from lottery.views import draw_view

EACH = timedelta(seconds=3)
"""How long a digit stands before the next one is shown: time to say it aloud."""


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = Screen(service)
    routes.add_api_route(SCREEN, room.show, methods=["GET"])
    routes.add_api_route(f"{SCREEN}/live", room.follow, methods=["GET"])
    routes.add_api_route(f"{DRAW}/skaerm", room.show, methods=["GET"])
    routes.add_api_route(f"{DRAW}/skaerm/live", room.follow, methods=["GET"])
    return routes


class Screen(Desk):
    """The public draw, or one of the secretariat's tests."""

    async def show(self, request: Request, assembly: str, draw: str = "") -> HTMLResponse:
        """Show how far it is."""
        context = await self._part(assembly, draw, following=False)
        return self.render(request, "screen.html", **context, live=f"{request.url.path}/live")

    async def follow(self, request: Request, assembly: str, draw: str = "") -> EventStream:
        """Show it again whenever it has changed."""
        context = partial(self._part, assembly, draw, following=True)
        return await self.service.live.follow(request, "screen-live.html", context)

    async def _part(self, assembly: str, draw: str, *, following: bool) -> dict[str, Any]:
        if draw:
            standing = await self.standing(assembly, draw, following=following)
        else:
            standing = self._public(await self.assembly(assembly), following=following)
            standing |= await self._latest(standing["assembly"])
        one: Draw | None = standing["draw"]
        shown = self._shown(one)
        return standing | {"shown": shown, "whole": len(shown) == 3}

    def _public(self, known: Assembly, *, following: bool) -> dict[str, Any]:
        return self.around(known) | {"now": self.service.clock.now(), "following": following}

    async def _latest(self, known: Assembly) -> dict[str, Any]:
        one = await draws.latest_public(self.service.db, known.id)
        return {"draw": one, "view": draw_view(known, one, None)}

    def _shown(self, draw: Draw | None) -> str:
        if draw is None or draw.state is not State.DRAWN or draw.drawn_at is None:
            return ""
        passed = (self.service.clock.now() - draw.drawn_at) // EACH
        return (draw.digits or "")[: max(0, passed) + 1]
