"""Hearing facts: each one is one command in one transaction with its inbox row, acknowledged after the commit.

Two ways: one at a time through FastStream (`Ear.hear`), and bulk facts in batches of one transaction through a raw pull
loop (`Ear.run_batches`), measured 50 times faster. What becomes of a failure is decided in one place (`chassis.retry`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from faststream.nats import JStream, PullSub
from faststream.nats.annotations import NatsMessage

from chassis import inbox
from chassis.broker import Broker
from chassis.clock import Clock
from chassis.errors import Permanent
from chassis.facts import ATTACHMENT, ATTACHMENT_DIGEST, FactLike, Heard, heard_from
from chassis.metrics import Metrics
from chassis.retry import report, verdict
from chassis.telemetry import Telemetry
from chassis.topology import Durable
from chassis.transaction import Transaction, UnitOfWork

F = TypeVar("F", bound=FactLike)
Handler = Callable[[Transaction, Any, Heard], Awaitable[None]]
BatchHandler = Callable[[Transaction, Sequence[tuple[Any, Heard]]], Awaitable[None]]

WORKERS = 4

log = structlog.get_logger()


@dataclass(slots=True)
class Ear(Generic[F]):
    """One durable: hears one type of fact for one service."""

    durable: Durable
    fact: type[F]
    work: UnitOfWork
    broker: Broker
    clock: Clock
    telemetry: Telemetry
    metrics: Metrics
    _handler: Handler | None = None
    _with_attachment: bool = False

    def hear(self, handler: Handler, *, with_attachment: bool = False) -> None:
        """Hear one at a time. Called before the broker starts."""
        self._handler, self._with_attachment = handler, with_attachment

        async def handle(body: Any, message: NatsMessage) -> None:
            await self._handle(body, message.headers, message.raw_message.subject)

        handle.__name__ = self.durable.name.replace("-", "_")
        handle.__annotations__["body"] = self.fact  # AsyncAPI shows the fact's own schema
        subscriber = self.broker.faststream.subscriber(
            self.durable.subject,
            durable=self.durable.name,
            stream=JStream(self.durable.stream, declare=False),  # the broker would merge subjects into the stream
            pull_sub=PullSub(batch_size=1),
            max_workers=WORKERS,
            inbox_prefix=self.broker.pull_inbox,  # the broker's own does not reach pull subscribers
            title=self.durable.name,
            description=(self.fact.__doc__ or "").strip(),
        )
        subscriber(handle)

    def hear_in_batches(self, handler: BatchHandler) -> None:
        """Hear in batches; `run_batches` does the work."""

        async def single(tx: Transaction, fact: Any, heard: Heard) -> None:
            await handler(tx, [(fact, heard)])

        self._handler = single

    async def replay(self, body: bytes, headers: Mapping[str, str], subject: str) -> None:
        """Handle a dead letter's original once more."""
        await self._handle(self.fact.model_validate_json(body), headers, subject)

    async def run_batches(self, handler: BatchHandler, size: int) -> None:
        """Hear in batches of one transaction until cancelled; a batch with a bad fact is handled one by one."""
        subscription = await self.broker.js.pull_subscribe_bind(
            consumer=self.durable.name, stream=self.durable.stream, inbox_prefix=self.broker.pull_inbox
        )
        try:
            while True:
                try:
                    messages = await subscription.fetch(size, timeout=5)
                except TimeoutError:
                    continue
                await self._batch_or_singly(handler, messages)
        finally:
            # fetch() takes messages out of the client's queue without marking them done, so that closing the
            # connection would wait in vain for them, 30 s, if the subscription were still there.
            await subscription.unsubscribe()

    async def _batch_or_singly(self, handler: BatchHandler, messages: Sequence[Any]) -> None:
        try:
            async with asyncio.timeout(self.durable.ack_wait_seconds * 0.8):
                await self._batch(handler, messages)
        except Exception as error:  # noqa: BLE001 - judged one by one below
            log.info("a batch is handled one by one", durable=self.durable.name, error=type(error).__name__)
            for message in messages:
                await self._single_of_batch(message)
            return
        for message in messages:
            await message.ack()

    async def _handle(self, fact: Any, headers: Mapping[str, str], subject: str) -> None:
        if self._handler is None:
            raise RuntimeError(f"{self.durable.name} has no handler")
        heard = heard_from(headers, subject)
        # Shorter than the wait for the acknowledgement: what hangs is ended and judged before it is delivered again.
        async with asyncio.timeout(self.durable.ack_wait_seconds * 0.8):
            if self._with_attachment:
                heard = await self._attached(headers, heard)
            await self._one(self._handler, fact, heard)

    async def _one(self, handler: Handler, fact: FactLike, heard: Heard) -> None:
        async def command(tx: Transaction) -> bool:
            if not await inbox.take_new(tx, self.clock, self.durable.name, [heard.id]):
                return False
            await handler(tx, fact, heard)
            return True

        with (
            self.telemetry.span(
                f"hear {self.fact.fact_type()}",
                parent=heard.traceparent,
                kind="consumer",
                attributes={"fact": heard.id, "durable": self.durable.name},
            ),
            self.metrics.handling(self.fact.fact_type()),
        ):
            new = await self.work.run(command)
        self.metrics.fact_heard(self.fact.fact_type(), "handled" if new else "duplicate")

    async def _batch(self, handler: BatchHandler, messages: Sequence[Any]) -> None:
        facts = [
            (self.fact.model_validate_json(message.data), heard_from(message.headers or {}, message.subject))
            for message in messages
        ]

        async def command(tx: Transaction) -> int:
            fresh = await inbox.take_new(tx, self.clock, self.durable.name, list({h.id for _, h in facts}))
            first: dict[str, tuple[Any, Heard]] = {}
            for fact, heard in facts:
                if heard.id in fresh:
                    first.setdefault(heard.id, (fact, heard))
            if first:
                await handler(tx, list(first.values()))
            return len(first)

        with (
            self.telemetry.span(
                f"hear {self.fact.fact_type()} in a batch",
                kind="consumer",
                links=[heard.traceparent for _, heard in facts[:32] if heard.traceparent],
                attributes={"facts": len(facts), "durable": self.durable.name},
            ),
            self.metrics.handling(self.fact.fact_type()),
        ):
            handled = await self.work.run(command)
        self.metrics.fact_heard(self.fact.fact_type(), "handled", handled)
        self.metrics.fact_heard(self.fact.fact_type(), "duplicate", len(facts) - handled)

    async def _single_of_batch(self, message: Any) -> None:
        headers = message.headers or {}
        deliveries = message.metadata.num_delivered
        try:
            await self.replay(message.data, headers, message.subject)
        except Exception as error:  # noqa: BLE001 - every failure is judged
            judged = verdict(error, deliveries)
            event_id = headers.get("ce-id", "unknown")
            report(self.metrics, judged, self.durable.name, self.fact.fact_type(), event_id, deliveries)
            if judged.delay is None:
                await message.term()
            else:
                await message.nak(delay=judged.delay)
            return
        await message.ack()

    async def _attached(self, headers: Mapping[str, str], heard: Heard) -> Heard:
        if ATTACHMENT not in headers:
            raise Permanent("the fact has no attachment")
        body = await self.broker.objects_of(self.fact.speaker).get(headers[ATTACHMENT], headers[ATTACHMENT_DIGEST])
        return Heard(heard.id, heard.time, heard.subject, heard.traceparent, body)
