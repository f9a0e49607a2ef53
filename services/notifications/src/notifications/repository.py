"""Shipments, assemblies and people as documents.

`next_at` is when a shipment may be taken up next: AT_ONCE or IN_TURN when new, after its delay when it has to wait,
at its lease's end while someone is sending it, and None when there is nothing for us to send.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chassis.mongo import Collection, Database, Document
from notifications.domain.shipment import TERMINAL, Shipment, State
from notifications.rendering import Assembly

SHIPMENTS, ASSEMBLIES, PEOPLE, SESSIONS, DRAWS, UNMATCHED = (
    "shipments",
    "assemblies",
    "people",
    "sessions",
    "draws",
    "unmatched_receipts",
)

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
IN_TURN = datetime(1970, 1, 2, tzinfo=UTC)
"""A bulk of thousands waits behind single shipments: nobody waits for a receipt because others are invited."""


def new_document(shipment: Shipment, now: datetime, *, bulk: bool) -> Document:
    """Return a shipment as first stored. The UUID is stored here, long before the first call."""
    return {
        "_id": shipment.id,
        "assembly": shipment.assembly,
        "template": shipment.template,
        "cause": shipment.cause,
        "person": shipment.person,
        "role": shipment.role,
        "fields": shipment.fields,
        "language": shipment.language,
        "traceparent": shipment.traceparent,
        "message_uuid": shipment.message_uuid,
        "state": State.CREATED.value,
        "channel": None,
        "reason": None,
        "attempts": 0,
        "lease": None,
        "next_at": IN_TURN if bulk else AT_ONCE,
        "created_at": now,
        "changed_at": now,
        "taken_at": None,
    }


def assembly_document(assembly: Assembly) -> Document:
    """Return an assembly as stored."""
    return {
        "_id": assembly.id,
        "municipality": dict(assembly.municipality),
        "title": dict(assembly.title),
        "purpose": dict(assembly.purpose),
        "panel_size": assembly.panel_size,
        "sign_up_closes_at": assembly.sign_up_closes_at,
    }


def assembly_from(document: Document) -> Assembly:
    """Return an assembly from its document."""
    return Assembly(
        id=document["_id"],
        municipality=document["municipality"],
        title=document["title"],
        purpose=document["purpose"],
        panel_size=document["panel_size"],
        sign_up_closes_at=document["sign_up_closes_at"],
    )


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch of shipments that one sender holds. Times are the machine's: no rehearsal moves them."""

    token: str
    shipments: list[Document]


async def claim(shipments: Collection, now: datetime, length: timedelta, most: int) -> Lease:
    """Take up to `most` shipments that are due, so that no other sender has them until the lease ends."""
    due = {"next_at": {"$lte": now}}
    ids = [d["_id"] for d in await shipments.find(due, sort=[("next_at", 1)], limit=most, fields=["_id"])]
    token = uuid.uuid4().hex
    if not ids:
        return Lease(token, [])
    # The condition again: between the two calls another sender may have been first.
    await shipments.update_many({"_id": {"$in": ids}} | due, {"$set": {"lease": token, "next_at": now + length}})
    return Lease(token, await shipments.find({"lease": token}))


async def renew(shipments: Collection, token: str, until: datetime) -> int:
    """Keep what is still unfinished of a lease, and return how many that is."""
    return await shipments.update_many({"lease": token}, {"$set": {"next_at": until}})


async def count_waiting(db: Database) -> int:
    """Count the shipments that have not ended; overdue ones are not waited for."""
    ended = [state.value for state in (*TERMINAL, State.OVERDUE)]
    return await db.collection(SHIPMENTS).count({"state": {"$nin": ended}})


async def load_assemblies(db: Database, ids: Sequence[str]) -> dict[str, Assembly]:
    """Return those that are announced."""
    found = await db.collection(ASSEMBLIES).find({"_id": {"$in": list(ids)}})
    return {document["_id"]: assembly_from(document) for document in found}


def person_key(assembly: str, person: str) -> str:
    """Return the id of what is known of a person in an assembly."""
    return f"{assembly}/{person}"
