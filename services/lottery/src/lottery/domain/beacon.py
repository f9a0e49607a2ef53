"""The public randomness beacon drand: which round a draw uses.

Two dozen organisations (the League of Entropy) sign the number of each round together. No fewer than half of them can
know or choose a round's signature before its time, and anyone can check it against one public key
(https://docs.drand.love). The rounds of `quicknet` come every three seconds; each is a signature of its own number
alone (whether it is the network's own: `signature.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Chain:
    """A network's chain of rounds: its hash is its name, its key what signatures are checked with (hex)."""

    hash: str
    public_key: str
    genesis: datetime
    period: timedelta

    def round_at(self, moment: datetime) -> int:
        """Return the first round that is signed at this moment or after it."""
        return -((self.genesis - moment) // self.period) + 1

    def time_of(self, number: int) -> datetime:
        """Return when a round is signed."""
        return self.genesis + (number - 1) * self.period


QUICKNET = Chain(
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b"
    "0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC),
    timedelta(seconds=3),
)
"""The mainnet chain the draws use."""
