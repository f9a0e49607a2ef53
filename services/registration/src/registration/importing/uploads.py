"""A file on its way in: kept in the database in locked pieces, so it is readable on no disk and by every replica."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from chassis.clock import Clock
from chassis.errors import Permanent
from chassis.mongo import Database
from chassis.vault import Vault
from registration.repository import UPLOADS

PIECE = 256 * 1024
"""Bytes of a piece."""
READ_SECONDS = 60.0
KEPT_SECONDS = 7 * 24 * 3600
"""After which MongoDB deletes pieces by itself, should nobody have done so."""


class Uploads:
    """The files. A piece's `n` counts from 0."""

    def __init__(self, db: Database, vault: Vault, clock: Clock) -> None:
        self._pieces, self._vault, self._clock = db.collection(UPLOADS), vault, clock

    async def save(self, job: str, assembly: str, n: int, body: bytes) -> None:
        """Keep a piece."""
        locked = await asyncio.to_thread(self._vault.lock, assembly, {"bytes": body})
        piece = {"_id": f"{job}:{n}", "import": job, "body": locked, "at": self._clock.machine_now()}
        await self._pieces.insert(piece)

    def read(self, job: str, pieces: int, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
        """Yield the pieces in a thread that is not the loop's. Permanent when one is gone."""
        for n in range(pieces):
            wanted = asyncio.run_coroutine_threadsafe(self._pieces.get(f"{job}:{n}"), loop)
            piece = wanted.result(READ_SECONDS)
            if piece is None:
                raise Permanent("a piece of the file is gone")
            body: bytes = self._vault.unlock(piece["body"])["bytes"]
            yield body

    async def delete(self, job: str) -> None:
        """Delete a file."""
        await self._pieces.delete({"import": job})


async def cut(stream: AsyncIterator[bytes], size: int = PIECE) -> AsyncIterator[bytes]:
    """Yield what comes in pieces of `size` bytes, the last as small as it is."""
    held = bytearray()
    async for part in stream:
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
