"""Traces: one trace from the click to the last fact it caused, across the five services.

Spans hold ids, names of routes and facts, counts. No bodies, no raw paths or queries (personal links), no text of an
exception (it may hold what was sent). Several services may live in one process, in tests: nothing here is global but
the context that OpenTelemetry itself keeps per task.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import INVALID_SPAN, Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.asgi import StatusNote, is_watched, method_of, route_of
from chassis.scrub import names_people, scrub_text

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int | float | bool]

_W3C = TraceContextTextMapPropagator()
_QUEUE = 65_536  # a bulk of 11,752 invitations must not lose spans while the event loop is busy

_current: ContextVar["Telemetry | None"] = ContextVar("telemetry", default=None)


class Telemetry:
    """The traces of one service: to a file of JSON lines, a collector (OTLP over HTTP), both or neither."""

    def __init__(self, service: str, traces_file: Path | None = None, otlp_endpoint: str | None = None) -> None:
        self.service = service
        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        if traces_file is not None:
            self._export(FileExporter(traces_file))
        if otlp_endpoint:
            # Here, not above: requests and protobuf are paid for only where there is a collector.
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

            self._export(OTLPSpanExporter(endpoint=otlp_endpoint))
        self._tracer = self._provider.get_tracer("chassis")

    def _export(self, exporter: SpanExporter) -> None:
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, _QUEUE, schedule_delay_millis=1000, max_export_batch_size=2048)
        )

    @contextmanager
    def span(
        self,
        name: str,
        *,
        parent: str | None = None,
        kind: Kind = "internal",
        links: Iterable[str] = (),
        attributes: Attributes | None = None,
    ) -> Iterator[Span]:
        """Be in a span of this service; `parent` and `links` are traceparents, invalid ones are left out.

        An exception marks the span as failed, with its type alone, and goes on.
        """
        token = _current.set(self)
        try:
            with self._tracer.start_as_current_span(
                scrub_text(name),
                context=_context(parent) if parent else None,
                kind=SpanKind[kind.upper()],
                links=[Link(trace.get_current_span(_context(link)).get_span_context()) for link in links],
                attributes=_clean(attributes or {}),
                record_exception=False,
                set_status_on_exception=False,
            ) as current:
                try:
                    yield current
                except Exception as error:
                    current.set_status(Status(StatusCode.ERROR))
                    current.set_attribute("error.type", type(error).__name__)
                    raise
        finally:
            _current.reset(token)

    def shutdown(self) -> None:
        """Write what is not yet written; spans after this are lost."""
        self._provider.shutdown()


@contextmanager
def span(
    name: str,
    *,
    parent: str | None = None,
    kind: Kind = "internal",
    links: Iterable[str] = (),
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """Be in a span of the service whose work this is (a request, a heard fact); outside of any, in no span."""
    telemetry = _current.get()
    if telemetry is None:
        yield INVALID_SPAN
        return
    with telemetry.span(name, parent=parent, kind=kind, links=links, attributes=attributes) as current:
        yield current


def current_traceparent() -> str | None:
    """Return the current span as a W3C traceparent, None outside of any."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """Return the current trace's id, 32 hex digits: what a person can quote to us."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def inject(headers: MutableMapping[str, str]) -> None:
    """Put the current span into outgoing headers, so that the next one continues the trace."""
    if traceparent := current_traceparent():
        headers["traceparent"] = traceparent


def extract(headers: Mapping[str, str]) -> str | None:
    """Return the traceparent of incoming headers, None when there is none or it is not one."""
    given = headers.get("traceparent", "")
    return given if trace.get_current_span(_context(given)).get_span_context().is_valid else None


class TelemetryMiddleware:
    """One server span per request, named by method and route template; continues an incoming traceparent."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app, self._telemetry = app, telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_watched(scope):
            await self._app(scope, receive, send)
            return
        method, note = method_of(scope), StatusNote(send)
        with self._telemetry.span(method, parent=extract(Headers(scope=scope)), kind="server") as current:
            try:
                await self._app(scope, receive, note)
            finally:
                route = route_of(scope)
                current.update_name(f"{method} {route}")
                current.set_attributes(
                    {"http.request.method": method, "http.route": route, "http.response.status_code": note.status}
                )
                if note.status >= 500:
                    current.set_status(Status(StatusCode.ERROR))


class FileExporter(SpanExporter):
    """One JSON object per span and line. Appends, so that several processes may share a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write a batch line by line, each in one write: lines of two processes never mix."""
        for done in spans:
            self._file.write(json.dumps(_as_json(done), ensure_ascii=False).encode() + b"\n")
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Put what was written on the disk."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - the SDK's signature
        """Nothing is held back here."""
        return True


def _as_json(done: ReadableSpan) -> dict[str, object]:
    own, parent = done.get_span_context(), done.parent
    start, end = done.start_time or 0, done.end_time or 0
    return {
        "service": str(done.resource.attributes.get("service.name")),
        "trace_id": trace.format_trace_id(own.trace_id) if own else None,
        "span_id": trace.format_span_id(own.span_id) if own else None,
        "parent_id": trace.format_span_id(parent.span_id) if parent else None,
        "name": done.name,
        "kind": done.kind.name.lower(),
        "start_ns": start,
        "duration_ms": round((end - start) / 1e6, 3),
        "status": done.status.status_code.name.lower(),
        "attributes": dict(done.attributes or {}),
        "links": [
            {"trace_id": trace.format_trace_id(a.context.trace_id), "span_id": trace.format_span_id(a.context.span_id)}
            for a in done.links
        ],
    }


def _context(traceparent: str) -> Context:
    # From an empty context: a parent that is given replaces the current one, even when it is no traceparent.
    return _W3C.extract({"traceparent": traceparent}, context=Context())


def _clean(attributes: Attributes) -> dict[str, AttributeValue]:
    return {
        key: "[redacted]" if names_people(key) else scrub_text(value) if isinstance(value, str) else value
        for key, value in attributes.items()
    }
