"""The whole system as processes on one machine: started in order, watched, stopped in reverse.

    with System(folder) as system:
        system.url

One data folder is one system. `run.json` in it says where every part is, for other commands and for tests.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import nats

from borgersamling import table
from borgersamling.part import Part
from borgersamling.processes import free_port
from borgersamling.programs import SERVICES, Program
from borgersamling.run_folder import RunFolder
from borgersamling.secrets_file import Secrets
from borgersamling.servers import MongoServer, NatsServer
from borgersamling.watcher import Watcher
from chassis import provisioning
from chassis.topology import ADMIN, load, nats_users

Say = Callable[[str, str], None]
"""Told of every part: (name, what happened)."""


class System:
    """The running system over one data folder. `port` is the gateway's; without one it takes 8080 or any free one.

    `person_key` and `fresh` (start from an emptied folder) are for rehearsals, which can be repeated only when they
    start from nothing and the ids of people are the same.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        clock: table.Clock = "system",
        municipalities: Sequence[Path] | None = None,
        person_key: str | None = None,
        fresh: bool = False,
        say: Say = lambda _part, _line: None,
    ) -> None:
        self.data = data.resolve()
        self.clock: table.Clock = clock
        self.topology = load(table.TOPOLOGY)
        self.municipalities = tuple(path.resolve() for path in municipalities or table.all_municipalities())
        self._port, self._person_key, self._say = port, person_key, say
        self._fresh = fresh
        self._folder = RunFolder(self.data)
        self._watcher: Watcher | None = None
        self._groups: list[list[Part]] = []
        self._nats: NatsServer
        self._mongo: MongoServer
        self._gateway: Program
        self.secrets: Secrets

    @property
    def url(self) -> str:
        """The one address."""
        return self._gateway.url

    @property
    def nats_url(self) -> str:
        return self._nats.url

    def part(self, name: str) -> Part:
        """Return one part; KeyError when there is none of that name."""
        return {part.name: part for group in self._groups for part in group}[name]

    def address(self, name: str) -> str:
        """Return a program's own address, beside the gateway."""
        part = self.part(name)
        if not isinstance(part, Program):
            raise KeyError(f"{name} is no program of ours")
        return part.url

    def start(self) -> Self:
        """Start everything and return when all is ready; whatever fails, nothing of ours is left running."""
        self._folder.hold()
        try:
            for name in self._folder.end_leftovers():
                self._say(name, "left over from a run that was killed: ended")
            if self._fresh and self._folder.empty():
                self._say("data folder", f"emptied {self.data}: a rehearsal starts from nothing")
            self.secrets = Secrets.of(self.data / "secrets.json", (ADMIN, *self.topology.services), self._person_key)
            self._start_all()
        except BaseException:
            self.stop()
            raise
        self._watcher = Watcher([part for group in self._groups for part in group], self._say, self._write_run)
        self._watcher.start()
        return self

    def _start_all(self) -> None:
        users = nats_users(self.topology, self.secrets.nats, rehearsal=self.clock == "rehearsal")
        logs = self.data / "logs"
        self._nats = NatsServer(self.data / "nats", config=users, log=logs / "nats-server.log", data=self.data)
        self._mongo = MongoServer(self.data / "mongo", log=logs / "mongod.log", data=self.data)
        self._start_together((self._nats, self._mongo))
        asyncio.run(self._provision())
        self._say("streams", f"{len(self.topology.streams)} streams, {len(self.topology.durables)} durables in place")
        self._gateway = table.gateway(self.data, self._targets, self._port)
        settings = table.Table(
            self.data,
            self.secrets,
            self._nats.url,
            self._mongo.uri,
            self.clock,
            self._gateway.url,
            self.municipalities,
            free_port(),
        )
        self._start_together(table.stand_ins(settings))
        self._start_together(table.services(settings, self.address))
        self._start_together((self._gateway,))

    def _targets(self) -> dict[str, str]:
        return {name: self.address(name) for name in SERVICES}

    def _start_together(self, together: Iterable[Part]) -> None:
        def begin(part: Part) -> None:
            began = time.monotonic()
            part.start()
            self._say(part.name, f"ready on port {part.port} after {time.monotonic() - began:.1f} s")

        group = list(together)
        self._groups.append(group)
        # Two cores: three interpreters that start at once are as fast as five.
        with ThreadPoolExecutor(3) as pool:
            for started in [pool.submit(begin, part) for part in group]:
                started.result()
        self._write_run()

    async def _provision(self) -> None:
        client = await nats.connect(self._nats.url, user=ADMIN, password=self.secrets.nats[ADMIN], connect_timeout=5)
        try:
            await provisioning.apply(client.jetstream(timeout=30), self.topology)
        finally:
            await client.close()

    def stop(self) -> None:
        """Stop in reverse order: nobody asks a service that is gone, and no service loses its server."""
        if self._watcher is not None:
            self._watcher.stop()
        for group in reversed(self._groups):
            with ThreadPoolExecutor(len(group) or 1) as pool:
                list(pool.map(Part.stop, group))
        self._groups.clear()
        self._folder.let_go()

    def _write_run(self) -> None:
        running = [part for group in self._groups for part in group if part.alive()]
        self._folder.write(
            {
                "clock": self.clock,
                "url": next(
                    (part.url for part in running if isinstance(part, Program) and part.name == "gateway"), None
                ),
                "nats": self._nats.url,
                "mongo": self._mongo.uri,
                "parts": {part.name: {"pid": part.pid, "port": part.port, "log": str(part.log)} for part in running},
            }
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
