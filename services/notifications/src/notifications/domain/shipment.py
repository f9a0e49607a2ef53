"""A shipment: one message to one recipient because of one event, and the states it may go through.

    CREATED > CHANNEL_CHOSEN > SENDING > ACCEPTED > RECEIVED > DELIVERED | FAILED
    a letter:                           ACCEPTED > AT_PRINTER > DISPATCHED | FAILED | RECALLED
    SENDING > UNKNOWN after a time-out or when the sender died: resolved by a receipt, or sent again under the same UUID
    OVERDUE when no receipt came in time; a late one still counts
    CANCELLED by somebody before the first call; FAILED > CREATED when somebody has it sent again (never by a receipt)
    registered at the look-up, refused as not registered later: CHANNEL_CHOSEN again, now as a letter

Steps come from our own calls and from receipts, which may be lost, late, doubled or out of order. So a step that does
not lead forward changes nothing, and a terminal state is final.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a shipment stands."""

    CREATED = "created"
    CHANNEL_CHOSEN = "channel-chosen"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    RECEIVED = "received"
    AT_PRINTER = "at-printer"
    OVERDUE = "overdue"
    DELIVERED = "delivered"
    DISPATCHED = "dispatched"
    RECALLED = "recalled"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What happened to a shipment."""

    CHANNEL_CHOSEN = "channel-chosen"
    SENDING = "sending"
    NOT_TAKEN = "not-taken"
    """The channel has definitely not taken it (busy, unreachable): again later."""
    TIMED_OUT = "timed-out"
    """The channel may have taken it: nobody knows."""
    ACCEPTED = "accepted"
    RECEIVED = "received"
    AT_PRINTER = "at-printer"
    DELIVERED = "delivered"
    DISPATCHED = "dispatched"
    RECALLED = "recalled"
    FAILED = "failed"
    OVERDUE = "overdue"
    LOST = "lost"
    """The sender died between our note of the sending and its end: nobody knows."""
    NOT_REGISTERED = "not-registered"
    """Digital Post says definitely that it has no such recipient: nothing was delivered, a letter goes."""
    CANCELLED = "cancelled"
    RESENT = "resent"
    """Somebody has looked at the failure and has it sent again, under the same UUID."""


S = State
TERMINAL = frozenset({S.DELIVERED, S.DISPATCHED, S.RECALLED, S.FAILED, S.CANCELLED})
TO_SEND = frozenset({S.CREATED, S.CHANNEL_CHOSEN, S.SENDING, S.UNKNOWN})
"""Still to be sent, or sent again, by us."""

_OPEN = frozenset(S) - TERMINAL
_LEADS: dict[Step, tuple[frozenset[State], State]] = {
    Step.CHANNEL_CHOSEN: (frozenset({S.CREATED}), S.CHANNEL_CHOSEN),
    # Not from SENDING: whoever was sending died, which is a doubt (LOST) before it is another attempt.
    Step.SENDING: (frozenset({S.CHANNEL_CHOSEN, S.UNKNOWN}), S.SENDING),
    Step.NOT_TAKEN: (frozenset({S.SENDING}), S.CHANNEL_CHOSEN),
    Step.TIMED_OUT: (frozenset({S.SENDING}), S.UNKNOWN),
    Step.ACCEPTED: (TO_SEND, S.ACCEPTED),
    # A receipt names the message's UUID, so it proves that the message was taken, whatever we believed until now.
    Step.RECEIVED: (TO_SEND | {S.ACCEPTED, S.OVERDUE}, S.RECEIVED),
    Step.AT_PRINTER: (TO_SEND | {S.ACCEPTED, S.OVERDUE}, S.AT_PRINTER),
    Step.DELIVERED: (_OPEN, S.DELIVERED),
    Step.DISPATCHED: (_OPEN, S.DISPATCHED),
    Step.RECALLED: (_OPEN, S.RECALLED),
    Step.FAILED: (_OPEN, S.FAILED),
    Step.OVERDUE: (frozenset({S.ACCEPTED, S.RECEIVED, S.AT_PRINTER}), S.OVERDUE),
    Step.LOST: (frozenset({S.SENDING}), S.UNKNOWN),
    # From CHANNEL_CHOSEN too: "not taken" may have been wrong, and the answer is as definite.
    Step.NOT_REGISTERED: (_OPEN - {S.CREATED, S.AT_PRINTER}, S.CHANNEL_CHOSEN),
    # Before the first call alone: what may have been taken cannot be called back.
    Step.CANCELLED: (frozenset({S.CREATED, S.CHANNEL_CHOSEN}), S.CANCELLED),
    Step.RESENT: (frozenset({S.FAILED}), S.CREATED),
}
BY_HAND = frozenset({Step.CANCELLED, Step.RESENT})
"""Steps that somebody takes. No receipt ever does."""


def leads(state: State, step: Step) -> bool:
    """Say whether a step leads on from a state."""
    return state in _LEADS[step][0]


def after(state: State, step: Step) -> State:
    """Return the state after a step: the same one when the step does not lead on from it."""
    return _LEADS[step][1] if leads(state, step) else state


def shipment_id(assembly: str, cause: str, recipient: str, template: str) -> str:
    """Return the id of the one shipment there is for this event, recipient and template."""
    return hashlib.sha256(f"{assembly}|{cause}|{recipient}|{template}".encode()).hexdigest()[:32]


def job_id(assembly: str, template: str, occasion: str) -> str:
    """Return the id of the job of a template's shipments on one occasion: a draw, a session, or "" for day by day."""
    return hashlib.sha256(f"{assembly}|{template}|{occasion}".encode()).hexdigest()[:16]


def uuid_from(*parts: str) -> str:
    """Return a UUID that the same parts always give, in the shape of version 4, the only one that MeMo takes."""
    return str(uuid.UUID(bytes=hashlib.sha256("|".join(parts).encode()).digest()[:16], version=4))


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment as planned. It holds an opaque id or a staff role, and public facts: never an address or a text.

    `fields` are what the template needs besides the recipient; `language` wins over the recipient's own.
    """

    assembly: str
    template: str
    cause: str
    person: str | None = None
    role: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    traceparent: str | None = None

    @property
    def id(self) -> str:
        """Its id, the same however often the event is heard."""
        return shipment_id(self.assembly, self.cause, self.person or f"role:{self.role}", self.template)

    @property
    def message_uuid(self) -> str:
        """The UUID the message has on every attempt."""
        return uuid_from("message", self.id)

    @property
    def letter_uuid(self) -> str:
        """The UUID of its letter, should it come to one: a receipt for the other says nothing of it."""
        return uuid_from("letter", self.id)
