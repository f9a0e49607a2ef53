"""The moment of the draw: two people type the three digits, each on a device of their own."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from chassis.identity import Caller, caller
from chassis.live import EventStream
from chassis.service import Service
from lottery.beacon import Beacon
from lottery.desk import Desk
from lottery.domain.ceremony import State
from lottery.paths import DRAW, Paths
from lottery.repository.draws import Draw
from lottery.use_cases import announcing, drawing
from lottery.use_cases.drawing import NobodyInCharge
from lottery.use_cases.preparing import known_draw

DIGITS = f"{DRAW}/traek"


def router(service: Service, beacon: Beacon) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = DigitsRoom(service, beacon)
    routes.add_api_route(DIGITS, room.show, methods=["GET"])
    routes.add_api_route(DIGITS, room.take, methods=["POST"])
    routes.add_api_route(f"{DIGITS}/live", room.follow, methods=["GET"])
    return routes


class DigitsRoom(Desk):
    """Where the digits are typed."""

    def __init__(self, service: Service, beacon: Beacon) -> None:
        super().__init__(service)
        self._beacon = beacon

    async def show(self, request: Request, assembly: str, draw: str) -> HTMLResponse:
        """Say how far the two are, and ask the one who looks for the digits."""
        return await self._page(request, assembly, draw)

    async def follow(self, request: Request, assembly: str, draw: str) -> EventStream:
        """Say how far the two are whenever it has changed."""
        context = partial(self._part, assembly, draw, following=True)
        return await self.service.live.follow(request, "digits-live.html", context)

    async def take(self, request: Request, assembly: str, draw: str) -> Response:
        """Take the digits as one of the two saw them."""
        if (await known_draw(self.service.db, assembly, draw)).plan.source == "drand":
            return await self._take_beacon(request, assembly, draw)
        digits = "".join(seals.fields(request).get("digits", "").split())[:20]
        who = caller(request)
        command = partial(drawing.type_digits, who=who, assembly_id=assembly, draw_id=draw, digits=digits)
        try:
            await self.service.transaction(command)
        except BadInput:
            return await self._page(request, assembly, draw, 422, wrong=True)
        except Conflict as error:  # the page says what stands in the way
            return await self._page(request, assembly, draw, 409, lone=isinstance(error, NobodyInCharge))
        return self.to(request, Paths(assembly).draw(draw, "traek"))

    async def _take_beacon(self, request: Request, assembly: str, draw: str) -> Response:
        fields = seals.fields(request)
        signature = None if fields.get("fetch") else fields.get("signature", "")
        try:
            await self._beacon.draw(caller(request), assembly, draw, signature)
        except BadInput:
            return await self._page(request, assembly, draw, 422, wrong=True)
        except Conflict:  # the page says what stands in the way
            return await self._page(request, assembly, draw, 409)
        return self.to(request, Paths(assembly).draw(draw, "traek"))

    async def _part(self, assembly: str, draw: str, *, following: bool = False) -> dict[str, Any]:
        standing = await self.standing(assembly, draw, following=following)
        one: Draw = standing["draw"]
        waits = one.state is State.ANNOUNCED
        return standing | {
            "early": waits and self.service.clock.now() < one.plan.opens_at,
            "gone": await announcing.gone_since(self.service.db, one) if waits else 0,
        }

    async def _page(
        self, request: Request, assembly: str, draw: str, status: int = 200, *, wrong: bool = False, lone: bool = False
    ) -> HTMLResponse:
        part = await self._part(assembly, draw)
        draw_: Draw = part["draw"]
        template = "digits-beacon.html" if draw_.plan.source == "drand" else "digits.html"
        more = {"typed": has_typed(draw_, caller(request)), "fetches": self._beacon.fetches}
        return self.render(request, template, status, **part, **more, wrong=wrong, lone=lone)


def has_typed(draw: Draw, who: Caller) -> bool:
    """Tell whether this one waits for the other."""
    return any(entry.who == (who.role, who.subject) for entry in draw.entries)
