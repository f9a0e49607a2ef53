"""One-time codes that members sign in with: six digits, good for half an hour, five tries.

A code is derived from its random id with the person key, so it is stored nowhere, and who reads the database or the
streams cannot use one. Digital Post is slow, hence the half hour; the few tries make up for the few digits.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(minutes=30)
TRIES = 5
MOST_AN_HOUR = 5
HOUR = timedelta(hours=1)
DIGITS = 6


class State(StrEnum):
    """Where a code stands."""

    LIVE = "live"
    EXPIRED = "expired"
    USED = "used"
    SPENT = "spent"
    """Tried too often."""


@dataclass(frozen=True, slots=True)
class Code:
    """A person's latest code, by its id alone. `undelivered`: its message did not reach them."""

    id: str
    issued_at: datetime
    tries: int = 0
    used: bool = False
    undelivered: bool = False

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + LIFE

    @property
    def tries_left(self) -> int:
        return TRIES - self.tries

    def state(self, now: datetime) -> State:
        """Say whether it can still be used, and why not."""
        if self.used:
            return State.USED
        if self.tries_left <= 0:
            return State.SPENT
        return State.LIVE if now < self.expires_at else State.EXPIRED


def digits(key: bytes, person: str, code_id: str) -> str:
    """Return the code: the same for the same three, and nothing to who lacks the key."""
    mac = hmac.digest(key, f"sign-in code:{person}:{code_id}".encode(), hashlib.sha256)
    return f"{int.from_bytes(mac) % 10**DIGITS:0{DIGITS}d}"


def typed(text: str) -> str | None:
    """Return the digits of what someone typed, spaces and dashes aside; None when it is no code at all."""
    bare = "".join(text.replace("-", "").split())
    return bare if len(bare) == DIGITS and bare.isascii() and bare.isdigit() else None


def matches(key: bytes, person: str, code_id: str, given: str) -> bool:
    """Say whether these are the code's digits, in constant time."""
    return hmac.compare_digest(digits(key, person, code_id), given)


def recent(issued: Sequence[datetime], now: datetime) -> list[datetime]:
    """Return those of the moments that fall in the last hour, oldest first."""
    return sorted(at for at in issued if now - at < HOUR)
