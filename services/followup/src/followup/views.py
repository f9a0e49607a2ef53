"""What the public is shown, as JSON and on pages alike: read models made from the domain on a given day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from contracts.base import Text
from contracts.sessions import Named
from followup import repository
from followup.domain.answers import Answer, Recommendation, Verdict, edition
from followup.domain.assembly import Assembly, Mandate
from followup.domain.commitment import Commitment, ReportedAnswer, State
from followup.domain.crossings import Kind
from followup.domain.mandate import Milestone, Words
from followup.paths import dashboard_path, status_path
from followup.words import as_text


class Counts(BaseModel):
    """How far the follow-up is. `..._seen` count the facts said about deadlines, from the record of them."""

    recommendations: int
    answers: int
    commitments: int
    statuses_published: int
    due_soon_seen: int
    due_seen: int
    overdue_seen: int
    closed: bool


class StatusView(BaseModel):
    """A published status."""

    summary: str
    reported_on: date
    overdue_days: int
    followed: int
    partly: int
    not_followed: int
    answers: tuple[ReportedAnswer, ...]
    path: str


class MilestoneView(BaseModel):
    """A milestone as it stands on the day it is looked at. No date yet: `due_on` is null."""

    id: str
    title: Text
    wording: Literal["within", "after"]
    months: int | None
    event: str | None
    due_on: date | None
    state: State
    days_left: int | None
    overdue_days: int
    status: StatusView | None


class AnswerView(BaseModel):
    """One version of an answer."""

    revision: int
    answer: Verdict
    reason: str
    action: str
    answered_at: datetime


class RecommendationView(BaseModel):
    """A recommendation with the answer in force and all its versions, newest first."""

    recommendation: str
    number: int
    title: str
    theme: Named
    committees: tuple[Named, ...]
    minority_statements: int
    path: str
    revision: int
    answer: AnswerView | None
    history: tuple[AnswerView, ...]


class AssemblyView(BaseModel):
    """An assembly's follow-up as a whole. `handed_over` are the ids of the delivery; `edition` names the answers."""

    assembly: str
    municipality: Text
    title: Text
    purpose: Text
    delivered_on: date | None
    handed_over: tuple[str, ...]
    edition: str
    events: dict[str, date]
    closed_on: date | None
    milestones: tuple[MilestoneView, ...]
    recommendations: tuple[RecommendationView, ...]
    counts: Counts
    path: str

    @property
    def next_milestone(self) -> MilestoneView | None:
        """The first milestone that is not reported."""
        return next((m for m in self.milestones if m.status is None), None)

    @property
    def unanswered(self) -> tuple[RecommendationView, ...]:
        """The recommendations that wait for an answer."""
        return tuple(one for one in self.recommendations if one.answer is None)

    @property
    def on_their_way(self) -> tuple[str, ...]:
        """The ids that were handed over and whose texts are not heard of yet."""
        known = {one.recommendation for one in self.recommendations}
        return tuple(one for one in self.handed_over if one not in known)


async def assembly_view(store: repository.Store, assembly_id: str, today: date) -> AssemblyView | None:
    """Return an assembly's follow-up on `today`; None before it is announced."""
    assembly = await repository.assembly(store, assembly_id)
    return None if assembly is None else await _view(store, assembly, today)


async def assembly_views(store: repository.Store, today: date) -> list[AssemblyView]:
    """Return all announced assemblies, latest delivery first."""
    views = [await _view(store, one, today) for one in await repository.assemblies(store)]
    return [view for view in views if view is not None]


async def _view(store: repository.Store, assembly: Assembly, today: date) -> AssemblyView | None:
    mandate = assembly.mandate
    if mandate is None:
        return None
    commitments = await repository.commitments(store, assembly.id)
    recommendations = await repository.recommendations(store, assembly.id)
    return AssemblyView(
        assembly=assembly.id,
        municipality=as_text(mandate.municipality),
        title=as_text(mandate.title),
        purpose=as_text(mandate.purpose),
        delivered_on=assembly.delivery.on if assembly.delivery else None,
        handed_over=assembly.delivery.recommendations if assembly.delivery else (),
        edition=edition(recommendations),
        events=dict(assembly.events),
        closed_on=assembly.closed_on,
        milestones=_milestones(mandate, commitments, today),
        recommendations=tuple(_recommendation(one, mandate) for one in recommendations),
        counts=counts(assembly, commitments, recommendations),
        path=dashboard_path(assembly.id),
    )


def counts(assembly: Assembly, commitments: Sequence[Commitment], recommendations: Sequence[Recommendation]) -> Counts:
    """Count from the record."""
    return Counts(
        recommendations=len(recommendations),
        answers=sum(one.answer is not None for one in recommendations),
        commitments=len(commitments),
        statuses_published=sum(one.status is not None for one in commitments),
        due_soon_seen=sum(one.seen(Kind.DUE_SOON) for one in commitments),
        due_seen=sum(one.seen(Kind.DUE) for one in commitments),
        overdue_seen=sum(one.seen(Kind.OVERDUE) for one in commitments),
        closed=assembly.closed_on is not None,
    )


def _milestones(mandate: Mandate, commitments: Sequence[Commitment], today: date) -> tuple[MilestoneView, ...]:
    made = {one.milestone: one for one in commitments}
    views = [milestone_view(milestone, made.get(milestone.id), today) for milestone in mandate.milestones]
    # By date; those without one last, as the mandate lists them.
    return tuple(sorted(views, key=lambda view: (view.due_on is None, view.due_on or today)))


def milestone_view(milestone: Milestone, commitment: Commitment | None, today: date) -> MilestoneView:
    """Return a milestone as it stands on `today`."""
    return MilestoneView(
        id=milestone.id,
        title=as_text(milestone.title),
        wording=milestone.wording,
        months=milestone.months,
        event=milestone.event,
        due_on=commitment.due_on if commitment else None,
        state=commitment.state(today) if commitment else State.UNDATED,
        days_left=max(0, (commitment.due_on - today).days) if commitment else None,
        overdue_days=commitment.overdue_days(today) if commitment else 0,
        status=_status(commitment) if commitment else None,
    )


def _status(one: Commitment) -> StatusView | None:
    if one.status is None:
        return None
    return StatusView(
        summary=one.status.summary,
        reported_on=one.status.reported_on,
        overdue_days=one.overdue_days(one.status.reported_on),
        followed=one.status.count("followed"),
        partly=one.status.count("partly"),
        not_followed=one.status.count("not-followed"),
        answers=one.status.answers,
        path=status_path(one.assembly, one.milestone),
    )


def answer_view(answer: Answer) -> AnswerView:
    """Return one version of an answer."""
    return AnswerView(
        revision=answer.revision,
        answer=answer.verdict,
        reason=answer.reason,
        action=answer.action,
        answered_at=answer.answered_at,
    )


def _recommendation(one: Recommendation, mandate: Mandate) -> RecommendationView:
    history = tuple(answer_view(answer) for answer in reversed(one.answers))
    return RecommendationView(
        recommendation=one.id,
        number=one.number,
        title=one.title,
        theme=_named(one.theme, mandate.themes),
        committees=tuple(_named(committee, mandate.committees) for committee in one.committees),
        minority_statements=one.minority_statements,
        path=one.path,
        revision=one.revision,
        answer=history[0] if history else None,
        history=history,
    )


def _named(id_: str, titles: Mapping[str, Words]) -> Named:
    # An id the mandate does not name is shown as it is: better than a page that cannot be read.
    return Named(id=id_, title=as_text(titles.get(id_) or {"da": id_, "en": id_}))
