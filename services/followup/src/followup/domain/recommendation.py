"""A delivered recommendation: what the council answers to it, and what it does about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from followup.domain.answers import (
    Answer,
    Approval,
    Content,
    Draft,
    DraftState,
    approval_flaws,
    missing,
    stripped,
    too_much,
)
from followup.domain.calendar import day_of
from followup.domain.rules import Broken, RulesBroken, Untimely
from followup.domain.work import Work, flaws


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A delivered recommendation, and what the council has answered, oldest version first.

    `draft` is the next version while it is being written; `edits` counts how often one was saved or published.
    """

    id: str
    assembly: str
    number: int
    theme: str
    title: str
    committees: tuple[str, ...]
    minority_statements: int
    path: str
    answers: tuple[Answer, ...] = ()
    draft: Draft | None = None
    edits: int = 0
    work: Work = field(default_factory=Work)
    version: int | None = None

    @property
    def where(self) -> str:
        """How errors name it."""
        return f"recommendation {self.number}"

    @property
    def answer(self) -> Answer | None:
        """The answer in force."""
        return self.answers[-1] if self.answers else None

    @property
    def revision(self) -> int:
        """The number of the answer in force; 0 while there is none."""
        return self.answers[-1].revision if self.answers else 0

    @property
    def referred(self) -> tuple[str, ...]:
        """The ids of the committees it is referred to."""
        return self.committees if self.work.committees is None else self.work.committees

    def redelivered(self, delivered: "Recommendation") -> "Recommendation":
        """Return the recommendation with the public data of a later delivery; what the council wrote is kept."""
        return replace(
            self,
            number=delivered.number,
            theme=delivered.theme,
            title=delivered.title,
            committees=delivered.committees,
            minority_statements=delivered.minority_statements,
            path=delivered.path,
        )

    def answered(
        self, content: Content, *, read: int | None, at: datetime, approval: Approval | None = None
    ) -> "Recommendation":
        """Return the recommendation with a new version of its answer, or itself when nothing would change.

        `read` is the revision the officer had before them (0 for none): when another was saved since, or a draft is
        under way, Untimely. RulesBroken for an answer that lacks something.
        """
        content = stripped(content)
        broken = [*too_much(content, self.where), *missing(content, self.where)]
        if approval is not None:
            broken += approval_flaws(approval, self.where, day_of(at))
        if broken:
            raise RulesBroken(*broken)
        if self.answer is not None and self.answer.content == content:
            return self  # the same officer's second click, or a repeated call: no new version, whatever was read
        if read is not None and read != self.revision:
            raise Untimely(f"{self.where}: revision {self.revision} was saved since revision {read} was read")
        if self.draft is not None:
            raise Untimely(f"{self.where}: a draft of its answer is under way")
        return self._published(content, approval, at)

    def drafted(self, content: Content, *, read: int, at: datetime) -> "Recommendation":
        """Return the recommendation with this draft, or itself when it holds it already.

        `read` is the number of the edit the officer had before them: when another was saved since, Untimely. A draft
        may lack anything, but hold nothing an answer cannot: RulesBroken. What was approved must be approved again.
        """
        content = stripped(content)
        if broken := too_much(content, self.where):
            raise RulesBroken(*broken)
        if self.draft is not None and self.draft.content == content:
            return self
        self._edit_was_read(read)
        return replace(self, draft=Draft(content, DraftState.DRAFT, at), edits=self.edits + 1)

    def approved(self, approval: Approval, *, read: int, at: datetime) -> "Recommendation":
        """Return the recommendation with its draft approved; RulesBroken when either lacks something."""
        draft = self._held_draft()
        if broken := [*missing(draft.content, self.where), *approval_flaws(approval, self.where, day_of(at))]:
            raise RulesBroken(*broken)
        if draft.approval == approval:
            return self
        self._edit_was_read(read)
        return replace(self, draft=Draft(draft.content, DraftState.APPROVED, at, approval), edits=self.edits + 1)

    def published(self, *, read: int, at: datetime) -> "Recommendation":
        """Return the recommendation with its approved draft as the answer in force; Untimely for any other."""
        draft = self._held_draft()
        self._edit_was_read(read)
        if draft.state is not DraftState.APPROVED:
            raise Untimely(f"{self.where}: the draft is not approved")
        return self._published(draft.content, draft.approval, at)

    def withdrawn(self, *, read: int) -> "Recommendation":
        """Return the recommendation without its draft; the answer in force stands."""
        if self.draft is None:
            return self
        self._edit_was_read(read)
        return replace(self, draft=None, edits=self.edits + 1)

    def worked(self, work: Work) -> "Recommendation":
        """Return the recommendation with this work, or itself when it is as it was.

        `work.number` is the number the officer had before them: when another was saved since, Untimely. RulesBroken
        for what no work can be.
        """
        if replace(work, number=self.work.number) == self.work:
            return self
        if broken := flaws(work, self.where):
            raise RulesBroken(*broken)
        if work.number != self.work.number:
            raise Untimely(f"{self.where}: the work was changed since change {work.number} was read")
        return replace(self, work=replace(work, number=work.number + 1))

    def closed(self, on: date) -> "Recommendation":
        """Return the recommendation closed, or itself when it is.

        RulesBroken before it has its written public answer and a committee it is referred to: what was only laid aside
        is not done with.
        """
        if self.work.completed_on is not None:
            return self
        broken = []
        if self.answer is None:
            broken.append(Broken(self.where, "answer", "answered before it is closed", "has no written public answer"))
        if not self.referred:
            broken.append(Broken(self.where, "committees", "referred before it is closed", "is in no committee"))
        if broken:
            raise RulesBroken(*broken)
        return replace(self, work=replace(self.work, completed_on=on, number=self.work.number + 1))

    def _published(self, content: Content, approval: Approval | None, at: datetime) -> "Recommendation":
        # An edit like any other: whoever began a draft of the answer before is told that this one came.
        answer = Answer(self.revision + 1, content, at, approval)
        return replace(self, answers=(*self.answers, answer), draft=None, edits=self.edits + 1)

    def _held_draft(self) -> Draft:
        if self.draft is None:
            raise Untimely(f"{self.where}: there is no draft")
        return self.draft

    def _edit_was_read(self, read: int) -> None:
        if read != self.edits:
            raise Untimely(f"{self.where}: someone else has saved since edit {read} was read")


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
