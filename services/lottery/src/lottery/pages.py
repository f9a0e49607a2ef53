"""The public pages: the assemblies' draws, one draw, and its record to download."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from chassis.errors import NotFound
from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from lottery.paths import PREFIX, draw_path, record_path
from lottery.publishing import public_record
from lottery.repository import assemblies, boards, draws
from lottery.repository.assemblies import Assembly
from lottery.use_cases.learning import known_assembly
from lottery.views import DrawView, draw_view

STAGE_WORDS = {
    "sign-up": N_("Waits for the sign-up to close"),
    "closed": N_("The pool is closed, the draw is being prepared"),
    "announced": N_("The draw is announced, the number is not drawn yet"),
    "drawn": N_("The panel is drawn"),
}


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False)

    async def view(one: Assembly) -> DrawView:
        return draw_view(one, await draws.standing(service.db, one.id), await boards.seating(service.db, one.id))

    @routes.get(PREFIX, response_class=HTMLResponse)
    @routes.get(f"{PREFIX}/", response_class=HTMLResponse)
    async def every_draw(request: Request) -> HTMLResponse:
        known = await assemblies.assemblies(service.db)
        views = [(draw_path(one.id), await view(one)) for one in known]
        return service.pages.render(request, "draws.html", views=views, stage_words=STAGE_WORDS)

    async def stands(assembly: str, *, following: bool) -> dict[str, Any]:
        known = await known_assembly(service.db, assembly)
        return {
            "view": await view(known),
            "stage_words": STAGE_WORDS,
            "record_path": record_path(assembly),
            "now": service.clock.now(),
            "following": following,
        }

    @routes.get(f"{PREFIX}/{{assembly}}", response_class=HTMLResponse)
    async def draw(request: Request, assembly: str) -> HTMLResponse:
        return service.pages.render(request, "draw.html", **await stands(assembly, following=False))

    @routes.get(f"{PREFIX}/{{assembly}}/live", response_class=EventStream)
    async def follow(request: Request, assembly: str) -> EventStream:
        return await service.live.follow(request, "draw-live.html", partial(stands, assembly, following=True))

    @routes.get(f"{PREFIX}/{{assembly}}/record.json")
    async def record(assembly: str) -> JSONResponse:
        found = await draws.standing(service.db, assembly)
        if found is None:
            raise NotFound("no draw is announced")
        return JSONResponse(
            await public_record(service.db, found),
            headers={"Content-Disposition": f'attachment; filename="{assembly}-record.json"'},
        )

    return routes
