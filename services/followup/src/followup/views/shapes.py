"""What the public is shown, as JSON and on pages alike."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from contracts.base import Text
from contracts.sessions import Named
from followup.domain.answers import Verdict
from followup.domain.changes import What
from followup.domain.commitment import State


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


class ReportedView(BaseModel):
    """An answer as it stood in a status, and how far it was carried out, in per cent."""

    recommendation: str
    number: int
    theme: str
    title: str
    revision: int
    verdict: Verdict
    reason: str
    action: str
    done_by: date | None
    unit: str
    money: int | None
    progress: int


class ChangeView(BaseModel):
    """What is new of a recommendation since the status before; `..._before` are null when all of it is new."""

    recommendation: str
    number: int
    theme: str
    title: str
    what: tuple[What, ...]
    verdict_before: Verdict | None
    verdict: Verdict
    progress_before: int | None
    progress: int


class StatusView(BaseModel):
    """A published status; `changes` are what is new in it since the status before."""

    summary: str
    reported_on: date
    overdue_days: int
    followed: int
    partly: int
    not_followed: int
    answers: tuple[ReportedView, ...]
    changes: tuple[ChangeView, ...]
    path: str


class ExtensionView(BaseModel):
    """A deadline that was moved, and why."""

    from_day: date
    to_day: date
    reason: str
    extended_on: date


class MilestoneView(BaseModel):
    """A milestone as it stands on the day it is looked at. No date yet: `due_on` is null."""

    id: str
    title: Text
    wording: Literal["within", "after"]
    months: int | None
    event: str | None
    window_days: int
    working_day: bool
    opens_on: date | None
    promised_on: date | None
    due_on: date | None
    state: State
    days_left: int | None
    overdue_days: int
    extensions: tuple[ExtensionView, ...]
    status: StatusView | None


class AnswerView(BaseModel):
    """One version of an answer."""

    revision: int
    answer: Verdict
    reason: str
    action: str
    done_by: date | None
    unit: str
    money: int | None
    approved_on: date | None
    approved_in: str
    agenda: str
    answered_at: datetime


class StepView(BaseModel):
    """One treatment in a committee; `decision` is empty while the meeting is to come."""

    committee: Named
    on: date
    item: str
    link: str
    decision: str


class RecommendationView(BaseModel):
    """A recommendation with the answer in force and all its versions, newest first.

    `path` is where its text is, `page` where its whole follow-up is.
    """

    recommendation: str
    number: int
    title: str
    theme: Named
    committees: tuple[Named, ...]
    minority_statements: int
    path: str
    page: str
    revision: int
    answer: AnswerView | None
    history: tuple[AnswerView, ...]
    steps: tuple[StepView, ...]
    progress: int
    completed_on: date | None


class ElectionView(BaseModel):
    """A municipal election within the promise; the council it chooses takes office on `council_from`."""

    on: date
    council_from: date


class AssemblyView(BaseModel):
    """An assembly's follow-up as a whole. `handed_over` are the ids of the delivery; `edition` names the answers.

    `changes` are what is new since the last status, empty before the first.
    """

    assembly: str
    municipality: Text
    municipality_id: str
    title: Text
    purpose: Text
    delivered_on: date | None
    handed_over: tuple[str, ...]
    edition: str
    events: dict[str, date]
    closed_on: date | None
    milestones: tuple[MilestoneView, ...]
    elections: tuple[ElectionView, ...]
    recommendations: tuple[RecommendationView, ...]
    changes: tuple[ChangeView, ...]
    counts: Counts
    path: str

    @property
    def next_milestone(self) -> MilestoneView | None:
        """The first milestone that is not reported."""
        return next((m for m in self.milestones if m.status is None), None)

    @property
    def last_status(self) -> MilestoneView | None:
        """The milestone whose status was published last."""
        reported = [(m.status.reported_on, m) for m in self.milestones if m.status is not None]
        return max(reported, key=lambda one: one[0])[1] if reported else None

    @property
    def unanswered(self) -> tuple[RecommendationView, ...]:
        """The recommendations that wait for an answer."""
        return tuple(one for one in self.recommendations if one.answer is None)

    @property
    def on_their_way(self) -> tuple[str, ...]:
        """The ids that were handed over and whose texts are not heard of yet."""
        known = {one.recommendation for one in self.recommendations}
        return tuple(one for one in self.handed_over if one not in known)
