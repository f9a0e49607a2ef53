"""Publishing many facts at once, each with an acknowledgement, or a refusal, of its own to wait for.

nats-py's `publish_async` does the same, but raises a refusal inside its own callback, where nobody hears it: what the
stream refuses would look as if it were lost, a time-out later.
"""

import asyncio
import json

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import PubAck


class Refused(Exception):  # noqa: N818 - what the stream did
    """The stream did not take it; the text is the server's."""


class Publisher:
    """Sends to streams over one connection, in the order of the calls."""

    def __init__(self, client: Client, inbox: str) -> None:
        self._client = client
        self._inbox = inbox
        self._sent = 0
        self._waiting: dict[str, asyncio.Future[PubAck]] = {}

    @classmethod
    async def over(cls, client: Client) -> "Publisher":
        """Return one whose replies arrive in an inbox of its own."""
        publisher = cls(client, client.new_inbox())
        await client.subscribe(f"{publisher._inbox}.*", cb=publisher._answered)
        return publisher

    async def send(self, subject: str, body: bytes, headers: dict[str, str]) -> asyncio.Future[PubAck]:
        """Send; the result is the acknowledgement, or raises Refused. Whoever waits says how long."""
        self._sent += 1
        token = str(self._sent)
        answer: asyncio.Future[PubAck] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda _: self._waiting.pop(token, None))
        self._waiting[token] = answer
        await self._client.publish(subject, body, reply=f"{self._inbox}.{token}", headers=headers)
        return answer

    async def _answered(self, message: Msg) -> None:
        answer = self._waiting.get(message.subject.rsplit(".", 1)[1])
        if answer is None or answer.done():
            return
        if (message.headers or {}).get("Status"):
            answer.set_exception(Refused("no stream takes it"))
            return
        reply = json.loads(message.data)
        if "error" in reply:
            answer.set_exception(Refused(reply["error"].get("description", "no reason given")))
        else:
            answer.set_result(PubAck.from_response(reply))
