"""Following an assembly by e-mail: asked for, confirmed by who owns the address, until they stop.

Nothing of the roll is behind a follower. The address is found again by a keyed digest; the link is derived from the
follower's id and the key, and of it a keyed digest is stored: who reads the database has neither.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFE = timedelta(hours=48)
"""How long a confirmation can be given; who has not given it by then is erased."""
BETWEEN = timedelta(hours=1)
MOST_IN_LIFE = 3
"""Confirmations sent to one address within LIFE: more would be a way to fill a stranger's mailbox."""
KEPT_AFTER_CLOSING = timedelta(days=7)
"""So long after the follow-up is closed everyone who follows is erased: the last status is on its way until then."""


@dataclass(frozen=True, slots=True)
class Confirmations:
    """When confirmations were sent to an address, oldest first, and how many there were in all."""

    sent: tuple[datetime, ...] = ()
    number: int = 0

    def may_send(self, now: datetime) -> bool:
        """Say whether another may be sent: not twice within an hour, and few in two days."""
        recent = [at for at in self.sent if now - at < LIFE]
        return len(recent) < MOST_IN_LIFE and (not recent or now - recent[-1] >= BETWEEN)

    def after_one(self, now: datetime) -> "Confirmations":
        """Return them with one sent now; what is older than LIFE is not kept."""
        return Confirmations((*(at for at in self.sent if now - at < LIFE), now), self.number + 1)


def address_digest(key: bytes, assembly: str, email: str) -> str:
    """Return what an address is found by in an assembly, however its letters are typed."""
    return _mac(key, f"follower:{assembly}:{email.strip().casefold()}").hex()


def follower_token(key: bytes, follower: str) -> str:
    """Return the token of a follower's link: 128 bits, base32 in lower case; derived, never stored."""
    return base64.b32encode(_mac(key, f"follow:{follower}")[:16]).decode().rstrip("=").lower()


def token_digest(key: bytes, token: str) -> str:
    """Return what is stored of a token."""
    return _mac(key, f"follow token:{token.strip().lower()}").hex()


def masked(email: str) -> str:
    """Return an address as it is shown behind a link that may have been passed on: `a…@example.dk`."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)
