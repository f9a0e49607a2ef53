"""What somebody does about post on its way: pause, resume or cancel a job, have one shipment sent again.

A job keeps what was done to it: `log` has act, role, opaque subject and time of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chassis.errors import Conflict, NotFound
from chassis.identity import Caller
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.notifications import OUTDATED
from notifications.catalogue import KINDS
from notifications.domain.shipment import Shipment, State, Step
from notifications.domain.threshold import Threshold
from notifications.repository import problems
from notifications.repository.jobs import JOBS, JobState
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases.making import ship
from notifications.use_cases.recording import Happened, record

CANCELLED = "cancelled"
Act = Literal["pause", "resume", "cancel", "stop", "resend"]
TOO_MANY_FAILED = "too-many-failed"
NEVER_AGAIN = frozenset({"erased", OUTDATED})
"""Reasons of failures that nobody may send again: there is nobody to write to, or nothing left to say."""

_WAITING = (State.CREATED.value, State.CHANNEL_CHOSEN.value)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a cancellation came to: so many are never sent, so many were out already and go on."""

    cancelled: int
    already_out: int


async def pause(tx: Transaction, job: str, by: Caller) -> None:
    """Send nothing more of a job until it is resumed; what is under way goes on. Conflict unless it runs."""
    known = await _job(tx, job, {"running"})
    await _change(tx, known, "paused", _note(tx, "pause", by))


async def resume(tx: Transaction, job: str, by: Caller) -> None:
    """Go on with a job that was paused, or that stopped by itself. Conflict for any other.

    What failed before somebody looked does not stop it again: the failures are counted anew.
    """
    known = await _job(tx, job, {"paused", "stopped"})
    await _change(tx, known, "running", _note(tx, "resume", by))


async def stop(tx: Transaction, job: str, threshold: Threshold, title: dict[str, str]) -> bool:
    """Stop a job of which too many failed, and tell the secretariat; say whether it was this call that did.

    `title` is what the job is called, in each language. What is under way goes on, the rest waits for somebody.
    """
    known = await _job(tx, job)
    failed = known["ended"]
    if known["state"] != "running" or not threshold.is_passed(failed):
        return False
    note_of_it = {"act": "stop", "role": None, "subject": "", "at": tx.now}
    await _change(tx, known, "stopped", note_of_it, reason=TOO_MANY_FAILED)
    await problems.note(tx, problems.Problem("job-stopped", known["assembly"], {"job": job}))
    times = 1 + sum(one["act"] == "stop" for one in known["log"])
    fields = {"title": title, "failed": sum(failed), "ended": len(failed), "path": f"/post/job/{job}"}
    mail = Shipment(known["assembly"], "job-stopped", f"{job}:{times}", role="secretariat", fields=fields)
    await ship(tx, [mail])
    return True


async def hold(tx: Transaction, job: str) -> None:
    """Have senders take up no more of a job that is about to be cancelled: in a transaction before that one.

    Otherwise a transaction that cancels thousands collides with the senders' again and again, while they go on sending.
    Whoever dies between the two leaves a job that is paused.
    """
    await tx.collection(JOBS).update({"_id": job, "state": "running"}, {"$set": {"state": "paused"}})


async def cancel(tx: Transaction, job: str, by: Caller) -> Cancelled:
    """Send none of a job that has not begun to be sent, and return the exact numbers. Conflict when it is cancelled.

    The line is this transaction: what is CREATED or CHANNEL_CHOSEN in it is never sent, also while a sender holds it,
    for the sender notes SENDING under its lease first and finds the lease gone. What is made for the same occasion
    later (a member who joins after the calls were cancelled) is cancelled when its turn comes. A job that goes out day
    by day has no end: it runs on, and only what waits now is cancelled.
    """
    known = await _job(tx, job, {"running", "paused", "stopped"})
    shipments = tx.collection(SHIPMENTS)
    its = {"assembly": known["assembly"], "template": known["template"], "job": job}  # as the index has them
    waiting = await shipments.find(its | {"state": {"$in": list(_WAITING)}}, fields=["_id"])
    everything = await shipments.count(its)
    before = await shipments.count(its | {"state": State.CANCELLED.value})
    came_to = Cancelled(len(waiting), everything - before - len(waiting))
    note = _note(tx, "cancel", by) | {"cancelled": came_to.cancelled, "out": came_to.already_out}
    await _change(tx, known, "running" if KINDS[known["template"]].steady else "cancelled", note)
    cancelled = [Happened(d["_id"], (Step.CANCELLED,), reason=CANCELLED, **_by(by)) for d in waiting]
    await record(tx, cancelled)
    return came_to


async def resend(tx: Transaction, shipment: str, by: Caller) -> None:
    """Have a failed shipment sent once more, under the UUIDs it has. Its turn comes at once, unless its job is held.

    NotFound for an unknown one; Conflict, with the rule, for one that may not be sent again.
    """
    known = await tx.collection(SHIPMENTS).get(shipment)
    if known is None:
        raise NotFound("there is no such shipment")
    job = await _job(tx, known["job"])
    if rule := refuses_resending(known, job["state"]):
        raise Conflict(rule)
    await record(tx, [Happened(shipment, (Step.RESENT,), **_by(by))])
    note = _note(tx, "resend", by) | {"shipment": shipment}
    await tx.collection(JOBS).update({"_id": job["_id"]}, {"$push": {"log": note}})


async def resend_all(tx: Transaction, job: str, shipments: Sequence[str], by: Caller) -> int:
    """Have those of a job's shipments sent once more that may be, and return how many: somebody may have been faster.

    NotFound for an unknown job.
    """
    known = await _job(tx, job)
    found = await tx.collection(SHIPMENTS).find({"_id": {"$in": list(shipments)}, "job": job})
    again = [one["_id"] for one in found if refuses_resending(one, known["state"]) is None]
    if again:
        await record(tx, [Happened(one, (Step.RESENT,), **_by(by)) for one in again])
        note = _note(tx, "resend", by) | {"number": len(again)}
        await tx.collection(JOBS).update({"_id": job}, {"$push": {"log": note}})
    return len(again)


def refuses_resending(shipment: Document, job: JobState) -> str | None:
    """Return the rule that forbids sending this shipment again, or None when it may be."""
    if shipment["state"] != State.FAILED:
        return "only a failed message is sent again"
    if shipment["reason"] in NEVER_AGAIN or not (shipment["person"] or shipment["role"]):
        return "there is nobody to send it to any more, or its time is over"
    if job == "cancelled":
        return "its job is cancelled"
    return None


async def solve(tx: Transaction, problem: str, by: Caller) -> None:
    """Take a problem off the list; seen again it is open again. NotFound for an unknown one; twice is as once."""
    if await tx.collection(problems.PROBLEMS).get(problem) is None:
        raise NotFound("there is no such problem")
    solved = {"solved_at": tx.now, "solved_by": by.subject}
    await tx.collection(problems.PROBLEMS).update({"_id": problem, "solved_at": None}, {"$set": solved})


async def _job(tx: Transaction, job: str, states: set[JobState] | None = None) -> Document:
    known = await tx.collection(JOBS).get(job)
    if known is None:
        raise NotFound("there is no such job")
    if states and known["state"] not in states:
        raise Conflict(f"this job is {known['state']}")
    return known


async def _change(tx: Transaction, job: Document, state: JobState, note: Document, reason: str | None = None) -> None:
    changes: Document = {"state": state, "reason": reason, "changed_at": tx.now, "ended": []}
    await tx.collection(JOBS).update({"_id": job["_id"]}, {"$set": changes, "$push": {"log": note}})


def _note(tx: Transaction, act: Act, by: Caller) -> Document:
    return {"act": act, "role": by.role.value, "subject": by.subject, "at": tx.now}


def _by(by: Caller) -> dict[str, Any]:
    return {"cause": "person", "by": by.subject}
