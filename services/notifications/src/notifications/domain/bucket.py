"""A token bucket: so many a second on average, and at most so many at one moment.

It is kept as one time: until when what was taken is paid for (the generic cell rate algorithm, ITU-T I.371). A bucket
that is paid for is full.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """A provider's limit."""

    per_second: float
    burst: int

    @property
    def credit(self) -> timedelta:
        """How far a full bucket reaches ahead."""
        return timedelta(seconds=self.burst / self.per_second)


def take(paid_until: datetime | None, number: int, now: datetime, rate: Rate | None) -> tuple[datetime, timedelta]:
    """Take so many, which may be more than the bucket holds; return until when that is paid for, and how long to wait.

    Without a rate there is only what `stop` asked for to wait for.
    """
    start = max(paid_until or now, now)
    if rate is None:
        return start, start - now
    paid = start + timedelta(seconds=number / rate.per_second)
    return paid, max(timedelta(), paid - now - rate.credit)


def stop(paid_until: datetime | None, seconds: float, now: datetime, rate: Rate | None) -> datetime:
    """Let nothing be taken for so long; return until when the bucket is then paid for."""
    empty = now + timedelta(seconds=seconds) + (rate.credit if rate else timedelta())
    return max(paid_until or empty, empty)
