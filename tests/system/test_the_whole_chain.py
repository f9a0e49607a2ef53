"""The whole chain on the real components: from the first invitation to the council's last answer."""

import asyncio
import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import nats
import pytest

from borgersamling import trace
from borgersamling.rehearsal.followers import PUBLIC
from borgersamling.run_folder import read_run
from borgersamling.running import RunningSystem
from chassis.topology import ADMIN
from sessions.domain.assembly_file import load
from support.rehearsals import BORGERSAMLING, RESIDENTS, ROOT, Rehearsal, alike

pytestmark = pytest.mark.system


def test_a_whole_course_is_played_and_every_step_counted(rehearsal: Rehearsal) -> None:
    out = rehearsal.outcome()
    invitations = out["invitations"]
    assert out["invited"] == out["eligible"] == RESIDENTS
    assert out["residents"] > RESIDENTS, "children are on the roll and are not invited"
    assert invitations["delivered"] + invitations["letters_dispatched"] == RESIDENTS
    assert invitations["people"] == RESIDENTS, "nobody twice"
    assert invitations["letters_dispatched"] > 0
    assert invitations["failed"] == 0
    assert out["signed_up"] == 144
    assert out["panel"] == 36
    assert out["alternates"] > 0
    assert out["members"]["declined"] == 1
    assert out["sessions_held"] == 5
    assert out["recommendations"] >= 5
    assert out["themes"] == 5
    assert out["statuses_published"] == 3
    assert out["overdue_seen"] >= 1
    assert out["dead_letters"] == 0
    assert out["closed"] is True


def test_every_fact_of_the_course_is_said_as_often_as_it_happened(rehearsal: Rehearsal) -> None:
    out = rehearsal.outcome()
    events = out["events"]
    assert events["sessions.assembly-announced.v1"] == 1
    assert events["registration.invitation-issued.v1"] == RESIDENTS
    assert events["registration.registrant-signed-up.v1"] == 144
    assert events["registration.pool-closed.v1"] == 1
    assert events["lottery.panel-drawn.v1"] == 1
    assert events["lottery.member-replaced.v1"] == 1
    assert events["sessions.session-held.v1"] == 5
    assert events["sessions.recommendation-delivered.v1"] == out["recommendations"]
    assert events["followup.commitment-made.v1"] == 3
    assert events["followup.status-published.v1"] == 3
    assert events["followup.status-overdue.v1"] == out["overdue_seen"]
    # Two answers were drafted and approved, one of them anew later; meetings, progress and closings are on record.
    assert events["followup.answer-drafted.v1"] == 6
    assert events["followup.recommendation-answered.v1"] == out["answers"] + 1
    assert events["followup.work-recorded.v1"] == 12
    assert events["followup.followup-evaluated.v1"] == 1
    assert events["notifications.letter-dispatched.v1"] == out["shipments"]["letters_dispatched"]
    assert events["notifications.shipment-delivered.v1"] == out["shipments"]["delivered"]


def test_everyone_who_follows_is_told_of_each_status_by_one_mail(rehearsal: Rehearsal) -> None:
    events = rehearsal.outcome()["events"]
    assert (events["registration.follow-requested.v1"], events["registration.follower-joined.v1"]) == (2, 2)
    stand_in = f"http://127.0.0.1:{read_run(rehearsal.data)['parts']['digital-post']['port']}"
    mails = httpx.get(f"{stand_in}/standin/mails", trust_env=False).json()
    for email, _ in PUBLIC:
        confirmation, *statuses = [mail["headers"] for mail in mails if mail["to"] == email]
        assert len(statuses) == 3
        assert {mail["List-Unsubscribe"] for mail in statuses} == {confirmation["List-Unsubscribe"]}


def test_the_drawn_panel_keeps_every_quota(rehearsal: Rehearsal) -> None:
    composition = rehearsal.outcome()["composition"]
    plan = load(ROOT / "municipalities/dragoer")
    for criterion in plan.criteria:
        seats = composition[criterion.id]
        assert sum(seats.values()) == plan.panel.size
        for value in criterion.values:
            assert value.minimum <= seats.get(value.id, 0) <= value.maximum, (criterion.id, value.id)


@pytest.mark.faults
def test_the_same_seed_gives_the_same_course_also_when_every_service_is_killed_on_the_way(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    again = Rehearsal(tmp_path, seed=7, leave=True)
    victims = ["notifications", "registration", "notifications", "sessions", "followup", "notifications", "lottery"]
    killed: list[int] = []
    try:
        while not again.json.exists() and again.process.poll() is None and victims:
            pid = again.pid(victims[0])
            if "import           done" in again.said and pid is not None and pid not in killed:
                time.sleep(2.0)  # so that it is in the middle of something
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                victims.pop(0)
            time.sleep(0.05)
        assert alike(again.outcome()) == alike(rehearsal.outcome())
    finally:
        assert again.stop() == 0, again.said[-3000:]
    assert victims == [], "the test is about killed processes"


def test_another_seed_draws_another_panel(rehearsal: Rehearsal, after_the_draw: Rehearsal) -> None:
    out = after_the_draw.outcome()
    assert out["panel"] == 36
    assert out["sessions_held"] == 0, "the course ends where it was told to"
    assert out["panel_digest"] != rehearsal.outcome()["panel_digest"]


def test_one_trace_runs_from_a_sign_up_to_its_confirmation_shipment(rehearsal: Rehearsal, tmp_path: Path) -> None:
    exported = tmp_path / "trace.jsonl"
    done = subprocess.run(
        [BORGERSAMLING, "trace", "--data", rehearsal.data, "--export", exported],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "POST /tilmelding/l/{token}/trin/{step}" in done.stdout
    spans = exported.read_text().splitlines()
    [found] = [t for t in trace.read(rehearsal.data) if t.id in spans[0]]
    assert found.root["name"] == "POST /tilmelding/l/{token}/trin/{step}"
    assert found.spans[0]["service"] == "registration"
    assert found.has("say registration.registrant-signed-up.v1")
    assert found.has("hear registration.registrant-signed-up.v1")
    assert found.has("send receipt")
    assert {s["trace_id"] for s in found.spans} == {found.id}


def privacy_check(rehearsal: Rehearsal) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BORGERSAMLING, "privacy-check", "--data", rehearsal.data], capture_output=True, text=True, check=False
    )


def test_no_cpr_number_name_or_address_is_in_any_stream_log_or_trace(rehearsal: Rehearsal) -> None:
    done = privacy_check(rehearsal)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("planted", ["cpr", "name", "address"])
def test_the_privacy_check_finds_what_is_planted_in_a_log(rehearsal: Rehearsal, planted: str) -> None:
    with (rehearsal.data / "roll.csv").open(encoding="utf-8-sig") as file:
        delimiter = ";" if ";" in file.readline() else ","
        file.seek(0)
        person = next(csv.DictReader(file, delimiter=delimiter))
    text = {"cpr": person["cpr"], "name": person["name"], "address": f"{person['street']} {person['house_number']}"}
    log = rehearsal.data / "logs" / "planted.log"
    log.write_text(f'{{"event": "sent to {text[planted]}"}}\n', encoding="utf-8")
    try:
        done = privacy_check(rehearsal)
    finally:
        log.unlink()
    assert done.returncode == 1
    assert f"logs/planted.log:1: {planted}" in done.stdout
    assert text[planted] not in done.stdout, "the check itself must not repeat it"


def test_a_municipality_file_with_a_missing_field_is_refused_at_start_with_its_path(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    text = (ROOT / "municipalities/dragoer/assembly.yaml").read_text(encoding="utf-8")
    (broken / "assembly.yaml").write_text(text.replace("  size: 36\n", ""), encoding="utf-8")
    done = subprocess.run(
        [BORGERSAMLING, "rehearse", broken, "--data", tmp_path / "data", "--exit"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "panel.size" in done.stderr
    assert not (tmp_path / "data").exists(), "nothing was started"


def test_the_command_says_what_it_can_do() -> None:
    done = subprocess.run([sys.executable, "-m", "borgersamling", "--help"], capture_output=True, text=True, check=True)
    for word in ("up", "rehearse", "check", "dead-letters", "privacy-check", "trace"):
        assert word in done.stdout


def dead_letters(rehearsal: Rehearsal, *words: str) -> subprocess.CompletedProcess[str]:
    command = [BORGERSAMLING, "dead-letters", "--data", rehearsal.data, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def plant_a_fact_that_is_none(rehearsal: Rehearsal) -> None:
    system = RunningSystem.find(rehearsal.data)
    client = await nats.connect(system.nats_url, user=ADMIN, password=system.passwords[ADMIN])
    subject = "registration.dragoer-2025.registrant-signed-up.v1"
    await client.jetstream().publish(subject, b'{"assembly": "dragoer-2025"}', stream="REGISTRATION")
    await client.close()


def test_an_operator_sees_a_fact_that_was_given_up_reads_it_and_tries_it_again(rehearsal: Rehearsal) -> None:
    assert "0 dead letters" in dead_letters(rehearsal, "list").stdout
    asyncio.run(plant_a_fact_that_is_none(rehearsal))
    deadline = time.monotonic() + 30
    while "1 dead letters" not in (listed := dead_letters(rehearsal, "list").stdout) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "notifications-registrant-signed-up: refused for good" in listed
    number = listed.split()[1]
    assert (
        '"body": "{\\"assembly\\": \\"dragoer-2025\\"}"'
        in dead_letters(rehearsal, "show", "notifications", number).stdout
    )
    again = dead_letters(rehearsal, "replay", "notifications", number)
    assert again.returncode == 1, "it is no better the second time"
    assert "1 dead letters" in dead_letters(rehearsal, "list").stdout, "and is still there"
