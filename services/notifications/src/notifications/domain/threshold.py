"""When a job has failed so often that sending more would only spread the fault."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """At least `share` of the last `window` that ended have failed, and `least` have ended at all."""

    window: int
    least: int
    share: float

    def is_passed(self, failed: Sequence[bool]) -> bool:
        """Say whether a job has to stop; `failed` has one entry for each that ended, the latest last."""
        latest = failed[-self.window :]
        return len(latest) >= self.least and sum(latest) >= self.share * len(latest)
