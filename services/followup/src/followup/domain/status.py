"""The council's published status at a milestone: its summary, and how every recommendation stood that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup.domain.answers import LONGEST, TOO_LONG, Content, Verdict
from followup.domain.recommendation import Recommendation
from followup.domain.rules import Broken, RulesBroken


@dataclass(frozen=True, slots=True)
class ReportedAnswer:
    """An answer as it stood in a status, and how far it was carried out. Later versions do not change it."""

    recommendation: str
    number: int
    theme: str
    title: str
    revision: int
    content: Content
    progress: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """The council's published status: its summary, and how every recommendation was followed on that day."""

    summary: str
    reported_on: date
    published_at: datetime
    answers: tuple[ReportedAnswer, ...]

    def count(self, verdict: Verdict) -> int:
        """How many recommendations have this answer in the status."""
        return sum(answer.content.verdict == verdict for answer in self.answers)


def write(summary: str, recommendations: Sequence[Recommendation], on: date, at: datetime) -> Status:
    """Return a status of the answers in force. RulesBroken without a summary, or with one that is too long.

    The caller has made sure that every recommendation is answered (`recommendation.unanswered`).
    """
    summary = summary.strip()
    if not summary:
        raise RulesBroken(Broken("status", "summary", "compulsory", "write what the status says, in a few lines"))
    if len(summary) > LONGEST:
        raise RulesBroken(Broken("status", "summary", TOO_LONG, f"shorten it: it may have {TOO_LONG}"))
    return Status(summary, on, at, as_reported(recommendations))


def as_reported(recommendations: Sequence[Recommendation]) -> tuple[ReportedAnswer, ...]:
    """Return the answers in force by number, as a status written now would tell them."""
    return tuple(
        ReportedAnswer(r.id, r.number, r.theme, r.title, a.revision, a.content, r.work.progress)
        for r in sorted(recommendations, key=lambda r: (r.number, r.id))
        if (a := r.answer) is not None
    )
