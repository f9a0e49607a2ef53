"""A commitment: one status the council owes, from the day it was made until it is reported."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from followup.domain.answers import LONGEST, TOO_LONG, Recommendation, Verdict
from followup.domain.crossings import Crossing, Kind, schedule
from followup.domain.mandate import Milestone, Wording, Words
from followup.domain.rules import Broken, RulesBroken, Untimely


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
class ReportedAnswer:
    """An answer as it stood in a status. Later versions do not change what was reported."""

    recommendation: str
    number: int
    theme: str
    title: str
    revision: int
    verdict: Verdict
    reason: str
    action: str


@dataclass(frozen=True, slots=True)
class Status:
    """The council's published status: its summary, and how every recommendation was followed on that day."""

    summary: str
    reported_on: date
    published_at: datetime
    answers: tuple[ReportedAnswer, ...]

    def count(self, verdict: Verdict) -> int:
        """How many recommendations have this answer in the status."""
        return sum(answer.verdict == verdict for answer in self.answers)


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
    said: tuple[Said, ...] = ()
    status: Status | None = None
    version: int | None = None

    @property
    def id(self) -> str:
        """Its id: `dragoer-2025:status-3`."""
        return f"{self.assembly}:{self.milestone}"

    def ahead(self) -> tuple[Crossing, ...]:
        """Return the crossings not said yet, in order; none once the status is published."""
        if self.status is not None:
            return ()
        keys = {said.crossing.key for said in self.said}
        return tuple(c for c in schedule(self.due_on, self.reminder_days, self.made_on) if c.key not in keys)

    def owed(self, today: date) -> tuple[Crossing, ...]:
        """Return the crossings whose day has come and that have not been said, in order."""
        return tuple(crossing for crossing in self.ahead() if crossing.on <= today)

    def saying(self, crossing: Crossing, at: datetime) -> "Commitment":
        """Return the commitment with the crossing on record."""
        return replace(self, said=(*self.said, Said(crossing, at)))

    def seen(self, kind: Kind) -> int:
        """How many crossings of this kind have been said."""
        return sum(said.crossing.kind == kind for said in self.said)

    def reported(self, summary: str, recommendations: Sequence[Recommendation], on: date, at: datetime) -> "Commitment":
        """Return the commitment with its status published, or itself when it says the same already.

        The caller has made sure that every recommendation is answered (`answers.unanswered`). A published status is
        the council's word and is not rewritten: Untimely.
        """
        summary = summary.strip()
        if not summary:
            raise RulesBroken(Broken("status", "summary", "compulsory", "write what the status says, in a few lines"))
        if len(summary) > LONGEST:
            raise RulesBroken(Broken("status", "summary", TOO_LONG, f"shorten it: it may have {TOO_LONG}"))
        if self.status is not None:
            if self.status.summary == summary:
                return self
            raise Untimely(f"the status of {self.milestone} was published on {self.status.reported_on.isoformat()}")
        answers = tuple(
            ReportedAnswer(r.id, r.number, r.theme, r.title, a.revision, a.verdict, a.reason, a.action)
            for r in sorted(recommendations, key=lambda r: (r.number, r.id))
            if (a := r.answer) is not None
        )
        return replace(self, status=Status(summary, on, at, answers))

    def overdue_days(self, today: date) -> int:
        """Days past the due day, on the day of the report or else today; 0 when in time."""
        until = self.status.reported_on if self.status else today
        return max(0, (until - self.due_on).days)

    def state(self, today: date) -> State:
        """Return where it stands today. Soon begins with the first reminder the mandate names."""
        if self.status is not None:
            return State.REPORTED_LATE if self.overdue_days(today) else State.REPORTED
        left = (self.due_on - today).days
        if left < 0:
            return State.OVERDUE
        if left == 0:
            return State.DUE
        return State.DUE_SOON if left <= max(self.reminder_days, default=0) else State.UPCOMING


def commit(assembly: str, milestone: Milestone, due_on: date, made_on: date) -> Commitment:
    """Make the commitment that a milestone's date turns it into."""
    return Commitment(
        assembly, milestone.id, milestone.title, milestone.wording, due_on, made_on, milestone.reminder_days
    )
