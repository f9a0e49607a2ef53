"""What becomes of a fact that could not be handled: again later, or a dead letter. Decided here and nowhere else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from faststream import BaseMiddleware
from faststream.exceptions import NackMessage, RejectMessage
from faststream.message import StreamMessage
from pydantic import ValidationError

from chassis.errors import Permanent, Transient
from chassis.metrics import Metrics

DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds before a message is delivered again. JetStream's own backoff does not apply to a NAK, and a NAK without a
delay comes back thousands of times a second."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Again after `delay` seconds, or never (None: a dead letter)."""

    delay: float | None
    reason: str

    @property
    def outcome(self) -> str:
        """The verdict in a word, for logs and metrics."""
        return "dead_letter" if self.delay is None else "again_later"


def verdict(error: BaseException, deliveries: int) -> Verdict:
    """Judge an error. Anything not known to be permanent is tried again: a dead letter costs a person's time."""
    reason = type(error).__name__
    if isinstance(error, Permanent | ValidationError):
        return Verdict(None, reason)
    if isinstance(error, Transient) and error.retry_after is not None:
        return Verdict(error.retry_after, reason)
    return Verdict(DELAYS[min(max(deliveries, 1), len(DELAYS)) - 1], reason)


def report(metrics: Metrics, judged: Verdict, durable: str, fact_type: str, event_id: str, deliveries: int) -> None:
    """Log and count a verdict. Ids and types alone: a message's text may hold what the fact must not."""
    metrics.fact_heard(fact_type, judged.outcome)
    log.warning(
        "a fact could not be handled",
        durable=durable,
        fact=event_id,
        error=judged.reason,
        deliveries=deliveries,
        outcome=judged.outcome,
        delay=judged.delay,
    )


class _Retry(BaseMiddleware):
    def __init__(self, msg: Any, /, *, context: Any, metrics: Metrics) -> None:
        super().__init__(msg, context=context)
        self._metrics = metrics

    async def consume_scope(
        self, call_next: Callable[[StreamMessage[Any]], Awaitable[Any]], msg: StreamMessage[Any]
    ) -> Any:
        try:
            return await call_next(msg)
        except Exception as error:
            metadata = msg.raw_message.metadata
            judged = verdict(error, metadata.num_delivered)
            headers = msg.headers
            report(
                self._metrics,
                judged,
                metadata.consumer,
                headers.get("ce-type", "unknown"),
                headers.get("ce-id", "unknown"),
                metadata.num_delivered,
            )
            if judged.delay is None:
                raise RejectMessage from error
            raise NackMessage(delay=judged.delay) from error


def retry_middleware(metrics: Metrics) -> Callable[..., BaseMiddleware]:
    """Return the one middleware of every broker."""

    def middleware(msg: Any, /, *, context: Any) -> BaseMiddleware:
        return _Retry(msg, context=context, metrics=metrics)

    return middleware
