"""The public pages: the assemblies' draws, one draw, earlier ones, and what there is to download."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from chassis.errors import NotFound
from chassis.identity import Role, caller
from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from lottery.desk import Desk
from lottery.domain.ceremony import PUBLIC, State
from lottery.paths import ASSEMBLY, HISTORY, PREFIX, VERIFIER, draw_path
from lottery.publishing import public_record
from lottery.repository import assemblies, boards, draws
from lottery.repository.assemblies import Assembly
from lottery.repository.draws import Draw
from lottery.standalone import FILE_NAME, standalone
from lottery.use_cases.preparing import known_draw
from lottery.views import DrawView, draw_view

STAGES = {
    "sign-up": N_("Waits for the sign-up to close"),
    "closed": N_("The pool is closed, the draw is being prepared"),
    "announced": N_("The draw is announced, the number is not drawn yet"),
    "drawn": N_("The panel is drawn"),
}
WITNESSES = (Role.SECRETARIAT, Role.OBSERVER)


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = PublicRoom(service)
    routes.add_api_route(VERIFIER, verifier, methods=["GET"])
    routes.add_api_route(PREFIX, room.every_draw, methods=["GET"])
    routes.add_api_route(f"{PREFIX}/", room.every_draw, methods=["GET"])
    routes.add_api_route(ASSEMBLY, room.draw, methods=["GET"])
    routes.add_api_route(f"{ASSEMBLY}/live", room.follow, methods=["GET"], response_class=EventStream)
    routes.add_api_route(f"{ASSEMBLY}/record.json", room.record, methods=["GET"])
    routes.add_api_route(HISTORY, room.history, methods=["GET"])
    routes.add_api_route(f"{HISTORY}/{{draw}}/record.json", room.earlier_record, methods=["GET"])
    return routes


async def verifier() -> Response:
    """Give the verifier as one file."""
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(standalone(), media_type="text/x-python; charset=utf-8", headers=headers)


class PublicRoom(Desk):
    """What everyone sees."""

    async def _view(self, one: Assembly) -> DrawView:
        db = self.service.db
        return draw_view(one, await draws.standing(db, one.id), await boards.seating(db, one.id))

    async def every_draw(self, request: Request) -> HTMLResponse:
        """List the assemblies with how far their draws are."""
        known = await assemblies.assemblies(self.service.db)
        views = [(draw_path(one.id), await self._view(one)) for one in known]
        return self.render(request, "draws.html", views=views, stages=STAGES)

    async def _stands(self, assembly: str, *, following: bool) -> dict[str, Any]:
        known = await self.assembly(assembly)
        last = await draws.latest_public(self.service.db, assembly)
        return self.around(known) | {
            "view": await self._view(known),
            "stages": STAGES,
            "voided": last if last is not None and last.state is State.VOIDED else None,
            "now": self.service.clock.now(),
            "following": following,
        }

    async def draw(self, request: Request, assembly: str) -> HTMLResponse:
        """Show an assembly's draw."""
        return self.render(request, "draw.html", **await self._stands(assembly, following=False))

    async def follow(self, request: Request, assembly: str) -> EventStream:
        """Show it again whenever it has changed."""
        context = partial(self._stands, assembly, following=True)
        return await self.service.live.follow(request, "draw-live.html", context)

    async def record(self, assembly: str) -> JSONResponse:
        """Give the record of the draw that stands."""
        found = await draws.standing(self.service.db, assembly)
        if found is None:
            raise NotFound("no draw is announced")
        return await self._file(found, f"{assembly}-record.json")

    async def history(self, request: Request, assembly: str) -> HTMLResponse:
        """List every draw that was announced, and to those who are at the draws the others too."""
        known = await self.assembly(assembly)
        every = await draws.draws(self.service.db, assembly)
        public = [one for one in every if not one.test and one.state in PUBLIC]
        others = [one for one in every if one not in public] if caller(request).role in WITNESSES else []
        return self.render(request, "history.html", **self.around(known), public=public, others=others)

    async def earlier_record(self, assembly: str, draw: str) -> JSONResponse:
        """Give the record of any real draw that was announced."""
        found = await known_draw(self.service.db, assembly, draw)
        if found.test or found.state not in PUBLIC:
            raise NotFound("no such draw is announced")
        return await self._file(found, f"{assembly}-{draw}-record.json")

    async def _file(self, draw: Draw, name: str) -> JSONResponse:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return JSONResponse(await public_record(self.service.db, draw), headers=headers)
