"""Traces and metrics: what they show, and what they never show."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from chassis.metrics import Metrics, MetricsMiddleware
from chassis.telemetry import (
    Telemetry,
    TelemetryMiddleware,
    current_trace_id,
    current_traceparent,
    extract,
    inject,
    span,
)


class Traced:
    """A service's telemetry and what it has written."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.jsonl"
        self.telemetry = Telemetry(name, self._file)

    def spans(self) -> list[dict[str, Any]]:
        self.telemetry.shutdown()
        return [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def registration(tmp_path: Path) -> Traced:
    return Traced(tmp_path / "traces", "registration")


@pytest.fixture
def lottery(tmp_path: Path) -> Traced:
    return Traced(tmp_path / "traces", "lottery")


def test_a_fact_heard_belongs_to_the_trace_of_the_one_who_said_it(registration: Traced, lottery: Traced) -> None:
    with registration.telemetry.span("say", kind="producer"):
        said = current_traceparent()
    with lottery.telemetry.span("hear", parent=said, kind="consumer", attributes={"fact": "f1", "count": 3}):
        pass
    (say,), (hear,) = registration.spans(), lottery.spans()
    assert say["trace_id"] == hear["trace_id"]
    assert hear["parent_id"] == say["span_id"]
    assert (say["service"], hear["service"]) == ("registration", "lottery")
    assert (say["kind"], hear["kind"]) == ("producer", "consumer")
    assert hear["attributes"] == {"fact": "f1", "count": 3}
    assert say["parent_id"] is None


def test_a_use_cases_span_is_of_the_service_whose_work_it_is(registration: Traced, lottery: Traced) -> None:
    with registration.telemetry.span("outer"):
        with lottery.telemetry.span("elsewhere"), span("drawing"):
            pass
        with span("inviting"):
            pass
    assert {s["name"] for s in registration.spans()} == {"outer", "inviting"}
    assert {s["name"] for s in lottery.spans()} == {"elsewhere", "drawing"}


def test_outside_of_any_work_there_is_no_span() -> None:
    with span("nothing") as current:
        assert not current.is_recording()
        assert current_traceparent() is None
        assert current_trace_id() is None


def test_a_batch_is_linked_to_the_traces_it_handles(registration: Traced, lottery: Traced) -> None:
    with registration.telemetry.span("say"):
        said = current_traceparent()
    assert said is not None
    with lottery.telemetry.span("hear in a batch", links=[said, said]):
        pass
    (batch,), (say,) = lottery.spans(), registration.spans()
    assert batch["trace_id"] != say["trace_id"]
    assert [link["span_id"] for link in batch["links"]] == [say["span_id"]] * 2


def test_a_failure_is_marked_with_its_type_and_never_its_text(registration: Traced) -> None:
    with pytest.raises(ValueError, match="Hansen"), registration.telemetry.span("import"):
        raise ValueError("Jens Hansen 010190-1234")
    (failed,) = registration.spans()
    assert failed["status"] == "error"
    assert failed["attributes"] == {"error.type": "ValueError"}
    assert "Hansen" not in json.dumps(failed)


def test_attributes_are_scrubbed(registration: Traced) -> None:
    attributes = {"name": "Jens", "note": "010190-1234", "fact": "0" * 32, "rows": 7}
    with registration.telemetry.span("GET /tilmelding/l/secret", attributes=attributes):
        pass
    (done,) = registration.spans()
    assert done["attributes"] == {"name": "[redacted]", "note": "[cpr]", "fact": "0" * 32, "rows": 7}
    assert done["name"] == "GET /tilmelding/l/[link]"


def test_headers_carry_a_trace_on(registration: Traced) -> None:
    with registration.telemetry.span("ask"):
        headers: dict[str, str] = {}
        inject(headers)
        assert extract(headers) == current_traceparent()
    assert extract({}) is None


@given(st.text(max_size=60))
def test_an_invalid_traceparent_is_none_at_all(nonsense: str) -> None:
    assert extract({"traceparent": nonsense}) is None


def test_an_invalid_parent_starts_a_new_trace(registration: Traced) -> None:
    with registration.telemetry.span("outer"), registration.telemetry.span("inner", parent="nonsense"):
        pass
    inner, outer = registration.spans()
    assert inner["parent_id"] is None
    assert inner["trace_id"] != outer["trace_id"]


def test_two_processes_may_write_one_file(tmp_path: Path) -> None:
    first, second = Traced(tmp_path, "same"), Traced(tmp_path, "same")
    for traced in (first, second):
        for number in range(50):
            with traced.telemetry.span(f"work {number}"):
                pass
    second.telemetry.shutdown()
    assert len(first.spans()) == 100


@pytest.fixture
def observed(registration: Traced) -> tuple[TestClient, Traced]:
    app, metrics = FastAPI(), Metrics("registration")
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    app.add_middleware(TelemetryMiddleware, telemetry=registration.telemetry)
    app.add_route("/metrics", metrics.endpoint)

    @app.get("/tilmelding/l/{token}")
    async def form(token: str) -> str:
        with span("inside"):
            return "ok" if token else ""

    @app.get("/health/live")
    async def live() -> str:
        return "ok"

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("Jens Hansen")

    return TestClient(app, raise_server_exceptions=False), registration


def test_a_request_is_named_by_its_route_never_by_its_link(observed: tuple[TestClient, Traced]) -> None:
    client, traced = observed
    client.get("/tilmelding/l/abcdefgh?secret=1", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    inside, request = traced.spans()
    assert request["name"] == "GET /tilmelding/l/{token}"
    assert request["trace_id"] == "a" * 32
    assert request["parent_id"] == "b" * 16
    assert request["attributes"] == {
        "http.request.method": "GET",
        "http.route": "/tilmelding/l/{token}",
        "http.response.status_code": 200,
    }
    assert inside["parent_id"] == request["span_id"]
    assert "abcdefgh" not in json.dumps([inside, request])
    assert "secret" not in json.dumps([inside, request])


def test_health_and_metrics_leave_no_trace(observed: tuple[TestClient, Traced]) -> None:
    client, traced = observed
    client.get("/health/live")
    client.get("/metrics")
    assert traced.spans() == []


def test_requests_are_counted_by_route_and_status(observed: tuple[TestClient, Traced]) -> None:
    client, traced = observed
    client.get("/tilmelding/l/abcdefgh")
    client.get("/tilmelding/l/other")
    client.get("/nowhere/abcdefgh")
    client.get("/broken")
    client.request("BREW", "/nowhere")
    text = client.get("/metrics").text
    count = 'http_request_seconds_count{{method="{}",route="{}",status="{}"}} {}'.format
    assert count("GET", "/tilmelding/l/{token}", 200, "2.0") in text
    assert count("GET", "unmatched", 404, "1.0") in text
    assert count("OTHER", "unmatched", 404, "1.0") in text
    assert count("GET", "/broken", 500, "1.0") in text
    assert "abcdefgh" not in text
    assert {s["status"] for s in traced.spans() if s["name"] == "GET /broken"} == {"error"}


def test_facts_and_work_left_are_counted(observed: tuple[TestClient, Traced]) -> None:
    metrics = Metrics("lottery")
    metrics.fact_heard("sessions.assembly-announced.v1", "handled")
    metrics.fact_heard("sessions.assembly-announced.v1", "duplicate", 4)
    metrics.fact_said("lottery.panel-drawn.v1")
    with metrics.handling("sessions.assembly-announced.v1"):
        pass
    metrics.relay_failed()
    metrics.outbox_waiting(5)
    metrics.dead_letters(2)
    metrics.clock_offset(-3.5)

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    announced = "sessions.assembly-announced.v1"
    assert value("facts_heard_total", fact=announced, outcome="handled") == 1
    assert value("facts_heard_total", fact=announced, outcome="duplicate") == 4
    assert value("facts_said_total", fact="lottery.panel-drawn.v1") == 1
    assert value("handler_seconds_count", fact=announced) == 1
    assert value("relay_failures_total") == 1
    assert value("outbox_waiting") == 5
    assert value("dead_letters") == 2
    assert value("clock_offset_seconds") == -3.5
    assert value("service_info", service="lottery") == 1
