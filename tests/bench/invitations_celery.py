"""Runs the job as Celery does it (`celery_way/tasks.py`): Redis, a worker, the stand-in, each a process of its own."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from invitations_direct import ready_made
from processor import used

from borgersamling.processes import answers, free_port, wait_until
from borgersamling.synthetic import Person as Resident
from support.inviting import Verdict, taken_by_person, verdict

READY = b"the worker is ready"
"""Written by `celery_way/tasks.py`."""
HERE = Path(__file__).parent / "celery_way"
AT_WORK_SECONDS = 6.0
"""Longer than a task can be at work."""


@dataclass(frozen=True, eq=False)
class Way:
    """How the user of Celery goes about it: see `celery_way/tasks.py`.

    `pool` and `at_once` are the worker's, `transport` is what Kombu is told of Redis.
    """

    way: str
    pool: str = "prefork"
    at_once: int = 2
    timeout: float = 10.0
    transport: Mapping[str, float] = field(default_factory=dict)


class CeleryJob:
    """One job, from starting Redis to counting what everyone got."""

    def __init__(self, python: Path, folder: Path, stand_in: str, people: Sequence[Resident], way: Way) -> None:
        self._bin, self._folder, self._people, self._way = python.parent, folder, people, way
        folder.mkdir(parents=True)
        self._begun: list[subprocess.Popen[bytes]] = []
        self._port = free_port()
        self._env = os.environ | {
            "BROKER": f"redis://127.0.0.1:{self._port}/0",
            "STAND_IN": f"{stand_in}/apis/v1",
            "FOLDER": str(folder),
            "WAY": way.way,
            "TIMEOUT": str(way.timeout),
            "TRANSPORT": json.dumps(way.transport),
        }
        (folder / "people.csv").write_text("".join(f"{person.cpr}\n" for person in people))
        [(message, xml)] = ready_made(people[:1])
        text = xml.decode().replace(message, "{uuid}").replace(people[0].cpr, "{cpr}")
        (folder / "memo.xml").write_text(text)

    def __enter__(self) -> Self:
        redis = shutil.which("redis-server")
        if redis is None:
            raise RuntimeError("redis-server is missing: run `make bench-invitations`, which installs it")
        command = [redis, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        try:
            self._redis = self._run(command, "redis")
            wait_until(lambda: answers(self._port), 10)
            self._start_worker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._begun):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _run(self, command: Sequence[str], log: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        with (self._folder / f"{log}.log").open("ab") as out:
            process = subprocess.Popen(
                command, env=self._env, cwd=HERE, stdout=stdout or out, stderr=out, start_new_session=True
            )
        self._begun.append(process)
        return process

    def _start_worker(self) -> None:
        log = self._folder / "worker.log"
        before = log.read_bytes().count(READY) if log.exists() else 0
        options = ["--pool", self._way.pool, "--concurrency", str(self._way.at_once), "--loglevel", "WARNING"]
        quiet = ["--without-gossip", "--without-mingle"]
        self._worker = self._run([str(self._bin / "celery"), "-A", "tasks", "worker", *options, *quiet], "worker")
        ready = wait_until(lambda: log.read_bytes().count(READY) > before, 30)
        if not ready:
            raise RuntimeError(f"Celery's worker did not start: {log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End the worker with its children as a crash would, and start another at once."""
        os.killpg(self._worker.pid, signal.SIGKILL)
        self._worker.wait()
        self._start_worker()

    def order(self) -> float:
        """Have the tasks made, beside the worker; return when that began, as `time.time()`."""
        self._ordering = self._run([str(self._bin / "python"), "order.py"], "order", subprocess.PIPE)
        assert self._ordering.stdout is not None
        return float(self._ordering.stdout.readline())

    def finish(self, standin: Path, kills: int, patience: float) -> float:
        """Wait until everyone was reached or Redis is empty, killing the worker at moments spread over the job.

        Returns when that was, as `time.time()`; when nothing has moved for `patience` seconds, when it last did.
        """
        moved, before, killed = time.time(), -1, 0
        busy = moved
        while time.time() - moved < patience:
            now = reached(standin) + len(self._letters())
            if now != before:
                moved, before = time.time(), now
            if self.left():
                busy = time.time()
            # What is acknowledged when begun is in nobody's hands while it is done, or tried again.
            if now >= len(self._people) or time.time() - busy > AT_WORK_SECONDS:
                break
            if killed < kills and now >= len(self._people) * (killed + 1) / (kills + 1):
                self.kill()
                killed += 1
            time.sleep(0.25)
        return moved

    def verdict(self, standin: Path) -> Verdict:
        """Count what everyone got."""
        return verdict([person.cpr for person in self._people], taken_by_person(standin), self._letters())

    def _letters(self) -> Counter[str]:
        file = self._folder / "letters.txt"
        return Counter(file.read_text().split()) if file.exists() else Counter()

    def processor(self) -> float:
        """Return the seconds of processor used by Redis, the worker and who made the tasks, which has ended."""
        assert self._ordering.stdout is not None
        return used([self._redis.pid, self._worker.pid]) + float(self._ordering.stdout.read())

    def left(self) -> int:
        """Count the tasks that Redis still holds, and who makes them as one."""
        ask = ["redis-cli", "-p", str(self._port)]
        found = subprocess.run(ask, input=b"llen celery\nhlen unacked\n", capture_output=True, check=True).stdout
        return sum(int(line) for line in found.split()) + (self._ordering.poll() is None)


def reached(standin: Path) -> int:
    """Count the people the stand-in has something for."""
    database = sqlite3.connect(f"file:{standin / 'standin.sqlite'}?mode=ro", uri=True)
    try:
        [people] = database.execute("select count(distinct cpr) from messages").fetchone()
    finally:
        database.close()
    return int(people)
