"""A drawn person answers whether they take the seat, by their personal link."""

from datetime import datetime

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import SeatAnswered
from registration.domain.registration import Status
from registration.repository import PEOPLE
from registration.use_cases.signing_up import by_link


class NotAsked(Conflict):
    """The person is not asked (any more): not drawn, answered already, or too late."""


def is_late(person: Document, now: datetime) -> bool:
    """Say whether the time to answer is over; without a deadline it never is."""
    by: datetime | None = person.get("answer_by")
    return by is not None and by <= now


def is_asked(person: Document, now: datetime) -> bool:
    """Say whether someone is asked at this moment whether they take a seat."""
    unanswered = person["status"] == Status.SELECTED.value and person.get("seat_answer") is None
    return unanswered and not is_late(person, now)


async def answer(tx: Transaction, token: str, *, takes: bool) -> None:
    """Take an answer and say it, once an offer. What follows from it the lottery decides, and says in its turn.

    NotFound for an unknown link, NotAsked for who is not asked; the same answer given again changes nothing.
    """
    person = await by_link(tx, token)
    given = person.get("seat_answer")
    if given is not None and given["takes"] == takes:
        return
    if not is_asked(person, tx.now):
        raise NotAsked("this person is not asked whether they take a seat")
    await tx.collection(PEOPLE).save(person | {"seat_answer": {"takes": takes, "at": tx.now}})
    tx.say(SeatAnswered(assembly=person["assembly"], person=person["_id"], takes=takes))
