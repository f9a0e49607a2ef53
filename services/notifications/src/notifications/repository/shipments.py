"""Shipments as documents, and how senders share them.

`next_at` is when a shipment may be taken up next: AT_ONCE or IN_TURN when new, after its delay when it has to wait,
at its lease's end while someone is sending it, and None when there is nothing for us to send.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chassis.mongo import Collection, Database, Document
from notifications.domain.shipment import TERMINAL, Shipment, State
from notifications.repository.jobs import HELD, JOBS, jobs_not_sent

SHIPMENTS, UNMATCHED = "shipments", "unmatched_receipts"

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
IN_TURN = datetime(1970, 1, 2, tzinfo=UTC)
"""A bulk of thousands waits behind single shipments: nobody waits for a receipt because others are invited."""


def history_entry(step: str, state: State, at: datetime, cause: str) -> Document:
    """Return a transition as the history keeps it."""
    return {"step": step, "state": state.value, "at": at, "cause": cause}


def new_document(shipment: Shipment, now: datetime, *, job: str, bulk: bool) -> Document:
    """Return a shipment as first stored. The UUIDs are stored here, long before the first call.

    `history` keeps each transition with its time and cause; `receipts` the ids of all that came about it;
    `transmission` the provider's own id of what it took, `earlier` those of attempts before it was sent again by hand;
    `template_version` the version of the text it went out with, 0 for the one that comes with the service.
    """
    return {
        "_id": shipment.id,
        "assembly": shipment.assembly,
        "template": shipment.template,
        "template_version": None,
        "job": job,
        "cause": shipment.cause,
        "person": shipment.person,
        "role": shipment.role,
        "fields": shipment.fields,
        "language": shipment.language,
        "traceparent": shipment.traceparent,
        "message_uuid": shipment.message_uuid,
        "letter_uuid": shipment.letter_uuid,
        "state": State.CREATED.value,
        "history": [history_entry("created", State.CREATED, now, "fact")],
        "channel": None,
        "reason": None,
        "transmission": None,
        "earlier": [],
        "receipts": [],
        "attempts": 0,
        "resends": 0,
        "lease": None,
        "next_at": IN_TURN if bulk else AT_ONCE,
        "created_at": now,
        "changed_at": now,
        "taken_at": None,
    }


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch of shipments that one sender holds. Times are the machine's: no rehearsal moves them."""

    token: str
    shipments: list[Document]
    cancelled: frozenset[str] = frozenset()
    """The jobs among theirs that are cancelled: these shipments were made after it."""


async def claim(db: Database, now: datetime, length: timedelta, most: int) -> Lease:
    """Take up to `most` shipments that are due, so that no other sender has them until the lease ends.

    None of a job that is held: those under way already go on.
    """
    shipments = db.collection(SHIPMENTS)
    due: Document = {"next_at": {"$lte": now}}
    jobs = await jobs_not_sent(db.collection(JOBS))
    if held := [job for job, state in jobs.items() if state in HELD]:
        due["job"] = {"$nin": held}
    ids = [d["_id"] for d in await shipments.find(due, sort=[("next_at", 1)], limit=most, fields=["_id"])]
    token = uuid.uuid4().hex
    if not ids:
        return Lease(token, [])
    # The condition again: between the two calls another sender may have been first.
    await shipments.update_many({"_id": {"$in": ids}} | due, {"$set": {"lease": token, "next_at": now + length}})
    cancelled = frozenset(job for job, state in jobs.items() if state == "cancelled")
    return Lease(token, await shipments.find({"_id": {"$in": ids}, "lease": token}), cancelled)


async def renew(shipments: Collection, lease: Lease, until: datetime) -> int:
    """Keep what is still unfinished of a lease, and return how many that is."""
    theirs = {"_id": {"$in": [one["_id"] for one in lease.shipments]}, "lease": lease.token}
    return await shipments.update_many(theirs, {"$set": {"next_at": until}})


async def release(shipments: Collection, token: str, ids: Sequence[str], until: datetime) -> None:
    """Put some of a lease back untried: any sender may take them up again then."""
    if ids:
        where = {"_id": {"$in": list(ids)}, "lease": token}
        await shipments.update_many(where, {"$set": {"lease": None, "next_at": until}})


async def count_waiting(db: Database) -> int:
    """Count the shipments that have not ended; overdue ones are not waited for."""
    ended = [state.value for state in (*TERMINAL, State.OVERDUE)]
    return await db.collection(SHIPMENTS).count({"state": {"$nin": ended}})
