"""A schedule that is not adopted yet: the days it would give, so that a council sees them before it promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.domain.commitment import Commitment, commit
from followup.domain.crossings import Kind
from followup.domain.mandate import Milestone
from followup.domain.rules import Broken

MOST_MONTHS, MOST_WINDOW = 120, 366
"""What a municipality's file may say of a milestone: months, and days of the window after them."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""Deliveries that are counted; outside of these the year is a slip."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a milestone would mean. All but the milestone is None or empty while its event has no day.

    `moved_days` is how far the last day was moved to be a working day, `reminders` are the days of the reminders.
    """

    milestone: Milestone
    commitment: Commitment | None = None
    moved_days: int = 0
    reminders: tuple[date, ...] = ()
    overdue_on: date | None = None

    @property
    def due_on(self) -> date | None:
        """The last day in time."""
        return self.commitment.due_on if self.commitment else None


def flaws(milestones: Sequence[Milestone], delivered_on: date, events: Mapping[str, date]) -> list[Broken]:
    """Return what no schedule may hold; `where` is `milestone 2` (from 1), `delivery`, or `event closing`."""
    broken = []
    if not EARLIEST <= delivered_on <= LATEST:
        broken.append(Broken("delivery", "delivered", "a year near us", "must be a day from 2000 to 2100"))
    for event, on in events.items():
        if on < delivered_on:
            broken.append(Broken(f"event {event}", "on", "not before delivery", "must not be before the delivery"))
    for number, one in enumerate(milestones, start=1):
        where = f"milestone {number}"
        if one.months is None and one.event is None:
            broken.append(Broken(where, "months", "compulsory", "needs months, or an event"))
        if one.months is not None and not 0 <= one.months <= MOST_MONTHS:
            broken.append(Broken(where, "months", "whole months", f"must be 0 to {MOST_MONTHS}"))
        if not 0 <= one.window_days <= MOST_WINDOW:
            broken.append(Broken(where, "window", "whole days", f"must be 0 to {MOST_WINDOW}"))
        elif one.window_days and one.wording == "within":
            broken.append(Broken(where, "window", "only after", "only one `after` has a window"))
    return broken


def what_if(milestones: Sequence[Milestone], delivered_on: date, events: Mapping[str, date]) -> tuple[Planned, ...]:
    """Return what each milestone would mean if all were delivered on this day, by the last day; those without one last.

    The milestones are without `flaws`.
    """
    planned = [_planned(one, delivered_on, events) for one in milestones]
    return tuple(sorted(planned, key=lambda one: (one.due_on is None, one.due_on or delivered_on)))


def _planned(one: Milestone, delivered_on: date, events: Mapping[str, date]) -> Planned:
    full, due_on = one.full_on(delivered_on, events), one.due_on(delivered_on, events)
    if full is None or due_on is None:
        return Planned(one)
    made = commit("", one, due_on, delivered_on, one.opens_on(delivered_on, events))
    lines = made.owed(due_on + timedelta(days=1))
    return Planned(
        one,
        made,
        (due_on - full).days - one.window_days,
        tuple(line.on for line in lines if line.kind is Kind.DUE_SOON),
        lines[-1].on,
    )
