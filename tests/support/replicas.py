"""Replicas of one service as processes of their own, on one database, each of which can be killed at any moment.

They are forked from a process that has read the code already, so that twenty restarts cost no more than one.
"""

import asyncio
import json
import multiprocessing
import os
from datetime import datetime, timedelta
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx

from borgersamling.processes import HOST, free_port
from chassis.identity import Role
from support.house import FORMS_KEY, House

SECONDS = 60.0


def environment(house: House, name: str, database: str) -> dict[str, str]:
    """Return the settings of a service as a process, on a house's servers."""
    servers = house.servers
    tokens = {role.value: house.token(role) for role in Role if role is not Role.PUBLIC}
    return {
        "NATS__URL": servers.nats_url,
        "NATS__USER": name,
        "NATS__PASSWORD": servers.password(name),
        "MONGO__URI": servers.mongo_uri,
        "MONGO__DATABASE": database,
        "CLOCK__MODE": "rehearsal",
        "IDENTITY__TOKENS": json.dumps(tokens),
        "FORMS__KEY": FORMS_KEY,
        "TOPOLOGY": str(servers.topology_file),
    }


def serve(name: str, env: dict[str, str], log: Path, small: dict[str, int]) -> None:
    """Be the service. `small` are constants made small (`chassis.ordered.BATCH`), so that a kill meets something."""
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    os.environ.update(env)
    for constant, value in small.items():
        module, _, attribute = constant.rpartition(".")
        setattr(import_module(module), attribute, value)
    run = import_module("chassis.process").run
    run(import_module(f"{name}.bootstrap").build, import_module(f"{name}.settings").Settings)


class Replica:
    """One of them."""

    def __init__(self, name: str, house: House, log: Path, env: dict[str, str], small: dict[str, int]) -> None:
        self._name, self._house, self._log, self._small = name, house, log, small
        self._env = env | {"HTTP__HOST": HOST, "HTTP__PORT": str(free_port())}
        self._process: BaseProcess | None = None
        self.url = f"http://{HOST}:{self._env['HTTP__PORT']}"

    def start(self) -> None:
        """Start it; `ready` says when it does its work."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([f"{self._name}.bootstrap", "chassis.process", __name__])
        self._process = context.Process(target=serve, args=(self._name, self._env, self._log, self._small))
        self._process.start()

    def kill(self) -> None:
        """SIGKILL: it gets to do nothing more."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    async def ask(self, method: str, path: str, role: Role, **request: Any) -> httpx.Response:
        """Send a request; TransportError when it dies meanwhile."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30) as http:
            return await http.request(method, path, headers=self._house.headers(role), **request)

    async def is_ready(self) -> bool:
        """Return whether it does its work."""
        try:
            return (await self.ask("GET", "/health/ready", Role.PUBLIC)).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def ready(self, clock: str = "", at: datetime | None = None) -> None:
        """Wait until it does its work, and stands at this time by what its path `clock` says."""
        async with asyncio.timeout(SECONDS):
            while not (await self.is_ready() and (at is None or await self._stands(clock, at))):
                if self._process is None or not self._process.is_alive():
                    raise AssertionError(f"it ended by itself: {self._log.read_text()[-2000:]}")
                await asyncio.sleep(0.05)

    async def _stands(self, clock: str, at: datetime) -> bool:
        shown = (await self.ask("GET", clock, Role.OPERATOR)).json()["now"]
        return abs(datetime.fromisoformat(shown) - at) < timedelta(minutes=5)
