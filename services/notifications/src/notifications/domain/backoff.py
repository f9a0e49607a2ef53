"""How long to wait before what came to nothing is tried again: exponentially longer, and each at a time of its own."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits with full jitter: anything from nothing to `base * 2 ** attempts`, never more than `cap`, in seconds.

    Thousands that were refused at one moment come back spread out, not at one moment again (Brooker, "Exponential
    Backoff And Jitter", 2015). There is no last attempt: nobody is given up in silence.
    """

    base_seconds: float
    cap_seconds: float
    random: Random

    def wait(self, attempts: int, least: float | None = None) -> float:
        """Return the seconds to wait after so many attempts, and not less than `least` (what the other side said)."""
        longest = min(self.cap_seconds, self.base_seconds * 2.0 ** min(attempts, 32))
        return (least or 0.0) + self.random.uniform(0, longest)
