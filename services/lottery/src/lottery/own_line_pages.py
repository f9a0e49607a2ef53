"""Find your own line: whoever has the code on their receipt sees how they stand in the public record."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis import seals
from chassis.service import Service
from lottery.desk import Desk
from lottery.paths import OWN_LINE
from lottery.repository import draws
from lottery.verifying.seals import line_of, salt_of_code
from lottery.views import Chance, chance

LONGEST = 60


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = OwnLine(service)
    routes.add_api_route(OWN_LINE, room.show, methods=["GET"])
    routes.add_api_route(OWN_LINE, room.find, methods=["POST"])
    return routes


@dataclass(frozen=True)
class Found:
    """One line of the record. `alternate` is the place among the alternates, from 1; `panel` None before the draw."""

    line: str
    chance: Chance
    panels: int
    panel: bool | None
    alternate: int | None


class OwnLine(Desk):
    """Where a registrant looks."""

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Ask for the code."""
        return await self._page(request, assembly)

    async def find(self, request: Request, assembly: str) -> HTMLResponse:
        """Say what the record holds of whoever has the code. The code is neither stored nor shown again."""
        code = seals.fields(request).get("code", "")[:LONGEST]
        try:
            line = line_of(salt_of_code(code))
        except ValueError:
            return await self._page(request, assembly, 422, wrong="unreadable")
        found = await self._found(assembly, line)
        if found is None:
            return await self._page(request, assembly, 422, wrong="unknown")
        return await self._page(request, assembly, found=found)

    async def _found(self, assembly: str, line: str) -> Found | None:
        draw = await draws.standing(self.service.db, assembly)
        if draw is None:
            return None
        rows = (await draws.record(self.service.db, draw))["lines"]
        row = next((one for one in rows if one["line"] == line), None)
        if row is None:
            return None
        public = draw.public or {"panel": [], "alternates": []}
        place = public["alternates"].index(line) + 1 if line in public["alternates"] else None
        on_panel = line in public["panel"] if draw.drawn else None
        return Found(line, chance(float(row["chance"])), row["panels"], on_panel, place)

    async def _page(
        self, request: Request, assembly: str, status: int = 200, *, wrong: str = "", found: Found | None = None
    ) -> HTMLResponse:
        known = await self.assembly(assembly)
        context: dict[str, Any] = self.around(known) | {"draw": await draws.standing(self.service.db, assembly)}
        return self.render(request, "own-line.html", status, **context, wrong=wrong, found=found)
