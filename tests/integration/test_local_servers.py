"""The wheels' servers and the supervisor's tools, as real processes."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import nats
import pytest

from borgersamling.part import Part
from borgersamling.processes import (
    HOST,
    Child,
    StartError,
    belongs_to,
    end,
    free_port,
    is_alive,
    owns_port,
    wait_until,
)
from borgersamling.run_folder import RunFolder, read_run
from borgersamling.secrets_file import Secrets
from borgersamling.servers import MongoServer, NatsServer
from borgersamling.watcher import Watcher
from chassis.mongo import Database

pytestmark = pytest.mark.integration


async def keep_a_document(uri: str) -> int:
    """Write one more document in a transaction and return how many there are."""
    database = Database(uri, "kept")
    try:

        async def write(session: object) -> None:
            await session.collection("things").insert({"_id": os.urandom(8).hex()})  # type: ignore[attr-defined]

        await database.in_session(write)
        return await database.collection("things").count({})
    finally:
        database.close()


async def keep_a_message(url: str) -> int:
    """Publish one more message and return how many the stream holds."""
    client = await nats.connect(url)
    try:
        js = client.jetstream()
        await js.add_stream(name="KEPT", subjects=["kept.>"])
        await js.publish("kept.one", b"", stream="KEPT")
        return (await js.stream_info("KEPT")).state.messages
    finally:
        await client.close()


def test_data_outlive_a_restart_and_a_kill_on_the_same_port(tmp_path: Path) -> None:
    broker, mongo = NatsServer(tmp_path / "nats"), MongoServer(tmp_path / "mongo")
    with broker, mongo:
        ports = (broker.port, mongo.port)
        assert asyncio.run(keep_a_message(broker.url)) == 1
        assert asyncio.run(keep_a_document(mongo.uri)) == 1
        broker.kill()
        mongo.kill()
        broker.start()
        mongo.start()
        assert asyncio.run(keep_a_message(broker.url)) == 2
        assert asyncio.run(keep_a_document(mongo.uri)) == 2
    with NatsServer(tmp_path / "nats") as broker, MongoServer(tmp_path / "mongo") as mongo:
        assert (broker.port, mongo.port) == ports
        assert asyncio.run(keep_a_message(broker.url)) == 3
        assert asyncio.run(keep_a_document(mongo.uri)) == 3


def test_data_are_found_again_when_another_program_took_the_ports(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "nats") as broker, MongoServer(tmp_path / "mongo") as mongo:
        ports = (broker.port, mongo.port)
        asyncio.run(keep_a_message(broker.url))
        asyncio.run(keep_a_document(mongo.uri))
    with socket.create_server((HOST, ports[0])), socket.create_server((HOST, ports[1])) as other:
        stop = threading.Event()
        threading.Thread(target=_hang_up, args=(other, stop), daemon=True).start()
        with NatsServer(tmp_path / "nats") as broker, MongoServer(tmp_path / "mongo") as mongo:
            assert not {broker.port, mongo.port} & set(ports)
            assert asyncio.run(keep_a_message(broker.url)) == 2
            assert asyncio.run(keep_a_document(mongo.uri)) == 2
        stop.set()


def _hang_up(listener: socket.socket, stop: threading.Event) -> None:
    """Answer as most programs answer a stranger: the replica set asks its old address and must not wait for it."""
    listener.settimeout(0.2)
    while not stop.is_set():
        try:
            listener.accept()[0].close()
        except OSError:
            continue


def test_a_server_that_cannot_start_says_what_its_log_says(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"(?s)nats-server did not start.*Parse error"):
        NatsServer(tmp_path, config="authorization {").start()


def test_passwords_in_the_brokers_configuration_are_its_owners_alone(tmp_path: Path) -> None:
    with NatsServer(tmp_path, config='authorization { user: a, password: "b" }'):
        assert (tmp_path / "nats.conf").stat().st_mode & 0o777 == 0o600


def test_a_port_is_ours_only_when_our_own_process_listens_on_it() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        assert owns_port(os.getpid(), port)
        assert not owns_port(os.getppid(), port)
        assert free_port(port) != port
    assert not owns_port(os.getpid(), port)
    assert free_port(port) == port


LISTENS = "import http.server, os; http.server.HTTPServer(('127.0.0.1', int(os.environ['P'])), None).serve_forever()"


class Small(Part):
    """A part that listens and nothing else."""

    name = "small"

    def __init__(self, folder: Path) -> None:
        super().__init__(port_file=folder / "port", log=folder / "small.log", data=folder)

    def argv(self) -> list[str | Path]:
        return [sys.executable, "-c", LISTENS]

    def env(self) -> dict[str, str]:
        return {"P": str(self.port)}

    def ready(self) -> bool:
        return True


def test_a_part_that_dies_is_started_again_where_it_stood(tmp_path: Path) -> None:
    said: list[str] = []
    with Small(tmp_path) as part:
        port, pid = part.port, part.pid
        watcher = Watcher([part], lambda _, line: said.append(line))
        watcher.start()
        try:
            os.kill(pid, signal.SIGKILL)
            assert wait_until(lambda: any("ready again" in line for line in said), 30)
        finally:
            watcher.stop()
        assert part.port == port
        assert part.pid != pid
        assert "ended by itself" in said[0]
    assert not part.alive()


def test_a_part_that_was_stopped_on_purpose_stays_stopped(tmp_path: Path) -> None:
    part = Small(tmp_path).start()
    watcher = Watcher([part], lambda _, __: None)
    watcher.start()
    watcher.stop()
    part.stop()
    assert not wait_until(part.alive, 1)


def test_a_child_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    child = Child("stubborn", [sys.executable, "-c", stubborn], log=tmp_path / "log")
    child.start()
    assert wait_until(lambda: "up" in (tmp_path / "log").read_text(), 10)
    child.stop(grace=0.2)
    assert not is_alive(child.pid)


def test_one_folder_holds_one_system(tmp_path: Path) -> None:
    first, second = RunFolder(tmp_path), RunFolder(tmp_path)
    first.hold()
    with pytest.raises(StartError, match=f"in use by the system with process id {os.getpid()}.*--data"):
        second.hold()
    first.let_go()
    second.hold()
    second.let_go()


def test_what_a_killed_run_left_behind_is_ended_and_strangers_are_not(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours = Child("ours", sleeper, log=tmp_path / "ours.log", data=tmp_path)
    ours.start()
    stranger = subprocess.Popen(sleeper)
    try:
        assert wait_until(lambda: belongs_to(ours.pid, tmp_path), 10)
        folder = RunFolder(tmp_path)
        folder.write({"parts": {"ours": {"pid": ours.pid}, "stranger": {"pid": stranger.pid}}})
        assert folder.end_leftovers() == ["ours"]
        assert not is_alive(ours.pid)
        assert is_alive(stranger.pid)
    finally:
        end(stranger.pid, grace=1)
        stranger.wait()
        ours.stop()


def test_only_a_systems_own_folder_is_emptied(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "letter.txt").write_text("dear")
    for _ in range(2):  # also the second time: a refusal leaves no mark
        with pytest.raises(StartError, match="was never a system's data folder"):
            RunFolder(documents).hold()
    assert [thing.name for thing in documents.iterdir()] == ["letter.txt"]
    own = RunFolder(tmp_path / "own")
    own.hold()
    assert not own.empty()
    own.let_go()
    (tmp_path / "own" / "logs").mkdir()
    (tmp_path / "own" / "logs" / "a.log").write_text("x")
    own.hold()
    assert own.empty()
    assert read_run(tmp_path / "own") == {}
    assert [thing.name for thing in (tmp_path / "own").iterdir()] == ["lock"]
    own.let_go()


def test_secrets_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secrets.json"
    first = Secrets.of(path, ("admin", "sessions"))
    assert path.stat().st_mode & 0o777 == 0o600
    again = Secrets.of(path, ("admin", "sessions", "lottery"))
    assert again.nats["admin"] == first.nats["admin"]
    assert again.tokens == first.tokens
    kept = ("person_key", "forms_key", "state_key", "client_secret")
    assert [getattr(again, name) for name in kept] == [getattr(first, name) for name in kept]
    assert set(again.nats) == {"admin", "sessions", "lottery"}
    assert len({*again.nats.values(), *again.tokens.values(), *(getattr(again, name) for name in kept)}) == 11
    assert min(len(again.forms_key), len(again.state_key)) >= 32, "a service starts with nothing shorter"


def test_a_folder_of_an_older_version_gets_the_secrets_it_lacks_and_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"nats": {"admin": "old"}, "tokens": {}, "person_key": "kept"}))
    found = Secrets.of(path, ("admin",))
    assert (found.nats["admin"], found.person_key) == ("old", "kept")
    assert found.forms_key
    assert Secrets.of(path, ("admin",)) == found
