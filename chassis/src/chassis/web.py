"""What every service's application wears: traces, metrics, security headers, body limits, static files, error pages."""

from typing import TYPE_CHECKING

from fastapi import FastAPI

from chassis import edge, errorpages, pages
from chassis.metrics import MetricsMiddleware
from chassis.telemetry import TelemetryMiddleware

if TYPE_CHECKING:
    from chassis.service import Service


def dress(app: FastAPI, service: "Service") -> None:
    """Put on what every service has; the last one added is the outermost."""
    app.mount("/static", pages.static_files(), name="static")
    errorpages.install_error_pages(app, service.pages)
    edge.limit_bodies(app, service.settings.http.max_body_bytes, service.body_limits)
    edge.security_headers(app)
    app.add_middleware(MetricsMiddleware, metrics=service.metrics)
    app.add_middleware(TelemetryMiddleware, telemetry=service.telemetry)
    app.add_route("/metrics", service.metrics.endpoint)
