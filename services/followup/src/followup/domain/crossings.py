"""The days on which a commitment crosses a line, and what is to be said about it.

A crossing's figures are those of its own day, not of the day it is caught up on: a service that slept for months says
the same facts, in the same order, as one that was awake every morning.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count


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


def schedule(
    due_on: date, reminder_days: Collection[int], since: date, overdue_every: int = 0, also: Collection[int] = ()
) -> Iterator[Crossing]:
    """Yield all crossings of a commitment, in the order of their days.

    A reminder whose day lies before `since`, when the due day became known, never comes: nobody could have been
    reminded. The due day and the day after always do, however late the council's duty became known here. A reminder of
    0 days is the due day itself. Overdue is said on the first day, `also` on these (escalation's), and with
    `overdue_every` again after so many days, without end.
    """
    for days in sorted({days for days in reminder_days if days > 0}, reverse=True):
        if (on := due_on - timedelta(days=days)) >= since:
            yield Crossing(Kind.DUE_SOON, on, days)
    yield Crossing(Kind.DUE, due_on, 0)
    last = max(also, default=1)
    for days in count(1):
        if days == 1 or days in also or (overdue_every and (days - 1) % overdue_every == 0):
            yield Crossing(Kind.OVERDUE, due_on + timedelta(days=days), days)
        if not overdue_every and days >= last:
            return
