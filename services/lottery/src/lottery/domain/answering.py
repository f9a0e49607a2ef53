"""How long someone who is offered a seat has to answer, and when they are reminded."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lottery.domain.board import Board

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LAST_MINUTE = time(23, 59)
"""A deadline is a day: nobody should have to reckon by the hour at which they were drawn."""


def answer_by(offered_at: datetime, days: int) -> datetime:
    """Return the end of the last of so many whole days after the day of the offer, as days are in Copenhagen."""
    last = offered_at.astimezone(COPENHAGEN).date() + timedelta(days=days)
    return datetime.combine(last, LAST_MINUTE, COPENHAGEN).astimezone(offered_at.tzinfo)


def to_remind(board: Board, now: datetime, days: int) -> Mapping[datetime, list[str]]:
    """Return who has not answered and is to be reminded, so many days before their deadline, by that deadline.

    Nobody is reminded twice of one offer, nor after the deadline.
    """
    due: dict[datetime, list[str]] = {}
    for person in board.asked:
        by = board.answer_by.get(person)
        if by is not None and person not in board.reminded and by - timedelta(days=days) <= now < by:
            due.setdefault(by, []).append(person)
    return due
