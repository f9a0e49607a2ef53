"""Who has a seat, and what ends with it: the sign-ins of who had it."""

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.registration import MEMBERS, Status
from registration.repository import ENDED_SEATS, PEOPLE, Collections


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
