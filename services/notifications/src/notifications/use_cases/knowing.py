"""What notifications keeps of an assembly: its public facts, and who of the opaque ids is in which list.

Facts of different kinds may be heard out of order. What a person or a session is goes by when it was said.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chassis.cases import COLLECTION as CASES
from chassis.errors import Transient
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.notifications import ERASED, ErasureConfirmed
from notifications.domain.shipment import State, Step
from notifications.rendering import Assembly
from notifications.repository.known import ASSEMBLIES, PEOPLE, SESSIONS, assembly_document, person_key
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases.recording import Happened, record

MEMBER, ALTERNATE, LEFT = "member", "alternate", "left"

_WAITING = frozenset({State.CREATED, State.CHANNEL_CHOSEN})
_BEING_WRITTEN = frozenset({State.SENDING, State.UNKNOWN})


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


async def set_asked(tx: Transaction, assembly: str, follower: str, *, at: datetime) -> None:
    """Note that somebody asked to follow. Who leaves at this moment changes the same row: one is heard first."""
    await _set(tx, assembly, follower, "asked", True, at)


async def set_follower(tx: Transaction, assembly: str, follower: str, *, at: datetime) -> None:
    """Note that somebody of the public follows by e-mail."""
    await _set(tx, assembly, follower, "follows", True, at)


async def set_themes(tx: Transaction, assembly: str, person: str, themes: Sequence[str], *, at: datetime) -> None:
    """Note which themes a member, or somebody who follows, wants to read of first."""
    await _set(tx, assembly, person, "themes", list(themes), at)


async def chosen_themes(tx: Transaction, assembly: str) -> dict[str, list[str]]:
    """Return the themes of everyone who chose some, by id."""
    where = {"assembly": assembly, "themes.value": {"$exists": True, "$ne": []}}
    found = await tx.collection(PEOPLE).find(where, fields=["person", "themes"])
    return {row["person"]: row["themes"]["value"] for row in found}


async def followers(tx: Transaction, assembly: str) -> list[str]:
    """Return who follows by e-mail."""
    return await _people(tx, {"assembly": assembly, "follows.value": True})


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
    """Learn a session's time and place, and return what holds: the fields said last.

    `sequence` in them counts the changes: by it a calendar knows the newer of two (RFC 5545, 3.8.7.4).
    """
    sessions, key = tx.collection(SESSIONS), f"{assembly}/{session}"
    known = await sessions.get(key)
    fields = fields | {"sequence": _changes(known) + 1 if known else 0}
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


def _changes(session: Document) -> int:
    return int(session["fields"].get("sequence", 0))


async def hold_session(tx: Transaction, assembly: str, session: str) -> None:
    """Note that a session took place: nobody is called to it any more."""
    await tx.collection(SESSIONS).update({"_id": f"{assembly}/{session}"}, {"$set": {"held": True}})


async def erase(tx: Transaction, assembly: str, people: Sequence[str]) -> list[str]:
    """Forget people of the roll, and say so. Returns and raises what `forget` does."""
    letters = await forget(tx, assembly, people)
    tx.say(ErasureConfirmed(assembly=assembly, people=tuple(dict.fromkeys(people))))
    return letters


async def forget(tx: Transaction, assembly: str, people: Sequence[str]) -> list[str]:
    """Forget people, or followers: send nothing more, and cut their ids out of what was sent: only counts are left.

    Returns the shipments that went as letters, whose files still hold their names; not the one that tells them of it,
    which they are to have. Transient while a letter is being written: it would lie there when all else is gone.
    """
    people = tuple(dict.fromkeys(people))
    shipments, theirs = tx.collection(SHIPMENTS), {"assembly": assembly, "person": {"$in": list(people)}}
    found = await shipments.find(theirs, fields=["state", "channel", "template"])
    letters = [d for d in found if d["channel"] == "letter"]
    if any(d["state"] in _BEING_WRITTEN for d in letters):
        raise Transient("a letter to someone who is erased is being written", retry_after=2)
    waiting = [Happened(d["_id"], (Step.FAILED,), reason="erased") for d in found if d["state"] in _WAITING]
    await record(tx, waiting)
    await shipments.update_many(theirs, {"$set": {"person": None}})
    # A row stays to say that they are erased, for what was said of them before may be heard after it.
    blank = [{"_id": person_key(assembly, one), "assembly": assembly, "erased_at": tx.now} for one in people]
    await tx.collection(PEOPLE).delete({"_id": {"$in": [row["_id"] for row in blank]}})
    await tx.collection(PEOPLE).insert_many(blank)
    await tx.collection(CASES).delete(theirs)
    return [d["_id"] for d in letters if d["template"] != ERASED]


async def erased(tx: Transaction, keys: Iterable[str]) -> set[str]:
    """Return those of these people who are erased, all by `person_key`."""
    where = {"_id": {"$in": list(keys)}, "erased_at": {"$exists": True}}
    return {row["_id"] for row in await tx.collection(PEOPLE).find(where, fields=["_id"])}


async def _set(tx: Transaction, assembly: str, person: str, what: str, value: Any, at: datetime) -> None:
    people, key = tx.collection(PEOPLE), person_key(assembly, person)
    said: Document = {"value": value, "at": at}
    known = await people.get(key)
    if known is None:
        await people.insert({"_id": key, "assembly": assembly, "person": person, what: said})
    elif "erased_at" not in known and (what not in known or known[what]["at"] <= at):
        await people.update({"_id": key}, {"$set": {what: said}})


async def _people(tx: Transaction, where: Document) -> list[str]:
    found = await tx.collection(PEOPLE).find(where, sort=[("_id", 1)], fields=["person"])
    return [document["person"] for document in found]
