"""Erasure: what is held about a person is blanked and the row kept, so that no later roll brings them back."""

from collections.abc import Sequence

from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import PersonErased
from registration.domain.registration import MEMBERS, Status
from registration.repository import CODES, DRAFTS, PEOPLE, blank
from registration.use_cases import cases, seats
from registration.use_cases.signing_up import withdraw_person


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
    for collection in (CODES, DRAFTS):
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
