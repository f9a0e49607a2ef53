"""The mandate's milestones, and the day each falls due. The schedule is data of the mandate, never code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from followup.domain.calendar import add_months, next_working_day

Words = Mapping[str, str]
"""A text by language: `{"da": ..., "en": ...}`."""

Wording = Literal["within", "after"]

OFFICERS = ("officers",)
"""Who is told of a deadline where the mandate names nobody. The names are audiences, never persons."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who else is told from `days_overdue` days past the due day on."""

    days_overdue: int
    tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A status the council owes: `months` calendar months from the day of delivery, or from a named event.

    A milestone with an event and no months falls due on the event's day ("at closing"). `window_days` are whole days
    after that day in which it may still be reported in time; with `working_day` the last of them is moved to the next
    working day. Once overdue, it is said again every `overdue_every_days` (0: never again).
    """

    id: str
    title: Words
    wording: Wording
    months: int | None
    event: str | None
    reminder_days: tuple[int, ...]
    window_days: int = 0
    working_day: bool = False
    overdue_every_days: int = 7
    tell: tuple[str, ...] = OFFICERS
    escalation: tuple[Escalation, ...] = ()

    def full_on(self, delivered_on: date, events: Mapping[str, date]) -> date | None:
        """Return the day on which the months are full, or None while the named event has no date."""
        start = delivered_on if self.event is None else events.get(self.event)
        return None if start is None else add_months(start, self.months or 0)

    def opens_on(self, delivered_on: date, events: Mapping[str, date]) -> date | None:
        """Return the first day on which the status is expected: "within" from the start on, "after" when it is full."""
        full = self.full_on(delivered_on, events)
        if full is None or self.wording == "after":
            return full
        return delivered_on if self.event is None else events[self.event]

    def due_on(self, delivered_on: date, events: Mapping[str, date]) -> date | None:
        """Return the due day, or None while the named event has no date.

        "Within 3 months" and "after 10 months" are both due on the day the months are full, or at the end of the window
        after it: the first may be reported any day until then, the second is expected then. From the day after, both
        are overdue.
        """
        full = self.full_on(delivered_on, events)
        if full is None:
            return None
        last = full + timedelta(days=self.window_days)
        return next_working_day(last) if self.working_day else last
