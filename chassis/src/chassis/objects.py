"""Attachments of facts: what is too large, or must be erasable, lies in an object store beside the streams."""

import hashlib
from base64 import urlsafe_b64encode

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis.errors import NotFound, Permanent

BUCKET = "attachments"


def digest_of(body: bytes | bytearray) -> str:
    """Return the SHA-256 of an attachment, in hex."""
    return hashlib.sha256(body).hexdigest()


def _stored_digest(body: bytes) -> str:
    return f"SHA-256={urlsafe_b64encode(hashlib.sha256(body).digest()).decode()}"


class Objects:
    """A bucket of attachments, named by event id. Which service writes and reads it is the topology's word."""

    def __init__(self, js: JetStreamContext, bucket: str = BUCKET) -> None:
        self._js, self._bucket = js, bucket

    async def put(self, name: str, body: bytes) -> None:
        """Store; the same name with the same bytes again changes nothing for a reader.

        A fact said twice puts its attachment twice. nats-py's own `put` would then take away the chunks that someone
        who has just begun is still reading.
        """
        store = await self._js.object_store(self._bucket)
        try:
            if (await store.get_info(name)).digest == _stored_digest(body):
                return
        except NotFoundError:
            pass
        await store.put(name, body)

    async def get(self, name: str, digest: str) -> bytes:
        """Fetch and check. NotFound when it was forgotten, Permanent when its bytes are not the fact's.

        Chunk by chunk with plain requests: nats-py's own `get` reads through an ordered consumer, which was seen to
        wait for ever when two were read at once.
        """
        store = await self._js.object_store(self._bucket)
        body = bytearray()
        try:
            info = await store.get_info(name)
            sequence = 1
            for _ in range(info.chunks or 0):
                subject = f"$O.{self._bucket}.C.{info.nuid}"
                chunk = await self._js.get_msg(f"OBJ_{self._bucket}", seq=sequence, subject=subject, next=True)
                body += chunk.data or b""
                sequence = (chunk.seq or 0) + 1
        except NotFoundError as error:  # the object, or a chunk of it while it is being forgotten
            raise NotFound("the attachment is gone: it was forgotten, or never stored") from error
        if digest_of(body) != digest:
            raise Permanent("the attachment's digest is not the fact's")
        return bytes(body)

    async def forget(self, name: str) -> None:
        """Delete for good (erasure)."""
        store = await self._js.object_store(self._bucket)
        await store.delete(name)
