"""The JSON API of the seats: the secretariat keeps the board by phone."""

from functools import partial

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from chassis.identity import caller
from chassis.service import Service
from lottery.domain.board import Status
from lottery.paths import API
from lottery.use_cases import answers, seats
from lottery.use_cases.answers import Act


class Member(BaseModel):
    """A drawn person and where they stand."""

    person: str
    status: Status


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["lottery"])

    async def done(request: Request, assembly: str, person: str, act: Act, then: Status) -> Member:
        who = caller(request)
        await service.transaction(partial(answers.by_hand, who=who, assembly_id=assembly, person=person, act=act))
        return Member(person=person, status=then)

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/confirm")
    async def confirm(request: Request, assembly: str, person: str) -> Member:
        """Record a yes, given by phone."""
        return await done(request, assembly, person, Act.CONFIRM, Status.CONFIRMED)

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/decline")
    async def decline(request: Request, assembly: str, person: str) -> Member:
        """Record a no, given by phone, and bring in the next fitting alternate."""
        return await done(request, assembly, person, Act.DECLINE, Status.DECLINED)

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/give-back")
    async def give_back(request: Request, assembly: str, person: str) -> Member:
        """Take back a no that was a mistake, while the alternate has not answered."""
        return await done(request, assembly, person, Act.GIVE_BACK, Status.SELECTED)

    @routes.get(f"{API}/{{assembly}}/members")
    async def list_members(
        request: Request,
        assembly: str,
        why: str = Query(description="5 to 200 characters, without names: kept in the record of who saw what"),
    ) -> list[Member]:
        """List everyone who has or had a seat, and record that it was opened; empty before the draw."""
        members = await service.transaction(
            partial(seats.open_members, who=caller(request), assembly_id=assembly, why=why)
        )
        return [Member(person=person, status=status) for person, status in members]

    return routes
