"""The secretariat's JSON API. Every command can be given twice: the second time it answers the same."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis import audit
from chassis.errors import BadInput
from chassis.identity import caller
from chassis.language import N_
from chassis.service import Service
from registration import roll_api, sign_outs
from registration.importing.importer import Importer
from registration.inviter import NAME as INVITING
from registration.settings import Settings
from registration.use_cases import announcing, counting, erasing, pool, waves

IDS = N_("Ids of registrants without an answer that the lottery needs")
"""What the record says was seen when a pool could not be closed."""


class Opened(BaseModel):
    """When the sign-up was opened, and until when it is."""

    opened_at: datetime
    closes_at: datetime


class ToInvite(BaseModel):
    """How many invitations are still to be issued in the background."""

    to_invite: int


class ClosePool(BaseModel):
    """`early`: close before the sign-up's closing time."""

    early: bool = False


class ClosedPool(BaseModel):
    """The frozen pool; `digest` is the SHA-256 of the snapshot the lottery draws from."""

    closed_at: datetime
    signed_up: int
    invited: int
    digest: str


class Counts(BaseModel):
    """The funnel so far. `signed_up` is the pool, frozen with it; `withdrew` counts those out of it again.

    `tests` are trial registrations, which none of the others counts.
    """

    residents: int
    eligible: int
    invited: int
    signed_up: int
    withdrew: int
    erased: int
    tests: int
    pool_closed: bool


class Erased(BaseModel):
    """Whom the erasure concerned, by opaque id."""

    person: str
    status: str = "erased"


def router(service: Service, settings: Settings, importer: Importer) -> APIRouter:
    """Return the routes, all for the secretariat alone: the municipality never reads the pool (arm's length)."""
    routes = APIRouter(
        prefix="/tilmelding/api/assemblies/{assembly}",
        tags=["secretariat"],
    )
    routes.include_router(roll_api.router(service, importer))

    @routes.post("/open", response_model=Opened)
    async def open_sign_up(assembly: str) -> Any:
        """Open the sign-up."""
        return await service.transaction(lambda tx: announcing.open_sign_up(tx, assembly))

    @routes.post("/invitations", response_model=ToInvite, status_code=202)
    async def invite(assembly: str, request: Request, wave: str | None = None) -> Any:
        """Start a wave of invitations in the background: the one named, or the next one planned.

        Once all are over: everyone eligible and not yet invited.
        """
        who = caller(request)
        answer = await service.transaction(lambda tx: waves.start(tx, assembly, who, wave))
        service.poke(INVITING)
        return answer

    @routes.post("/close-pool", response_model=ClosedPool)
    async def close_pool(assembly: str, request: Request, wish: ClosePool | None = None) -> Any:
        """Close the pool and freeze its snapshot for the lottery, without the review of `/luk`.

        A 422 lists by id who lacks an answer, which is recorded as seen.
        """
        early = wish is not None and wish.early
        try:
            return await service.transaction(lambda tx: pool.close(tx, settings.key, assembly, early=early))
        except BadInput as error:
            who, how_many = caller(request), len(error.problems)
            why = "the pool was to be closed by the API"
            await service.transaction(lambda tx: audit.saw(tx, who, IDS, assembly=assembly, how_many=how_many, why=why))
            raise

    @routes.get("/counts", response_model=Counts)
    async def counts(assembly: str) -> Any:
        """Count the funnel from the database."""
        return await counting.counts_of(service.db, assembly)

    @routes.post("/people/{person}/erase", response_model=Erased)
    async def erase(assembly: str, person: str) -> Any:
        """Blank what is held about a person, for good."""
        await service.transaction(lambda tx: erasing.erase(tx, assembly, person))
        service.poke(sign_outs.NAME)
        return {"person": person}

    return routes
