"""A person's case: opened by the number on their letter, with a reason, for two hours, by one of the secretariat.

Whoever opens it is the only one who can see it: the record then says of each pair of eyes why they looked.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis import audit
from chassis.cases import COLLECTION as CASES
from chassis.cases import CaseClosed, find_case, open_case
from chassis.errors import BadInput, Problem
from chassis.identity import Caller
from chassis.language import N_
from chassis.mongo import Database, Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain import draw_code
from registration.domain.cases import Action, Standing, allowed
from registration.domain.registration import MEMBERS, Status
from registration.repository import CHANGES, PEOPLE, Collections, assembly_from
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_up import is_open

SHORTEST_COMMENT, LONGEST_COMMENT = 5, 500
WHAT = N_("Everything about one person, to help them")
WHAT_WHICH = N_("Postcode and street of people who share a number, to tell them apart")
WHAT_ALL = N_("All that is held about one person, as a file for them")
"""What the record says was seen."""
OPENED, HANDED_OUT = "aabnet", "udleveret"
"""Kept among the changes by hand, so that people can be told who looked and what was handed out."""


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """One of several people with one number. No `street` when the address is protected."""

    person: str
    postcode: str
    street: str | None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a number led to: a case, or people to choose from, or neither."""

    case: str | None = None
    candidates: tuple[Candidate, ...] = ()


async def look_up(
    tx: Transaction,
    vault: Vault,
    who: Caller,
    assembly: str,
    reference: str,
    *,
    why: str,
    machine_now: datetime,
    chosen: str = "",
) -> LookedUp:
    """Open the case of the person with this number, and record why; of an unknown number nothing is recorded.

    Several people may share one: they are returned to choose from, which is a seeing of its own, and `chosen` is the
    one it was. BadInput for a reason that is none, NotFound for an unknown assembly.
    """
    why = audit.reason(why)
    await get_assembly(tx, assembly)
    found = await tx.collection(PEOPLE).find({"assembly": assembly, "reference": reference}, sort=[("_id", 1)])
    if len(found) > 1 and chosen:
        found = [person for person in found if person["_id"] == chosen]
    if not found:
        return LookedUp()
    if len(found) > 1:
        await audit.saw(tx, who, WHAT_WHICH, assembly=assembly, how_many=len(found), why=why)
        return LookedUp(candidates=tuple(candidate(vault, person) for person in found))
    return LookedUp(case=await _open(tx, vault, who, found[0], why, machine_now))


async def look_up_line(
    tx: Transaction, vault: Vault, key: bytes, who: Caller, assembly: str, line: str, *, why: str, machine_now: datetime
) -> LookedUp:
    """Open the case of whoever of the drawn stands at this line of the draw's record, as `look_up` does."""
    why = audit.reason(why)
    await get_assembly(tx, assembly)
    drawn = {"$or": [{"status": {"$in": sorted(MEMBERS)}}, {"seat_at": {"$ne": None}}, {"alternate": True}]}
    ids = await tx.collection(PEOPLE).find({"assembly": assembly} | drawn, fields=["_id"])
    found = next((one["_id"] for one in ids if draw_code.line(key, one["_id"]) == line), None)
    person = None if found is None else await tx.collection(PEOPLE).get(found)
    if person is None or person["identity"] is None:
        return LookedUp()
    return LookedUp(case=await _open(tx, vault, who, person, why, machine_now))


async def _open(tx: Transaction, vault: Vault, who: Caller, person: Document, why: str, machine_now: datetime) -> str:
    assembly = person["assembly"]
    case = await open_case(tx, who, WHAT, person=person["_id"], assembly=assembly, why=why, machine_now=machine_now)
    await note_change(tx, vault, who, person, OPENED, why)
    return case


def candidate(vault: Vault, person: Document) -> Candidate:
    """Return where a person lives, as far as it may be shown to tell them from another."""
    identity = vault.unlock(person["identity"])
    street = None if identity["protected"] else f"{identity['street']} {identity['house_number']}"
    return Candidate(person["_id"], identity["postcode"], street)


async def current(
    source: Database | Transaction, who: Caller, case: str, machine_now: datetime
) -> tuple[Document, Document, Document]:
    """Return a case with its person and assembly; CaseClosed when `who` has no such case (any more)."""
    found = await find_case(source, who, case, machine_now)
    person = await source.collection(PEOPLE).get(found["person"])
    if person is None or person["identity"] is None:  # erased, or gone with the last roll
        raise CaseClosed("there is no such case")
    return found, person, await get_assembly(source, found["assembly"])


def standing(person: Document, assembly: Document, now: datetime) -> Standing:
    """Read from the documents what decides what can be done for someone."""
    return Standing(
        status=Status(person["status"]),
        why=person["why"],
        test=person["test"],
        invited=person["invited_at"] is not None,
        linked=person["token_hash"] is not None,
        declined=person.get("declined_at") is not None,
        sign_ups=person["sign_ups"],
        sign_up_open=is_open(assembly, now),
        sign_up_over=assembly["pool"] is not None or now >= assembly_from(assembly).closes_at,
        pool_closed=assembly["pool"] is not None,
    )


def offered(person: Document, assembly: Document, now: datetime) -> tuple[Action, ...]:
    """Return what can be done for someone now."""
    return allowed(standing(person, assembly, now))


def comment_in(text: str) -> str:
    """Return a comment as it is kept; BadInput when it is too short to be one, or too long."""
    comment = " ".join(text.split())
    if not SHORTEST_COMMENT <= len(comment) <= LONGEST_COMMENT:
        rule = f"{SHORTEST_COMMENT} to {LONGEST_COMMENT} characters"
        raise BadInput([Problem("form", "comment", rule, "say in a few words why you do this")])
    return comment


async def note_change(
    tx: Transaction, vault: Vault, who: Caller, person: Document, what: str, comment: str | None
) -> None:
    """Write down what was done by hand for a person, and why; the comment is locked."""
    locked = None if comment is None else vault.lock(person["assembly"], {"comment": comment})
    change = {
        "_id": secrets.token_hex(16),
        "person": person["_id"],
        "assembly": person["assembly"],
        "at": tx.now,
        "by": who.role,
        "what": what,
        "comment": locked,
    }
    await tx.collection(CHANGES).insert(change)


async def changes_of(source: Collections, vault: Vault, person: str) -> list[Document]:
    """Return what was done by hand for a person, the latest first, comments unlocked."""
    rows = await source.collection(CHANGES).find({"person": person}, sort=[("at", -1), ("_id", 1)])
    return [
        row | {"comment": None if row["comment"] is None else vault.unlock(row["comment"])["comment"]} for row in rows
    ]


async def forget(tx: Transaction, people: Sequence[str]) -> None:
    """Delete the cases and the comments of people who are gone. That somebody erased them is kept, without a word."""
    theirs = {"person": {"$in": list(people)}}
    await tx.collection(CASES).delete(theirs)
    await tx.collection(CHANGES).delete(theirs | {"what": {"$ne": Action.ERASE.value}})
