"""The roll, written: compared with what is held, then in batches that can all be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.registration import Status
from registration.repository import IMPORTS, PEOPLE, ROLL_FIELDS


@dataclass(slots=True, repr=False)
class Plan:
    """What a checked roll changes. `missing` are held and not in the file: moved out or dead, for people to judge."""

    rows: int = 0
    eligible: int = 0
    unchanged: int = 0
    missing: int = 0
    new: list[Document] = field(default_factory=list)
    changed: list[Document] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the report's figures."""
        return {
            "rows": self.rows,
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "missing": self.missing,
            "eligible": self.eligible,
        }


def plan(documents: Sequence[Document], held: Mapping[str, Document]) -> Plan:
    """Compare a roll's people with those held. An erased person stays erased: the row that is kept says so."""
    result = Plan(rows=len(documents), missing=len(held.keys() - {document["_id"] for document in documents}))
    for document in documents:
        result.eligible += document["status"] == Status.INVITEE
        known = held.get(document["_id"])
        if known is None:
            result.new.append(document)
        elif known["status"] == Status.ERASED or known["fingerprint"] == document["fingerprint"]:
            result.unchanged += 1
        else:
            result.changed.append(document)
    return result


@dataclass(frozen=True, slots=True)
class ImportJob:
    """The record of an import: what was read and how it went, nothing of whom."""

    id: str
    assembly: str
    encoding: str
    delimiter: str


async def begin(tx: Transaction, job: ImportJob, counts: Mapping[str, int]) -> None:
    """Write down that an import begins, and what it is going to do."""
    record = {"_id": job.id, **asdict(job), **counts, "started_at": tx.now, "finished_at": None}
    del record["id"]
    await tx.collection(IMPORTS).insert(record)


async def write_new(tx: Transaction, documents: Sequence[Document]) -> int:
    """Insert a batch of people; those already there (an import half done) are left."""
    return await tx.collection(PEOPLE).upsert_new(documents)


async def write_changed(tx: Transaction, documents: Sequence[Document]) -> None:
    """Update what the roll knows of a batch of people, without touching what they have told us."""
    people = tx.collection(PEOPLE)
    not_erased = {"$ne": Status.ERASED.value}
    not_invited = {"invited_at": None, "status": {"$in": [Status.INVITEE.value, Status.INELIGIBLE.value]}}
    updates: list[tuple[Document, Document]] = []
    for document in documents:
        roll = {name: document[name] for name in ROLL_FIELDS}
        if document["status"] == Status.INELIGIBLE:
            # Someone invited already keeps the invitation; the secretariat decides about them, not an import.
            updates.append(({"_id": document["_id"], **not_invited}, _set(roll | {"status": document["status"]})))
            continue
        updates.append(({"_id": document["_id"], "status": not_erased}, _set(roll)))
        grown = {"_id": document["_id"], "status": Status.INELIGIBLE.value}
        updates.append((grown, {"$set": {"status": document["status"]}}))
    await people.bulk(updates)


def _set(values: Document) -> Document:
    return {"$set": values, "$inc": {"version": 1}}


async def finish(tx: Transaction, job: ImportJob) -> None:
    """Write down that everything of an import is written."""
    if not await tx.collection(IMPORTS).update({"_id": job.id}, {"$set": {"finished_at": tx.now}}):
        raise Conflict("the import was never begun")
