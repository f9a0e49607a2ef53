"""The writes of a roll: one batch, one transaction, all of which can be done again."""

from collections.abc import Iterable, Sequence

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.eligibility import excluded
from registration.domain.registration import Status
from registration.domain.roll_changes import MAY_LEAVE
from registration.repository import PEOPLE, blank

Change = tuple[Document, Document]

_STAYING = {"$nin": [Status.ERASED.value, Status.INELIGIBLE.value, Status.TEST.value]}
_NOT_EXCLUDED = {"status": Status.INELIGIBLE.value, "why": {"$not": {"$regex": f"^{excluded('')}"}}}


async def write_new(tx: Transaction, people: Sequence[Document]) -> None:
    """Insert people. Duplicate when one of them is there already."""
    await tx.collection(PEOPLE).insert_many(people)


async def write_missing(tx: Transaction, people: Sequence[Document]) -> None:
    """Insert those of these people who are not there: slower, for when somebody was faster."""
    await tx.collection(PEOPLE).upsert_new(people)


async def change(tx: Transaction, changes: Iterable[Change]) -> None:
    """Make changes of people."""
    await tx.collection(PEOPLE).bulk(changes)


def changed(person: str, part: Document, why: str | None) -> list[Change]:
    """Return how a later roll changes what the last one told, without touching what they have told us themselves.

    Who can be invited again is: with a new link, since the one of the last invitation has died.
    """
    ineligible = {"_id": person, **_NOT_EXCLUDED}
    if why:
        return [(ineligible, _set(part | {"why": why}))]
    back = part | {"status": Status.INVITEE.value, "why": None}
    invited_before = ineligible | {"invited_at": {"$ne": None}}
    again = _set(back | {"invited_at": None, "wave": None, "reminders": 0})
    again["$inc"]["generation"] = 1
    return [
        ({"_id": person, "status": _STAYING}, _set(part)),
        (invited_before, again),
        (ineligible | {"invited_at": None}, _set(back)),
    ]


def left(person: str, why: str, fingerprint: str | None = None) -> Change:
    """Return how someone who has not signed up leaves: their link dies, and all but the opaque id is blanked."""
    where = {"_id": person, "status": {"$in": [status.value for status in MAY_LEAVE]}}
    return where, _set(blank() | {"status": Status.INELIGIBLE.value, "why": why, "fingerprint": fingerprint})


def _set(values: Document) -> Document:
    return {"$set": values, "$inc": {"version": 1}}
