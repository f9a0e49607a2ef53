"""Inviting by a process that is really killed (SIGKILL), again and again: everyone once, nobody left out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from borgersamling.programs import Program
from chassis.identity import Role
from chassis.mongo import Database, Document
from registration.repository import PEOPLE, WAVES
from support import keys
from support.house import House
from support.registering import API, OPEN, A
from support.replicas import environment
from support.rolls import KEY, announced
from support.waves import INVITED, people_of, wave

pytestmark = [pytest.mark.integration, pytest.mark.faults]

PEOPLE_ON_THE_ROLL, BATCH = 600, 3
"""Hundreds of transactions, so that a kill comes in the middle of them by itself."""
SECONDS = 180.0


class Process:
    """Registration as a process of its own, on a house's servers."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house, self.name = house, f"{house.name}_killed"
        self.db = Database(house.servers.mongo_uri, self.name)
        self.program = Program("registration", folder, self._env)

    def _env(self, _port: int) -> dict[str, str]:
        return environment(self._house, "registration", self.name) | {
            "PERSON_KEY": KEY,
            "SYNTHETIC_PEOPLE": "true",
            "ENCRYPTION__KEYS": str(keys.folder()),
            "INVITE_BATCH": str(BATCH),
        }

    async def start(self) -> None:
        await asyncio.to_thread(self.program.start)

    async def kill(self) -> None:
        await asyncio.to_thread(self.program.kill)

    async def call(self, method: str, path: str, status: int, **request: Any) -> Any:
        async with httpx.AsyncClient(base_url=self.program.url, trust_env=False, timeout=60) as http:
            headers = self._house.headers(Role.SECRETARIAT)
            answer = await http.request(method, API + path, headers=headers, **request)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def until(self, wave_id: str, holds: Callable[[Document], bool]) -> Document:
        """Wait until a wave's document is as it should be; the process goes on meanwhile."""
        deadline = asyncio.get_running_loop().time() + SECONDS
        while not ((found := await self.db.collection(WAVES).get(f"{A}:{wave_id}")) and holds(found)):
            assert asyncio.get_running_loop().time() < deadline, found
            await asyncio.sleep(0.005)
        return found

    async def quiet(self) -> None:
        """Wait until every fact is on the stream."""
        deadline = asyncio.get_running_loop().time() + SECONDS
        while await self.db.collection("outbox").count({"published_at": None}):
            assert asyncio.get_running_loop().time() < deadline, "the outbox is not brought out"
            await asyncio.sleep(0.05)


@pytest.fixture
async def process(house: House, tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(house, tmp_path)
    yield process
    await asyncio.to_thread(process.program.stop)
    await process.db.drop()
    process.db.close()


async def killed_when(process: Process, wave_id: str, holds: Callable[[Document], bool]) -> Document:
    """Kill it at such a moment, start it again, ask for the wave once more, and return how the wave stood."""
    await process.until(wave_id, holds)
    await process.kill()
    stood = await process.until(wave_id, lambda _: True)
    await process.start()
    await process.call("POST", f"/invitations?wave={wave_id}", 202)
    return stood


async def test_killed_while_choosing_and_while_issuing_it_invites_everyone_once(house: House, process: Process) -> None:
    await house.move_clock(OPEN)
    await process.start()
    await house.say(announced(A, waves=(wave("first", 0.5), wave("rest"))))
    await process.until("rest", lambda _: True)
    await process.call("PUT", "/roll", 200, content=people_of(PEOPLE_ON_THE_ROLL))
    assert (await process.call("POST", "/invitations", 202))["to_invite"] == 300

    stood = await killed_when(process, "first", lambda one: one["chosen"] > 50)
    assert stood["chosen_at"] is None, "it was killed while people were chosen"
    for issued in (50, 150):
        stood = await killed_when(process, "first", lambda one, n=issued: one["issued"] >= n)
        assert issued <= stood["issued"] < 300, "it was killed half-way"
    first = await process.until("first", lambda one: one["state"] == "done")
    assert first["chosen"] == first["issued"] == 300

    assert (await process.call("POST", "/invitations", 202))["to_invite"] == 300
    await killed_when(process, "rest", lambda one: one["issued"] >= 100)
    await process.until("rest", lambda one: one["state"] == "done")
    assert (await process.call("POST", "/invitations", 202))["to_invite"] == 0
    await process.quiet()
    told = [fact["person"] for fact in await house.heard(INVITED)]
    everyone = [person["_id"] for person in await process.db.collection(PEOPLE).find({}, fields=["_id"])]
    assert len(everyone) == PEOPLE_ON_THE_ROLL
    assert sorted(told) == sorted(everyone)
