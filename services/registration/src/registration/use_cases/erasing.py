"""Erasure: what is held about a person is blanked and the row kept, so that no later roll brings them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import ErasureAwaited, PersonErased
from registration.domain.registration import MEMBERS, Status
from registration.repository import CODES, DRAFTS, ERASURES, PEOPLE, Collections, blank
from registration.use_cases import cases, seats
from registration.use_cases.signing_up import withdraw_person

TELL_WITHIN = timedelta(hours=48)
"""Who is to be erased waits so long, at most, to be told of it."""
BATCH = 50


async def tell_and_erase(tx: Transaction, person: Document) -> None:
    """Have someone told that they are erased, and erase them when they are: nobody can write to who is gone.

    They withdraw at once. Who was never invited has heard nothing of us, and is erased without a word.
    """
    if person["invited_at"] is None:
        await erase(tx, person["assembly"], person["_id"])
        return
    at_latest = tx.now + TELL_WITHIN
    row = {"_id": person["_id"], "assembly": person["assembly"], "at_latest": at_latest}
    if await tx.collection(ERASURES).upsert_new([row]):
        await withdraw_person(tx, person)
        fact = ErasureAwaited(assembly=person["assembly"], person=person["_id"], at_latest=at_latest)
        tx.say(fact, once=person["_id"])


async def awaited(source: Collections, person: str) -> datetime | None:
    """Return until when someone waits to be told and erased, at the latest; None for who is not to be."""
    row = await source.collection(ERASURES).get(person)
    return None if row is None else row["at_latest"]


async def erase_told(tx: Transaction, person: str) -> None:
    """Erase someone who has been told; nobody who does not wait for it."""
    row = await tx.collection(ERASURES).get(person)
    if row is not None:
        await erase(tx, row["assembly"], person)


async def erase_overdue(tx: Transaction) -> int:
    """Erase those who could not be told in time, a batch of them, and return how many."""
    overdue = await tx.collection(ERASURES).find({"at_latest": {"$lte": tx.now}}, limit=BATCH)
    for row in overdue:
        await erase(tx, row["assembly"], row["_id"])
    return len(overdue)


async def erase(tx: Transaction, assembly: str, person: str) -> None:
    """Blank a person and say so; who takes part withdraws. NotFound for an id nobody has."""
    document = await tx.collection(PEOPLE).one({"_id": person, "assembly": assembly})
    if document is None:
        raise NotFound("nobody has this id")
    if document["status"] == Status.ERASED:
        return
    await withdraw_person(tx, document)
    await erase_many(tx, assembly, [document])


async def erase_many(tx: Transaction, assembly: str, people: Sequence[Document]) -> None:
    """Blank people (their rows, read in this transaction) and say so of each whom the other services may know.

    Nobody withdraws by it: their time is up, which is no decision of theirs. Who was never invited, nobody else knows.
    """
    ids = [person["_id"] for person in people]
    await tx.collection(PEOPLE).update_many(
        {"_id": {"$in": ids}}, {"$set": blank() | {"erased_at": tx.now}, "$inc": {"version": 1}}
    )
    for collection in (CODES, DRAFTS, ERASURES):
        await tx.collection(collection).delete({"_id": {"$in": ids}})
    await cases.forget(tx, ids)
    for person in people:
        if person["status"] in MEMBERS:
            await seats.end(tx, person["_id"])
        if person["invited_at"] is not None:
            tx.say(PersonErased(assembly=assembly, person=person["_id"]), once=person["_id"])


async def confirm(tx: Transaction, speaker: str, people: Sequence[str]) -> None:
    """Note that another service has blanked what it held about these erased people too."""
    where = {"_id": {"$in": list(people)}, "status": Status.ERASED.value, "erased_by": {"$ne": speaker}}
    await tx.collection(PEOPLE).update_many(where, {"$addToSet": {"erased_by": speaker}, "$inc": {"version": 1}})
