"""The ways a message can go, behind one small interface.

A channel sends one message and says what became of the attempt. It never raises for what the other side does, never
stores, logs or traces what it sends, and may be asked again for the same message: it passes the same UUID on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.notifications import Channel as ChannelName
from contracts.recipients import Address
from notifications.catalogue import ActionCode
from notifications.domain.message import Message
from notifications.domain.shipment import Step

__all__ = ["Action", "Channel", "ChannelName", "Outcome", "Outgoing", "Person", "StaffMember"]


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A resident at the moment of sending. No repr: it must not slip into a log.

    `cpr` is empty for who is known by birth date alone. `code` is the one-time code of this one message, `reference`
    the number they read out on the telephone, `draw_code` finds their line in the draw's record: where they have one.
    """

    cpr: str
    name: str
    address: Address
    link: str
    language: str
    code: str = ""
    reference: str = ""
    draw_code: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class StaffMember:
    """A role of the staff, with its address from the settings."""

    email: str
    language: str = "da"


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
    """One message on its way out."""

    shipment: str
    message_uuid: str
    template: str
    sender: str
    language: str
    to: Person | StaffMember
    message: Message
    action: Action


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: its steps, a reason code, and the seconds to wait where the other side said so."""

    steps: tuple[Step, ...]
    reason: str | None = None
    retry_after: float | None = None


class Channel(Protocol):
    """A way to a recipient."""

    name: ChannelName

    async def send(self, out: Outgoing, now: datetime) -> Outcome:
        """Try to send once. `now` is the clock's, aware UTC. ValueError when the message cannot be put in its form."""

    async def close(self) -> None:
        """Let go of connections and workers."""
