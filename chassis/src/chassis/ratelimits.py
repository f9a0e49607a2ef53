"""How often: forms from one address and by one personal link, and guesses at links. Counted in each process.

By the machine's own time, not the assembly's: what is protected is the machine.
"""

import hashlib
import math
import re
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chassis.settings import FormsSettings

_LINK = re.compile(r"/l/([^/]+)")


class Limits:
    """The limits of one service."""

    def __init__(self, settings: FormsSettings) -> None:
        self._address = parse(settings.per_address)
        self._link = parse(settings.per_link)
        self._guess = parse(settings.guesses_per_address)
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    async def form(self, address: str, path: str) -> int:
        """Count a form, or an attempt to sign in; returns 0, or after how many seconds to try again."""
        wait = await self._hit(self._address, "address", address)
        found = _LINK.search(path)
        if wait or not found:
            return wait
        # Kept as a digest: a link is a credential, also in memory dumps.
        return await self._hit(self._link, "link", hashlib.sha256(found[1].encode()).hexdigest())

    async def guesser(self, address: str) -> int:
        """Return 0, or for how many seconds an address that tried links that do not exist has to wait."""
        if await self._counts.test(self._guess, "guess", address):
            return 0
        return await self._wait(self._guess, "guess", address)

    async def guessed(self, address: str) -> None:
        """Count a link that does not exist."""
        await self._counts.hit(self._guess, "guess", address)

    async def _hit(self, limit: RateLimitItem, kind: str, who: str) -> int:
        if await self._counts.hit(limit, kind, who):
            return 0
        return await self._wait(limit, kind, who)

    async def _wait(self, limit: RateLimitItem, kind: str, who: str) -> int:
        window = await self._counts.get_window_stats(limit, kind, who)
        return max(1, math.ceil(window.reset_time - time.time()))
