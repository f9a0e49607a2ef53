"""Imports by real processes that are killed half-way, and by two at once: nobody twice, nobody lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.mongo import Database, Document
from support.house import House
from support.registering import A
from support.registrar import Registrar, as_file, many
from support.rolls import announced

pytestmark = pytest.mark.integration

RESIDENTS = 12_000
SECONDS = 120.0
SOON = {"IMPORT_LEASE_SECONDS": "2", "IMPORT_SECONDS": "0.2"}


class Town:
    """A database with an announced assembly, and processes of registration over it."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house, self._folder = house, folder
        self.name = f"{house.name}_registration"
        house._databases.add(self.name)
        self.db = Database(house.servers.mongo_uri, self.name)

    def registrar(self, name: str) -> Registrar:
        return Registrar(self._house.servers, self.name, self._folder / name, **SOON)

    async def announced(self, registrar: Registrar) -> None:
        await self._house.say(announced(A))
        while (await registrar.call("GET", "/counts")).status_code != 200:
            await asyncio.sleep(0.05)

    async def job(self, wanted: Document) -> Document:
        """Wait until the import is as wanted."""
        for _ in range(int(SECONDS / 0.01)):
            job = await self.db.collection("imports").one(wanted)
            if job is not None:
                return job
            await asyncio.sleep(0.01)
        raise AssertionError(f"the import never was {wanted}: {await self.db.collection('imports').find({})}")

    async def people(self) -> tuple[int, int]:
        """Count the people, and those of them whom a second writing would have touched again."""
        people = self.db.collection("people")
        return await people.count({}), await people.count({"version": {"$ne": 1}})


@pytest.fixture
async def town(house: House, tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(house, tmp_path)
    yield town
    town.db.close()


async def handed_in(registrar: Registrar) -> "asyncio.Task[Any]":
    return asyncio.create_task(registrar.call("PUT", "/roll", as_file(many(RESIDENTS)), seconds=SECONDS))


@pytest.mark.parametrize(
    "moment",
    [
        {"state": "checking", "row": {"$gt": 2000, "$lt": RESIDENTS - 2000}},
        {"state": "writing", "done_row": {"$gt": 2000, "$lt": RESIDENTS - 2000}},
    ],
    ids=["checking", "writing"],
)
async def test_an_import_whose_process_is_killed_is_ended_by_the_next_one(town: Town, moment: Document) -> None:
    registrar = town.registrar("first").start()
    try:
        await town.announced(registrar)
        request = await handed_in(registrar)
        await town.job(moment)
        registrar.kill()
        await asyncio.gather(request, return_exceptions=True)
        held = await town.db.collection("imports").one({})
        assert held is not None
        assert held["state"] == moment["state"], "it was half-way when the process was killed"
        registrar.start()
        job = await town.job({"state": "written", "kept": False})
    finally:
        registrar.stop()
    assert (job["report"]["new"], await town.people()) == (RESIDENTS, (RESIDENTS, 0))
    assert await town.db.collection("uploads").count({}) == 0


async def test_of_two_replicas_one_imports_and_the_other_goes_on_when_it_is_killed(town: Town) -> None:
    with town.registrar("first") as first, town.registrar("second") as second:
        await town.announced(first)
        request = await handed_in(first)
        job = await town.job({"state": "writing", "done_row": {"$gt": 2000, "$lt": RESIDENTS - 2000}})
        holder = job["holder"]
        # Whoever it is that works: the one that took the file in is killed, the other one is asked how it goes.
        first.kill()
        await asyncio.gather(request, return_exceptions=True)
        ended = await town.job({"state": "written"})
        answer = await second.call("GET", f"/imports/{job['_id']}")
    assert answer.json()["state"] == "written"
    assert await town.people() == (RESIDENTS, 0)
    assert (holder is not None, ended["holder"]) == (True, None)


async def test_two_processes_that_look_for_work_at_the_same_time_do_it_once(town: Town) -> None:
    with town.registrar("first") as first, town.registrar("second") as second:
        await town.announced(first)
        bodies = [first.call("PUT", "/roll", as_file(many(3000)), seconds=SECONDS) for _ in range(2)]
        bodies += [second.call("PUT", "/roll", as_file(many(3000)), seconds=SECONDS) for _ in range(2)]
        answers = await asyncio.gather(*bodies)
    assert sorted(answer.json()["new"] for answer in answers) == [0, 0, 0, 3000]
    assert await town.people() == (3000, 0)
