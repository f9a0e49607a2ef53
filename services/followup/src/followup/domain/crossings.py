"""The days on which a commitment crosses a line, and what is to be said about it.

A crossing's figures are those of its own day, not of the day it is caught up on: a service that slept for months says
the same facts, in the same order, as one that was awake every morning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a crossing is about."""

    DUE_SOON = "due-soon"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One line crossed on day `on`; `days` left before the due day, or past it."""

    kind: Kind
    on: date
    days: int

    @property
    def key(self) -> str:
        """Its name within the commitment: `due-soon-30`, `due-0`, `overdue-1`."""
        return f"{self.kind}-{self.days}"


def schedule(due_on: date, reminder_days: Iterable[int], made_on: date) -> tuple[Crossing, ...]:
    """Return all crossings of a commitment, in the order of their days.

    A reminder whose day lies before the day the commitment was made never comes: nobody could have been reminded. The
    due day and the day after always do, however late the council's duty became known here. A reminder of 0 days is the
    due day itself.
    """
    reminders = (
        Crossing(Kind.DUE_SOON, due_on - timedelta(days=days), days)
        for days in sorted(set(reminder_days), reverse=True)
        if days > 0
    )
    return (
        *(reminder for reminder in reminders if reminder.on >= made_on),
        Crossing(Kind.DUE, due_on, 0),
        Crossing(Kind.OVERDUE, due_on + timedelta(days=1), 1),
    )
