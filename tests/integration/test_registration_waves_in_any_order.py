"""Whatever the secretariat does and in whatever order: nobody is invited or reminded twice, every count is exact."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import InvitationIssued, InvitationReminded
from registration.domain.waves import UNDER_WAY, Act
from registration.repository import ASSEMBLIES, PEOPLE, WAVES, nothing_told
from registration.use_cases import announcing, links, reminding, waves
from support.house import House
from support.rolls import KEY, announced
from support.waves import STAFF, Desk, desk_of, wave

pytestmark = pytest.mark.integration

PEOPLE_HELD = 7
someone = st.integers(min_value=0, max_value=PEOPLE_HELD - 1)
commands = st.one_of(
    st.tuples(st.just("start"), st.sampled_from([None, "first", "rest"])),
    st.tuples(st.just("tell"), st.sampled_from([Act.PAUSE, Act.RESUME, Act.CANCEL])),
    st.tuples(st.just("work"), st.integers(min_value=1, max_value=3)),
    st.tuples(st.just("remind"), st.integers(min_value=1, max_value=3)),
    st.tuples(st.just("reissue"), someone),
    st.tuples(st.just("revoke"), someone),
    st.tuples(st.just("answer"), someone),
)


class Course:
    """One assembly of a few people, and what is done with their invitations."""

    def __init__(self, desk: Desk, number: int) -> None:
        self._desk, self.assembly = desk, f"proeve-{number:04}"
        self.people = [f"{number:016x}{person:016x}" for person in range(PEOPLE_HELD)]

    async def begin(self) -> None:
        fact = announced(self.assembly, waves=(wave("first", 0.5), wave("rest")))
        await self._run(lambda tx: announcing.announce(tx, self.assembly, fact.model_dump(mode="json")))
        await self._run(lambda tx: announcing.open_sign_up(tx, self.assembly))
        held = {"version": 1, "assembly": self.assembly, "status": "invitee", "features": {}, **nothing_told()}
        await self._collection(PEOPLE).insert_many([{"_id": one} | held for one in self.people])

    async def take(self, command: str, what: Any) -> None:
        """Do it, or be told that it cannot be done now."""
        with suppress(Conflict, NotFound):
            await getattr(self, command)(what)

    async def start(self, wave_id: str | None) -> None:
        await self._run(lambda tx: waves.start(tx, self.assembly, STAFF, wave_id))

    async def tell(self, act: Act) -> None:
        latest = (await self._assembly())["invitations"]
        if latest:
            await self._run(lambda tx: waves.control(tx, self.assembly, latest.partition(":")[2], act, STAFF))

    async def work(self, steps: int) -> None:
        """Two replicas at once."""
        for _ in range(steps):
            await asyncio.gather(self._desk.inviter.step(), self._desk.inviter.step())

    async def remind(self, number: int) -> None:
        await self._run(lambda tx: reminding.remind(tx, self.assembly, number, STAFF))

    async def reissue(self, person: int) -> None:
        await self._change(person, lambda tx, document: links.reissue(tx, KEY.encode(), document))

    async def revoke(self, person: int) -> None:
        await self._change(person, links.revoke)

    async def answer(self, person: int) -> None:
        where = {"_id": self.people[person], "token_hash": {"$ne": None}}
        await self._collection(PEOPLE).update(where, {"$set": {"status": "pool"}, "$inc": {"version": 1}})

    async def finish(self) -> None:
        """Let everything end that has begun, and invite whoever is left."""
        with suppress(Conflict):
            await self.tell(Act.RESUME)
        for _ in range(4):
            await self._desk.inviter.issue()
            await self.start(None)
        await self._desk.inviter.issue()

    async def check(self) -> None:
        people = await self._collection(PEOPLE).find({"assembly": self.assembly})
        done = await self._collection(WAVES).find({"assembly": self.assembly})
        assert not any(one["state"] in UNDER_WAY for one in done)
        issued = {
            kind: sum(one["issued"] for one in done if one["kind"] == kind) for kind in ("invitations", "reminder")
        }

        assert all(one["invited_at"] for one in people), "nobody is left out"
        assert issued[waves.INVITATIONS] == PEOPLE_HELD, "and nobody is counted twice"
        links_said = Counter(await self._said(InvitationIssued, "generation"))
        assert links_said == Counter((p["_id"], n) for p in people for n in range(1, p["generation"] + 1))
        reminders_said = Counter(await self._said(InvitationReminded, "reminder"))
        assert set(reminders_said.values()) <= {1}
        assert reminders_said.total() == issued[waves.REMINDER]

    async def _said(self, fact: type[Any], part: str) -> list[tuple[str, int]]:
        where = {"type": fact.fact_type(), "subject": fact.subject_for(self.assembly)}
        bodies = [json.loads(row["body"]) for row in await self._collection("outbox").find(where)]
        return [(body["person"], body[part]) for body in bodies]

    async def _change(self, person: int, change: Callable[[Transaction, Document], Awaitable[Document]]) -> None:
        document = await self._collection(PEOPLE).get(self.people[person])
        assert document is not None
        await self._run(lambda tx: change(tx, dict(document)))

    async def _assembly(self) -> Document:
        document = await self._collection(ASSEMBLIES).get(self.assembly)
        assert document is not None
        return document

    def _collection(self, name: str) -> Any:
        return self._desk.service.db.collection(name)

    async def _run(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await self._desk.service.transaction(work)


async def test_any_course_of_waves_reminders_and_new_links_says_each_thing_once(house: House) -> None:
    desk = await desk_of(house, batch=2)
    loop, numbers = asyncio.get_running_loop(), itertools.count()

    async def play(taken: list[tuple[str, Any]]) -> None:
        course = Course(desk, next(numbers))
        await course.begin()
        for command, what in taken:
            await course.take(command, what)
        await course.finish()
        await course.check()

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(commands, min_size=5, max_size=25))
    def play_any(taken: list[tuple[str, Any]]) -> None:
        asyncio.run_coroutine_threadsafe(play(taken), loop).result(60)

    await asyncio.to_thread(play_any)
