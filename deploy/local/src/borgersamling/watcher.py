"""Starts a part again when it has died by itself: soon the first time, later each time it dies again soon after."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from borgersamling.part import Part
from borgersamling.processes import StartError

BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the next start, by how often the part has died."""

STEADY_SECONDS = 60.0
"""A part that ran this long has its deaths forgotten."""


@dataclass
class Record:
    """What is remembered of one part's deaths, in monotonic seconds."""

    deaths: int = 0
    started: float = 0.0
    due: float | None = None
    """When to start it again; None while it runs."""


class Watcher:
    """Looks after parts in a thread of its own until told to stop."""

    def __init__(
        self, parts: Iterable[Part], say: Callable[[str, str], None], changed: Callable[[], None] = lambda: None
    ) -> None:
        self._parts, self._say, self._changed = list(parts), say, changed
        self._records = {part.name: Record(started=time.monotonic()) for part in self._parts}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; when this returns nothing is started any more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(0.3):
            for part in self._parts:
                if not part.alive() and not self._stopping.is_set():
                    self._look_after(part, self._records[part.name])

    def _look_after(self, part: Part, record: Record) -> None:
        now = time.monotonic()
        if record.due is None:
            record.deaths = 1 if now - record.started > STEADY_SECONDS else record.deaths + 1
            wait = BACKOFF[min(record.deaths, len(BACKOFF)) - 1]
            record.due = now + wait
            self._say(part.name, f"ended by itself; starting again in {wait:g} s (log: {part.log})")
        elif now >= record.due:
            record.due, record.started = None, now
            try:
                part.start()
            except StartError as error:
                self._say(part.name, f"{error}")
            else:
                self._say(part.name, f"ready again on port {part.port}")
                self._changed()
