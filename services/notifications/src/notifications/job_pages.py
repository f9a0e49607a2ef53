"""The staff's pages of the jobs: all of them, one of them while it is sent, and what can be done about it.

Nothing here is about a person, so that the operator may look, pause and resume too. The parts that follow along hold no
forms and are alike for both roles; what can be done is a link to a page with the exact numbers and the one button.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.errors import Conflict
from chassis.identity import Caller, caller
from chassis.live import EventStream
from chassis.service import Service
from chassis.transaction import Transaction
from notifications.domain.shipment import State
from notifications.job_views import UNDER_WAY, job_of, jobs_of, reasons_of
from notifications.post_desk import JOB, JOBS, Desk
from notifications.reason_words import reason_words
from notifications.repository.known import ASSEMBLIES
from notifications.use_cases import jobs
from notifications.words import ACT_WORDS

Act = Callable[[Transaction, str, Caller], Awaitable[object]]
ACTS: dict[str, Act] = {"pause": jobs.pause, "fortsaet": jobs.resume, "annuller": jobs.cancel}
"""The last part of a path, by what it does."""


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = JobDesk(service)
    routes.add_api_route(JOBS, desk.show_all, methods=["GET"])
    routes.add_api_route(f"{JOBS}/live", desk.follow_all, methods=["GET"], response_class=EventStream)
    routes.add_api_route(JOB, desk.show, methods=["GET"])
    routes.add_api_route(f"{JOB}/live", desk.follow, methods=["GET"], response_class=EventStream)
    for act in ACTS:
        routes.add_api_route(f"{JOB}/{act}", partial_for(desk.ask, act), methods=["GET"])
        routes.add_api_route(f"{JOB}/{act}", partial_for(desk.do, act), methods=["POST"])
    return routes


def partial_for(method: Callable[[Request, str, str], Awaitable[Response]], act: str) -> Callable[..., Any]:
    """Return a route that does one act: each is a row of its own, for not every role may do every one."""

    async def route(request: Request, job: str) -> Response:
        return await method(request, job, act)

    return route


class JobDesk(Desk):
    """Where jobs are followed."""

    async def show_all(self, request: Request) -> HTMLResponse:
        """Show every assembly's jobs, the newest first."""
        assemblies = await self.service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"])
        return self.render(request, "jobs.html", assemblies=assemblies, **await self._all(following=False))

    async def follow_all(self, request: Request) -> EventStream:
        """Send them as they go on."""
        return await self.service.live.follow(request, "jobs-live.html", partial(self._all, following=True, part=True))

    async def show(self, request: Request, job: str) -> HTMLResponse:
        """Show one job."""
        return self.render(request, "job.html", **await self._one(job, following=False))

    async def follow(self, request: Request, job: str) -> EventStream:
        """Send it as it goes on."""
        context = partial(self._one, job, following=True, part=True)
        return await self.service.live.follow(request, "job-live.html", context)

    async def ask(self, request: Request, job: str, act: str) -> Response:
        """Say what an act does, with the exact numbers, before it is done."""
        return await self._ask(request, job, act)

    async def do(self, request: Request, job: str, act: str) -> Response:
        """Do it; or say that the job has gone on in the meantime, so that it cannot be done any more."""
        who = caller(request)
        try:
            if ACTS[act] is jobs.cancel:
                await self.service.transaction(lambda tx: jobs.hold(tx, job))
            await self.service.transaction(lambda tx: ACTS[act](tx, job, who))
        except Conflict:
            return await self._ask(request, job, act, status=409)
        self.service.poke("dispatch")
        return self.to(request, JOB.format(job=job))

    async def _ask(self, request: Request, job: str, act: str, status: int = 200) -> HTMLResponse:
        view = await job_of(self.service.db, job, self.service.clock.machine_now())
        action = f"{JOB.format(job=job)}/{act}"
        return self.render(
            request,
            "job-act.html",
            status,
            view=view,
            act=act,
            told=ACT_WORDS[act],
            waits=view.tally.of({State.CREATED, State.CHANNEL_CHOSEN}),
            midway=view.tally.of({State.SENDING, State.UNKNOWN}),
            possible=act in view.acts,
            action=action,
        )

    async def _all(self, *, following: bool, part: bool = False) -> dict[str, Any]:
        return {
            "mailings": await jobs_of(self.service.db, self.service.clock.machine_now()),
            "under_way": UNDER_WAY,
            **self._about(following=following, part=part),
        }

    async def _one(self, job: str, *, following: bool, part: bool = False) -> dict[str, Any]:
        view = await job_of(self.service.db, job, self.service.clock.machine_now())
        reasons = [(reason_words(reason), number) for reason, number in await reasons_of(self.service.db, job)]
        return {"view": view, "reasons": reasons, **self._about(following=following, part=part)}

    def _about(self, *, following: bool, part: bool) -> dict[str, Any]:
        about = {"now": self.service.clock.now(), "following": following}
        return about | (self.around() if part else {})
