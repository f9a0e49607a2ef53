"""What streams keep, read again from the beginning without anyone hearing it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis.facts import ATTACHMENT, ATTACHMENT_DIGEST, Heard, heard_from


@dataclass(frozen=True, slots=True)
class Past:
    """A fact as its stream keeps it. `attachment` is its name and digest in the speaker's store."""

    sequence: int
    body: bytes
    heard: Heard
    attachment: tuple[str, str] | None = None


async def read(js: JetStreamContext, stream: str, subject: str) -> AsyncIterator[Past]:
    """Yield a stream's facts of this subject (wildcards allowed), oldest first, until there is none left."""
    sequence = 1
    while True:
        try:
            message = await js.get_msg(stream, seq=sequence, subject=subject, next=True, direct=True)
        except NotFoundError:
            return
        headers = message.headers or {}
        attachment = (headers[ATTACHMENT], headers[ATTACHMENT_DIGEST]) if ATTACHMENT in headers else None
        at = message.seq or sequence
        yield Past(at, message.data or b"", heard_from(headers, message.subject or ""), attachment)
        sequence = at + 1
