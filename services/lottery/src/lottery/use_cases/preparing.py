"""Preparing a draw: begun by the secretariat, computed in the background under a lease, cancelled or kept.

Whoever computes holds the draw's lease, which every sign of life prolongs: of two replicas one goes on, and what a
killed one held is free when its lease is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from chassis.errors import BadInput, Conflict, NotFound, Problem
from chassis.identity import Caller
from chassis.language import N_
from chassis.mongo import Document
from chassis.transaction import Transaction
from lottery.domain.ceremony import FOR_TESTS, OPEN, Plan, State
from lottery.domain.figures import Figures
from lottery.domain.prepare import PreparedDraw
from lottery.domain.quotas import Quotas
from lottery.repository import draws
from lottery.repository.draws import Act, Draw, Job, Sealed
from lottery.repository.store import DRAWS, Store
from lottery.use_cases.learning import known_assembly
from lottery.verifying.seals import digest

BEGUN, CANCELLED = N_("Preparing begun"), N_("Preparing cancelled")
"""What the draw's log says was done."""


class LeaseLostError(Exception):
    """Someone else computes this draw, or nobody wants it any more."""


async def begin(tx: Transaction, who: Caller, assembly_id: str, plan: Plan, *, test: bool) -> Draw:
    """Have a draw prepared; asked again while it is prepared with the same plan, that one.

    What was prepared before and never announced gives way. Conflict while the pool is open, while another one is
    prepared, or once a draw is announced: that one is drawn, or voided first. BadInput for a way of drawing that is for
    tests alone.
    """
    if plan.algorithm in FOR_TESTS and not test:
        raise BadInput([Problem("body", "algorithm", "fair", f"{plan.algorithm} is for tests alone")])
    assembly = await known_assembly(tx, assembly_id)
    if assembly.pool is None:
        raise Conflict("the pool is not closed yet")
    plan = plan.fixed()
    last = await draws.latest(tx, assembly_id, test=test)
    if last is not None and last.state is State.PREPARING and last.plan == plan:
        return last
    if last is not None and (last.state in {State.PREPARING, State.ANNOUNCED} or (last.drawn and not test)):
        raise Conflict(f"{last.id} is {last.state}: a new draw cannot be prepared beside it")
    over = last is None or last.state in {State.DRAWN, State.VOIDED}
    number = (last.number if last else 0) + (1 if over else 0)
    draw = Draw(
        assembly=assembly_id,
        id=f"{'test' if test else 'draw'}-{number}",
        test=test,
        number=number,
        state=State.PREPARING,
        plan=plan,
        begun_at=tx.now,
        log=[Act(tx.now, BEGUN, who.role, who.subject)],
        version=None if over or last is None else last.version,
    )
    await draws.save_draw(tx, draw)
    return draw


async def cancel(tx: Transaction, who: Caller, assembly_id: str, draw_id: str) -> Draw:
    """Stop the preparing, or throw away what is prepared; again, the same. Conflict once it is announced."""
    draw = await known_draw(tx, assembly_id, draw_id)
    if draw.state is State.CANCELLED:
        return draw
    if draw.state not in {State.PREPARING, State.PREPARED}:
        raise Conflict(f"{draw.id} is {draw.state}")
    draw.state, draw.sealed, draw.job = State.CANCELLED, None, Job()
    draw.log.append(Act(tx.now, CANCELLED, who.role, who.subject))
    await draws.forget_portfolio(tx, draw)
    await draws.save_draw(tx, draw)
    return draw


async def known_draw(store: Store, assembly_id: str, draw_id: str) -> Draw:
    """Return a draw, or raise NotFound."""
    draw = await draws.draw(store, assembly_id, draw_id)
    if draw is None:
        raise NotFound(f"the assembly has no draw {draw_id}")
    return draw


# --- what the background does ---


async def take_up(store: Store, me: str, now: datetime, until: datetime) -> Draw | None:
    """Claim a draw that is to be prepared and that nobody computes."""
    free = [{"job.lease_until": None}, {"job.lease_until": {"$lt": now}}]
    found = await store.collection(DRAWS).claim(
        {"state": State.PREPARING.value, "$or": free},
        {"$set": {"job.holder": me, "job.lease_until": until}, "$inc": {"job.attempts": 1}},
        sort=[("begun_at", 1)],
    )
    return None if found is None else await draws.draw(store, found["assembly"], found["id"])


async def go_on(store: Store, draw: Draw, me: str, stage: str, share: float, until: datetime) -> None:
    """Say how far it is and prolong the lease; LeaseLostError when it is not ours any more."""
    where: Document = {
        "_id": draws.key(draw.assembly, draw.id),
        "state": State.PREPARING.value,
        "job.holder": me,
        "begun_at": draw.begun_at,
    }
    changes = {"job.stage": stage, "job.share": share, "job.lease_until": until}
    if not await store.collection(DRAWS).update(where, {"$set": changes}):
        raise LeaseLostError


@dataclass(frozen=True)
class Result:
    """What was computed. `lines`: under which line each person stands in the public record."""

    prepared: PreparedDraw
    lines: Mapping[str, str]
    quotas: Quotas
    figures: Figures


async def let_go(store: Store, draw: Draw, me: str) -> None:
    """Give the draw back to whoever looks for one next."""
    where = {"_id": draws.key(draw.assembly, draw.id), "state": State.PREPARING.value, "job.holder": me}
    await store.collection(DRAWS).update(where, {"$set": {"job.holder": None, "job.lease_until": None}})


async def keep(tx: Transaction, draw: Draw, me: str, result: Result) -> None:
    """Store what was computed. LeaseLostError when it is not ours any more."""
    draw = await _still_ours(tx, draw, me)
    record = result.prepared.record
    draw.state, draw.job, draw.problems = State.PREPARED, Job(), []
    draw.sealed = Sealed(
        digest=result.prepared.digest,
        pool_digest=record["pool"]["digest"],
        pool_size=record["pool"]["size"],
        left_since=record["pool"]["left_since"],
        asked=asked(result.quotas),
        exact=record["algorithm"]["exact"],
        figures=result.figures,
    )
    await draws.save_sealed(tx, draw, result.prepared, result.lines)
    await draws.save_draw(tx, draw)


async def refuse(tx: Transaction, draw: Draw, me: str, problems: Sequence[dict[str, str]]) -> None:
    """Note why no draw can be prepared. LeaseLostError when it is not ours any more."""
    draw = await _still_ours(tx, draw, me)
    draw.state, draw.job, draw.problems = State.FAILED, Job(), list(problems)
    await draws.save_draw(tx, draw)


async def _still_ours(tx: Transaction, draw: Draw, me: str) -> Draw:
    now = await draws.draw(tx, draw.assembly, draw.id)
    if now is None or now.state is not State.PREPARING or now.job.holder != me or now.begun_at != draw.begun_at:
        raise LeaseLostError
    return now


async def waiting(store: Store) -> int:
    """Count the draws that are to be prepared."""
    return await store.collection(DRAWS).count({"state": State.PREPARING.value})


def lease(now: datetime, seconds: float) -> datetime:
    """Return until when a sign of life holds the draw."""
    return now + timedelta(seconds=seconds)


def asked(quotas: Quotas) -> str:
    """Return a digest of what is asked of a panel."""
    return digest(asdict(quotas))


def is_open(draw: Draw | None) -> bool:
    """Tell whether there is something to do with this draw yet."""
    return draw is not None and draw.state in OPEN
