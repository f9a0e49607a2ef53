"""The public figures of a draw as JSON: counts and composition, never a person."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.service import Service
from lottery.domain.board import Status
from lottery.paths import API
from lottery.repository import boards, draws
from lottery.use_cases.learning import known_assembly


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

    @routes.get(f"{API}/{{assembly}}/counts")
    async def show_counts(assembly: str) -> Counts:
        """Show the public figures."""
        known = await known_assembly(service.db, assembly)
        draw = await draws.standing(service.db, assembly)
        if draw is None:
            return Counts(pool=known.pool.signed_up if known.pool else 0)
        seating = await boards.seating(service.db, assembly)
        if seating is None:
            return Counts(pool=draw.seal.pool_size)
        board = seating.board
        joined = [status for status in board.alternates.values() if status is Status.JOINED]
        return Counts(
            pool=draw.seal.pool_size,
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
