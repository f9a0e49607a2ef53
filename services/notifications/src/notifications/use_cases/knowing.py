"""What notifications keeps of an assembly: its public facts, and who of the opaque ids is in which list.

Facts of different kinds may be heard out of order. What a person or a session is goes by when it was said.
"""

from datetime import datetime
from typing import Any

from chassis.mongo import Document
from chassis.transaction import Transaction
from notifications.domain.shipment import State, Step
from notifications.rendering import Assembly
from notifications.repository import ASSEMBLIES, PEOPLE, SESSIONS, SHIPMENTS, assembly_document, person_key
from notifications.use_cases.recording import Happened, record

MEMBER, ALTERNATE, LEFT = "member", "alternate", "left"


async def announce(tx: Transaction, assembly: Assembly) -> None:
    """Learn an assembly, or learn it anew."""
    await tx.collection(ASSEMBLIES).delete({"_id": assembly.id})
    await tx.collection(ASSEMBLIES).insert(assembly_document(assembly))


async def set_registrant(tx: Transaction, assembly: str, person: str, *, signed_up: bool, at: datetime) -> None:
    """Someone signed up, or withdrew; who withdraws leaves a seat too."""
    await _set(tx, assembly, person, "signed_up", signed_up, at)
    if not signed_up:
        await set_seat(tx, assembly, person, LEFT, at=at)


async def set_seat(tx: Transaction, assembly: str, person: str, seat: str, *, at: datetime) -> None:
    """Someone is a member, an alternate, or has left."""
    await _set(tx, assembly, person, "seat", seat, at)


async def set_confirmed(tx: Transaction, assembly: str, person: str, *, at: datetime) -> None:
    """Note that a member takes the seat."""
    await _set(tx, assembly, person, "confirmed", True, at)


async def members(tx: Transaction, assembly: str) -> list[str]:
    """Return the current members."""
    return await _people(tx, {"assembly": assembly, "seat.value": MEMBER})


async def registrants(tx: Transaction, assembly: str) -> list[str]:
    """Return those who signed up and have not withdrawn."""
    return await _people(tx, {"assembly": assembly, "signed_up.value": True})


async def has_seat(tx: Transaction, assembly: str, person: str, seat: str | None = None) -> bool:
    """Say whether someone was drawn (for this seat)."""
    known = await tx.collection(PEOPLE).get(person_key(assembly, person))
    held = known["seat"]["value"] if known and "seat" in known else None
    return held == seat if seat else held is not None


async def set_session(
    tx: Transaction, assembly: str, session: str, fields: dict[str, Any], *, at: datetime
) -> dict[str, Any]:
    """Learn a session's time and place, and return what holds: the fields said last."""
    sessions, key = tx.collection(SESSIONS), f"{assembly}/{session}"
    known = await sessions.get(key)
    if known is None:
        await sessions.insert(
            {"_id": key, "assembly": assembly, "session": session, "fields": fields, "at": at, "held": False}
        )
        return fields
    if known["at"] < at:
        await sessions.update({"_id": key}, {"$set": {"fields": fields, "at": at}})
        return fields
    held_fields: dict[str, Any] = known["fields"]
    return held_fields


async def hold_session(tx: Transaction, assembly: str, session: str) -> None:
    """Note that a session took place: nobody is called to it any more."""
    await tx.collection(SESSIONS).update({"_id": f"{assembly}/{session}"}, {"$set": {"held": True}})


async def erase(tx: Transaction, assembly: str, person: str, machine_now: datetime) -> None:
    """Forget a person: send nothing more, and cut the id out of what was sent, so that only counts are left."""
    waiting = {
        "assembly": assembly,
        "person": person,
        "state": {"$in": [State.CREATED.value, State.CHANNEL_CHOSEN.value]},
    }
    ids = [d["_id"] for d in await tx.collection(SHIPMENTS).find(waiting, fields=["_id"])]
    await record(tx, [Happened(one, (Step.FAILED,), reason="erased") for one in ids], machine_now)
    await tx.collection(SHIPMENTS).update_many({"assembly": assembly, "person": person}, {"$set": {"person": None}})
    await tx.collection(PEOPLE).delete({"_id": person_key(assembly, person)})


async def _set(tx: Transaction, assembly: str, person: str, what: str, value: Any, at: datetime) -> None:
    people, key = tx.collection(PEOPLE), person_key(assembly, person)
    said: Document = {"value": value, "at": at}
    known = await people.get(key)
    if known is None:
        await people.insert({"_id": key, "assembly": assembly, "person": person, what: said})
    elif what not in known or known[what]["at"] <= at:
        await people.update({"_id": key}, {"$set": {what: said}})


async def _people(tx: Transaction, where: Document) -> list[str]:
    found = await tx.collection(PEOPLE).find(where, sort=[("_id", 1)], fields=["person"])
    return [document["person"] for document in found]
