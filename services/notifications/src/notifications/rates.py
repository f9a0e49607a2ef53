"""Each provider's rate limit, kept by all replicas together: a token bucket per channel, one document each.

Lanes and replicas take from the same bucket, so the limit holds however many there are, and one alone may use all of
it. It costs a read and a write a batch and channel; a read alone where no limit is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.clock import Clock
from chassis.errors import Duplicate
from chassis.mongo import Database
from notifications.channels import ChannelName
from notifications.domain.bucket import Rate, stop, take

RATES = "rates"
LONGEST_WAIT = 5.0
"""Seconds that a batch is held in hand for its turn; for longer, its shipments are put back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When a batch may go: in `seconds`. Not `taken`, nothing was taken for it: ask again then."""

    seconds: float
    taken: bool


class Rates:
    """The buckets."""

    def __init__(self, db: Database, clock: Clock, rates: Mapping[ChannelName, Rate]) -> None:
        self._buckets = db.collection(RATES)
        self._clock = clock
        self._rates = rates

    async def turn(self, channel: ChannelName, number: int) -> Turn:
        """Take a turn for so many messages."""
        while True:
            paid, now = await self._paid(channel), self._clock.machine_now()
            then, wait = take(paid, number, now, self._rates.get(channel))
            seconds = wait.total_seconds()
            if seconds > LONGEST_WAIT:
                return Turn(seconds, taken=False)
            if self._rates.get(channel) is None or await self._set(channel, paid, then):
                return Turn(seconds, taken=True)

    async def stop(self, channel: ChannelName, seconds: float) -> None:
        """Let nothing go by a channel for so long: its provider says that it has too much."""
        while True:
            paid, now = await self._paid(channel), self._clock.machine_now()
            if await self._set(channel, paid, stop(paid, seconds, now, self._rates.get(channel))):
                return

    async def _paid(self, channel: ChannelName) -> datetime | None:
        found = await self._buckets.get(channel)
        return found["paid_until"] if found else None

    async def _set(self, channel: ChannelName, before: datetime | None, after: datetime) -> bool:
        """Store unless someone else was faster."""
        if before is None:
            try:
                await self._buckets.insert({"_id": channel, "paid_until": after})
            except Duplicate:
                return False
            return True
        where = {"_id": channel, "paid_until": before}
        return await self._buckets.update(where, {"$set": {"paid_until": after}}) == 1
