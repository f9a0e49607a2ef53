"""What the follow-up service says: the council's commitments, their deadlines, its statuses and answers.

A follow-up database can be rebuilt from these and from what the sessions service says (`python -m followup replay`), so
that they carry what was written. All of it is public; what is not public yet (a draft) travels as an attachment.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.base import Fact, Part, Slug, Text
from contracts.sessions import Escalation

Verdict = Literal["followed", "partly", "not-followed"]
Audience = Slug


class CommitmentMade(Fact, speaker="followup", name="commitment-made"):
    """The council owes a status; the day comes from the mandate's milestone and the day of delivery."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    made_on: date | None = Field(default=None, description="the day (Europe/Copenhagen) on which the due day was known")
    opens_on: date | None = Field(default=None, description="the first day on which the status is expected")
    wording: Literal["within", "after"] | None = None
    reminder_days: tuple[int, ...] = ()
    overdue_every_days: int = Field(default=7, ge=0)
    tell: tuple[Audience, ...] = ()
    escalation: tuple[Escalation, ...] = ()


class CommitmentExtended(Fact, speaker="followup", name="commitment-extended"):
    """A status may come later than was promised, for a reason everyone can read. The old day is kept."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    previous_due_on: date
    extended_on: date
    reason: str
    path: str


class EventDated(Fact, speaker="followup", name="event-dated"):
    """A named event that a milestone is counted from has its day."""

    event: Slug
    on: date


class Crossed(Part):
    """What every crossing of a deadline says besides: its own day, and the day of the next one."""

    on: date | None = Field(default=None, description="the day of the crossing, however late it is said")
    next_on: date | None = Field(default=None, description="the day of the next crossing while nothing is published")
    tell: tuple[Audience, ...] = Field(default=(), description="who is told: officers, management, council ...")


class StatusDueSoon(Fact, Crossed, speaker="followup", name="status-due-soon"):
    """A reminder's day has come; said once a reminder."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    days_left: int = Field(ge=0)


class StatusDue(Fact, Crossed, speaker="followup", name="status-due"):
    """Today is the due day (Europe/Copenhagen) and no status is published."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date


class StatusOverdue(Fact, Crossed, speaker="followup", name="status-overdue"):
    """The due day has passed and no status is published; said on the day after, and again while it lasts."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    days_overdue: int = Field(ge=1)


class ReportedAnswer(Part):
    """How a recommendation stood in a status: which revision of its answer, and how far it was carried out."""

    recommendation: str
    number: int
    theme: Slug
    title: str
    revision: int = Field(ge=1)
    answer: Verdict
    progress: int = Field(default=0, ge=0, le=100, description="per cent")
    previous_answer: Verdict | None = Field(default=None, description="in the status before; none when it is new there")
    previous_progress: int | None = Field(default=None, ge=0, le=100)


class ThemeChange(Part):
    """What a status says of one theme, and what is new in it since the status before."""

    theme: Slug
    title: Text
    followed: int = Field(ge=0)
    partly: int = Field(ge=0)
    not_followed: int = Field(ge=0)
    completed: int = Field(default=0, ge=0, description="how many are closed")
    changed: tuple[str, ...] = Field(default=(), description="ids with a new answer or more progress since then")


class StatusPublished(Fact, speaker="followup", name="status-published"):
    """The council's status at a milestone is public."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    reported_on: date
    overdue_days: int = Field(ge=0, description="0 when in time")
    followed: int = Field(ge=0)
    partly: int = Field(ge=0)
    not_followed: int = Field(ge=0)
    path: str
    summary: str = ""
    answers: tuple[ReportedAnswer, ...] = ()
    themes: tuple[ThemeChange, ...] = Field(default=(), description="in the mandate's order")


class RecommendationAnswered(Fact, speaker="followup", name="recommendation-answered"):
    """A recommendation has its written public answer, or a new version of it."""

    recommendation: str
    answer: Verdict
    revision: int = Field(ge=1)
    path: str
    reason: str = ""
    action: str = ""
    done_by: date | None = None
    unit: str = Field(default="", description="the responsible unit; never a person")
    money: int | None = Field(default=None, ge=0, description="whole kroner set aside")
    approved_on: date | None = None
    approved_in: str = Field(default="", description="the meeting that approved it")
    agenda: str = Field(default="", description="a link to that meeting's agenda item")
    edits: int = Field(default=0, ge=0, description="how often a draft was saved, or an answer published, up to now")


class AnswerDrafted(Fact, speaker="followup", name="answer-drafted"):
    """A draft of an answer was saved, approved or withdrawn. What it says is not public: it is the attachment."""

    recommendation: str
    edit: int = Field(ge=1)
    state: Literal["draft", "approved", "withdrawn"]


class Step(Part):
    """One treatment in a committee. `decision` is empty while the meeting is to come."""

    committee: Slug
    on: date
    item: str
    link: str = ""
    decision: str = ""


class WorkRecorded(Fact, speaker="followup", name="work-recorded"):
    """The work on a recommendation as it stands: its committees, their meetings, how far it is carried out."""

    recommendation: str
    number: int = Field(ge=1, description="counts the changes of this recommendation's work")
    committees: tuple[Slug, ...] | None = None
    steps: tuple[Step, ...] = ()
    progress: int = Field(ge=0, le=100, description="per cent of what the answer says is done")
    responsible: str = Field(default="", description="a digest of the opaque id of the officer who has taken it")
    completed_on: date | None = None


class FollowupClosed(Fact, speaker="followup", name="followup-closed"):
    """Every milestone is reported and every recommendation answered: the council's duty is done."""

    statuses: int = Field(ge=0)


class FollowupEvaluated(Fact, speaker="followup", name="followup-evaluated"):
    """The council has evaluated its own follow-up, in public."""

    evaluated_on: date
    text: str
    in_time: int = Field(ge=0, description="statuses published by their day")
    late: int = Field(ge=0)
    path: str


SAYS = (
    CommitmentMade,
    CommitmentExtended,
    EventDated,
    StatusDueSoon,
    StatusDue,
    StatusOverdue,
    StatusPublished,
    RecommendationAnswered,
    AnswerDrafted,
    WorkRecorded,
    FollowupClosed,
    FollowupEvaluated,
)
