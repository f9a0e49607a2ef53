"""What every service's application wears: doorkeeper, traces, metrics, headers, limits, static files, error pages."""

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from chassis import edge, errorpages, pages
from chassis.access import Doors, path_of
from chassis.doorkeeper import Doorkeeper
from chassis.identity import caller
from chassis.metrics import MetricsMiddleware
from chassis.telemetry import TelemetryMiddleware

if TYPE_CHECKING:
    from chassis.service import Service


def dress(app: FastAPI, service: "Service") -> None:
    """Put on what every service has; the last one added is the outermost. Unguarded for a route without a row."""
    app.mount("/static", pages.static_files(), name="static")
    app.add_route("/metrics", service.metrics.endpoint)
    doors = Doors(app.routes, service.access)
    for middleware in service.middlewares:
        app.add_middleware(middleware.cls, *middleware.args, **middleware.kwargs)
    app.add_middleware(Doorkeeper, service=service, doors=doors)
    errorpages.install_error_pages(app, service.pages)

    def too_large(request: Request, limit: int) -> Response:
        return errorpages.answer(request, service.pages, 413, detail=edge.too_large(limit))

    def note_too_large(request: Request) -> None:
        door, _ = doors.find(request.method, request.url.path)
        service.refused("too-large", path_of(door), caller(request).role)

    edge.limit_bodies(app, service.settings.http.max_body_bytes, service.body_limits, too_large, note_too_large)
    edge.security_headers(app, service.embeddable)
    app.add_middleware(MetricsMiddleware, metrics=service.metrics)
    app.add_middleware(TelemetryMiddleware, telemetry=service.telemetry)
