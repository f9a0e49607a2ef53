"""The state that follows from the facts: what each of them says was stored when it was said.

Nothing is decided here a second time. A rule that has changed since does not change what was promised, answered or
published under the one before it.
"""

from dataclasses import replace
from datetime import timedelta
from functools import singledispatchmethod
from typing import Any

from chassis.past import Past
from contracts import followup as said
from contracts import sessions
from followup.domain.answers import Answer, Approval, Content, Draft
from followup.domain.assembly import Assembly, Evaluation
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment, Extension, Said
from followup.domain.crossings import Crossing, Kind
from followup.domain.mandate import Escalation
from followup.domain.recommendation import Recommendation
from followup.domain.status import ReportedAnswer, Status
from followup.domain.work import Step, Work
from followup.subscribers import delivery_of, mandate_of, recommendation_of
from followup.words import as_words


class Incomplete(Exception):  # noqa: N818 - what the streams are
    """The streams do not hold all that the database held; the text says what is missing."""


class Rebuilt:
    """Assemblies, recommendations and commitments, as the facts heard so far leave them."""

    def __init__(self) -> None:
        self.assemblies: dict[str, Assembly] = {}
        self.recommendations: dict[str, Recommendation] = {}
        self.commitments: dict[str, Commitment] = {}
        self.drafts: dict[str, tuple[str, str]] = {}
        """The attachments that hold the drafts under way, by recommendation."""

    @singledispatchmethod
    def hear(self, fact: Any, _past: Past) -> None:
        """Take what a fact says; TypeError for one that tells nothing that is stored."""
        raise TypeError(f"nothing is known of {type(fact).__name__}")

    def with_draft(self, key: str, draft: Draft) -> None:
        """Take a draft that was read from its attachment."""
        self.recommendations[key] = replace(self.recommendations[key], draft=draft)

    # --- what the sessions service said ---

    @hear.register
    def _announced(self, fact: sessions.AssemblyAnnounced, _past: Past) -> None:
        known = self.assemblies.get(fact.assembly) or Assembly(fact.assembly)
        self.assemblies[fact.assembly] = replace(known, mandate=mandate_of(fact))

    @hear.register
    def _delivered(self, fact: sessions.RecommendationDelivered, _past: Past) -> None:
        delivered = recommendation_of(fact)
        key = f"{fact.assembly}:{fact.recommendation}"
        known = self.recommendations.get(key)
        self.recommendations[key] = known.redelivered(delivered) if known else delivered

    @hear.register
    def _completed(self, fact: sessions.DeliveryCompleted, _past: Past) -> None:
        known = self.assemblies.get(fact.assembly) or Assembly(fact.assembly)
        if known.delivery is None:
            self.assemblies[fact.assembly] = replace(known, delivery=delivery_of(fact))

    # --- what follow-up said itself ---

    @hear.register
    def _made(self, fact: said.CommitmentMade, _past: Past) -> None:
        if fact.made_on is None or fact.wording is None:
            raise Incomplete(f"{fact.commitment} was promised by a version that did not say all of it")
        self.commitments[fact.commitment] = Commitment(
            assembly=fact.assembly,
            milestone=fact.milestone,
            title=as_words(fact.title),
            wording=fact.wording,
            due_on=fact.due_on,
            made_on=fact.made_on,
            reminder_days=fact.reminder_days,
            opens_on=fact.opens_on,
            overdue_every_days=fact.overdue_every_days,
            tell=fact.tell,
            escalation=tuple(Escalation(step.days_overdue, step.tell) for step in fact.escalation),
        )

    @hear.register
    def _extended(self, fact: said.CommitmentExtended, past: Past) -> None:
        known = self._commitment(fact.commitment)
        moved = Extension(fact.previous_due_on, fact.due_on, fact.reason, fact.extended_on, past.heard.time)
        self.commitments[known.id] = replace(known, due_on=fact.due_on, extensions=(*known.extensions, moved))

    @hear.register
    def _dated(self, fact: said.EventDated, _past: Past) -> None:
        known = self._assembly(fact.assembly)
        self.assemblies[known.id] = replace(known, events={**known.events, fact.event: fact.on})

    @hear.register
    def _due_soon(self, fact: said.StatusDueSoon, past: Past) -> None:
        on = fact.due_on - timedelta(days=fact.days_left)
        self._crossed(fact.commitment, Crossing(Kind.DUE_SOON, on, fact.days_left), past)

    @hear.register
    def _due(self, fact: said.StatusDue, past: Past) -> None:
        self._crossed(fact.commitment, Crossing(Kind.DUE, fact.due_on, 0), past)

    @hear.register
    def _overdue(self, fact: said.StatusOverdue, past: Past) -> None:
        on = fact.due_on + timedelta(days=fact.days_overdue)
        self._crossed(fact.commitment, Crossing(Kind.OVERDUE, on, fact.days_overdue), past)

    @hear.register
    def _published(self, fact: said.StatusPublished, past: Past) -> None:
        if not fact.summary:
            raise Incomplete(f"the status {fact.commitment} was published by a version that did not say its text")
        answers = tuple(
            ReportedAnswer(a.recommendation, a.number, a.theme, a.title, a.revision, self._content(fact, a), a.progress)
            for a in fact.answers
        )
        known = self._commitment(fact.commitment)
        status = Status(fact.summary, fact.reported_on, past.heard.time, answers)
        self.commitments[known.id] = replace(known, status=status)

    @hear.register
    def _answered(self, fact: said.RecommendationAnswered, past: Past) -> None:
        known = self._recommendation(fact.assembly, fact.recommendation)
        if not fact.reason or fact.revision != known.revision + 1:
            raise Incomplete(f"revision {fact.revision} of the answer to {known.assembly}:{known.id} is not told whole")
        content = Content(fact.answer, fact.reason, fact.action, fact.done_by, fact.unit, fact.money)
        approval = Approval(fact.approved_on, fact.approved_in, fact.agenda) if fact.approved_on else None
        answer = Answer(fact.revision, content, past.heard.time, approval)
        key = f"{known.assembly}:{known.id}"
        self.recommendations[key] = replace(known, answers=(*known.answers, answer), edits=fact.edits)
        self.drafts.pop(key, None)

    @hear.register
    def _drafted(self, fact: said.AnswerDrafted, past: Past) -> None:
        known = self._recommendation(fact.assembly, fact.recommendation)
        key = f"{known.assembly}:{known.id}"
        self.recommendations[key] = replace(known, edits=fact.edit)
        self.drafts.pop(key, None)
        if past.attachment is not None:
            self.drafts[key] = past.attachment

    @hear.register
    def _worked(self, fact: said.WorkRecorded, _past: Past) -> None:
        known = self._recommendation(fact.assembly, fact.recommendation)
        steps = tuple(Step(s.committee, s.on, s.item, s.link, s.decision) for s in fact.steps)
        work = Work(fact.committees, steps, fact.progress, fact.responsible, fact.completed_on, fact.number)
        self.recommendations[f"{known.assembly}:{known.id}"] = replace(known, work=work)

    @hear.register
    def _closed(self, fact: said.FollowupClosed, past: Past) -> None:
        known = self._assembly(fact.assembly)
        self.assemblies[known.id] = replace(known, closed_on=day_of(past.heard.time))

    @hear.register
    def _evaluated(self, fact: said.FollowupEvaluated, past: Past) -> None:
        known = self._assembly(fact.assembly)
        evaluation = Evaluation(fact.text, fact.evaluated_on, past.heard.time)
        self.assemblies[known.id] = replace(known, evaluation=evaluation)

    def _crossed(self, commitment: str, crossing: Crossing, past: Past) -> None:
        known = self._commitment(commitment)
        self.commitments[commitment] = replace(known, said=(*known.said, Said(crossing, past.heard.time)))

    def _content(self, fact: said.StatusPublished, answer: said.ReportedAnswer) -> Content:
        known = self._recommendation(fact.assembly, answer.recommendation)
        if answer.revision > known.revision:
            raise Incomplete(f"revision {answer.revision} of the answer to {known.assembly}:{known.id} is missing")
        return known.answers[answer.revision - 1].content

    def _assembly(self, assembly: str) -> Assembly:
        if assembly not in self.assemblies:
            raise Incomplete(f"the mandate and the delivery of {assembly} are missing")
        return self.assemblies[assembly]

    def _recommendation(self, assembly: str, recommendation: str) -> Recommendation:
        key = f"{assembly}:{recommendation}"
        if key not in self.recommendations:
            raise Incomplete(f"the delivery of recommendation {key} is missing")
        return self.recommendations[key]

    def _commitment(self, commitment: str) -> Commitment:
        if commitment not in self.commitments:
            raise Incomplete(f"the promise of {commitment} is missing")
        return self.commitments[commitment]
