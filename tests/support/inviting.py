"""A whole invitation job on the real system: every part a process, from the order until each shipment has ended.

with Invitations(folder, 1_000) as job:
    job.order()
    while not job.progress().done: ...
    job.verdict()
"""

import asyncio
import os
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest.mock import patch

from pymongo import MongoClient

from borgersamling.processes import wait_until
from borgersamling.rehearsal.course import Course
from borgersamling.rehearsal.town import Town
from borgersamling.running import RunningSystem
from borgersamling.supervisor import System
from borgersamling.synthetic import populate
from notifications.domain.shipment import TERMINAL, TO_SEND, State
from registration.domain.people import person_id
from sessions.domain.assembly_file import load

ROOT = Path(__file__).parents[2]
DRAGOER = ROOT / "municipalities/dragoer"
BACK_SECONDS = 0.2
"""A killed part is started again after this, however often it was killed: these jobs are not about the waiting."""


@dataclass(frozen=True)
class Progress:
    """How many of `people` the job has brought how far."""

    people: int
    facts: int
    shipments: int
    out: int
    """Taken by a channel, or ended otherwise."""
    ended: int

    @property
    def done(self) -> bool:
        return self.ended >= self.people


@dataclass(frozen=True)
class Verdict:
    """What each resident got, counted where it was taken: in the stand-in's own file, and letters in the folder."""

    people: int
    messages: int
    letters: int
    lost: int
    """Had nothing."""
    doubled: int
    """Had more than one, counting what was taken again under the same UUID."""
    doubled_anew: int
    """Had more than one under different UUIDs: not even a provider that knows its UUIDs again could tell."""


class Invitations:
    """The job. `settings` are environment variables of the parts, the stand-in's faults among them."""

    def __init__(
        self, folder: Path, residents: int, *, seed: int = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        self.plan = load(DRAGOER)
        self.population = populate(residents, seed, self.plan)
        self._settings = dict(settings or {})
        self._stack = ExitStack()
        self.system = System(folder, clock="rehearsal", fresh=True, municipalities=[DRAGOER])

    def __enter__(self) -> Self:
        """Start everything, announce the assembly, import its residents and open the sign-up."""
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, self._settings))
            stack.enter_context(patch("borgersamling.watcher.BACKOFF", (BACK_SECONDS,)))
            stack.enter_context(self.system)
            mongod = self.system.part("mongod")
            self._mongo = stack.enter_context(MongoClient(mongod.uri))  # type: ignore[attr-defined]  # the server alone
            asyncio.run(self._prepare())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def _prepare(self) -> None:
        async with Town.visit(self.system) as town:
            stand_in = self.system.address("digital-post")
            course = Course(town, self.plan, self.population, 1, stand_in, self.system.data / "letters")
            await course.announce(lambda _done, _total: None)
            await course.import_roll(lambda _done, _total: None)
            await town.move_clock(self.plan.sign_up.opens + timedelta(minutes=1))
            await town.post(f"/tilmelding/api/assemblies/{self.plan.id}/open", role="secretariat")
            await town.settle()
        self._facts_before = self._mongo["registration"]["outbox"].estimated_document_count()

    def order(self) -> None:
        """Give the command that everyone be invited."""
        running = RunningSystem.find(self.system.data)
        running.ask("POST", f"/tilmelding/api/assemblies/{self.plan.id}/invitations", "secretariat")

    def progress(self) -> Progress:
        """Look how far it is; a look costs the job some milliseconds."""
        group = {"$group": {"_id": "$state", "n": {"$sum": 1}}}
        rows = self._mongo["notifications"]["shipments"].aggregate([{"$project": {"state": 1}}, group])
        states = {State(row["_id"]): int(row["n"]) for row in rows}
        waiting = sum(number for state, number in states.items() if state in TO_SEND)
        ended = sum(number for state, number in states.items() if state in TERMINAL)
        made = sum(states.values())
        # From the collection's own count, which is at hand, and wrong after a crash of the server.
        facts = self._mongo["registration"]["outbox"].estimated_document_count() - self._facts_before
        return Progress(len(self.population.people), facts, made, made - waiting, ended)

    def kill(self, name: str) -> None:
        """End a part as a crash would (SIGKILL) and return when it is ready again."""
        part = self.system.part(name)
        before = part.pid
        part.kill()
        back = wait_until(lambda: part.alive() and part.pid != before and part.ready(), 60.0)
        assert back, f"{name} did not come back: {part.log}"

    def by_state(self) -> dict[str, int]:
        """Count the shipments by state and reason, for a look at a job that went wrong."""
        group = {"$group": {"_id": {"$concat": ["$state", " ", {"$ifNull": ["$reason", ""]}]}, "n": {"$sum": 1}}}
        return {row["_id"].strip(): row["n"] for row in self._mongo["notifications"]["shipments"].aggregate([group])}

    def verdict(self) -> Verdict:
        """Count what everyone got."""
        taken = taken_by_person(self.system.data / "standin")
        files = {path.stem for path in (self.system.data / "letters").rglob("*.pdf")}
        written = Counter(
            row["person"]
            for row in self._mongo["notifications"]["shipments"].find({"channel": "letter"}, ["person"])
            if row["_id"] in files
        )
        key = self.system.secrets.person_key.encode()
        letters = {one.cpr: written[person_id(key, self.plan.id, one.cpr)] for one in self.population.people}
        return verdict([one.cpr for one in self.population.people], taken, letters)


def taken_by_person(standin: Path) -> dict[str, Counter[str]]:
    """Return, by CPR number, the UUIDs of the invitations the stand-in took and how often each."""
    found: dict[str, Counter[str]] = {}
    database = sqlite3.connect(f"file:{standin / 'standin.sqlite'}?mode=ro", uri=True)
    try:
        for cpr, message in database.execute("select cpr, uuid from messages where code = 'invitation'"):
            found.setdefault(cpr, Counter())[message.lower()] += 1
    finally:
        database.close()
    return found


def verdict(people: list[str], taken: Mapping[str, Counter[str]], letters: Mapping[str, int]) -> Verdict:
    """Count who got nothing and who got more than one."""
    every = [taken.get(cpr, Counter()).total() + letters.get(cpr, 0) for cpr in people]
    anew = [len(taken.get(cpr, ())) + letters.get(cpr, 0) for cpr in people]
    return Verdict(
        people=len(people),
        messages=sum(uuids.total() for uuids in taken.values()),
        letters=sum(letters.values()),
        lost=every.count(0),
        doubled=sum(number > 1 for number in every),
        doubled_anew=sum(number > 1 for number in anew),
    )
