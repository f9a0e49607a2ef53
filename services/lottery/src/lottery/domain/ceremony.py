"""The public draw as a ceremony: its states, what is fixed before it, and the number that two people must agree on.

Secretariat and witness each type what the dice or balls showed, apart from each other. Nothing is drawn until both have
typed the same: one person alone, or one slip of a finger, decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from lottery.domain.beacon import QUICKNET
from lottery.domain.objectives import Algorithm

Source = Literal["dice", "balls", "drand"]
"""Where the three digits come from: people in a room, or a public randomness beacon."""


FOR_TESTS: tuple[Algorithm, ...] = ("stratified",)
"""Ways of drawing that are there to be compared with, and decide about nobody."""


class State(StrEnum):
    """Where a draw stands. The first five are the secretariat's own; from ANNOUNCED on it is public."""

    PREPARING = "preparing"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PREPARED = "prepared"
    ANNOUNCED = "announced"
    DRAWN = "drawn"
    VOIDED = "voided"


PUBLIC = (State.ANNOUNCED, State.DRAWN, State.VOIDED)
OPEN = (State.PREPARING, State.PREPARED, State.ANNOUNCED)
"""There is something to do yet."""


@dataclass(frozen=True)
class Plan:
    """What the secretariat decides about a draw before it is prepared. All of it is sealed in the record."""

    draws_at: datetime
    """Nothing is drawn before this moment."""
    source: Source = "dice"
    round: int | None = None
    """The beacon's round, fixed by `draws_at`; None for dice and balls."""
    households: bool = False
    """At most one of a household on a panel."""
    algorithm: Algorithm = "leximin"

    @property
    def randomness(self) -> dict[str, Any]:
        """What the record says of where the digits come from."""
        if self.round is None:
            return {"source": self.source}
        return {
            "source": self.source,
            "chain": QUICKNET.hash,
            "round": self.round,
            "public_key": QUICKNET.public_key,
        }

    @property
    def opens_at(self) -> datetime:
        """When it can be drawn: at once when it is time, or when the beacon's round is signed."""
        return self.draws_at if self.round is None else max(self.draws_at, QUICKNET.time_of(self.round))

    def fixed(self) -> "Plan":
        """Return the plan as it is announced: to the second, and with the beacon's round."""
        draws_at = self.draws_at.astimezone(UTC).replace(microsecond=0)
        number = QUICKNET.round_at(draws_at) if self.source == "drand" else None
        return replace(self, draws_at=draws_at, round=number)


@dataclass(frozen=True)
class Entry:
    """The digits as one person typed them. `subject` is the account's opaque id at the municipality's sign-in."""

    role: str
    subject: str
    digits: str
    at: datetime

    @property
    def who(self) -> tuple[str, str]:
        return self.role, self.subject


class Typed(StrEnum):
    """What became of a number that was typed."""

    FIRST = "first"
    """The other person has not typed theirs yet."""
    DIFFERENT = "different"
    """The two differ: both are forgotten, and both type again."""
    AGREED = "agreed"


class NoSecretariatError(Exception):
    """Two observers have typed: one of the two must be of the secretariat, who answers for the draw."""


def typed(standing: Sequence[Entry], entry: Entry, in_charge: str) -> tuple[Typed, tuple[Entry, ...]]:
    """Return what becomes of an entry, and the entries that stand after it.

    Whoever types again before the other has typed corrects themselves. `in_charge` is the role that one of the two
    must have; `NoSecretariatError` when neither has.
    """
    others = [one for one in standing if one.who != entry.who]
    if not others:
        return Typed.FIRST, (entry,)
    pair = (others[0], entry)
    if all(one.role != in_charge for one in pair):
        raise NoSecretariatError
    if pair[0].digits != pair[1].digits:
        return Typed.DIFFERENT, ()
    return Typed.AGREED, pair
