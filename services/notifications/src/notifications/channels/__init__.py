"""The ways a message can go, behind one small interface.

A channel sends messages and says what became of each attempt. It never raises for what the other side does, never
stores, logs or traces what it sends, and may be asked again for the same message: it passes the same UUID on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from contracts.notifications import Channel as ChannelName
from contracts.recipients import Address
from notifications.catalogue import ActionCode
from notifications.domain.message import Message
from notifications.domain.shipment import Step

__all__ = [
    "Action",
    "Attachment",
    "Calendar",
    "Channel",
    "ChannelName",
    "Follower",
    "LookUp",
    "Outcome",
    "Outgoing",
    "Person",
    "Receipt",
    "ReceiptBox",
    "StaffMember",
]


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A resident at the moment of sending. No repr: it must not slip into a log.

    `cpr` is empty for who is known by birth date alone. `code` is the one-time code of this one message, `reference`
    the number they read out on the telephone, `draw_code` finds their line in the draw's record: where they have one.
    `answered`: they have answered the invitation, with yes or no.
    """

    cpr: str
    name: str
    address: Address
    link: str
    language: str
    code: str = ""
    reference: str = ""
    draw_code: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class StaffMember:
    """A role of the staff, with its address from the settings."""

    email: str
    language: str = "da"


@dataclass(frozen=True, slots=True, repr=False)
class Follower:
    """Somebody of the public who asked to be told by e-mail.

    `link` is the path of their own page, `unsubscribe` the one where they stop, by a page or by one click (RFC 8058).
    """

    email: str
    link: str
    language: str = "da"
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """A PDF that goes with a message. `title` is what people read, `filename` ends in `.pdf`."""

    filename: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Calendar:
    """An appointment for a mail program's calendar: the same `uid` with a higher `sequence` moves it."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Action:
    """What a message asks its reader to do: follow a link, before a time, or come to a place."""

    code: ActionCode
    label: str
    url: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    reservation: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """One message on its way out. `message_uuid` is the one of the channel it goes by.

    `unsubscribe` is where a mail program can stop such mails with one click (RFC 8058); empty where nobody can.
    """

    shipment: str
    message_uuid: str
    template: str
    sender: str
    language: str
    to: Person | StaffMember | Follower
    message: Message
    action: Action
    template_version: int = 0
    attachments: tuple[Attachment, ...] = field(default=())
    calendar: Calendar | None = None
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: its steps, a reason code, and the seconds to wait where the other side said so.

    `transmission` is the other side's own id of what it took, the first half of a proof.
    """

    steps: tuple[Step, ...]
    reason: str | None = None
    retry_after: float | None = None
    transmission: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: which message, what became of it, and a reason code when it failed."""

    id: str
    message_uuid: str
    step: Step
    reason: str | None
    transmission: str | None = None


class Channel(Protocol):
    """A way to recipients."""

    name: ChannelName

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Try to send each once, and return what became of them in the same order. `now` is the clock's, aware UTC.

        A message that cannot be put in the channel's form has FAILED with `not-made` and keeps no other back.
        """

    async def close(self) -> None:
        """Let go of connections and workers."""


class LookUp(Protocol):
    """Knows who has Digital Post."""

    async def look_up(self, cpr: str) -> Literal["registered", "not-registered"]:
        """Say whether a person has Digital Post.

        Permanent, with a reason code, when the number itself is refused; Transient for all else but a definite answer.
        """


class ReceiptBox(Protocol):
    """Where receipts wait to be fetched."""

    async def receipts(self, most: int) -> Sequence[Receipt]:
        """Return up to `most` receipts that wait. Transient when there is no answer."""

    async def forget(self, receipts: Sequence[Receipt]) -> None:
        """Acknowledge receipts that are handled and committed. One that could not be is handed out again."""
