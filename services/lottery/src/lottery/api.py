"""The JSON API of the draw. The secretariat draws; counts are public and hold no person."""

from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.service import Service
from lottery.domain.board import Status
from lottery.paths import API
from lottery.repository import boards, draws
from lottery.sealing import seal_draw
from lottery.use_cases import drawing, seats
from lottery.use_cases.learning import known_assembly


class Sealed(BaseModel):
    """An announced draw."""

    draw: str
    record_digest: str


class DigitsBody(BaseModel):
    """The number drawn in public."""

    digits: str = Field(default="", max_length=20, description="three digits, 000 to 999")


class Drawn(BaseModel):
    """A drawn panel, without its people."""

    draw: str
    digits: str
    panel: int
    alternates: int
    panel_digest: str


class Counts(BaseModel):
    """Public figures. `composition`: seats by criterion and value, of the panel as it is now."""

    pool: int = 0
    panel: int = Field(default=0, description="seats taken now")
    open_seats: int = 0
    alternates: int = Field(default=0, description="drawn with the panel, whether they have joined or not")
    composition: dict[str, dict[str, int]] = {}
    panel_digest: str | None = Field(default=None, description="SHA-256 over the sorted ids of the panel as drawn")
    confirmed: int = 0
    declined: int = 0
    replaced: int = 0


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["lottery"])

    @routes.post(f"{API}/{{assembly}}/draws")
    async def seal(assembly: str) -> Sealed:
        """Seal and announce the draw; asked again, the draw there is."""
        draw = await seal_draw(service, assembly)
        return Sealed(draw=draw.id, record_digest=draw.record_digest)

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/draw")
    async def draw_panel(assembly: str, draw: str, body: DigitsBody) -> Drawn:
        """Draw the panel with the public digits: once. Other digits afterwards are refused."""
        drawn = await service.transaction(
            partial(drawing.draw_panel, assembly_id=assembly, draw_id=draw, digits=body.digits)
        )
        seating = await seats.drawn(service.db, assembly)
        return Drawn(
            draw=drawn.id,
            digits=drawn.digits or "",
            panel=len(seating.board.seated),
            alternates=len(seating.board.alternates),
            panel_digest=drawn.panel_digest or "",
        )

    @routes.get(f"{API}/{{assembly}}/counts")
    async def show_counts(assembly: str) -> Counts:
        """Show the public figures."""
        known = await known_assembly(service.db, assembly)
        draw = await draws.draw(service.db, assembly)
        if draw is None:
            return Counts(pool=known.pool.signed_up if known.pool else 0)
        seating = await boards.seating(service.db, assembly)
        if seating is None:
            return Counts(pool=draw.pool_size)
        board = seating.board
        joined = [status for status in board.alternates.values() if status is Status.JOINED]
        return Counts(
            pool=draw.pool_size,
            panel=len(board.seated),
            open_seats=len(board.open_seats),
            alternates=len(board.alternates),
            composition=seating.composition,
            panel_digest=draw.panel_digest,
            confirmed=board.count(Status.CONFIRMED),
            declined=board.count(Status.DECLINED),
            replaced=len(joined),
        )

    return routes
