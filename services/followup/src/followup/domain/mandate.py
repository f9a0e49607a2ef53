"""The mandate's milestones, and the day each falls due. The schedule is data of the mandate, never code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup.domain.calendar import add_months

Words = Mapping[str, str]
"""A text by language: `{"da": ..., "en": ...}`."""

Wording = Literal["within", "after"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A status the council owes: `months` calendar months from the day of delivery, or from a named event.

    A milestone with an event and no months falls due on the event's day ("at closing").
    """

    id: str
    title: Words
    wording: Wording
    months: int | None
    event: str | None
    reminder_days: tuple[int, ...]

    def due_on(self, delivered_on: date, events: Mapping[str, date]) -> date | None:
        """Return the due day, or None while the named event has no date.

        "Within 3 months" and "after 10 months" are both due on the day the months are full: the first may be reported
        any day until then, the second is expected then. From the day after, both are overdue.
        """
        start = delivered_on if self.event is None else events.get(self.event)
        return None if start is None else add_months(start, self.months or 0)
