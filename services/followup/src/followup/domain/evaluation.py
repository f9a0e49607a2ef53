"""The council's evaluation of its own follow-up: what was promised beside what was kept, counted from the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median

from followup.domain.answers import LONGEST, TOO_LONG
from followup.domain.assembly import Assembly, Evaluation
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment, Extension
from followup.domain.mandate import Words
from followup.domain.recommendation import Recommendation
from followup.domain.rules import Broken, RulesBroken, Untimely


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise: the day first promised, the day it had in the end, the day it was kept (None: not yet)."""

    milestone: str
    title: Words
    promised_on: date
    due_on: date
    reported_on: date | None
    extensions: tuple[Extension, ...]

    @property
    def days_late(self) -> int:
        """Days past the day it had in the end; 0 when in time, or when it is not kept yet."""
        return max(0, (self.reported_on - self.due_on).days) if self.reported_on else 0

    @property
    def days_after_promise(self) -> int:
        """Days past the day first promised, moved or not; 0 when in time, or when it is not kept yet."""
        return max(0, (self.reported_on - self.promised_on).days) if self.reported_on else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the record says of a follow-up. `days_to_answer` are whole days from the delivery to a first answer."""

    kept: tuple[Kept, ...]
    recommendations: int
    followed: int
    partly: int
    not_followed: int
    completed: int
    progress: int
    """Per cent carried out, the mean of all recommendations, rounded down."""
    revised: int
    """How many recommendations have more than one version of their answer."""
    median_days_to_answer: int | None
    longest_days_to_answer: int | None

    @property
    def in_time(self) -> int:
        """How many statuses were published by the day they had in the end."""
        return sum(one.reported_on is not None and not one.days_late for one in self.kept)

    @property
    def late(self) -> int:
        """How many were published after it."""
        return sum(one.days_late > 0 for one in self.kept)

    @property
    def moved(self) -> int:
        """How often a day was moved."""
        return sum(len(one.extensions) for one in self.kept)


def figures(
    assembly: Assembly, commitments: Sequence[Commitment], recommendations: Sequence[Recommendation]
) -> Figures:
    """Count. Without a delivery there is nothing to count from, and no day to an answer."""
    delivered = assembly.delivery.on if assembly.delivery else None
    days = [
        (day_of(one.answers[0].answered_at) - delivered).days for one in recommendations if one.answers and delivered
    ]
    verdicts = [one.answer.content.verdict for one in recommendations if one.answer]
    carried_out = [one.work.progress for one in recommendations]
    return Figures(
        kept=tuple(_kept(one) for one in sorted(commitments, key=lambda one: (one.promised_on, one.milestone))),
        recommendations=len(recommendations),
        followed=verdicts.count("followed"),
        partly=verdicts.count("partly"),
        not_followed=verdicts.count("not-followed"),
        completed=sum(one.work.completed_on is not None for one in recommendations),
        progress=sum(carried_out) // len(carried_out) if carried_out else 0,
        revised=sum(len(one.answers) > 1 for one in recommendations),
        median_days_to_answer=int(median(days)) if days else None,
        longest_days_to_answer=max(days, default=None),
    )


def _kept(one: Commitment) -> Kept:
    reported_on = one.status.reported_on if one.status else None
    return Kept(one.milestone, one.title, one.promised_on, one.due_on, reported_on, one.extensions)


def waits_for(commitments: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Return the statuses an evaluation waits for: those that have a day and are not published."""
    return tuple(one for one in commitments if one.status is None)


def evaluated(assembly: Assembly, commitments: Sequence[Commitment], text: str, on: date, at: datetime) -> Assembly:
    """Return the assembly with its evaluation, or itself when it says the same already.

    RulesBroken without a text, or with one that is too long. Untimely while a status that has a day is not published,
    before there is any, and when another evaluation is published: it is the council's word and is not rewritten.
    """
    text = text.strip()
    if assembly.evaluation is not None:
        if assembly.evaluation.text == text:
            return assembly
        raise Untimely(f"the follow-up was evaluated on {assembly.evaluation.evaluated_on.isoformat()}")
    if not text:
        raise RulesBroken(Broken("evaluation", "text", "compulsory", "write what the council has learned"))
    if len(text) > LONGEST:
        raise RulesBroken(Broken("evaluation", "text", TOO_LONG, f"shorten it: it may have {TOO_LONG}"))
    if not commitments:
        raise Untimely("no status has a day yet: there is nothing to evaluate")
    if waiting := waits_for(commitments):
        raise Untimely(f"not published yet: {', '.join(one.milestone for one in waiting)}")
    return replace(assembly, evaluation=Evaluation(text, on, at))
