"""Dead letters: facts a service could not handle, listed with their reason, shown and replayed by an operator.

NATS itself keeps the list: an advisory for each message that was terminated or delivered too often lands in a stream,
and names the original by its place. Replaying hands the original to this service's own handler once more, through its
inbox, so that no other service hears it twice.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis.errors import NotFound

STREAM = "DEAD_LETTERS"
Replay = Callable[[bytes, Mapping[str, str], str], Awaitable[None]]
"""Handle body, headers, subject as if they had just been delivered."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One fact given up by one durable. `number` is its place in the list."""

    number: int
    at: datetime
    durable: str
    stream: str
    sequence: int
    why: str


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, service: str, js: JetStreamContext) -> None:
        self._prefix = f"{service}-"
        self._js = js

    async def find(self) -> list[DeadLetter]:
        """Return this service's dead letters, oldest first."""
        state = (await self._js.stream_info(STREAM)).state
        found = []
        for number in range(state.first_seq, state.last_seq + 1) if state.messages else []:
            try:
                letter = await self._read(number)
            except NotFound:
                continue
            if letter.durable.startswith(self._prefix):
                found.append(letter)
        return found

    async def show(self, number: int) -> tuple[DeadLetter, str, dict[str, str], bytes]:
        """Return a dead letter with its original's subject, headers and body; NotFound when either is gone."""
        letter = await self._read(number)
        if not letter.durable.startswith(self._prefix):
            raise NotFound("this dead letter is another service's")
        try:
            original = await self._js.get_msg(letter.stream, letter.sequence)
        except NotFoundError as error:
            raise NotFound("the original has left its stream") from error
        return letter, original.subject or "", dict(original.headers or {}), original.data or b""

    async def replay(self, number: int, handle: Mapping[str, Replay]) -> DeadLetter:
        """Handle the original again; the letter leaves the list when that succeeds, and stays when it raises."""
        letter, subject, headers, body = await self.show(number)
        await handle[letter.durable](body, headers, subject)
        await self._js.delete_msg(STREAM, number)
        return letter

    async def _read(self, number: int) -> DeadLetter:
        try:
            message = await self._js.get_msg(STREAM, number)
        except NotFoundError as error:
            raise NotFound("there is no such dead letter (any more)") from error
        advisory = json.loads(message.data or b"{}")
        given_up = str(advisory.get("type", "")).endswith("max_deliver")
        return DeadLetter(
            number=number,
            at=datetime.fromisoformat(str(advisory["timestamp"])[:19] + "+00:00"),
            durable=advisory["consumer"],
            stream=advisory["stream"],
            sequence=int(advisory["stream_seq"]),
            why=f"given up after {advisory.get('deliveries')} deliveries" if given_up else "refused for good",
        )
