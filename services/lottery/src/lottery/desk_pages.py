"""One draw as the secretariat and the witnesses see it: its figures, and the decisions that are to be taken."""

from contextlib import suppress
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from chassis.identity import Role, caller
from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from lottery.desk import Desk
from lottery.domain.ceremony import State
from lottery.paths import DRAW, Paths
from lottery.use_cases import announcing, preparing

CANCEL, ANNOUNCE, VOID = "annuller", "annoncer", "ugyldig"
NO_REASON = N_("Write the reason in 5 to 200 characters, without names")


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = DrawRoom(service)
    routes.add_api_route(DRAW, room.show, methods=["GET"])
    routes.add_api_route(f"{DRAW}/live", room.follow, methods=["GET"])
    for word, act in ((CANCEL, room.cancel), (ANNOUNCE, room.announce), (VOID, room.void)):
        routes.add_api_route(f"{DRAW}/{word}", partial(room.ask, word), methods=["GET"])
        routes.add_api_route(f"{DRAW}/{word}", act, methods=["POST"])
    return routes


MAY: dict[str, tuple[State, ...]] = {
    CANCEL: (State.PREPARING, State.PREPARED),
    ANNOUNCE: (State.PREPARED,),
    VOID: (State.ANNOUNCED,),
}
"""Which states a decision can be taken in."""


class DrawRoom(Desk):
    """Where one draw is looked after."""

    async def show(self, request: Request, assembly: str, draw: str) -> HTMLResponse:
        """Say how it stands."""
        return self.render(request, "desk.html", **await self._whole(request, assembly, draw))

    async def follow(self, request: Request, assembly: str, draw: str) -> EventStream:
        """Say how the preparing goes on."""
        context = partial(self.standing, assembly, draw, following=True)
        return await self.service.live.follow(request, "desk-live.html", context)

    async def _whole(self, request: Request, assembly: str, draw: str) -> dict[str, Any]:
        # Small numbers are the secretariat's alone: whoever watches the draw never reads the pool.
        exact = caller(request).role is Role.SECRETARIAT
        standing = await self.standing(assembly, draw, exact=exact)
        one = standing["draw"]
        waits = one.state in {State.PREPARED, State.ANNOUNCED}
        return standing | {
            "gone": await announcing.gone_since(self.service.db, one) if waits else 0,
            "late": one.state is State.PREPARED and one.plan.draws_at <= self.service.clock.now(),
            "announced": one.state is State.ANNOUNCED,
        }

    async def ask(self, word: str, request: Request, assembly: str, draw: str) -> Response:
        """Ask once more before it is done."""
        return await self._asked(word, request, assembly, draw)

    async def _asked(
        self, word: str, request: Request, assembly: str, draw: str, *, why: str = "", error: str = ""
    ) -> Response:
        whole = await self._whole(request, assembly, draw)
        if whole["draw"].state not in MAY[word]:
            return self.to(request, Paths(assembly).draw(draw))
        return self.render(request, f"desk-{word}.html", 422 if error else 200, **whole, why=why, error=error)

    async def cancel(self, request: Request, assembly: str, draw: str) -> Response:
        """Stop the preparing, or throw away what is prepared."""
        return await self._done(request, assembly, draw, preparing.cancel)

    async def announce(self, request: Request, assembly: str, draw: str) -> Response:
        """Publish the seal."""
        return await self._done(request, assembly, draw, announcing.announce)

    async def void(self, request: Request, assembly: str, draw: str) -> Response:
        """Declare it void, with the reason that was written."""
        why = seals.fields(request).get("why", "")
        try:
            return await self._done(request, assembly, draw, partial(announcing.void, why=why))
        except BadInput:
            error = self.service.pages.words(request).gettext(NO_REASON)
            return await self._asked(VOID, request, assembly, draw, why=why, error=error)

    async def _done(self, request: Request, assembly: str, draw: str, command: Any) -> Response:
        with suppress(Conflict):  # the page it goes on to says what stands in the way
            await self.service.transaction(partial(command, who=caller(request), assembly_id=assembly, draw_id=draw))
        return self.to(request, Paths(assembly).draw(draw))
