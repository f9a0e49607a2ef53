"""The counts of an assembly as pages show them: fresh where counting is quick, kept for a while where it is not.

Counting goes through the whole roll: a tenth of a second for twelve thousand people, many seconds for a million, and a
page that follows along would ask for it every other second.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from chassis.clock import Clock
from chassis.mongo import Database
from registration.domain.assembly import Assembly
from registration.domain.figures import Kind
from registration.use_cases.counting import kinds_of

QUICK_SECONDS = 1.0
"""What takes no longer than this is counted for whoever asks."""
REST = 10
"""What takes longer is kept for so many times as long as it took."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Everyone by kind, and when they were counted."""

    kinds: tuple[Kind, ...]
    at: datetime


class Census:
    """Counts one assembly once at a time."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._kept: dict[str, tuple[Assembly, Counted, float]] = {}

    async def of(self, assembly: Assembly) -> Counted:
        """Return the counts, counted anew unless the last ones are kept and still of this assembly."""
        time = asyncio.get_running_loop().time
        async with self._locks[assembly.id]:
            known = self._kept.get(assembly.id)
            if known and known[0] == assembly and time() < known[2]:
                return known[1]
            begun, at = time(), self._clock.now()
            counted = Counted(await kinds_of(self._db, assembly), at)
            took = time() - begun
            self._kept[assembly.id] = (assembly, counted, time() + (took * REST if took > QUICK_SECONDS else 0))
            return counted
