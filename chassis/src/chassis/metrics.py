"""Metrics of one service, for Prometheus (docs/architecture/observability.md says which question each answers)."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.asgi import StatusNote, is_watched, method_of, route_of

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """A registry of its own per service, so that several can live in one process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        Info("service", "which service this is", registry=self.registry).info({"service": service})
        self._requests = Histogram(
            "http_request_seconds",
            "requests by route template (never a raw path)",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._heard = Counter(
            "facts_heard",
            "facts heard, by what became of them: handled, duplicate, again_later, dead_letter",
            ("fact", "outcome"),
            registry=self.registry,
        )
        self._said = Counter("facts_said", "facts published and acknowledged", ("fact",), registry=self.registry)
        self._handling = Histogram(
            "handler_seconds",
            "time in a handler and its transaction",
            ("fact",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._outbox = Gauge("outbox_waiting", "facts written and not yet published", registry=self.registry)
        self._relay = Counter("relay_failures", "rounds of the relay that failed", registry=self.registry)
        self._dead = Gauge("dead_letters", "facts given up, waiting for a person", registry=self.registry)
        self._streams = Gauge("live_streams", "pages that follow along at this moment", registry=self.registry)
        self._refused = Counter("refusals", "requests not let in, by reason", ("reason",), registry=self.registry)
        self._offset = Gauge(
            "clock_offset_seconds", "assembly time minus machine time; not 0 outside a rehearsal is an alarm",
            registry=self.registry,
        )  # fmt: skip

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def fact_heard(self, fact: str, outcome: str, count: int = 1) -> None:
        """Count facts heard; `outcome` is handled, duplicate, again_later or dead_letter."""
        self._heard.labels(fact, outcome).inc(count)

    def fact_said(self, fact: str, count: int = 1) -> None:
        """Count facts that the stream has acknowledged."""
        self._said.labels(fact).inc(count)

    @contextmanager
    def handling(self, fact: str) -> Iterator[None]:
        """Time a handler, however it ends."""
        start = perf_counter()
        try:
            yield
        finally:
            self._handling.labels(fact).observe(perf_counter() - start)

    def outbox_waiting(self, count: int) -> None:
        """Say how many facts are not out yet."""
        self._outbox.set(count)

    def relay_failed(self) -> None:
        """Count a failed round of the relay."""
        self._relay.inc()

    def dead_letters(self, count: int) -> None:
        """Say how many dead letters there are."""
        self._dead.set(count)

    def refused(self, reason: str) -> None:
        """Count a request that was not let in."""
        self._refused.labels(reason).inc()

    def streams(self, count: int) -> None:
        """Say how many pages follow along."""
        self._streams.set(count)

    def clock_offset(self, seconds: float) -> None:
        """Say how far assembly time is from machine time."""
        self._offset.set(seconds)

    async def endpoint(self, _: Request) -> Response:
        """Answer `/metrics` in Prometheus' text format; the gateway does not pass it on to the outside."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


class MetricsMiddleware:
    """Measures each request by method, route template and status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_watched(scope):
            await self._app(scope, receive, send)
            return
        note = StatusNote(send)
        try:
            await self._app(scope, receive, note)
        finally:
            self._metrics.request(method_of(scope), route_of(scope), note.status, note.seconds)
