"""Random numbers that anyone can compute again, in any language, from the draw's public record.

Python's own `random` is stable for some methods and explicitly not for others (`shuffle`, `sample` have changed between
versions), and nobody outside Python can repeat it. SHA-256 in counter mode can be repeated with a page of code
anywhere: block i is SHA-256(seed || i as 8 bytes, big-endian), read as four numbers of 64 bits.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = 1 << 64


class Dice:
    """A stream of fair numbers below a bound, made of a seed."""

    def __init__(self, *seed: str) -> None:
        # Parts are joined by a character that no part holds, so that ("a", "bc") is not ("ab", "c").
        self._seed = hashlib.sha256("\n".join(seed).encode()).digest()
        self._words = self._stream()

    def _stream(self) -> Iterator[int]:
        counter = 0
        while True:
            block = hashlib.sha256(self._seed + counter.to_bytes(8, "big")).digest()
            for start in range(0, 32, 8):
                yield int.from_bytes(block[start : start + 8], "big")
            counter += 1

    def below(self, bound: int) -> int:
        """Return a fair number in 0..bound-1; words beyond the last whole multiple of it are thrown away."""
        limit = _WORD - _WORD % bound
        while True:
            word = next(self._words)
            if word < limit:
                return word % bound

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in a fair order (Fisher-Yates, from the last place down)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
