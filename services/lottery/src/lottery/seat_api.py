"""The JSON API of the seats: the secretariat keeps the board by phone."""

from functools import partial

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from chassis.identity import caller
from chassis.service import Service
from lottery.domain.board import Status
from lottery.paths import API
from lottery.use_cases import answers, seats


class Member(BaseModel):
    """A drawn person and where they stand."""

    person: str
    status: Status


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["lottery"])

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/confirm")
    async def confirm(assembly: str, person: str) -> Member:
        """Record a yes, given by phone."""
        await service.transaction(partial(answers.confirm, assembly_id=assembly, person=person))
        return Member(person=person, status=Status.CONFIRMED)

    @routes.post(f"{API}/{{assembly}}/members/{{person}}/decline")
    async def decline(assembly: str, person: str) -> Member:
        """Record a no, given by phone, and bring in the next fitting alternate."""
        await service.transaction(partial(answers.decline, assembly_id=assembly, person=person))
        return Member(person=person, status=Status.DECLINED)

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
