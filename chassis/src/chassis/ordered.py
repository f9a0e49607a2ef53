"""The relay of a service that is heard in the order in which it spoke, with any number of replicas, whoever dies.

Each row has a number, taken from one counter inside the transaction that says the fact: what was committed first has
the lower number, and of two that say something at the same moment MongoDB runs one again. Rows are brought to the
stream by number, each accepted by the server only as the very next message after the one before it
(`Nats-Expected-Last-Sequence`). From that follows all else:

- what the server refuses or loses, nothing after it gets past;
- the stream's last message tells how far the service has come, also when whoever published it died before marking the
  row, however long ago: nothing is published again because it was forgotten;
- a relay that wakes up after another has taken over is refused, for the stream has gone on.

One relay at a time works, under a short lease by the database server's clock. The lease only spares the others useless
work: it is the stream that keeps the order.
"""

import asyncio
import uuid
from contextlib import suppress
from itertools import takewhile

import structlog
from nats.js.errors import NotFoundError

from chassis.mongo import Document, Session, Sort
from chassis.outbox import BATCH, COLLECTION, HOLDER, STATE, Relay

LEASE_MS = 5000
"""How long a relay may be silent before another takes over."""
REFUSED_SECONDS = 0.2
ORDER: Sort = [("number", 1), ("created_at", 1), ("place", 1)]
"""Rows without a number come first: a version of this code before numbers wrote them."""

log = structlog.get_logger()


class OrderedRelay(Relay):
    """Brings outbox rows to the service's stream by number, none before the one before it."""

    async def relay_batch(self) -> int:
        """Bring everything that waits, or leave it to the replica that is at it; return how much there was."""
        if await self._rows.one({"published_at": None}) is None:
            return 0
        me = uuid.uuid4().hex
        brought = 0
        while await self._hold(me):
            try:
                rows = await self._advance()
            except Exception:
                with suppress(Exception):  # the lease lapses by itself
                    await self._release(me)
                raise
            if not rows:
                await self._release(me)
                return brought
            brought += rows
        # Whoever has it brings what is ours as well; or has died, and is followed when the lease is over.
        await asyncio.sleep(REFUSED_SECONDS)
        return max(brought, 1)

    async def _hold(self, me: str) -> bool:
        """Take the lease or renew it; False while another has it."""
        free = [{"holder": {"$in": [None, me]}}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]
        taken = {"holder": me, "until": {"$add": ["$$NOW", LEASE_MS]}}
        held = await self._db.collection(STATE).claim({"_id": HOLDER, "$or": free}, [{"$set": taken}])
        return held is not None

    async def _release(self, me: str) -> None:
        await self._db.collection(STATE).update({"_id": HOLDER, "holder": me}, {"$set": {"holder": None}})

    async def _advance(self) -> int:
        """Bring the next rows and return how many are on the stream now that were not marked so."""
        waiting = await self._waiting()
        if not waiting:
            return 0
        stream = waiting[0]["stream"]
        rows = list(takewhile(lambda row: row["stream"] == stream, waiting))
        last, reached = await self._reached(stream)
        there = [row["_id"] for row in rows if row.get("number") is not None and row["number"] <= reached]
        left = [row for row in rows if row["_id"] not in there]
        if there:
            log.warning("facts were on the stream already: their relay died before it marked them", facts=len(there))
        try:
            there += await self._prefix(left, last)
        finally:
            await self._mark({"_id": {"$in": there}})
        if not there:
            # It may be a connection that broke. When it lasts, all that the service says waits behind this one fact.
            log.warning("a fact keeps all later ones waiting", fact_type=rows[0]["type"], fact=rows[0]["_id"])
            raise ConnectionError(f"{len(rows)} facts were not acknowledged")
        return len(there)

    async def _waiting(self) -> list[Document]:
        """Return the next rows by number, as of one moment: never one without all that were committed before it."""

        async def read(session: Session) -> list[Document]:
            return await session.collection(COLLECTION).find({"published_at": None}, sort=ORDER, limit=BATCH)

        return await self._db.in_session(read)

    async def _reached(self, stream: str) -> tuple[int, int]:
        """Return the stream's last sequence, and the number of the row that is there; 0 if that is not known here."""
        last = (await self._broker.js.stream_info(stream)).state.last_seq
        try:
            message = await self._broker.js.get_msg(stream, seq=last) if last else None
        except NotFoundError:  # it has outlived its age
            message = None
        event_id = ((message.headers if message else None) or {}).get("ce-id")
        row = await self._rows.get(event_id) if event_id else None
        return last, (row or {}).get("number") or 0

    async def _prefix(self, rows: list[Document], last: int) -> list[str]:
        """Publish and return the ids of what is on the stream: all up to the last that was acknowledged.

        An acknowledgement tells of all before it, also of those whose own was lost: it would have been refused.
        """
        if not rows:
            return []
        acknowledged = set(await self._publish(rows, last))
        reached = max((at for at, row in enumerate(rows) if row["_id"] in acknowledged), default=-1)
        return [row["_id"] for row in rows[: reached + 1]]
