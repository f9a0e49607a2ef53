"""Nobody is kept longer than the assembly promised: groups of people are erased when their day has come."""

from dataclasses import dataclass
from datetime import datetime

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.registration import MEMBERS, Status
from registration.domain.retention import Course, Group, days_of, due
from registration.repository import ASSEMBLIES, PEOPLE, Collections, assembly_from
from registration.use_cases.announcing import get_assembly
from registration.use_cases.erasing import erase_many

BATCH = 500

_MEMBERS = sorted(status.value for status in MEMBERS)
_NOTHING_HELD = {"status": Status.INELIGIBLE.value, "identity": None}
"""Too young, or moved away: their rows hold an opaque id alone and are kept, so that a later roll finds them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A group as it stands. `due_at` None: its day is not known yet, or it has none (`days` None)."""

    group: Group
    days: int | None
    due_at: datetime | None
    people: int
    erased: int
    erased_at: datetime | None


def of_group(assembly: str, group: Group) -> Document:
    """Return the filter for those of a group who are not erased yet."""
    match group:
        case Group.NOT_DRAWN:
            return {"assembly": assembly, "status": Status.POOL.value, "alternate": {"$ne": True}}
        case Group.ROLL:
            others = {"$nin": [*_MEMBERS, Status.ERASED.value]}
            return {"assembly": assembly, "status": others, "$nor": [_NOTHING_HELD]}
        case Group.MEMBERS:
            return {"assembly": assembly, "status": {"$ne": Status.ERASED.value}, "$nor": [_NOTHING_HELD]}


def due_of(document: Document) -> dict[Group, datetime]:
    """Return when each group of a stored assembly is to be erased."""
    data = assembly_from(document)
    last = max((meeting.ends_at for meeting in data.meetings), default=None)
    return due(data.retention, Course(document.get("drawn_at"), last, document.get("followed_up_at")))


async def erase_batch(tx: Transaction, assembly: str, group: Group) -> int:
    """Erase up to BATCH people of a group whose day has come, and return how many."""
    document = await get_assembly(tx, assembly)
    day = due_of(document).get(group)
    if day is None or tx.now < day:
        return 0
    fields = ["status", "invited_at"]
    people = await tx.collection(PEOPLE).find(of_group(assembly, group), sort=[("_id", 1)], limit=BATCH, fields=fields)
    if people:
        await erase_many(tx, assembly, people)
        at = f"kept.{group.value}"
        changes = {"$inc": {f"{at}.people": len(people)}, "$set": {f"{at}.at": tx.now}}
        await tx.collection(ASSEMBLIES).update({"_id": assembly}, changes)
    return len(people)


async def note_followed_up(tx: Transaction, assembly: str) -> None:
    """Note that the council's duty is done, which the members' time is counted from."""
    where = {"_id": assembly, "followed_up_at": None}
    await tx.collection(ASSEMBLIES).update(where, {"$set": {"followed_up_at": tx.now}})


async def how_kept(source: Collections, document: Document) -> list[Kept]:
    """Return how each group of an assembly stands."""
    days, dues = days_of(assembly_from(document).retention), due_of(document)
    done = document.get("kept") or {}
    people = source.collection(PEOPLE)
    return [
        Kept(
            group,
            days[group],
            dues.get(group),
            await people.count(of_group(document["_id"], group)),
            done.get(group.value, {}).get("people", 0),
            done.get(group.value, {}).get("at"),
        )
        for group in Group
    ]
