"""The secretariat's status board: who has answered, who is late, who took over, and what is done by hand.

Seats go by their lines in the draw's record. The part that follows along holds no forms, so what can be done is a link
to a page that says what will happen and has the one button.
"""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.errors import Conflict, NotFound
from chassis.identity import caller
from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from lottery.desk import Desk
from lottery.paths import SEATS
from lottery.repository import boards, draws
from lottery.seat_views import STATUS_WORDS, board_view, person_of
from lottery.use_cases import answers
from lottery.use_cases.answers import Act
from lottery.use_cases.seats import drawn
from lottery.views import draw_view

ACT = f"{SEATS}/{{line}}/{{act}}"
ACTS = {"ja": Act.CONFIRM, "nej": Act.DECLINE, "giv-videre": Act.GIVE_ON, "fortryd": Act.GIVE_BACK}
"""The last part of a path, by what it does."""
ACT_PATHS = {act: path for path, act in ACTS.items()}
ACT_WORDS = {
    Act.CONFIRM: N_("Note a yes"),
    Act.DECLINE: N_("Note a no"),
    Act.GIVE_ON: N_("Give the seat on"),
    Act.GIVE_BACK: N_("Take the no back"),
}
DONE_WORDS = {
    Act.CONFIRM.value: N_("Noted a yes"),
    Act.DECLINE.value: N_("Noted a no"),
    Act.GIVE_ON.value: N_("Gave the seat on"),
    Act.GIVE_BACK.value: N_("Took a no back"),
}


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = SeatDesk(service)
    routes.add_api_route(SEATS, desk.show, methods=["GET"])
    routes.add_api_route(f"{SEATS}/live", desk.follow, methods=["GET"], response_class=EventStream)
    routes.add_api_route(ACT, desk.ask, methods=["GET"])
    routes.add_api_route(ACT, desk.do, methods=["POST"])
    return routes


class SeatDesk(Desk):
    """Where the board is kept."""

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Show the board; before the draw, that there is none yet."""
        context = await self._board(assembly, following=False)
        return self.render(request, "seats.html", **context)

    async def follow(self, request: Request, assembly: str) -> EventStream:
        """Send the board as it changes."""
        return await self.service.live.follow(request, "seats-live.html", partial(self._board, assembly))

    async def ask(self, request: Request, assembly: str, line: str, act: str) -> Response:
        """Say what will happen, and ask once more."""
        return await self._asked(request, assembly, line, _known(act))

    async def do(self, request: Request, assembly: str, line: str, act: str) -> Response:
        """Do it; what cannot be done any more is said."""
        wish, who = _known(act), caller(request)
        person = person_of((await drawn(self.service.db, assembly)).board, line)
        if person is None:
            raise NotFound("nobody of the panel stands at this line")
        try:
            await self.service.transaction(
                partial(answers.by_hand, who=who, assembly_id=assembly, person=person, act=wish)
            )
        except Conflict:
            return await self._asked(request, assembly, line, wish, status=409)
        return self.to(request, SEATS.format(assembly=assembly))

    async def _asked(self, request: Request, assembly: str, line: str, act: Act, status: int = 200) -> Response:
        context = await self._board(assembly, following=False)
        view = context["board"]
        row = next((one for one in (*view.seated, *view.left) if one.line == line), None) if view else None
        if row is None:
            raise NotFound("nobody of the panel stands at this line")
        possible = act in row.acts
        action = ACT.format(assembly=assembly, line=row.line, act=ACT_PATHS[act])
        status = status if possible else 409
        return self.render(
            request, "seat-act.html", status, row=row, act=act.value, possible=possible, action=action, **context
        )

    async def _board(self, assembly: str, *, following: bool = True) -> dict[str, Any]:
        known = await self.assembly(assembly)
        seating, now = await boards.seating(self.service.db, assembly), self.service.clock.now()
        draw = await draws.draw(self.service.db, assembly, seating.draw) if seating else None
        return {
            "assembly": known,
            "board": board_view(seating.board, now) if seating else None,
            "criteria": draw_view(known, draw, seating).criteria,
            "deeds": list(reversed(seating.deeds)) if seating else [],
            "log": list(reversed(seating.board.log)) if seating else [],
            "now": now,
            "following": following,
            "page": SEATS.format(assembly=assembly),
            "status_words": STATUS_WORDS,
            "act_words": ACT_WORDS,
            "act_paths": ACT_PATHS,
            "done_words": DONE_WORDS,
        }


def _known(act: str) -> Act:
    if act not in ACTS:
        raise NotFound("there is no such thing to do")
    return ACTS[act]
