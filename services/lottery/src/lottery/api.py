"""The JSON API of the draw. The secretariat prepares and announces, two people draw."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field

from chassis.identity import caller
from chassis.service import Service
from chassis.transaction import Transaction
from lottery.beacon import Beacon
from lottery.domain.ceremony import Plan, Source, State
from lottery.domain.objectives import Algorithm
from lottery.paths import API
from lottery.preparer import Preparer
from lottery.repository.draws import Draw
from lottery.use_cases import announcing, drawing, preparing


class PlanBody(BaseModel):
    """What is decided about a draw before it is prepared."""

    draws_at: AwareDatetime = Field(description="nothing is drawn before this moment")
    source: Source = "dice"
    households: bool = Field(default=False, description="at most one of a household on a panel")
    algorithm: Algorithm = "leximin"
    test: bool = Field(default=False, description="a rehearsal: nothing is published and nobody is seated")


class DigitsBody(BaseModel):
    """The number drawn in public, as one of the two who type it saw it."""

    digits: str = Field(default="", max_length=20, description="three digits, 000 to 999")


class BeaconBody(BaseModel):
    """The beacon's round."""

    signature: str | None = Field(default=None, max_length=400, description="in hex; none: it is fetched")


class WhyBody(BaseModel):
    """A reason that everyone reads."""

    why: str = Field(default="", max_length=400, description="5 to 200 characters, without names")


class Flawed(BaseModel):
    """One thing that keeps a draw from being prepared."""

    where: str
    field: str
    rule: str
    message: str


class Standing(BaseModel):
    """How a draw stands, without its people."""

    draw: str
    state: State
    test: bool
    draws_at: datetime
    stage: str = Field(description="what the preparing is at")
    share: float = Field(description="how far the preparing is, from 0 to 1")
    problems: list[Flawed] = []
    record_digest: str | None = None
    typed: int = Field(description="how many of the two have typed the digits")
    differed: int = Field(description="how often the two have typed different digits")
    digits: str | None = None
    panel: int = Field(default=0, description="seats drawn")
    alternates: int = 0
    panel_digest: str | None = Field(default=None, description="SHA-256 over the sorted ids of the panel as drawn")


def router(service: Service, preparer: Preparer, beacon: Beacon) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["lottery"])

    async def done(command: Callable[[Transaction], Awaitable[Draw]]) -> Standing:
        return _standing(await service.transaction(command))

    @routes.post(f"{API}/{{assembly}}/draws")
    async def prepare(request: Request, assembly: str, body: PlanBody) -> Standing:
        """Have a draw prepared in the background; the same again while it is, the same draw."""
        plan = Plan(body.draws_at, body.source, None, body.households, body.algorithm)
        begin = partial(preparing.begin, who=caller(request), assembly_id=assembly, plan=plan, test=body.test)
        standing = await done(begin)
        preparer.wake()
        return standing

    @routes.get(f"{API}/{{assembly}}/draws/{{draw}}")
    async def show(assembly: str, draw: str) -> Standing:
        """Say how a draw stands."""
        return _standing(await preparing.known_draw(service.db, assembly, draw))

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/cancel")
    async def cancel(request: Request, assembly: str, draw: str) -> Standing:
        """Stop the preparing, or throw away what is prepared and not announced."""
        return await done(partial(preparing.cancel, who=caller(request), assembly_id=assembly, draw_id=draw))

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/announce")
    async def announce(request: Request, assembly: str, draw: str) -> Standing:
        """Publish the seal of a prepared draw."""
        return await done(partial(announcing.announce, who=caller(request), assembly_id=assembly, draw_id=draw))

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/digits")
    async def type_digits(request: Request, assembly: str, draw: str, body: DigitsBody) -> Standing:
        """Take the digits from one of two callers; the panel is drawn when both have sent the same."""
        who = caller(request)
        return await done(partial(drawing.type_digits, who=who, assembly_id=assembly, draw_id=draw, digits=body.digits))

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/beacon")
    async def draw_by_beacon(request: Request, assembly: str, draw: str, body: BeaconBody) -> Standing:
        """Draw with the beacon's round that was announced, once its signature is found to be the network's."""
        return _standing(await beacon.draw(caller(request), assembly, draw, body.signature))

    @routes.post(f"{API}/{{assembly}}/draws/{{draw}}/void")
    async def void(request: Request, assembly: str, draw: str, body: WhyBody) -> Standing:
        """Declare an announced draw void; another one can then be prepared."""
        who = caller(request)
        return await done(partial(announcing.void, who=who, assembly_id=assembly, draw_id=draw, why=body.why))

    return routes


def _standing(draw: Draw) -> Standing:
    return Standing(
        draw=draw.id,
        state=draw.state,
        test=draw.test,
        draws_at=draw.plan.draws_at,
        stage=draw.job.stage,
        share=draw.job.share,
        problems=[Flawed(**problem) for problem in draw.problems],
        record_digest=draw.sealed.digest if draw.sealed else None,
        typed=len(draw.entries),
        differed=draw.differed,
        digits=draw.digits,
        panel=len(draw.public["panel"]) if draw.public else 0,
        alternates=len(draw.public["alternates"]) if draw.public else 0,
        panel_digest=draw.panel_digest,
    )
