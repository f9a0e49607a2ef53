"""Logs: one JSON object a line on stdout, ours and the libraries' through one pipeline, personal data taken out last.

Bodies are never logged; the access log is off, since paths hold personal links.
"""

import logging
import sys
from types import TracebackType
from typing import TextIO

import structlog
from opentelemetry import trace
from structlog.types import EventDict, Processor, WrappedLogger

from chassis.scrub import scrub

# They log what they send and where: URLs with queries, subjects of every message.
_QUIET = ("httpx", "httpcore", "uvicorn.access", "faststream.access", "pymongo", "urllib3")
# What the pipeline itself puts into a line and nobody else can.
_OURS = frozenset({"level", "logger", "service", "span_id", "time", "trace_id"})


def configure(service: str, level: str, stream: TextIO | None = None) -> None:
    """Send all logging of this process through the pipeline to `stream` (stdout); `level` as in stdlib logging."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _in_trace,
        _of_service(service),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                scrub_event,  # after the traceback is text, before anything is written
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Libraries that came with handlers of their own write past the pipeline otherwise.
    for name in list(logging.Logger.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    # A line that cannot be written would otherwise go to stderr with its arguments, past the scrubbing.
    logging.raiseExceptions = False
    sys.excepthook = _log_crash


def scrub_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take personal data out of a whole event (a structlog processor)."""
    return {key: value if key in _OURS else scrub({key: value})[key] for key, value in event.items()}


def _in_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _of_service(service: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add


def _log_crash(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    structlog.get_logger("crash").critical("the process ends", exc_info=(kind, error, traceback))
