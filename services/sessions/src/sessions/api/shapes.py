"""What the API takes and gives, with the examples its OpenAPI document shows."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from contracts.base import PersonId
from sessions.domain.assembly_file.model import Mandate, Text
from sessions.domain.recommendation import Recommendation
from sessions.use_cases.publishing import Kind

AssemblyPath = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9-]{2,47}$", description="the assembly's id", examples=["dragoer-2025"])
]
SlugPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.+-]{0,63}$", examples=["first"])]


class Body(BaseModel):
    """A request's body: an unknown field is refused rather than dropped."""

    model_config = ConfigDict(extra="forbid")


class ScheduleBody(Body):
    """What to settle; left out, a session keeps what it has, or what the programme promises."""

    place: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class HoldBody(Body):
    """How many members took part, or their opaque ids, or both, when they must agree. Never names."""

    attended: int | None = Field(default=None, ge=0, strict=True, examples=[34])
    present: tuple[PersonId, ...] | None = None


class PublicationBody(Body):
    """A publication. `text` is shown on its page, a blank line between paragraphs."""

    session: str | None = Field(default=None, examples=["first"])
    kind: Kind
    title: Text = Field(examples=[{"da": "Referat af første samling", "en": "Minutes of the first session"}])
    text: Text | None = None


class AssemblyLine(BaseModel):
    """An announced assembly in the list."""

    id: str
    title: Text
    announced_at: datetime
    delivered_at: datetime | None
    path: str


class SessionOut(BaseModel):
    """A session: planned until it is scheduled, then as scheduled, then held."""

    id: str
    number: int
    title: Text
    status: str = Field(description="planned, scheduled or held")
    starts_at: datetime
    ends_at: datetime
    place: str
    open: bool
    attended: int | None


class PublicationOut(BaseModel):
    """A publication and its page."""

    id: str
    kind: str
    title: Text
    session: str | None
    released_at: datetime
    path: str


class RecommendationOut(BaseModel):
    """A delivered recommendation, with the council's answer once there is one."""

    id: str
    path: str
    answer: str | None = Field(description="followed, partly, not-followed, or null while it is not answered")
    answer_path: str | None
    template: Recommendation


class AssemblyOut(BaseModel):
    """Everything the public may know of an assembly."""

    id: str
    municipality: str
    title: Text
    purpose: Text
    mandate: Mandate
    announced_at: datetime
    delivered_at: datetime | None
    numbers: dict[str, int] = Field(
        description="invited, signed_up, panel, alternates, replaced: as far as they are known"
    )
    sessions: list[SessionOut]
    publications: list[PublicationOut]
    recommendations: list[RecommendationOut]


class Counts(BaseModel):
    """The course in numbers, counted from this service's own documents. Recommendations count once delivered."""

    sessions_held: int
    recommendations: int
    themes: int
    minority_statements: int


class Announced(BaseModel):
    """The assembly is public since then."""

    id: str
    announced_at: datetime


class Draft(BaseModel):
    """A recommendation as the secretariat works on it."""

    id: str
    revision: int
    written_at: datetime
    template: Recommendation


class Delivery(BaseModel):
    """The day from which the council's milestones are counted, and what was handed over."""

    delivered_at: datetime
    recommendations: list[str]
