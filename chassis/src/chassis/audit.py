"""The record of who saw personal data: who, what, when and why, kept by the service that owns the data.

The accountability the GDPR asks for (articles 5(2) and 32) and the arm's-length principle both need it. It is read by
the data protection officer at `{prefix}/indsigt`. An entry stands or falls with the reading: it is written in the same
transaction, before anything is shown.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import BadInput, Problem
from chassis.identity import Caller
from chassis.mongo import Database
from chassis.transaction import Transaction

COLLECTION = "audit"
SHORTEST_WHY, LONGEST_WHY = 5, 200
PAGE = 100
"""Entries on a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One opening of personal data. `subject` is opaque: the municipality's provider knows whom it belongs to.

    `what` is an English message of the service, translated where it is shown.
    """

    at: datetime
    role: str
    subject: str
    assembly: str
    what: str
    how_many: int
    why: str


def reason(text: str) -> str:
    """Return a reason as it is kept; BadInput when it is too short to be one, or too long."""
    why = " ".join(text.split())
    if not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
        rule = f"{SHORTEST_WHY} to {LONGEST_WHY} characters"
        raise BadInput([Problem("form", "why", rule, "say in a few words why you open this")])
    return why


async def saw(tx: Transaction, who: Caller, what: str, *, assembly: str, how_many: int, why: str) -> None:
    """Record that `who` is shown `what` about `how_many` people. BadInput for a reason that is none."""
    entry = {
        "_id": str(uuid.uuid4()),
        "at": tx.now,
        "role": who.role,
        "subject": who.subject,
        "assembly": assembly,
        "what": what,
        "how_many": how_many,
        "why": reason(why),
    }
    await tx.collection(COLLECTION).insert(entry)


@dataclass(frozen=True, slots=True)
class Record:
    """A page of the record, the latest entry first; `total` is how many are on all its `pages`."""

    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int


async def read(db: Database, page: int = 1) -> Record:
    """Return a page of the record. One past the last is the last: an empty page would say that nobody saw anything."""
    record = db.collection(COLLECTION)
    total = await record.count({})
    pages = max(1, -(-total // PAGE))
    page = min(page, pages)
    rows = await record.find({}, sort=[("at", -1), ("_id", 1)], limit=PAGE, skip=(page - 1) * PAGE)
    entries = (Entry(**{name: value for name, value in row.items() if name != "_id"}) for row in rows)
    return Record(tuple(entries), total, page, pages)
