"""What the follow-up service says: the council's commitments, their deadlines, its statuses and answers."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.base import Fact, Slug, Text


class CommitmentMade(Fact, speaker="followup", name="commitment-made"):
    """The council owes a status; the day comes from the mandate's milestone and the day of delivery."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date


class StatusDueSoon(Fact, speaker="followup", name="status-due-soon"):
    """A reminder's day has come; said once a reminder."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    days_left: int = Field(ge=0)


class StatusDue(Fact, speaker="followup", name="status-due"):
    """Today is the due day (Europe/Copenhagen) and no status is published."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date


class StatusOverdue(Fact, speaker="followup", name="status-overdue"):
    """The due day has passed and no status is published."""

    commitment: str
    milestone: Slug
    title: Text
    due_on: date
    days_overdue: int = Field(ge=1)


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


class RecommendationAnswered(Fact, speaker="followup", name="recommendation-answered"):
    """A recommendation has its written public answer, or a new version of it."""

    recommendation: str
    answer: Literal["followed", "partly", "not-followed"]
    revision: int = Field(ge=1)
    path: str


class FollowupClosed(Fact, speaker="followup", name="followup-closed"):
    """Every milestone is reported and every recommendation answered: the council's duty is done."""

    statuses: int = Field(ge=0)


SAYS = (
    CommitmentMade,
    StatusDueSoon,
    StatusDue,
    StatusOverdue,
    StatusPublished,
    RecommendationAnswered,
    FollowupClosed,
)
