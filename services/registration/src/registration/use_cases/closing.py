"""Closing a pool as a reviewed step: looked at anew each time, and once more in the closing itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain.closing import Finding, Item, Refusal, Review, refusals
from registration.domain.duplicates import shared_households
from registration.domain.eligibility import HAS_LEFT, is_excluded
from registration.domain.people import spoken_reference
from registration.domain.registration import Status
from registration.repository import IMPORTS, PEOPLE, Collections, assembly_from, values_of
from registration.use_cases import duplicates, gates, imports, pool
from registration.use_cases.announcing import get_assembly

_FIELDS = (*duplicates.FIELDS, "status", "test", "why", "reference", "household", "features", "corrections", "answers")


class NotReviewed(Conflict):
    """Something keeps the pool from being closed; `refusals` says what."""

    def __init__(self, found: list[tuple[Item, Refusal]]) -> None:
        super().__init__("the pool is not reviewed")
        self.refusals = found


@dataclass(frozen=True, slots=True)
class Examined:
    """What the database says of a pool: its findings, its size, and the households that several share."""

    findings: tuple[Finding, ...]
    people: int
    households: tuple[int, int]


async def examine(source: Collections, vault: Vault, document: Document) -> Examined:
    """Look at everyone of an assembly's pool."""
    where = {"assembly": document["_id"], "status": Status.POOL.value}
    people = await source.collection(PEOPLE).find(where, sort=[("_id", 1)], fields=_FIELDS)
    criteria = assembly_from(document).criteria
    blank = [p for p in people if any(values_of(p).get(c.id) not in c.value_ids for c in criteria)]
    excluded, gone = await _judged(source, document["_id"])
    called = {p["_id"]: spoken_reference(p["reference"]) if p["reference"] else p["_id"] for p in people}
    groups = await duplicates.find_duplicates(vault, people)
    findings = (
        _concerned(Item.BLANKS, blank, called),
        _concerned(Item.TRIALS, (p for p in people if p["test"]), called),
        Finding(
            Item.DUPLICATES,
            tuple("+".join(group.people) for group in groups),
            tuple(tuple(called[one] for one in group.people) for group in groups),
        ),
        _concerned(Item.EXCLUDED, (p for p in people if is_excluded(p["why"]) or p["_id"] in excluded), called),
        _concerned(Item.GONE, (p for p in people if p["why"] in HAS_LEFT or p["_id"] in gone), called),
    )
    return Examined(findings, len(people), shared_households(p["household"] for p in people))


def _concerned(item: Item, people: Iterable[Document], called: Mapping[str, str]) -> Finding:
    ids = tuple(person["_id"] for person in people)
    return Finding(item, ids, tuple((called[one],) for one in ids))


async def _judged(source: Collections, assembly: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return whom the latest files left for people to judge, since they have signed up: the excluded, and the gone."""
    where = {"assembly": assembly, "state": imports.State.WRITTEN.value}
    files = await source.collection(IMPORTS).find(where, sort=[("finished_at", 1)], fields=["exclusion", "report"])
    latest = {file["exclusion"]: [one["person"] for one in file["report"]["judged"]] for file in files}
    gone = latest.pop("", [])  # the roll is of no exclusion
    return frozenset(person for people in latest.values() for person in people), frozenset(gone)


async def close(
    tx: Transaction,
    vault: Vault,
    key: bytes,
    who: Caller,
    assembly: str,
    outlook: Finding,
    reviews: Mapping[Item, Review],
) -> None:
    """Close the pool as reviewed; a closed one is left as it is. NotReviewed says what has come up, NotFound.

    `outlook` is what the lottery was found to say: nobody is asked from within a transaction.
    """
    document = await get_assembly(tx, assembly)
    if document["pool"] is not None:
        return
    await gates.shut(tx, assembly)  # from here on nobody signs up
    findings = [*(await examine(tx, vault, document)).findings, outlook, early(document, tx.now)]
    if found := refusals(findings, reviews):
        raise NotReviewed(found)
    said = {one.item.value: reviews[one.item].comment for one in findings if one.concerns}
    review = {
        "by": who.role,
        "subject": who.subject,
        "items": [{"item": one.item, "concerns": len(one.concerns)} for one in findings],
        "comments": await asyncio.to_thread(vault.lock, assembly, said) if said else None,
    }
    await pool.close(tx, key, assembly, early=Item.EARLY.value in said, review=review)


def early(document: Document, now: datetime) -> Finding:
    """Say whether people could still sign up."""
    return Finding(Item.EARLY, ("open",) if now < assembly_from(document).closes_at else ())


def comments_of(vault: Vault, review: Document) -> dict[Item, str]:
    """Return what was said of each item; Permanent when it cannot be unlocked any more."""
    locked = review["comments"]
    return {Item(item): text for item, text in vault.unlock(locked).items()} if locked else {}
