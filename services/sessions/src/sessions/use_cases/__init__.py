"""The commands. Each runs in a transaction its caller has opened, and may be asked for twice."""

from sessions.use_cases.announcing import announce
from sessions.use_cases.delivering import deliver, write_recommendation
from sessions.use_cases.holding import Timing, TookPart, hold, schedule
from sessions.use_cases.publishing import Publication, release
from sessions.use_cases.seeing import Sighting, see

__all__ = [
    "Publication",
    "Sighting",
    "Timing",
    "TookPart",
    "announce",
    "deliver",
    "hold",
    "release",
    "schedule",
    "see",
    "write_recommendation",
]
