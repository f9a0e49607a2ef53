"""Who hears what: read strictly, and turned into streams, durables and permissions."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.topology import Topology, TopologyError, inbox_prefix, load, nats_users

FILE = Path(__file__).parents[2] / "deploy/nats/topology.yaml"


@pytest.fixture(scope="module")
def topology() -> Topology:
    return load(FILE)


def refused(tmp_path: Path, **changes: Any) -> str:
    """Change the real file at dotted paths and return what it is refused with."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for path, value in changes.items():
        *parents, last = path.split("__")
        part = raw
        for parent in parents:
            part = part[parent]
        part[last] = value
    changed = tmp_path / "topology.yaml"
    changed.write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(TopologyError) as error:
        load(changed)
    return str(error.value)


def test_every_service_speaks_in_a_stream_of_its_own(topology: Topology) -> None:
    assert {s.name: s.subjects for s in topology.speaker_streams} == {
        service.upper(): (f"{service}.*.*.v1",) for service in topology.services
    }
    assert all(s.max_age_seconds == 1100 * 86400 for s in topology.speaker_streams)


def test_a_durable_is_named_after_the_listener_and_the_fact(topology: Topology) -> None:
    by_name = {durable.name: durable for durable in topology.durables}
    assert len(by_name) == len(topology.durables)
    pool_closed = by_name["lottery-pool-closed"]
    assert (pool_closed.stream, pool_closed.subject) == ("REGISTRATION", "registration.*.pool-closed.v1")
    defaults = yaml.safe_load(FILE.read_text(encoding="utf-8"))["durables"]["defaults"]
    assert pool_closed.model_dump(include=set(defaults)) == defaults


def test_facts_of_one_name_from_two_speakers_are_heard_in_two_places(topology: Topology) -> None:
    places = {d.name: d.subject for d in topology.durables_of("registration") if d.fact == "erasure-confirmed"}
    assert places == {
        f"registration-{speaker}-erasure-confirmed": f"{speaker}.*.erasure-confirmed.v1"
        for speaker in ("lottery", "notifications")
    }


def test_the_clock_keeps_its_last_position_alone(topology: Topology) -> None:
    assert (topology.clock.name, topology.clock.max_messages) == ("CLOCK", 1)


def test_a_service_may_say_its_own_facts_and_no_others(topology: Topology) -> None:
    for service in topology.services:
        said = [s for s in topology.permissions(service).publish if s.endswith(".v1")]
        assert said == [f"{service}.*.*.v1"]


def test_a_service_may_neither_make_nor_delete_streams_of_facts(topology: Topology) -> None:
    forbidden = ("STREAM.CREATE", "STREAM.UPDATE", "STREAM.DELETE", "CONSUMER.DURABLE", ".>.")
    for service in topology.services:
        allowed = topology.permissions(service).publish
        assert not [s for s in allowed for part in forbidden if part in s]
        assert not [s for s in allowed if "PURGE" in s and "OBJ_" not in s and "SIGN_INS" not in s]
        assert ">" not in allowed


def test_who_lets_people_in_may_write_sign_ins_and_all_may_read_them(topology: Topology) -> None:
    allowed = {s: topology.permissions(s).publish for s in topology.services}
    assert [s for s in topology.services if "sign-ins.*.*" in allowed[s]] == ["sessions", "registration"]
    assert [s for s in topology.services if "$JS.API.DIRECT.GET.SIGN_INS.>" not in allowed[s]] == []


def test_a_service_hears_its_own_replies_and_no_others(topology: Topology) -> None:
    inboxes = {s: [i for i in topology.permissions(s).subscribe if i.startswith("_INBOX")] for s in topology.services}
    assert inboxes == {s: [f"{inbox_prefix(s)}.>"] for s in topology.services}


@pytest.mark.parametrize("question", ["registration.recipients.resolve", "registration.reference.find"])
def test_notifications_alone_may_ask_who_people_are(topology: Topology, question: str) -> None:
    asking = [s for s in topology.services if question in topology.permissions(s).publish]
    answering = [s for s in topology.services if question in topology.permissions(s).subscribe]
    assert (asking, answering) == (["notifications"], ["registration"])


def test_registration_alone_may_ask_the_others(topology: Topology) -> None:
    for service in topology.services:
        for subject in topology.answers.get(service, []):
            asking = [s for s in topology.services if subject in topology.permissions(s).publish]
            assert asking == (["notifications"] if service == "registration" else ["registration"]), subject
            assert topology.permissions(service).responds


def test_attachments_are_written_by_registration_and_read_by_lottery(topology: Topology) -> None:
    allowed = {s: topology.permissions(s).publish for s in topology.services}
    assert [s for s in topology.services if "$O.attachments.>" in allowed[s]] == ["registration"]
    assert [s for s in topology.services if any("OBJ_attachments" in a for a in allowed[s])] == [
        "registration",
        "lottery",
    ]


def test_drafts_of_the_councils_answers_lie_in_a_store_of_their_own(topology: Topology) -> None:
    allowed = {s: topology.permissions(s).publish for s in topology.services}
    assert [s for s in topology.services if any("OBJ_drafts" in a for a in allowed[s])] == ["followup"]
    assert topology.stores_by_writer == {"registration": "attachments", "followup": "drafts"}


def test_without_a_rehearsal_nobody_hears_its_clock(topology: Topology) -> None:
    for service in topology.services:
        permissions = topology.permissions(service, rehearsal=False)
        assert not [s for s in (*permissions.publish, *permissions.subscribe) if "CLOCK" in s or "clock" in s]


def test_the_committed_users_read_their_passwords_from_the_environment(topology: Topology) -> None:
    text = nats_users(topology)
    assert "$NATS_PASSWORD_ADMIN" in text
    assert all(f"$NATS_PASSWORD_{service.upper()}" in text for service in topology.services)


def test_a_password_cannot_break_out_of_the_configuration(topology: Topology) -> None:
    passwords = dict.fromkeys((*topology.services, "admin"), "fine") | {"lottery": '", user: admin'}
    with pytest.raises(ValueError, match="password"):
        nats_users(topology, passwords)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"streams__defaults__max_age_days": 0}, "streams.defaults.max_age_days"),
        ({"streams__defaults__storage": "tape"}, "streams.defaults.storage"),
        ({"durables__defaults__max_deliver": "twelve"}, "durables.defaults.max_deliver"),
        ({"durables__defaults__ack_wait": 3}, "durables.defaults.ack_wait"),
        ({"hears__sessions__lottery": ["Panel Drawn"]}, "hears.sessions.lottery.0"),
        ({"hears__mayor": {"lottery": ["panel-drawn"]}}, "hears.mayor"),
        ({"hears__sessions__mayor": ["ribbon-cut"]}, "hears.sessions.mayor"),
        ({"hears__followup__lottery": ["panel-drawn"] * 2}, "hears.followup.lottery: 'panel-drawn' is named twice"),
        ({"object_stores": [{"name": "a", "max_bytes": 1, "reads": ["mayor"]}]}, "object_stores.0.reads"),
        ({"answers": {}}, "asks.notifications"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_wrong_file_is_refused_with_the_path_of_the_field(tmp_path: Path, changes: dict[str, Any], path: str) -> None:
    assert f"topology.yaml: {path}" in refused(tmp_path, **changes)


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    doubled = tmp_path / "topology.yaml"
    doubled.write_text(FILE.read_text(encoding="utf-8") + "asks: {}\n", encoding="utf-8")
    with pytest.raises(TopologyError, match="'asks' stands here twice"):
        load(doubled)
