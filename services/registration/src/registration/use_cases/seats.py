"""Who has a seat as the lottery says it, and what ends with it: the sign-ins of who had it.

The lottery's facts come over different durables, in any order. `seat_at` is when the last one heard of someone's seat
was said; what was said before it is old news.
"""

from collections.abc import Iterable
from datetime import datetime

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.registration import MEMBERS, TAKING_PART, Status
from registration.repository import ASSEMBLIES, ENDED_SEATS, NOTHING_SAID, PEOPLE, Collections

LOST: Document = {"status": Status.WITHDRAWN.value, "seat_lost": True}
"""Someone out of whose seat the lottery has been heard, and who has not withdrawn themselves."""


def has_seat(person: Document) -> bool:
    """Say whether someone is a member."""
    return Status(person["status"]) in MEMBERS


async def still_has_seat(source: Collections, person: str) -> bool:
    """Say whether someone is a member at this moment."""
    document = await source.collection(PEOPLE).get(person)
    return document is not None and has_seat(document)


async def end(tx: Transaction, person: str) -> None:
    """Write down that someone's sign-ins are to end, in the transaction that takes the seat."""
    await tx.collection(ENDED_SEATS).upsert_new([{"_id": person}])


async def select(
    tx: Transaction, assembly: str, panel: Iterable[str], alternates: Iterable[str], answer_by: datetime | None
) -> None:
    """Mark the drawn, and who is an alternate; who has withdrawn in the meantime stays withdrawn."""
    in_pool = {"assembly": assembly, "status": Status.POOL.value}
    for people, changes in (
        (panel, {"$set": _offered(answer_by), "$unset": {"alternate": ""}}),
        (alternates, {"$set": {"alternate": True}}),
    ):
        where = in_pool | {"_id": {"$in": list(people)}, "seat_at": None}
        await tx.collection(PEOPLE).update_many(where, changes | {"$inc": {"version": 1}})


async def note_drawn(tx: Transaction, assembly: str) -> None:
    """Note when the panel was drawn; only the first draw counts."""
    await tx.collection(ASSEMBLIES).update({"_id": assembly, "drawn_at": None}, {"$set": {"drawn_at": tx.now}})


async def confirm(tx: Transaction, assembly: str, person: str, at: datetime) -> None:
    """Mark a member who takes the seat.

    It may be heard before the draw, or before that an alternate joined; who has left the seat stays out of it. A yes
    may also be heard before that a no was taken back, and is kept until then (`give_back`).
    """
    where = {"status": {"$in": [Status.POOL.value, Status.SELECTED.value]}}
    confirmed = {"$set": {"status": Status.CONFIRMED.value}, "$unset": {"alternate": ""}}
    if not await _change(tx, assembly, person, at, where, confirmed):
        early = {"_id": person, "assembly": assembly, "seat_at": {"$lt": at}} | LOST
        await tx.collection(PEOPLE).update(early, {"$set": {"yes_at": at}, "$inc": {"version": 1}})


async def replace(
    tx: Transaction, assembly: str, left: str, joined: str, answer_by: datetime | None, at: datetime
) -> None:
    """Mark the alternate who joined and the member who left."""
    await leave(tx, assembly, left, at)
    in_pool = {"status": Status.POOL.value}
    await _change(tx, assembly, joined, at, in_pool, {"$set": _offered(answer_by), "$unset": {"alternate": ""}})


async def leave(tx: Transaction, assembly: str, person: str, at: datetime) -> None:
    """Mark someone who has a seat no more, whether an alternate takes it or not.

    That someone left may be heard before the draw, which must not select them afterwards, so they are withdrawn from
    the pool too.
    """
    where = {"status": {"$in": sorted(TAKING_PART)}}
    withdrawn = {"status": Status.WITHDRAWN.value, "withdrawn_at": tx.now, "seat_lost": True} | NOTHING_SAID
    if await _change(tx, assembly, person, at, where, {"$set": withdrawn}):
        await end(tx, person)


async def give_back(
    tx: Transaction, assembly: str, person: str, instead_of: str | None, answer_by: datetime | None, at: datetime
) -> None:
    """Give someone the seat again who lost it by a mistake, and let the alternate wait again who was asked meanwhile.

    Who has withdrawn themselves stays withdrawn. What they had told of themselves is gone, and asked anew.
    """
    where = {"$or": [{"status": {"$in": [Status.POOL.value, Status.SELECTED.value]}}, LOST]}
    offered = {
        "$set": _offered(answer_by),
        "$unset": dict.fromkeys(("alternate", "seat_lost", "withdrawn_at", "yes_at"), ""),
    }
    known = await tx.collection(PEOPLE).get(person)
    if await _change(tx, assembly, person, at, where, offered) and known is not None and known.get("yes_at"):
        await confirm(tx, assembly, person, known["yes_at"])
    if instead_of is not None:
        seated = {"status": {"$in": [Status.POOL.value, *sorted(MEMBERS)]}}
        waits = {"status": Status.POOL.value, "alternate": True, "answer_by": None, "seat_answer": None}
        if await _change(tx, assembly, instead_of, at, seated, {"$set": waits}):
            await end(tx, instead_of)


def _offered(answer_by: datetime | None) -> Document:
    return {"status": Status.SELECTED.value, "answer_by": answer_by, "seat_answer": None}


async def _change(
    tx: Transaction, assembly: str, person: str, at: datetime, where: Document, changes: Document
) -> bool:
    """Change someone's standing by what was said `at`, unless something newer is known; tell whether it was."""
    newest = {"$and": [where, {"$or": [{"seat_at": None}, {"seat_at": {"$lte": at}}]}]}
    dated = changes | {"$set": changes["$set"] | {"seat_at": at}, "$inc": {"version": 1}}
    return bool(await tx.collection(PEOPLE).update({"_id": person, "assembly": assembly} | newest, dated))
