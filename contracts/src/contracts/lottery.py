"""What the lottery service says: the draw, the panel, its alternates and replacements."""

from pydantic import AwareDatetime, Field

from contracts.base import Fact, Part, PersonId, Slug
from contracts.registration import Digest


class DrawAnnounced(Fact, speaker="lottery", name="draw-announced"):
    """A draw is sealed: what it will be computed from is fixed and its digest public before the number is known."""

    draw: str
    record_digest: Digest
    pool_digest: Digest
    pool_size: int = Field(ge=0)
    draws_at: AwareDatetime | None = Field(default=None, description="nothing is drawn before this moment")


class DrawVoided(Fact, speaker="lottery", name="draw-voided"):
    """An announced draw will not be drawn, because it could not be as it was announced; another one may follow."""

    draw: str
    record_digest: Digest


class Seats(Part):
    """How many of the panel's seats one value of a criterion holds."""

    criterion: Slug
    value: Slug
    seats: int = Field(ge=0)


class PanelDrawn(Fact, speaker="lottery", name="panel-drawn"):
    """The panel and its alternates, in order; the composition is public, the people are ids.

    The panel is asked to take the seats, and to answer before `answer_by`; none: whenever they like.
    """

    draw: str
    pool_size: int = Field(ge=0)
    panel: tuple[PersonId, ...]
    alternates: tuple[PersonId, ...]
    composition: tuple[Seats, ...]
    record_digest: Digest
    answer_by: AwareDatetime | None = None


class MemberConfirmed(Fact, speaker="lottery", name="member-confirmed"):
    """A drawn person takes the seat."""

    person: PersonId


class MemberDeclined(Fact, speaker="lottery", name="member-declined"):
    """A drawn person does not take the seat."""

    person: PersonId


class MemberReplaced(Fact, speaker="lottery", name="member-replaced"):
    """An alternate takes over a seat, within the quotas, and is asked to take it before `answer_by`."""

    left: PersonId
    joined: PersonId
    answer_by: AwareDatetime | None = None


class SeatReturned(Fact, speaker="lottery", name="seat-returned"):
    """A no was noted by mistake: the person has the seat again, and is asked anew to take it before `answer_by`.

    `instead_of` is the alternate who was offered the seat meanwhile and has not answered: they wait again.
    """

    person: PersonId
    instead_of: PersonId | None = None
    answer_by: AwareDatetime | None = None


class AnswerAwaited(Fact, speaker="lottery", name="answer-awaited"):
    """These drawn people have not answered, and `answer_by` is near: they are reminded, once."""

    people: tuple[PersonId, ...]
    answer_by: AwareDatetime


class ErasureConfirmed(Fact, speaker="lottery", name="erasure-confirmed"):
    """What the lottery held about these erased people is blanked; said in bulk."""

    people: tuple[PersonId, ...]


SAYS = (
    DrawAnnounced,
    DrawVoided,
    PanelDrawn,
    MemberConfirmed,
    MemberDeclined,
    MemberReplaced,
    SeatReturned,
    AnswerAwaited,
    ErasureConfirmed,
)
