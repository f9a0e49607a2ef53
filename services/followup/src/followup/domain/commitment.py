"""A commitment: one status the council owes, from the day it was made until it is reported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from followup.domain import status as statuses
from followup.domain.answers import LONGEST, TOO_LONG
from followup.domain.calendar import add_months
from followup.domain.crossings import Crossing, Kind, schedule
from followup.domain.mandate import OFFICERS, Escalation, Milestone, Wording, Words
from followup.domain.recommendation import Recommendation
from followup.domain.rules import Broken, RulesBroken, Untimely
from followup.domain.status import Status

LONGEST_EXTENSION = 24
"""Calendar months: as long as the longest promise known. What is later is a slip in the year, and stands for ever."""


class State(StrEnum):
    """Where a milestone stands on a day. Pages give each a word, a shape and a colour."""

    UNDATED = "undated"
    UPCOMING = "upcoming"
    DUE_SOON = "due-soon"
    DUE = "due"
    OVERDUE = "overdue"
    REPORTED = "reported"
    REPORTED_LATE = "reported-late"


@dataclass(frozen=True, slots=True)
class Said:
    """A crossing that has been said, and when."""

    crossing: Crossing
    at: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline that was moved: the day it had, the day it got, and the reason everyone can read."""

    from_day: date
    to_day: date
    reason: str
    extended_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Commitment:
    """One milestone with a date. `said` is the record of what has been said about it, in order."""

    assembly: str
    milestone: str
    title: Words
    wording: Wording
    due_on: date
    made_on: date
    reminder_days: tuple[int, ...]
    opens_on: date | None = None
    overdue_every_days: int = 7
    tell: tuple[str, ...] = OFFICERS
    escalation: tuple[Escalation, ...] = ()
    said: tuple[Said, ...] = ()
    extensions: tuple[Extension, ...] = ()
    status: Status | None = None
    version: int | None = None

    @property
    def id(self) -> str:
        """Its id: `dragoer-2025:status-3`."""
        return f"{self.assembly}:{self.milestone}"

    @property
    def promised_on(self) -> date:
        """The day that was promised first, before any extension."""
        return self.extensions[0].from_day if self.extensions else self.due_on

    @property
    def soon_on(self) -> date:
        """The day from which it is due soon: the first reminder the mandate names, or the due day itself."""
        return self.due_on - timedelta(days=max(self.reminder_days, default=0))

    def _schedule(self) -> Iterator[Crossing]:
        since = self.extensions[-1].extended_on if self.extensions else self.made_on
        also = {step.days_overdue for step in self.escalation}
        return schedule(self.due_on, self.reminder_days, since, self.overdue_every_days, also)

    def ahead(self) -> Iterator[Crossing]:
        """Yield the crossings not said yet, in order; none once the status is published. It may be endless."""
        if self.status is not None:
            return iter(())
        said = {one.crossing for one in self.said}
        return (crossing for crossing in self._schedule() if crossing not in said)

    def owed(self, today: date) -> tuple[Crossing, ...]:
        """Return the crossings whose day has come and that have not been said, in order."""
        return tuple(takewhile(lambda crossing: crossing.on <= today, self.ahead()))

    def after(self, crossing: Crossing) -> Crossing | None:
        """Return the crossing that follows this one while nothing is published; None after the last."""
        return next((one for one in self._schedule() if one.on > crossing.on), None)

    def told(self, crossing: Crossing) -> tuple[str, ...]:
        """Return who is told of a crossing: whom the mandate names, and whom each step of the escalation adds."""
        steps = [
            step for step in self.escalation if crossing.kind is Kind.OVERDUE and step.days_overdue <= crossing.days
        ]
        return tuple(dict.fromkeys((*self.tell, *(one for step in steps for one in step.tell))))

    def saying(self, crossing: Crossing, at: datetime) -> "Commitment":
        """Return the commitment with the crossing on record."""
        return replace(self, said=(*self.said, Said(crossing, at)))

    def seen(self, kind: Kind) -> int:
        """How many crossings of this kind have been said."""
        return sum(said.crossing.kind == kind for said in self.said)

    def extended(self, to_day: date, reason: str, on: date, at: datetime, read: date | None = None) -> "Commitment":
        """Return the commitment with a later due day, or itself when it has that day for that reason already.

        The old day and the reason stay public. RulesBroken without a reason, or for a day that is not later than both
        the due day and today, or later than LONGEST_EXTENSION; Untimely once the status is published, or when the due
        day is another than the one that was `read`.
        """
        reason = reason.strip()
        last = self.extensions[-1] if self.extensions else None
        if last is not None and (last.to_day, last.reason) == (to_day, reason):
            return self
        if self.status is not None:
            raise Untimely(f"the status of {self.milestone} is published: there is nothing to extend")
        if read is not None and read != self.due_on:
            raise Untimely(f"the due day of {self.milestone} was moved to {self.due_on.isoformat()} since it was read")
        latest = add_months(max(self.due_on, on), LONGEST_EXTENSION)
        where, broken = f"milestone {self.milestone}", []
        if to_day <= self.due_on:
            broken.append(
                Broken(where, "to_day", "later", f"must be later than the due day, {self.due_on.isoformat()}")
            )
        elif to_day <= on:
            broken.append(Broken(where, "to_day", "to come", f"must be later than today, {on.isoformat()}"))
        elif to_day > latest:
            broken.append(Broken(where, "to_day", "not too far", f"must not be later than {latest.isoformat()}"))
        if not reason:
            broken.append(Broken(where, "reason", "compulsory", "write the reason; everyone can read it"))
        if len(reason) > LONGEST:
            broken.append(Broken(where, "reason", TOO_LONG, f"shorten it: it may have {TOO_LONG}"))
        if broken:
            raise RulesBroken(*broken)
        return replace(
            self, due_on=to_day, extensions=(*self.extensions, Extension(self.due_on, to_day, reason, on, at))
        )

    def reported(self, summary: str, recommendations: Sequence[Recommendation], on: date, at: datetime) -> "Commitment":
        """Return the commitment with its status published, or itself when it says the same already.

        A published status is the council's word and is not rewritten: Untimely.
        """
        if self.status is not None and self.status.summary != summary.strip():
            raise Untimely(f"the status of {self.milestone} was published on {self.status.reported_on.isoformat()}")
        if self.status is not None:
            return self
        return replace(self, status=statuses.write(summary, recommendations, on, at))

    def overdue_days(self, today: date) -> int:
        """Days past the due day, on the day of the report or else today; 0 when in time."""
        until = self.status.reported_on if self.status else today
        return max(0, (until - self.due_on).days)

    def state(self, today: date) -> State:
        """Return where it stands today."""
        if self.status is not None:
            return State.REPORTED_LATE if self.overdue_days(today) else State.REPORTED
        if today > self.due_on:
            return State.OVERDUE
        if today == self.due_on:
            return State.DUE
        return State.DUE_SOON if today >= self.soon_on else State.UPCOMING


def commit(assembly: str, milestone: Milestone, due_on: date, made_on: date, opens_on: date | None) -> Commitment:
    """Make the commitment that a milestone's date turns it into."""
    return Commitment(
        assembly,
        milestone.id,
        milestone.title,
        milestone.wording,
        due_on,
        made_on,
        milestone.reminder_days,
        opens_on,
        milestone.overdue_every_days,
        milestone.tell,
        milestone.escalation,
    )
