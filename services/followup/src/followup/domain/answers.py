"""The council's written public answer to each recommendation, in versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from followup.domain.rules import Broken, RulesBroken, Untimely

Verdict = Literal["followed", "partly", "not-followed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LONGEST = 20_000
"""Characters of a text: some ten pages, more than any council has written about one recommendation."""
TOO_LONG = f"at most {LONGEST} characters"


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of an answer; `revision` counts from 1. Old versions stay public."""

    revision: int
    verdict: Verdict
    reason: str
    action: str
    answered_at: datetime

    def says_the_same(self, verdict: str, reason: str, action: str) -> bool:
        """Whether saving these again would change nothing."""
        return (self.verdict, self.reason, self.action) == (verdict, reason, action)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A delivered recommendation and what the council has answered, oldest version first."""

    id: str
    assembly: str
    number: int
    theme: str
    title: str
    committees: tuple[str, ...]
    minority_statements: int
    path: str
    answers: tuple[Answer, ...] = ()
    version: int | None = None

    @property
    def answer(self) -> Answer | None:
        """The answer in force."""
        return self.answers[-1] if self.answers else None

    @property
    def revision(self) -> int:
        """The number of the answer in force; 0 while there is none."""
        return self.answers[-1].revision if self.answers else 0

    def answered(self, verdict: str, reason: str, action: str, *, read: int | None, at: datetime) -> "Recommendation":
        """Return the recommendation with a new version of its answer, or itself when nothing would change.

        `read` is the revision the officer had before them (0 for none): when another was saved since, Untimely. The
        mandate promises an answer in writing to every recommendation, so the reason is compulsory for all three
        verdicts: RulesBroken.
        """
        reason, action = reason.strip(), action.strip()
        known = _verdict(verdict)
        where = f"recommendation {self.number}"
        broken = []
        if known is None:
            broken.append(Broken(where, "answer", "one of three", f"choose one of {', '.join(VERDICTS)}"))
        if not reason:
            broken.append(
                Broken(where, "reason", "compulsory", "give the reason, also when the recommendation is followed")
            )
        broken += [
            Broken(where, field, TOO_LONG, f"shorten it: it may have {TOO_LONG}")
            for field, text in (("reason", reason), ("action", action))
            if len(text) > LONGEST
        ]
        if known is None or broken:
            raise RulesBroken(*broken)
        if self.answer is not None and self.answer.says_the_same(known, reason, action):
            return self  # the same officer's second click, or a repeated call: no new version, whatever was read
        if read is not None and read != self.revision:
            raise Untimely(f"{where}: revision {self.revision} was saved since revision {read} was read")
        return replace(self, answers=(*self.answers, Answer(self.revision + 1, known, reason, action, at)))


def _verdict(value: str) -> Verdict | None:
    return next((verdict for verdict in VERDICTS if verdict == value), None)


def edition(recommendations: Iterable[Recommendation]) -> str:
    """Name the answers as they stand: another answer, or a new version of one, is another edition."""
    return ",".join(f"{one.id}:{one.revision}" for one in recommendations)


def unanswered(delivered: Iterable[str], recommendations: Sequence[Recommendation]) -> tuple[Broken, ...]:
    """Return one broken rule for each recommendation that waits for an answer.

    `delivered` are the ids the assembly handed over. One of them that is not known here yet waits too: its fact is on
    its way, and a status must not slip out before it.
    """
    known = {recommendation.id: recommendation for recommendation in recommendations}
    ids = dict.fromkeys((*delivered, *known))  # the order of the delivery, then whatever else has arrived
    waiting = (known.get(id_) or id_ for id_ in ids if id_ not in known or known[id_].answer is None)
    return tuple(
        Broken(
            f"recommendation {one if isinstance(one, str) else one.number}",
            "answer",
            "answered before a status",
            "has no written public answer yet",
        )
        for one in waiting
    )
