"""What the sessions service says: the assembly and its mandate, its sessions, its recommendations."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.base import Fact, Part, PersonId, Slug, Text


class CriterionValue(Part):
    """One value of a criterion with its quota: how many of the panel's seats, at least and at most."""

    id: Slug
    title: Text
    minimum: int = Field(ge=0)
    maximum: int = Field(ge=0)
    min_flex: int | None = Field(default=None, ge=0, description="how low a proposal may set the minimum, unasked")
    max_flex: int | None = Field(default=None, ge=0, description="how high a proposal may set the maximum, unasked")
    population_share: float | None = Field(default=None, ge=0, le=1, description="share of the eligible residents")
    age_from: int | None = Field(default=None, description="only for the age criterion: youngest age, inclusive")
    age_to: int | None = Field(default=None, description="only for the age criterion: oldest age, inclusive")
    streets: tuple[str, ...] = Field(
        default=(),
        description="give a resident the value where the roll does not: `Street`, `Street 1-99`, or `*` for the rest",
    )


class Criterion(Part):
    """A feature the lottery balances. `source` says whether the roll knows it or the sign-up form asks."""

    id: Slug
    title: Text
    source: Literal["roll", "form"]
    values: tuple[CriterionValue, ...]


class PlannedSession(Part):
    """A session of the programme as promised before anyone is invited."""

    id: Slug
    number: int = Field(ge=1)
    title: Text
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    open: bool = Field(description="whether all residents may come")


class Named(Part):
    """Something with an id and a title: a theme, a committee, a municipality."""

    id: Slug
    title: Text


class Escalation(Part):
    """Who else is told when a status is so many days overdue. The names are audiences, never persons."""

    days_overdue: int = Field(ge=1)
    tell: tuple[Slug, ...]


class Milestone(Part):
    """A status the council owes, counted in calendar months from the day of delivery, or from a named event.

    `wording` is the mandate's own: a status `within` 3 months is due on the last day of the period, one `after` 10
    months is due when the period has passed.
    """

    id: Slug
    title: Text
    wording: Literal["within", "after"]
    months: int | None = Field(default=None, ge=0)
    event: Slug | None = Field(
        default=None, description="what it is counted from instead of the delivery: `closing`, `evaluation`"
    )
    reminder_days: tuple[int, ...] = (30, 14, 7, 1)
    window_days: int = Field(default=0, ge=0, description="whole days after that day in which it is still in time")
    working_day: bool = Field(default=False, description="whether the last day is moved to the next working day")
    overdue_every_days: int = Field(default=7, ge=0, description="how often overdue is said again; 0: once")
    tell: tuple[Slug, ...] = ("officers",)
    escalation: tuple[Escalation, ...] = ()


class Exclusion(Part):
    """People asked to leave their place to others, such as elected politicians.

    They are known by a list the secretariat hands in, or say so themselves in the form, which asks in the words of
    `question`.
    """

    id: Slug
    title: Text
    question: Text


class Favour(Part):
    """Over-invite a group: someone with this value is `factor` times as likely to be among the first of a wave."""

    criterion: Slug
    value: Slug
    factor: float = Field(gt=0)


class Wave(Part):
    """A part of the invitations: a random `share` of everyone not invited yet, or everyone when it is 1."""

    id: Slug
    title: Text
    share: float = Field(default=1, gt=0, le=1)
    favours: tuple[Favour, ...] = ()


class Condition(Part):
    """What is asked of a member and what they get, told before they sign up: pay, meals, help."""

    id: Slug
    title: Text
    text: Text


class Retention(Part):
    """How long people are kept, in whole days; None: until somebody erases them."""

    not_drawn_days: int | None = Field(
        default=None, ge=1, description="registrants neither drawn nor alternates, counted from the draw"
    )
    roll_days: int | None = Field(
        default=None, ge=1, description="everyone but the members, counted from the last session's end"
    )
    members_days: int | None = Field(
        default=None, ge=1, description="the members too, counted from the day the follow-up is closed"
    )


class AssemblyAnnounced(Fact, speaker="sessions", name="assembly-announced"):
    """The assembly and its mandate are public: all that the other services know of an assembly, they know from here."""

    municipality: Named
    title: Text
    purpose: Text
    panel_size: int = Field(gt=0)
    alternates: int = Field(ge=0, description="how many alternates are drawn with the panel")
    minimum_age: int = Field(ge=0, description="in whole years on `age_on`")
    age_on: date
    sign_up_opens_at: AwareDatetime
    sign_up_closes_at: AwareDatetime
    criteria: tuple[Criterion, ...]
    sessions: tuple[PlannedSession, ...]
    themes: tuple[Named, ...]
    committees: tuple[Named, ...]
    milestones: tuple[Milestone, ...]
    postcodes: tuple[str, ...] = Field(
        default=(), description="where one must live to be invited; none: the whole roll"
    )
    exclusions: tuple[Exclusion, ...] = ()
    waves: tuple[Wave, ...] = Field(default=(), description="in their order; none: everyone in one wave")
    conditions: tuple[Condition, ...] = ()
    needs: tuple[Named, ...] = Field(default=(), description="practical needs the form asks about")
    retention: Retention = Retention()
    answer_days: int = Field(default=7, ge=1, description="how long who is offered a seat has to answer, in whole days")
    answer_reminder_days: int = Field(default=2, ge=1, description="how long before it who has not is reminded")
    evaluation_link: str | None = Field(
        default=None, description="where the members are asked, after the last session, what it was like"
    )


class SessionScheduled(Fact, speaker="sessions", name="session-scheduled"):
    """A session has a time and a place, and members can be called to it."""

    session: Slug
    number: int
    title: Text
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str
    open: bool


class SessionChanged(Fact, speaker="sessions", name="session-changed"):
    """A scheduled session has another time or place."""

    session: Slug
    number: int
    title: Text
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str
    open: bool


class SessionHeld(Fact, speaker="sessions", name="session-held"):
    """A session took place. `present` are opaque ids, for figures of who comes; the public sees the number alone."""

    session: Slug
    number: int
    attended: int = Field(ge=0)
    present: tuple[PersonId, ...] = ()


class PublicationReleased(Fact, speaker="sessions", name="publication-released"):
    """A programme, minutes, presentation or other material is public."""

    publication: str
    session: Slug | None = None
    kind: Literal["programme", "minutes", "presentation", "material"]
    title: Text
    path: str = Field(description="path at the one address, from `/samling`")


class RecommendationDelivered(Fact, speaker="sessions", name="recommendation-delivered"):
    """One recommendation, as delivered to the council. The text is the assembly's, public from now on."""

    recommendation: str
    number: int = Field(ge=1)
    theme: Slug
    title: str
    committees: tuple[Slug, ...]
    minority_statements: int = Field(default=0, ge=0)
    path: str = Field(description="path of the full text at the one address")


class DeliveryCompleted(Fact, speaker="sessions", name="delivery-completed"):
    """All recommendations are handed over: the day from which the mandate's milestones are counted."""

    delivered_at: AwareDatetime
    recommendations: tuple[str, ...]


SAYS = (
    AssemblyAnnounced,
    SessionScheduled,
    SessionChanged,
    SessionHeld,
    PublicationReleased,
    RecommendationDelivered,
    DeliveryCompleted,
)
