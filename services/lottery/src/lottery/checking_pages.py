"""The draw verified on the screen, with what is behind its lines; and that, as a file, for whoever must have it."""

import asyncio
import json
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from chassis import audit, seals
from chassis.errors import BadInput, NotFound
from chassis.identity import Caller, caller
from chassis.language import N_
from chassis.service import Service
from chassis.transaction import Transaction
from lottery.desk import Desk
from lottery.domain.record import openings, openings_of
from lottery.paths import DRAW
from lottery.publishing import public_record
from lottery.repository import draws, pools
from lottery.repository.draws import Draw
from lottery.repository.store import Store
from lottery.use_cases.preparing import known_draw
from lottery.verifying.lines import Line
from lottery.verifying.verify import verified

CHECK, OPENINGS = f"{DRAW}/kontrol", f"{DRAW}/aabninger"
SEEN = N_("What is behind the lines of a draw: answers and salts, without ids")
"""What the record says was seen."""


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = CheckRoom(service)
    routes.add_api_route(CHECK, room.show, methods=["GET"])
    routes.add_api_route(OPENINGS, room.ask, methods=["GET"])
    routes.add_api_route(OPENINGS, room.give, methods=["POST"])
    routes.add_api_route(f"{DRAW}/record.json", room.record, methods=["GET"])
    return routes


async def opened(store: Store, draw: Draw) -> dict[str, object]:
    """Return what is behind the record's lines, of everyone who has not left since."""
    pool = list((await pools.pool(store, draw.assembly)).values())
    return openings(openings_of(pool), await draws.certificate(store, draw))


class CheckRoom(Desk):
    """Where a draw is checked with all there is. Lines are shown, never what they are made of."""

    async def _announced(self, assembly: str, draw: str) -> Draw:
        found = await known_draw(self.service.db, assembly, draw)
        if found.announced_at is None:
            raise NotFound("the draw is not announced")
        return found

    async def show(self, request: Request, assembly: str, draw: str) -> HTMLResponse:
        """Run the verifier over the record and what is behind it, and show what it says, line by line."""
        one = await self._announced(assembly, draw)
        record, behind = await public_record(self.service.db, one), await opened(self.service.db, one)
        lines: list[Line] = await asyncio.to_thread(lambda: list(verified(record, behind, announced=one.seal.digest)))
        standing = await self.standing(assembly, draw)
        failing = sum(line.holds is False for line in lines)
        return self.render(request, "check.html", **standing, lines=lines, failing=failing)

    async def ask(self, request: Request, assembly: str, draw: str) -> HTMLResponse:
        """Ask why someone wants what is behind the lines."""
        await self._announced(assembly, draw)
        return self.render(request, "openings.html", **await self.standing(assembly, draw), why="", wrong=False)

    async def give(self, request: Request, assembly: str, draw: str) -> Response:
        """Give it as a file, and record that it was given."""
        why = seals.fields(request).get("why", "")
        one = await self._announced(assembly, draw)
        try:
            behind = await self.service.transaction(partial(_given, who=caller(request), draw=one, why=why))
        except BadInput:
            standing = await self.standing(assembly, draw)
            return self.render(request, "openings.html", 422, **standing, why=why, wrong=True)
        body = json.dumps(behind, ensure_ascii=False, indent=1)
        headers = {"Content-Disposition": f'attachment; filename="{assembly}-{draw}-openings.json"'}
        return Response(body, media_type="application/json", headers=headers)

    async def record(self, assembly: str, draw: str) -> JSONResponse:
        """Give the record of any announced draw, tests too."""
        one = await self._announced(assembly, draw)
        headers = {"Content-Disposition": f'attachment; filename="{assembly}-{draw}-record.json"'}
        return JSONResponse(await public_record(self.service.db, one), headers=headers)


async def _given(tx: Transaction, who: Caller, draw: Draw, why: str) -> dict[str, object]:
    why = audit.reason(why)
    behind = await opened(tx, draw)
    count = len(await pools.pool(tx, draw.assembly))
    await audit.saw(tx, who, SEEN, assembly=draw.assembly, how_many=count, why=why)
    return behind
