"""The JSON API. The secretariat draws and keeps the board; counts are public and hold no person."""

from functools import partial

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from chassis.identity import caller
from chassis.service import Service
from lottery import repository, use_cases
from lottery.domain.board import Status
from lottery.paths import API
from lottery.sealing import seal_draw


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


class Member(BaseModel):
    """A drawn person and where they stand."""

    person: str
    status: Status


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
            partial(use_cases.draw_panel, assembly_id=assembly, draw_id=draw, digits=body.digits)
        )
        return Drawn(
            draw=drawn.id,
            digits=drawn.digits or "",
            panel=len(drawn.board.seated),
            alternates=len(drawn.board.alternates),
            panel_digest=drawn.panel_digest or "",
        )

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/confirm")
    async def confirm(assembly: str, person: str) -> Member:
        """Record a yes, given by phone."""
        await service.transaction(partial(use_cases.confirm, assembly_id=assembly, person=person))
        return Member(person=person, status=Status.CONFIRMED)

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/decline")
    async def decline(assembly: str, person: str) -> Member:
        """Record a no, given by phone, and bring in the next fitting alternate."""
        await service.transaction(partial(use_cases.decline, assembly_id=assembly, person=person))
        return Member(person=person, status=Status.DECLINED)

    @routes.get(f"{API}/{{assembly}}/members")
    async def list_members(
        request: Request,
        assembly: str,
        why: str = Query(description="5 to 200 characters, without names: kept in the record of who saw what"),
    ) -> list[Member]:
        """List everyone who has or had a seat, and record that it was opened; empty before the draw."""
        members = await service.transaction(
            partial(use_cases.open_members, who=caller(request), assembly_id=assembly, why=why)
        )
        return [Member(person=person, status=status) for person, status in members]

    @routes.get(f"{API}/{{assembly}}/counts")
    async def show_counts(assembly: str) -> Counts:
        """Show the public figures."""
        known = await use_cases.known_assembly(service.db, assembly)
        draw = await repository.draw(service.db, assembly)
        if draw is None:
            return Counts(pool=known.pool.signed_up if known.pool else 0)
        joined = [status for status in draw.board.alternates.values() if status is Status.JOINED]
        return Counts(
            pool=draw.pool_size,
            panel=len(draw.board.seated),
            open_seats=len(draw.board.open_seats),
            alternates=len(draw.board.alternates),
            composition=draw.composition,
            panel_digest=draw.panel_digest,
            confirmed=draw.board.count(Status.CONFIRMED),
            declined=draw.board.count(Status.DECLINED),
            replaced=len(joined),
        )

    return routes
