"""The secretariat's list of what could not be delivered, why, and sending it again. Nobody is named on it."""

import re
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import audit, seals
from chassis.errors import BadInput, Conflict, NotFound
from chassis.identity import caller
from chassis.language import N_
from chassis.mongo import Document
from chassis.service import Service
from notifications.domain.shipment import State
from notifications.failed_views import can_all_go_again, can_go_again, code_of, failed, jobs_with_failures
from notifications.job_views import job_of, reasons_of
from notifications.post_desk import CASE, FAILED, JOB, SHIPMENT, Desk
from notifications.reason_words import reason_words
from notifications.repository.jobs import JOBS
from notifications.repository.known import ASSEMBLIES
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases import jobs, opening

AGAIN = f"{SHIPMENT}/igen"
OPEN = f"{SHIPMENT}/aabn"
ALL_AGAIN = f"{JOB}/igen/{{reason}}"
WHY = N_("Write in %(shortest)s to %(longest)s characters why you look")
AT_ONCE = 250
"""Shipments sent again in one transaction."""
_CASE_ID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = FailedDesk(service)
    routes.add_api_route(FAILED, desk.show, methods=["GET"])
    routes.add_api_route(OPEN, desk.ask_why, methods=["GET"])
    routes.add_api_route(OPEN, desk.open, methods=["POST"])
    routes.add_api_route(AGAIN, desk.ask_again, methods=["GET"])
    routes.add_api_route(AGAIN, desk.send_again, methods=["POST"])
    routes.add_api_route(ALL_AGAIN, desk.ask_all, methods=["GET"])
    routes.add_api_route(ALL_AGAIN, desk.send_all, methods=["POST"])
    return routes


class FailedDesk(Desk):
    """Where what did not arrive is looked at."""

    async def show(self, request: Request) -> HTMLResponse:
        """Show the failed ones of one job or of all, the latest first."""
        asked, db = request.query_params, self.service.db
        page = int(text) if _NUMBER.fullmatch(text := asked.get("side", "")) else 1
        with_failures = await jobs_with_failures(db)
        job = next((one for one, _ in with_failures if one["_id"] == asked.get("job")), None)
        reasons = await reasons_of(db, job["_id"]) if job else []
        ready = {code: len(await can_all_go_again(db, job, code)) for code, _ in reasons} if job else {}
        return self.render(
            request,
            "failed.html",
            job=job,
            jobs=with_failures,
            listed=await failed(db, job["_id"] if job else "", page),
            reasons=[(code, reason_words(code), number, ready[code]) for code, number in reasons if code],
            assemblies=await db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"]),
            done=asked.get("gjort") == "igen",
        )

    async def ask_why(self, request: Request, shipment: str) -> HTMLResponse:
        """Ask why the person behind a shipment is to be opened."""
        return await self._ask_why(request, shipment)

    async def open(self, request: Request, shipment: str) -> Response:
        """Open the person, or ask again for a reason."""
        why, who, now = seals.fields(request).get("why", ""), caller(request), self.service.clock.machine_now()
        try:
            case = await self.service.transaction(
                lambda tx: opening.open_shipment(tx, who, shipment, why=why, machine_now=now)
            )
        except BadInput:
            return await self._ask_why(request, shipment, why=why, refused=True)
        except Conflict:
            return await self._ask_why(request, shipment)
        return self.service.pages.go_on(request, CASE.format(case=case))

    async def _ask_why(self, request: Request, shipment: str, why: str = "", *, refused: bool = False) -> HTMLResponse:
        found, _ = await self._shipment(shipment)
        say = self.service.pages.words(request).gettext
        errors = [("why", say(WHY, shortest=audit.SHORTEST_WHY, longest=audit.LONGEST_WHY))] if refused else []
        nobody = not found["person"]
        return self.render(
            request,
            "failed-open.html",
            409 if nobody else 422 if refused else 200,
            shipment=found,
            action=OPEN.format(shipment=shipment),
            errors=errors,
            why=why,
        )

    async def ask_again(self, request: Request, shipment: str) -> HTMLResponse:
        """Say what sending it again means, and why it failed."""
        return await self._ask_again(request, shipment, request.query_params.get("sag", ""))

    async def send_again(self, request: Request, shipment: str) -> Response:
        """Send it again under the same UUID; or say that it cannot be, any more."""
        who, case = caller(request), seals.fields(request).get("case", "")
        try:
            await self.service.transaction(lambda tx: jobs.resend(tx, shipment, who))
        except Conflict:
            return await self._ask_again(request, shipment, case, status=409)
        self.service.poke("dispatch")
        return self.service.pages.go_on(request, CASE.format(case=case) if _CASE_ID.fullmatch(case) else FAILED)

    async def _ask_again(self, request: Request, shipment: str, case: str, status: int = 200) -> HTMLResponse:
        found, job = await self._shipment(shipment)
        back = CASE.format(case=case) if _CASE_ID.fullmatch(case) else FAILED
        return self.render(
            request,
            "failed-again.html",
            status,
            shipment=found,
            state=State(found["state"]),
            job=job,
            reason=reason_words(code_of(found)),
            possible=can_go_again(found, job),
            action=AGAIN.format(shipment=shipment),
            case=case if _CASE_ID.fullmatch(case) else "",
            back=back,
        )

    async def ask_all(self, request: Request, job: str, reason: str) -> HTMLResponse:
        """Say how many would be sent again, exactly."""
        return await self._ask_all(request, job, reason)

    async def send_all(self, request: Request, job: str, reason: str) -> Response:
        """Send them again, some in each transaction, and say how many."""
        waiting, sent = await self._waiting(job, reason), 0
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            sent += await self.service.transaction(
                partial(jobs.resend_all, job=job, shipments=some, by=caller(request))
            )
        self.service.poke("dispatch")
        return await self._ask_all(request, job, reason, sent=sent)

    async def _ask_all(self, request: Request, job: str, reason: str, sent: int | None = None) -> HTMLResponse:
        view = await job_of(self.service.db, job, self.service.clock.machine_now())
        number = len(await self._waiting(job, reason))
        context: dict[str, Any] = {"view": view, "reason": reason_words(reason), "number": number, "sent": sent}
        action = ALL_AGAIN.format(job=job, reason=reason)
        return self.render(request, "failed-all-again.html", action=action, **context)

    async def _waiting(self, job: str, reason: str) -> list[str]:
        known = await self.service.db.collection(JOBS).get(job)
        if known is None:
            raise NotFound("there is no such job")
        return await can_all_go_again(self.service.db, known, reason)

    async def _shipment(self, shipment: str) -> tuple[Document, Document]:
        found = await self.service.db.collection(SHIPMENTS).get(shipment)
        job = found and await self.service.db.collection(JOBS).get(found["job"])
        if not found or not job:
            raise NotFound("there is no such shipment")
        return found, job
