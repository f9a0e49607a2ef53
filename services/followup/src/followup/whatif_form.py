"""The form of a schedule that is tried out: read from the address, for it is sent by GET and can be shared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chassis.language import N_
from followup.days import NO_DAY, TypedDay
from followup.domain.assembly import Assembly
from followup.domain.mandate import Milestone, Wording
from followup.domain.whatif import MOST_MONTHS, MOST_WINDOW, flaws

DELIVERY = "delivery"
EVENTS = ("closing", "evaluation")
MOST_ROWS = 12

NO_MONTHS = N_("Write whole months, from 0 to %(months)s")
NO_WINDOW = N_("Write whole days, from 0 to %(days)s")
ONLY_AFTER = N_("Only a status “after” has days more: choose it, or leave this empty")
NO_REMINDERS = N_("Write whole days with commas between them, such as 30, 14, 7, 1")
FAR_YEAR = N_("Choose a day from the year 2000 to 2100")
EARLY_EVENT = N_("Choose a day that is not before the delivery")
MESSAGES = {
    "compulsory": NO_MONTHS,
    "whole months": NO_MONTHS,
    "whole days": NO_WINDOW,
    "only after": ONLY_AFTER,
    "a year near us": FAR_YEAR,
    "not before delivery": EARLY_EVENT,
}
"""What a rule of the domain is called at its field."""
LIMITS = {"months": MOST_MONTHS, "days": MOST_WINDOW}


@dataclass(frozen=True, slots=True)
class Row:
    """A milestone as it is typed. `event` is DELIVERY or the event it is counted from."""

    id: str = ""
    title: str = ""
    wording: Wording = "within"
    months: str = ""
    event: str = DELIVERY
    window: str = ""
    working: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is typed: the row is left out."""
        return self.event == DELIVERY and not (self.months or self.title or self.window)


@dataclass
class WhatIfForm:
    """The schedule as it is typed, and what is wrong with it: messages by field, in English."""

    rows: tuple[Row, ...]
    delivered: TypedDay
    events: dict[str, TypedDay]
    reminders: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, assembly: Assembly | None, today: date, lang: str) -> "WhatIfForm":
        """Fill it in with an announced mandate, or with one empty row."""
        mandate = assembly.mandate if assembly else None
        if assembly is None or mandate is None:
            return cls((Row(),), TypedDay.of(today), dict.fromkeys(EVENTS, TypedDay()), "30, 14, 7, 1")
        rows = tuple(
            Row(
                one.id,
                one.title[lang],
                one.wording,
                "" if one.months is None else str(one.months),
                one.event or DELIVERY,
                str(one.window_days or ""),
                one.working_day,
            )
            for one in mandate.milestones
        )
        names = dict.fromkeys((*EVENTS, *(one.event for one in mandate.milestones if one.event)))
        reminders = mandate.milestones[0].reminder_days if mandate.milestones else ()
        return cls(
            rows or (Row(),),
            TypedDay.of(assembly.delivery.on if assembly.delivery else today),
            {name: TypedDay.of(assembly.events.get(name)) for name in names},
            ", ".join(str(days) for days in reminders),
        )

    @classmethod
    def read(cls, asked: Mapping[str, str], names: Iterable[str]) -> "WhatIfForm":
        """Take what stands in the address; `names` are the events that can be counted from."""
        count = _whole(asked.get("rows", ""), MOST_ROWS) or 1
        count += "more" in asked and count < MOST_ROWS
        events = {name: TypedDay.read(asked, f"event-{name}") for name in names}
        return cls(
            tuple(_row(asked, number, events) for number in range(1, count + 1)),
            TypedDay.read(asked, "delivered"),
            events,
            asked.get("reminders", "").strip()[:100],
        )

    def schedule(self) -> tuple[tuple[Milestone, ...], date, dict[str, date]] | None:
        """Return the milestones, the delivery and the events' days; or None, and say in `errors` what is wrong."""
        filled = [(number, row) for number, row in enumerate(self.rows, start=1) if not row.empty]
        reminders = self._reminders()
        milestones = tuple(self._milestone(number, row, reminders) for number, row in filled)
        if self.delivered.day is None:
            self.errors["delivered"] = NO_DAY
        for name, typed in self.events.items():
            if not typed.empty and typed.day is None:
                self.errors[f"event-{name}"] = NO_DAY
        days = {name: typed.day for name, typed in self.events.items() if typed.day is not None}
        for broken in flaws(milestones, self.delivered.day or date.min, days) if self.delivered.day else ():
            kind, _, which = broken.where.partition(" ")
            place = {"milestone": "", "event": f"event-{which}", "delivery": "delivered"}[kind]
            name = place or f"{broken.field}-{filled[int(which) - 1][0]}"
            self.errors.setdefault(name, MESSAGES[broken.rule])
        if self.errors or self.delivered.day is None:
            return None
        return milestones, self.delivered.day, days

    def _milestone(self, number: int, row: Row, reminders: tuple[int, ...]) -> Milestone:
        months = _whole(row.months, MOST_MONTHS)
        if row.months and months is None:
            self.errors[f"months-{number}"] = NO_MONTHS
        window = _whole(row.window, MOST_WINDOW) if row.window else 0
        if window is None:
            self.errors[f"window-{number}"] = NO_WINDOW
        event = None if row.event == DELIVERY else row.event
        title = row.title or str(number)
        words = {"da": title, "en": title}
        return Milestone(
            row.id or f"row-{number}", words, row.wording, months, event, reminders, window or 0, row.working
        )

    def _reminders(self) -> tuple[int, ...]:
        parts = [part.strip() for part in self.reminders.split(",")] if self.reminders else []
        days = [_whole(part, 999) for part in parts]
        if None in days:
            self.errors["reminders"] = NO_REMINDERS
        return tuple(sorted({day for day in days if day}, reverse=True))


def _row(asked: Mapping[str, str], number: int, events: Mapping[str, TypedDay]) -> Row:
    def said(name: str, length: int) -> str:
        return asked.get(f"{name}-{number}", "").strip()[:length]

    event = said("event", 64)
    return Row(
        said("id", 64),
        said("title", 200),
        "after" if said("wording", 10) == "after" else "within",
        said("months", 4),
        event if event in events else DELIVERY,
        said("window", 4),
        said("working", 3) == "yes",
    )


def _whole(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > len("9999"):
        return None
    number = int(text)
    return number if number <= most else None
