"""The shape of `assembly.yaml`. What must fit between its fields stands in `rules`."""

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sessions.domain.assembly_file.local_time import Day, LocalTime, TimeOfDay

T = TypeVar("T")

AssemblyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,47}$")]
"""An assembly's id is a token of every subject on the wire and of every address: lower-case letters, digits, `-`."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.+-]{0,63}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Whole = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]


def at_least(count: int) -> AfterValidator:
    """Ask for so many items. Field(min_length=...) counts the well-formed ones alone and would blame the list too."""

    def enough(items: tuple[T, ...]) -> tuple[T, ...]:
        if len(items) < count:
            raise ValueError(f"must have at least {count}, has {len(items)}")
        return items

    return AfterValidator(enough)


class Part(BaseModel):
    """Frozen, and strict about names: a misspelt field is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """A text for people. Both languages, always (the pages are whole in both)."""

    da: Words
    en: Words

    def in_language(self, language: str) -> str:
        """Return the text in English or, for any other language, in Danish."""
        return self.en if language == "en" else self.da


class Named(Part):
    """Something with an id and a title: the municipality, a theme, a committee."""

    id: Slug
    title: Text


class Mandate(Part):
    """What the council promises in public before anyone is invited."""

    core_task: Text
    questions: Annotated[tuple[Text, ...], at_least(1)]
    in_scope: Annotated[tuple[Text, ...], at_least(1)]
    out_of_scope: tuple[Text, ...] = ()
    promises: Annotated[tuple[Text, ...], at_least(1)]
    status_duty: Text


class Exclusion(Part):
    """People asked to leave their place to others; the form asks `question`."""

    id: Slug
    title: Text
    question: Text


class Eligibility(Part):
    """Who may be invited: residents of at least `minimum_age` whole years on the day `age_on`.

    Where `postcodes` are given, one must live in one of them.
    """

    minimum_age: Whole
    age_on: Day
    postcodes: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


class Favour(Part):
    """Over-invite a group: its people are `factor` times as likely to be among the first of a wave."""

    criterion: Slug
    value: Slug
    factor: float = Field(gt=0, le=100)


class Wave(Part):
    """A random `share` of everyone not invited yet."""

    id: Slug
    title: Text
    share: float = Field(default=1, gt=0, le=1)
    favours: tuple[Favour, ...] = ()


class Condition(Part):
    """What is asked of a member and what they get: pay, meals, help."""

    id: Slug
    title: Text
    text: Text


class SignUp(Part):
    """When residents can sign up (both ends are Danish wall-clock times), and what they are told and asked."""

    opens: LocalTime
    closes: LocalTime
    waves: tuple[Wave, ...] = ()
    conditions: tuple[Condition, ...] = ()
    needs: tuple[Named, ...] = ()


class Retention(Part):
    """How long people are kept, in whole days from the draw, the last session and the closing of the follow-up."""

    not_drawn_days: Positive | None = None
    roll_days: Positive | None = None
    members_days: Positive | None = None


class Panel(Part):
    """How many are drawn, how many stand by, and how long who is offered a seat has to answer, in whole days.

    Who has not answered is reminded so many days before the end of the last of them.
    """

    size: Positive
    alternates: Whole
    answer_days: Positive = 7
    answer_reminder_days: Positive = 2


class Value(Part):
    """A value of a criterion with its quota in seats; `age_from`/`age_to` (inclusive) make it an age band.

    `min_flex`/`max_flex` say how far a proposal may loosen the bounds when no panel can be drawn.
    `streets` (`Street`, `Street 1-99`, or `*` for the rest) give residents the value where the roll does not.
    """

    id: Slug
    title: Text
    minimum: Whole
    maximum: Whole
    min_flex: Whole | None = None
    max_flex: Whole | None = None
    population_share: float | None = Field(default=None, ge=0, le=1)
    age_from: Whole | None = None
    age_to: Whole | None = None
    streets: tuple[Words, ...] = ()


class Criterion(Part):
    """A feature the lottery balances: known from the roll, or asked in the sign-up form."""

    id: Slug
    title: Text
    source: Literal["roll", "form"]
    values: Annotated[tuple[Value, ...], at_least(2)]


class ProgrammePart(Part):
    """A part of a session from a time of day on; `open` says whether observers may follow it."""

    starts: TimeOfDay
    title: Text
    open: Flag


class Session(Part):
    """A session as promised; `open` says whether all residents may come."""

    id: Slug
    number: Positive
    title: Text
    form: Text
    starts: LocalTime
    ends: LocalTime
    place: Words
    open: Flag
    parts: tuple[ProgrammePart, ...] = ()


Audience = Literal["officers", "management", "council", "secretariat"]
"""Who can be told of a deadline. Each is a function with an address of its own, set where messages are sent."""


class Escalation(Part):
    """Who else is told, from so many days past a status's last day on."""

    days_overdue: Positive
    tell: Annotated[tuple[Audience, ...], at_least(1)]


class Milestone(Part):
    """A status the council owes: `months` from the day of delivery, at a named event, or `months` from that event.

    `window_days` more may pass after it before it is overdue, and with `working_day` the last day is moved to the next
    working day. What is None here is as the assembly says for all of its milestones.
    """

    id: Slug
    title: Text
    wording: Literal["within", "after"]
    months: Annotated[Whole, Field(le=120)] | None = None
    event: Slug | None = None
    window_days: Annotated[Whole, Field(le=366)] = 0
    working_day: Flag = False
    reminder_days: tuple[Positive, ...] | None = None
    overdue_every_days: Whole | None = None
    tell: Annotated[tuple[Audience, ...], at_least(1)] | None = None
    escalation: tuple[Escalation, ...] | None = None


class Texts(Part):
    """What the public reads about this assembly, beside the mandate."""

    about: Text
    taking_part: Text
    drawing: Text
    following: Text


class Contact(Part):
    """Who answers for the pages. A function, never a person."""

    authority: Text
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class AssemblyFile(Part):
    """The whole file. Build it with `read` or `load`, which check `rules` too."""

    id: AssemblyId
    municipality: Named
    title: Text
    purpose: Text
    mandate: Mandate
    eligibility: Eligibility
    sign_up: SignUp
    panel: Panel
    criteria: Annotated[tuple[Criterion, ...], at_least(1)]
    sessions: Annotated[tuple[Session, ...], at_least(1)]
    themes: Annotated[tuple[Named, ...], at_least(1)]
    committees: Annotated[tuple[Named, ...], at_least(1)]
    milestones: Annotated[tuple[Milestone, ...], at_least(1)]
    reminder_days: tuple[Positive, ...]
    overdue_every_days: Whole = 7
    tell: Annotated[tuple[Audience, ...], at_least(1)] = ("officers",)
    escalation: tuple[Escalation, ...] = ()
    texts: Texts
    contact: Contact
    retention: Retention = Retention()
    evaluation_link: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=256)] | None = None

    def session(self, session_id: str) -> Session | None:
        """Return the session of this id, or None."""
        return next((session for session in self.sessions if session.id == session_id), None)
