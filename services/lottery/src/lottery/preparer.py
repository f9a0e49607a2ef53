"""The background of preparing: draws that are to be prepared are computed, whoever began them."""

import asyncio
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import structlog

from chassis.service import Service
from lottery.domain.alternates import coverage
from lottery.domain.ceremony import State
from lottery.domain.errors import Cancelled, FlawedInputError
from lottery.domain.fairest import Progress
from lottery.domain.feasibility import InfeasibleQuotasError
from lottery.domain.figures import figures
from lottery.domain.pool import Registrant
from lottery.domain.prepare import Options, prepare_draw
from lottery.domain.quotas import Quotas
from lottery.domain.record import Inputs
from lottery.repository import pools
from lottery.repository.draws import Draw
from lottery.settings import Settings
from lottery.use_cases import preparing
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.preparing import LeaseLostError, Result
from lottery.verifying.seals import line_of
from lottery.version import code_version

NAME = "draws"
LOOKED_AT = 4
"""Panels of the portfolio of which it is asked how far the alternates would go."""
MOST_ATTEMPTS = 3
"""A draw that ends the process every time, or fails by a defect, is given up then."""

log = structlog.get_logger()


class Watch:
    """What the computing thread says of its progress, and is told."""

    def __init__(self) -> None:
        self.stage, self.share = "", 0.0
        self._ended = threading.Event()

    def progress(self, stage: str, share: float) -> None:
        """Note how far it is; raises Cancelled when nobody wants it any more."""
        self.stage, self.share = stage, share
        if self._ended.is_set():
            raise Cancelled

    def end(self) -> None:
        """Have the thread stop at its next step."""
        self._ended.set()


class Preparer:
    """One process's share of the work; two replicas may each have one."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service, self._settings = service, settings
        self._me = uuid.uuid4().hex

    def wake(self) -> None:
        """Look for what there is to do now."""
        self._service.poke(NAME)

    async def waiting(self) -> int:
        """Count the draws that are to be prepared."""
        return await preparing.waiting(self._service.db)

    async def work(self) -> None:
        """Prepare what there is to prepare, one draw after the other."""
        while draw := await preparing.take_up(
            self._service.db, self._me, self._service.clock.machine_now(), self._until()
        ):
            try:
                await self._prepare(draw)
            except LeaseLostError:
                log.info("a draw was cancelled, or taken up by another process", draw=draw.id)
            except Exception:
                log.exception("a draw could not be prepared and is tried again", draw=draw.id)
                await preparing.let_go(self._service.db, draw, self._me)
                return  # at the next turn, and not at once

    async def _prepare(self, draw: Draw) -> None:
        if draw.job.attempts > MOST_ATTEMPTS:
            problem = _problem("program", "attempts", "can be computed", f"given up after {MOST_ATTEMPTS} attempts")
            await self._service.transaction(lambda tx: preparing.refuse(tx, draw, self._me, [problem]))
            return
        assembly = await known_assembly(self._service.db, draw.assembly)
        left = await pools.count_left(self._service.db, draw.assembly)
        pool = list((await pools.pool(self._service.db, draw.assembly)).values())
        inputs = Inputs(
            assembly=draw.assembly,
            draw=draw.id,
            pool_digest=assembly.pool.digest if assembly.pool else "",
            left=left,
            alternates=assembly.alternates,
            test=draw.test,
            draws_at=draw.plan.draws_at.isoformat(),
            randomness=draw.plan.randomness,
        )
        options = Options(draw.plan.algorithm, draw.plan.households)
        try:
            result = await self._watched(draw, partial(_compute, inputs, options, pool, assembly.quotas))
        except (FlawedInputError, InfeasibleQuotasError) as error:
            problems = [_problem(flaw.where, flaw.field, flaw.rule, flaw.message) for flaw in error.flaws]
            await self._service.transaction(lambda tx: preparing.refuse(tx, draw, self._me, problems))
            log.info("a draw cannot be prepared", draw=draw.id, problems=len(problems))
            return
        await self._service.transaction(lambda tx: preparing.keep(tx, draw, self._me, result))
        log.info("a draw is prepared", assembly=draw.assembly, draw=draw.id, state=State.PREPARED.value)

    async def _watched(self, draw: Draw, compute: Callable[[Progress], Result]) -> Result:
        """Compute in a thread (HiGHS lets go of the interpreter's lock while it solves) and show that we are alive."""
        watch = Watch()
        task = asyncio.create_task(asyncio.to_thread(compute, watch.progress))
        try:
            while not (await asyncio.wait({task}, timeout=self._settings.prepare_sign_seconds))[0]:
                await preparing.go_on(self._service.db, draw, self._me, watch.stage, watch.share, self._until())
            return await task
        finally:
            # Cancelled, or the service stops: the thread must not be waited for to its end.
            watch.end()
            task.cancel()

    def _until(self) -> datetime:
        return preparing.lease(self._service.clock.machine_now(), self._settings.prepare_lease_seconds)


def _compute(
    inputs: Inputs, options: Options, pool: Sequence[Registrant], quotas: Quotas, progress: Progress
) -> Result:
    prepared = prepare_draw(inputs, pool, quotas, options, code_version=code_version(), progress=progress)
    people = {one.person: one for one in pool}
    some = prepared.panels[:: len(prepared.panels) // LOOKED_AT]
    refilled = coverage(people, some, quotas, inputs.alternates, inputs.dropout)[-1]
    numbers = figures(pool, quotas, prepared.chances, prepared.deviation, refilled)
    return Result(prepared, {one.person: line_of(one.salt) for one in pool}, quotas, numbers)


def _problem(where: str, field: str, rule: str, message: str) -> dict[str, str]:
    return {"where": where, "field": field, "rule": rule, "message": message}
