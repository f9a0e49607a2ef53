"""The outbox: facts written in the transaction that made them true, and the relay that brings them to the stream.

A row is published with `Nats-Msg-Id` and marked only after JetStream's acknowledgement, under a lease, so that a relay
that dies half-way is followed by another and a doubled publish is dropped by the server or by the hearer's inbox.
A service that must be heard in the order in which it spoke numbers its rows (`number`) and has `chassis.ordered`.
Rows are kept for days after publishing: JetStream acknowledges before it has synced to disk, and a row can be replayed.
"""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, groupby, repeat

import structlog
from nats.js.api import Header, PubAck

from chassis.broker import PUBLISH_TIMEOUT, Broker
from chassis.clock import Clock
from chassis.facts import ATTACHMENT, ATTACHMENT_DIGEST, FactLike, cloud_event_headers
from chassis.metrics import Metrics
from chassis.mongo import Collection, Database, Document, Filter, Sort
from chassis.objects import digest_of
from chassis.telemetry import Telemetry, current_traceparent

COLLECTION = "outbox"
BATCH = 500
LEASE = timedelta(seconds=30)
KEPT_SECONDS = 30 * 24 * 3600
STATE = "relay"
"""Two documents of a service that speaks in order: the last number given, and who relays."""
NUMBERS, HOLDER = "numbers", "holder"
ONCE = uuid.UUID("6f2f1c4e-52a1-4f0e-9f5e-0d3c6d1f0b11")

log = structlog.get_logger()


def once_id(fact: FactLike, once: str) -> str:
    """Return the event id of a fact that is said once: the same inputs give the same id for all time."""
    return str(uuid.uuid5(ONCE, f"{fact.fact_type()}|{fact.assembly}|{once}"))


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A fact on its way out."""

    id: str
    fact_type: str
    subject: str
    stream: str
    body: str
    time: datetime
    traceparent: str | None
    attachment: bytes | None
    created_at: datetime
    place: int
    number: int | None = None

    def document(self) -> Document:
        """Return the row as stored."""
        return {
            "_id": self.id,
            "type": self.fact_type,
            "subject": self.subject,
            "stream": self.stream,
            "body": self.body,
            "time": self.time,
            "traceparent": self.traceparent,
            "attachment": self.attachment,
            "created_at": self.created_at,
            "place": self.place,
            "number": self.number,
            "published_at": None,
            "lease": None,
            "lease_until": None,
        }


async def prepare(db: Database, *, in_order: bool = False) -> None:
    """Create the outbox's indexes, and what a service that speaks in order counts with."""
    if in_order:
        await db.ensure_index(COLLECTION, [("published_at", 1), ("number", 1), ("created_at", 1), ("place", 1)])
        await db.collection(STATE).upsert_new([{"_id": NUMBERS, "last": 0}, {"_id": HOLDER, "holder": None}])
    else:
        await db.ensure_index(COLLECTION, [("published_at", 1), ("created_at", 1), ("place", 1)])
    await db.ensure_index(COLLECTION, [("lease", 1)])
    await db.ensure_index(COLLECTION, [("published_at", -1)], expire_after=KEPT_SECONDS)


async def waiting(db: Database) -> int:
    """Count the facts that are true but not yet on the stream."""
    return await db.collection(COLLECTION).count({"published_at": None})


async def said(db: Database) -> dict[str, int]:
    """Count the facts said, by type."""
    rows = await db.collection(COLLECTION).aggregate(
        [{"$group": {"_id": "$type", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}]
    )
    return {row["_id"]: row["n"] for row in rows}


class Relay:
    """Brings outbox rows to their streams, oldest first, in batches."""

    def __init__(
        self, service: str, db: Database, broker: Broker, clock: Clock, telemetry: Telemetry, metrics: Metrics
    ) -> None:
        self._service = service
        self._db = db
        self._rows: Collection = db.collection(COLLECTION)
        self._broker = broker
        self._clock = clock
        self._telemetry = telemetry
        self._metrics = metrics
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look for rows now."""
        self._awake.set()

    async def run(self, idle_seconds: float = 2.0) -> None:
        """Relay until cancelled; look again after `idle_seconds` for rows another replica left behind."""
        while True:
            self._awake.clear()
            try:
                busy = await self.relay_batch() > 0
            except Exception as error:  # noqa: BLE001 - the relay outlives every failure of the servers behind it
                self._metrics.relay_failed()
                log.warning("relay failed, trying again", error=type(error).__name__)
                await asyncio.sleep(1)
                continue
            if not busy:
                try:
                    await asyncio.wait_for(self._awake.wait(), idle_seconds)
                except TimeoutError:
                    continue

    async def relay_batch(self) -> int:
        """Publish one batch and return how many rows it had."""
        lease = uuid.uuid4().hex
        now = self._clock.machine_now()
        free = {"published_at": None, "$or": [{"lease_until": None}, {"lease_until": {"$lt": now}}]}
        order: Sort = [("created_at", 1), ("place", 1)]
        ids = [row["_id"] for row in await self._rows.find(free, sort=order, limit=BATCH, fields=["_id"])]
        if not ids:
            return 0
        await self._rows.update_many(
            {"_id": {"$in": ids}} | free, {"$set": {"lease": lease, "lease_until": now + LEASE}}
        )
        rows = await self._rows.find({"lease": lease, "published_at": None}, sort=order)
        published = await self._publish(rows)
        await self._mark({"_id": {"$in": published}, "lease": lease})
        if len(published) < len(rows):
            await self._rows.update_many({"lease": lease}, {"$set": {"lease": None, "lease_until": None}})
            raise ConnectionError(f"{len(rows) - len(published)} facts were not acknowledged")
        return len(rows)

    async def _mark(self, where: Filter) -> None:
        """Write down that these rows are on the stream."""
        done = {"published_at": self._clock.machine_now(), "lease": None, "lease_until": None, "attachment": None}
        await self._rows.update_many(where, {"$set": done})

    async def _publish(self, rows: list[Document], after: int | None = None) -> list[str]:
        """Publish and return the ids that were acknowledged.

        With `after`, the stream's last sequence, each row is taken by the server only as the very next after the one
        before it.
        """
        places = count(after) if after is not None else repeat(None)
        acknowledgements: list[asyncio.Future[PubAck]] = []
        # One span for what was said together: of thousands, each one's own would tell no more, and cost as much again.
        for (fact_type, parent), alike in groupby(rows, lambda row: (row["type"], row["traceparent"])):
            group = list(alike)
            attributes = {"fact": group[0]["_id"]} if len(group) == 1 else {"facts": len(group)}
            with self._telemetry.span(f"say {fact_type}", parent=parent, kind="producer", attributes=attributes):
                trace = current_traceparent()
                acknowledgements += [await self._bring(row, trace, next(places)) for row in group]
        await asyncio.wait(acknowledgements, timeout=PUBLISH_TIMEOUT)
        published = []
        for row, acknowledged in zip(rows, acknowledgements, strict=True):
            if failure := _failure(acknowledged):
                log.warning("a fact was not acknowledged", fact_type=row["type"], error=failure)
            else:
                published.append(row["_id"])
                self._metrics.fact_said(row["type"])
        return published

    async def _bring(self, row: Document, trace: str | None, after: int | None) -> asyncio.Future[PubAck]:
        headers = cloud_event_headers(row["type"], f"/{self._service}", row["_id"], row["time"])
        if row["attachment"] is not None:
            await self._broker.objects_of(self._service).put(row["_id"], row["attachment"])
            headers |= {ATTACHMENT: row["_id"], ATTACHMENT_DIGEST: digest_of(row["attachment"])}
        if trace:
            headers["traceparent"] = trace
        if after is not None:
            headers[Header.EXPECTED_LAST_SEQUENCE.value] = str(after)
        body = row["body"].encode()
        return await self._broker.publish_soon(row["subject"], body, row["stream"], row["_id"], headers)


def _failure(acknowledged: asyncio.Future[PubAck]) -> str | None:
    """Return why a fact was not acknowledged, if it was not; what comes later is not waited for."""
    if acknowledged.cancel() or acknowledged.cancelled():
        return "TimeoutError"
    error = acknowledged.exception()
    return type(error).__name__ if error else None
