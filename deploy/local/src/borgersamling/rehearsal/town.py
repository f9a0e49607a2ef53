"""The rehearsal's hands: calls through the one address as people make them, the clock, waiting until all is quiet."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Self

import httpx
import nats
from nats.aio.client import Client

from borgersamling.running import PREFIXES
from borgersamling.supervisor import System
from chassis import clock
from chassis.topology import ADMIN

AWAY = {502, 503, 504}
PATIENCE_SECONDS = 180.0
"""How long a service may be away before the rehearsal gives up: a killed one is back within seconds."""


class RehearsalError(RuntimeError):
    """The course cannot go on; the text says which call was answered how."""


class Town:
    """The running system as its people meet it."""

    def __init__(self, system: System, http: httpx.AsyncClient, admin: Client) -> None:
        self.system = system
        self.http = http
        self._admin = admin

    @classmethod
    @asynccontextmanager
    async def visit(cls, system: System) -> AsyncIterator[Self]:
        """Be in town: one HTTP client for everybody, NATS as admin for the clock alone."""
        admin = await nats.connect(system.nats_url, user=ADMIN, password=system.secrets.nats[ADMIN])
        limits = httpx.Limits(max_connections=16)
        async with httpx.AsyncClient(base_url=system.url, timeout=60, limits=limits) as http:
            try:
                yield cls(system, http, admin)
            finally:
                await admin.close()

    async def call(
        self, method: str, path: str, *, role: str | None = None, besides: tuple[int, ...] = (), **options: Any
    ) -> httpx.Response:
        """Make one call; while a service is away, make it again: every command is idempotent.

        RehearsalError when it is answered with 400 or above, `besides` those that the caller knows what to do with.
        """
        headers = dict(options.pop("headers", {}))
        if role:
            headers["Authorization"] = f"Bearer {self.system.secrets.tokens[role]}"
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self.http.request(method, path, headers=headers, **options)
            except httpx.TransportError as error:
                failure = type(error).__name__
            else:
                if answer.status_code not in AWAY:
                    break
                failure = f"status {answer.status_code}"
            if asyncio.get_running_loop().time() > deadline:
                raise RehearsalError(f"{method} {_public(path)}: {failure} for {PATIENCE_SECONDS:g} s")
            await asyncio.sleep(0.3)
        if answer.status_code >= 400 and answer.status_code not in besides:
            raise RehearsalError(f"{method} {_public(path)} was answered {answer.status_code}: {answer.text[:2000]}")
        return answer

    async def get(self, path: str, role: str | None = None) -> Any:
        """Read JSON."""
        return (await self.call("GET", path, role=role)).json()

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, role: str) -> Any:
        """Give a command."""
        return (await self.call("POST", path, role=role, json=dict(body or {}))).json()

    async def put(self, path: str, body: Mapping[str, Any], *, role: str) -> Any:
        """Put a document."""
        return (await self.call("PUT", path, role=role, json=dict(body))).json()

    async def move_clock(self, to: datetime) -> None:
        """Move every service's clock and return when each of them stands there."""
        await clock.move(self._admin.jetstream(), to)
        for prefix in PREFIXES.values():
            while True:
                now = datetime.fromisoformat((await self.get(f"{prefix}/ops/clock", "operator"))["now"])
                if abs(now - to) < timedelta(hours=1):
                    break
                await asyncio.sleep(0.05)

    async def work_left(self) -> int:
        """Count what the five services still have to do."""
        answers = await asyncio.gather(*(self.get(f"{p}/ops/backlog", "operator") for p in PREFIXES.values()))
        return sum(answer["total"] for answer in answers)

    async def facts_said(self) -> dict[str, int]:
        """Return the facts all services have said, by type."""
        answers = await asyncio.gather(*(self.get(f"{p}/ops/facts", "operator") for p in PREFIXES.values()))
        return {fact: count for answer in answers for fact, count in sorted(answer.items())}

    async def settle(self) -> None:
        """Wait until nothing is left to do anywhere, seen twice with no new fact in between."""
        before: dict[str, int] | None = None
        while True:
            if await self.work_left() == 0:
                said = await self.facts_said()
                if said == before:
                    return
                before = said
            else:
                before = None
                await asyncio.sleep(0.2)

    async def dead_letters(self) -> int:
        """Count the facts that any service gave up on."""
        lists = await asyncio.gather(*(self.get(f"{p}/ops/dead-letters", "operator") for p in PREFIXES.values()))
        return sum(len(letters) for letters in lists)


def _public(path: str) -> str:
    return path.split("/l/", maxsplit=1)[0] + "/l/…" if "/l/" in path else path
