"""Preparing a draw: whether a panel can be drawn, what to loosen if not, and the form that begins it."""

import asyncio
from functools import partial
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import Conflict
from chassis.identity import caller
from chassis.service import Service
from lottery.desk import Desk
from lottery.domain.advising import Advice, advise
from lottery.domain.ceremony import Source, State
from lottery.domain.errors import OutOfTimeError
from lottery.domain.kinds import as_problem
from lottery.form import PrepareForm
from lottery.paths import PREPARE, Paths
from lottery.preparer import Preparer
from lottery.repository import draws, pools
from lottery.repository.assemblies import Assembly
from lottery.use_cases import preparing

QUESTION_SECONDS, PAGE_SECONDS = 3.0, 8.0
"""What the page gives the solver, a question and all together; the preparing has all the time it takes."""


def router(service: Service, preparer: Preparer) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    room = PrepareRoom(service, preparer)
    routes.add_api_route(PREPARE, room.show, methods=["GET"])
    routes.add_api_route(PREPARE, room.begin, methods=["POST"])
    return routes


class PrepareRoom(Desk):
    """Where a draw begins."""

    def __init__(self, service: Service, preparer: Preparer) -> None:
        super().__init__(service)
        self._preparer = preparer

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Say what the quotas ask for and what the pool has, and ask what is to be decided."""
        return await self._page(request, await self.assembly(assembly), PrepareForm())

    async def begin(self, request: Request, assembly: str) -> Response:
        """Begin the preparing and go on to where it is followed."""
        known = await self.assembly(assembly)
        form = PrepareForm.read(seals.fields(request))
        plan = form.plan(self.service.clock.now())
        if plan is None:
            return await self._page(request, known, form, 422)
        begin = partial(preparing.begin, who=caller(request), assembly_id=assembly, plan=plan, test=form.test)
        try:
            draw = await self.service.transaction(begin)
        except Conflict:  # the page says what stands in the way
            return await self._page(request, known, form, 409)
        self._preparer.wake()
        return self.to(request, Paths(assembly).draw(draw.id))

    async def _page(self, request: Request, known: Assembly, form: PrepareForm, status: int = 200) -> HTMLResponse:
        last = [await draws.latest(self.service.db, known.id, test=test) for test in (False, True)]
        real = last[0]
        # Whoever comes back from a preparing that failed is told about what they had asked for.
        failed = [one for one in last if one is not None and one.state is State.FAILED]
        households = form.households or any(one.plan.households for one in failed)
        return self.render(
            request,
            "prepare.html",
            status,
            **self.around(known),
            form=form,
            errors=[(field, self.service.pages.words(request).gettext(said)) for field, said in form.errors.items()],
            sources=get_args(Source),
            underway=[one for one in last if one is not None and preparing.is_open(one)],
            over=real is not None and real.drawn,
            counts=await self._counts(known) if known.pool else {},
            advice=await self._advice(known, households) if known.pool else None,
            households=households,
        )

    async def _counts(self, known: Assembly) -> dict[tuple[str, str], int]:
        pool = (await pools.pool(self.service.db, known.id)).values()
        quotas = known.quotas
        found = {(row.criterion, row.value): 0 for row in quotas.rows}
        for one in pool:
            for criterion in quotas.criteria:
                found[criterion, one.features[criterion]] += 1
        return found

    async def _advice(self, known: Assembly, households: bool) -> Advice | None:
        pool = list((await pools.pool(self.service.db, known.id)).values())

        def said() -> Advice:
            return advise(as_problem(pool, known.quotas, households=households), QUESTION_SECONDS)

        try:
            return await asyncio.wait_for(asyncio.to_thread(said), PAGE_SECONDS)
        except (OutOfTimeError, TimeoutError):
            return None
