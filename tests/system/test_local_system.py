"""The whole system as processes over one data folder: up, looked after, found again, and gone when it is stopped."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from borgersamling.processes import StartError, is_alive, wait_until
from borgersamling.programs import SERVICES
from borgersamling.run_folder import read_run
from borgersamling.running import PREFIXES, NotRunningError, RunningSystem
from borgersamling.supervisor import System

pytestmark = [pytest.mark.integration, pytest.mark.system]


@dataclass
class Up:
    """A running system and what it said of its parts."""

    system: System
    said: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    said: list[tuple[str, str]] = []
    data = tmp_path_factory.mktemp("system")
    with System(data, clock="rehearsal", say=lambda part, line: said.append((part, line))) as system:
        yield Up(system, said)
        pids = [part["pid"] for part in read_run(data)["parts"].values()]
    assert not any(is_alive(pid) for pid in pids), "a stopped system leaves nothing running"
    assert read_run(data) == {}


def test_every_part_is_ready_and_says_so_in_a_line(up: Up) -> None:
    ready = {part for part, line in up.said if line.startswith("ready on port")}
    assert ready == {"nats-server", "mongod", "digital-post", "sign-in-provider", "gateway", *SERVICES}


def test_one_address_leads_to_all_five_services(up: Up) -> None:
    headers = {"Authorization": f"Bearer {up.system.secrets.tokens['operator']}"}
    for prefix in PREFIXES.values():
        answer = httpx.get(f"{up.system.url}{prefix}/ops/backlog", headers=headers)
        assert answer.json()["total"] == 0
        assert httpx.get(f"{up.system.url}{prefix}/ops/backlog").status_code == 401
    assert httpx.get(up.system.url, headers={"accept": "text/html"}, follow_redirects=True).status_code == 200


def test_another_command_finds_the_system_by_its_folder(up: Up, tmp_path: Path) -> None:
    found = RunningSystem.find(up.system.data)
    assert found.url == up.system.url
    assert found.ask("GET", "/post/ops/dead-letters") == []
    with pytest.raises(NotRunningError, match="no system runs over"):
        RunningSystem.find(tmp_path)


def test_a_second_system_over_the_same_folder_is_refused_and_disturbs_nothing(up: Up) -> None:
    with pytest.raises(StartError, match=f"in use by the system with process id {os.getpid()}"):
        System(up.system.data).start()
    assert RunningSystem.find(up.system.data).ask("GET", "/samling/ops/backlog")["total"] == 0


def test_a_killed_service_is_back_at_its_address_and_the_others_never_noticed(up: Up) -> None:
    address, pid = up.system.address("followup"), up.system.part("followup").pid
    others = {name: up.system.part(name).pid for name in SERVICES if name != "followup"}
    os.kill(pid, signal.SIGKILL)

    def back() -> bool:
        try:
            return httpx.get(f"{address}/health/ready").is_success
        except httpx.TransportError:
            return False

    assert wait_until(lambda: not is_alive(pid), 10)
    assert wait_until(back, 60)
    assert {name: up.system.part(name).pid for name in others} == others
    assert wait_until(
        lambda: read_run(up.system.data)["parts"]["followup"]["pid"] == up.system.part("followup").pid, 10
    )


def come_back(up: Up, browser: httpx.Client, **button: str) -> httpx.Response:
    """Go to the provider as a browser does, press a button there, and return the page one ends up on."""
    away = browser.get(f"{up.system.url}/log-ind/start")
    assert away.headers["location"].startswith(up.system.address("sign-in-provider"))
    back = browser.post(away.headers["location"], data=button)
    return browser.get(back.headers["location"], headers={"accept": "text/html"}, follow_redirects=True)


def test_one_signs_in_at_the_local_provider_and_every_service_knows_who_may_open_what(up: Up) -> None:
    with httpx.Client(trust_env=False) as browser:
        page = come_back(up, browser, sub="operator-1")
        assert (page.status_code, page.url.path) == (200, "/log-ind")
        opened = {prefix: browser.get(f"{up.system.url}{prefix}/drift").status_code for prefix in PREFIXES.values()}
        assert opened == dict.fromkeys(PREFIXES.values(), 200)
        assert browser.get(f"{up.system.url}/tilmelding/indsigt").status_code == 403


@pytest.mark.parametrize(
    "button", [{"sub": "no-role-1"}, {"sub": "two-roles-1"}, {"sub": "member-1"}, {"action": "deny"}]
)
def test_who_has_no_role_or_two_or_says_no_is_signed_out_as_before(up: Up, button: dict[str, str]) -> None:
    with httpx.Client(trust_env=False) as browser:
        assert come_back(up, browser, **button).status_code == 403
        assert browser.get(f"{up.system.url}/samling/drift", headers={"accept": "text/html"}).status_code != 200


def test_the_provider_can_be_restarted_without_the_services(up: Up) -> None:
    up.system.part("sign-in-provider").kill()
    assert wait_until(lambda: _answers(up.system.address("sign-in-provider")), 60)
    with httpx.Client(trust_env=False) as browser:
        assert come_back(up, browser, sub="officer-1").status_code == 200


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_secrets_and_passwords_are_their_owners_alone(up: Up) -> None:
    for path in (up.system.data / "secrets.json", up.system.data / "nats" / "nats.conf"):
        assert path.stat().st_mode & 0o077 == 0
    logs = "".join(path.read_text(errors="replace") for path in (up.system.data / "logs").iterdir())
    secrets = up.system.secrets
    keys = (secrets.person_key, secrets.forms_key, secrets.state_key, secrets.client_secret)
    for secret in (*secrets.nats.values(), *secrets.tokens.values(), *keys):
        assert secret not in logs
