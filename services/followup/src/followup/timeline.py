"""Where the marks of the milestone timeline stand. The drawing itself is `templates/timeline.html`."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from followup.domain.commitment import State
from followup.views import MilestoneView

LEFT, RIGHT = 24.0, 456.0
"""The line's ends, in the units of a drawing 480 wide."""
CLEARANCE = 30.0
"""Marks closer than this are drawn at different heights."""


class Mark(NamedTuple):
    """A milestone on the line; `level` is 0 on the line, 1 and more above it. `number` is its row in the table.

    `promised_x` is where it stood before its day was moved, None while it was not.
    """

    number: int
    x: float
    level: int
    state: State
    promised_x: float | None = None


class Timeline(NamedTuple):
    """The whole drawing: the days at its ends, today's place and the marks."""

    start: date
    end: date
    today: date
    today_x: float
    marks: tuple[Mark, ...]
    elections: tuple[tuple[float, date], ...] = ()
    """The place and the day of each council election on the line."""

    @property
    def levels(self) -> int:
        """How many heights are in use."""
        return 1 + max((mark.level for mark in self.marks), default=0)


def timeline(
    delivered_on: date, milestones: Sequence[MilestoneView], today: date, elections: Sequence[date] = ()
) -> Timeline:
    """Place the milestones that have a date between the delivery and the last of them, or today if that is later."""
    end = max([delivered_on, today, *(m.due_on for m in milestones if m.due_on is not None)])
    span = max(1, (end - delivered_on).days)

    def place(day: date) -> float:
        share = min(1.0, max(0.0, (day - delivered_on).days / span))
        return round(LEFT + share * (RIGHT - LEFT), 1)

    marks: list[Mark] = []
    for number, milestone in enumerate(milestones, start=1):
        if milestone.due_on is None:
            continue
        x = place(milestone.due_on)
        near = {mark.level for mark in marks if abs(mark.x - x) < CLEARANCE}
        level = next(level for level in range(len(marks) + 1) if level not in near)
        promised = milestone.promised_on if milestone.extensions else None
        marks.append(Mark(number, x, level, milestone.state, None if promised is None else place(promised)))
    held = tuple((place(day), day) for day in elections if delivered_on <= day <= end)
    return Timeline(delivered_on, end, today, place(today), tuple(marks), held)
