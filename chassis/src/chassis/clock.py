"""Where every `now` comes from.

A rehearsal plays two years in minutes: it moves the clock of all services at once by one message on the subject
`rehearsal.clock`, which a stream keeps, so that a service that starts later stands at the same time.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

SUBJECT = "rehearsal.clock"
STREAM = "CLOCK"


class Clock(Protocol):
    """Assembly time and machine time, both aware UTC."""

    def now(self) -> datetime:
        """Return the time the assembly is at: deadlines, ages, what people are shown."""

    def machine_now(self) -> datetime:
        """Return the machine's own time, which no rehearsal moves: leases and retention of technical rows."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def machine_now(self) -> datetime:
        return datetime.now(UTC)


class RehearsalClock(SystemClock):
    """A clock that runs on from wherever the rehearsal last moved it."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self.machine_now() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far assembly time is from machine time."""
        return self._offset

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move, so that what waits for a day wakes at once."""
        self._listeners.append(listener)

    def set(self, now: datetime, moved_at: datetime) -> None:
        """Stand at `now`, which was said at the machine's `moved_at`."""
        self._offset = now - moved_at
        for listener in self._listeners:
            listener()

    async def follow(self, client: Client, js: JetStreamContext) -> None:
        """Take the last position and every later one."""

        async def moved(message: Msg) -> None:
            self._apply(message.data)

        await client.subscribe(SUBJECT, cb=moved)
        try:
            last = await js.get_last_msg(STREAM, SUBJECT)
        except NotFoundError:
            return
        self._apply(last.data or b"")

    def _apply(self, body: bytes) -> None:
        position = json.loads(body)
        self.set(datetime.fromisoformat(position["now"]), datetime.fromisoformat(position["moved_at"]))


async def move(js: JetStreamContext, now: datetime) -> None:
    """Move the rehearsal clock of every service to `now` (aware UTC).

    Raises ValueError for a naive time. Returns when the position is stored; services follow within moments, and their
    `{prefix}/ops/clock` says where they stand.
    """
    if now.tzinfo is None:
        raise ValueError("the rehearsal clock takes times with a zone")
    position = {"now": now.astimezone(UTC).isoformat(), "moved_at": datetime.now(UTC).isoformat()}
    await js.publish(SUBJECT, json.dumps(position).encode(), stream=STREAM, timeout=5)
