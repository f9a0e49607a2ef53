"""A day in a form: three fields, as they were typed, and the day they make (`ui.date_field`); and words for days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from chassis.language import N_

NO_DAY = N_("Write a day, a month and a year")
"""What is said at the fields when what stands there is no day."""
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
"""By `date.weekday()`."""
EVENT_WORDS = {"closing": N_("the closing"), "evaluation": N_("the evaluation")}
"""The events a mandate counts from by name; another is called by its id."""


@dataclass(frozen=True, slots=True)
class TypedDay:
    """What stands in the three fields: day, month, year. What cannot be a day is kept, to be shown again."""

    typed: tuple[str, str, str] = ("", "", "")

    @classmethod
    def read(cls, fields: Mapping[str, str], name: str) -> Self:
        """Take them from a form that was sent; `name` is the field's name in the template."""
        day, month, year = (fields.get(field, "").strip()[:4] for field in (name, f"{name}-month", f"{name}-year"))
        return cls((day, month, year))

    @classmethod
    def of(cls, day: date | None) -> Self:
        """Return what is filled in for a day; nothing for None."""
        return cls() if day is None else cls((str(day.day), str(day.month), str(day.year)))

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        return not any(self.typed)

    @property
    def day(self) -> date | None:
        """The day, or None where there is none of this name: nothing, letters, 30 February."""
        day, month, year = self.typed
        if not all(part.isascii() and part.isdigit() for part in self.typed) or len(year) != len("2026"):
            return None
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            return None
