"""A database that is lost is rebuilt from the streams, document by document, and the service goes on from there."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from chassis.identity import Role
from chassis.mongo import Database, Document
from followup import bootstrap, repository
from followup.domain.answers import Approval, Content
from followup.domain.work import Step, Work
from followup.settings import Settings
from followup.use_cases import answering, evaluating, working
from support.house import House, Running
from support.promising import (
    DELIVERED,
    MILESTONES,
    A,
    announced,
    answer,
    api_of,
    completed,
    delivered,
    hand_over,
    milestone,
    publish,
    recommendation,
    said,
    started,
    text,
)
from support.replicas import environment

pytestmark = pytest.mark.integration

B = "greve-2025"
CONTENT = Content("partly", "Fordi", "Vi gør det halve.\nOg mere: æøå", date(2026, 5, 1), "Teknik og Miljø", 250_000)
APPROVED = Approval(date(2025, 6, 10), "Byrådet, punkt 7", "https://dagsorden.example/7")
STEPS = (
    Step("finance", date(2025, 6, 20), "Sag 3", "https://dagsorden.example/3", "Sendt videre"),
    Step("social", date(2025, 9, 1), "Sag 12"),
)


async def do(followup: Running, command: Callable[..., Awaitable[Any]], *args: Any, **more: Any) -> Any:
    return await followup.service.transaction(lambda tx: command(tx, *args, **more))


async def api(house: House, followup: Running, path: str, body: dict[str, Any]) -> None:
    done = await followup.http.post(f"{api_of()}/{path}", json=body, headers=house.headers(Role.OFFICER))
    assert done.status_code == 200, done.text


async def eventful(house: House, followup: Running) -> None:
    """Play months in which everything happens that can happen to an assembly's recommendations."""
    draft, approve = partial(do, followup, answering.save_draft, A), partial(do, followup, answering.approve_draft, A)
    await draft("r-1", Content(reason="Et udkast"), read=0)
    await draft("r-1", CONTENT, read=1)
    await approve("r-1", APPROVED, read=2)
    await do(followup, answering.publish_draft, A, "r-1", read=3)
    await draft("r-2", CONTENT, read=0)
    await do(followup, answering.withdraw_draft, A, "r-2", read=1)
    assert (await answer(house, followup, 2, answer="not-followed")).status_code == 200
    assert (await answer(house, followup, 3)).status_code == 200
    assert (await answer(house, followup, 1, reason="Nu af en anden grund")).status_code == 200
    await do(followup, working.record_work, A, "r-1", Work(("finance", "social"), STEPS, 40, "0123456789abcdef"))
    await do(followup, working.record_work, A, "r-1", Work(None, STEPS[:1], 60, "", None, 1))
    await do(followup, working.record_work, A, "r-2", Work(progress=10))
    await do(followup, working.close_recommendation, A, "r-3")
    await house.move_clock(datetime(2025, 10, 1, 8, tzinfo=UTC))  # the first status is overdue, twice over
    await house.settle()
    assert (await publish(house, followup, "s-3", "Sent, men godt")).status_code == 200
    moved = {"to_day": "2026-06-30", "reason": "Udvalget venter på en lov"}
    await api(house, followup, "milestones/s-10/extension", moved)
    await api(house, followup, "milestones/s-10/extension", moved | {"to_day": "2026-08-15"})
    await api(house, followup, "events/closing", {"on": "2026-01-31"})
    # What the assembly's own service puts right afterwards.
    await house.say(announced(MILESTONES, title=text("Samlingen, med et nyt navn")))
    await house.say(recommendation(2, title="Flere mødesteder, med et nyt navn"))
    await house.move_clock(datetime(2026, 2, 20, 8, tzinfo=UTC))
    await house.settle()
    await draft("r-2", CONTENT, read=3)
    await draft("r-3", CONTENT, read=1)
    await approve("r-3", APPROVED, read=2)
    await hand_over(house, (milestone("s-1", 12),), count=1, assembly=B)
    assert (await answer(house, followup, 1, B)).status_code == 200
    assert (await publish(house, followup, "s-1", assembly=B)).status_code == 200
    await do(followup, evaluating.evaluate, B, "Vi lærte meget")
    await house.settle()


async def documents(db: Database) -> dict[str, list[Document]]:
    """Return all that is stored, but for the version: how often a document was saved is in no fact."""
    stored = {name: await db.collection(name).find({}, sort=[("_id", 1)]) for name in repository.HELD}
    return {name: [{k: v for k, v in one.items() if k != "version"} for one in rows] for name, rows in stored.items()}


class Rebuilding:
    """The command, as an operator runs it: a process with the service's settings, on a database beside the old one."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.name = f"{house.name}_rebuilt"
        self.db = Database(house.servers.mongo_uri, self.name)

    async def run(self, database: str = "") -> tuple[int, str]:
        """Return how it ended and what it said."""
        env = os.environ | environment(self._house, "followup", database or self.name)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "followup", "replay"),
            env=env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    async def start(self) -> Running:
        """Start the service on the rebuilt database."""
        uri = self._house.servers.mongo_uri
        return await self._house.start(bootstrap.build, Settings, mongo={"uri": uri, "database": self.name})


@pytest.fixture
async def rebuilding(house: House) -> AsyncIterator[Rebuilding]:
    rebuilding = Rebuilding(house)
    yield rebuilding
    await rebuilding.db.drop()
    rebuilding.db.close()


async def test_the_rebuilt_database_is_the_same_document_by_document_and_nothing_is_said_anew(
    house: House, rebuilding: Rebuilding
) -> None:
    followup = await delivered(house, count=3)
    await eventful(house, followup)
    before, spoken = await documents(followup.service.db), await said(house)
    await followup.stop()
    assert {"followup-closed", "followup-evaluated"} <= {line.split()[0] for line in spoken}
    assert sum(line.startswith("status-overdue") for line in spoken) >= 3
    assert [one["draft_state"] for one in before["recommendations"]] == ["", "draft", "approved", ""]

    ended, log = await rebuilding.run()
    assert ended == 0, log
    assert await documents(rebuilding.db) == before
    assert '"event": "replayed"' in log
    assert '"made_now": 0' in log
    assert "Et udkast" not in log, "what is not public is in no log"

    again = await rebuilding.start()
    await house.settle()
    assert await said(house) == spoken
    assert await documents(rebuilding.db) == before
    # It goes on where the lost one stood.
    await house.move_clock(datetime(2026, 3, 1, 8, tzinfo=UTC))
    await house.settle()
    assert (await said(house))[len(spoken) :] == ["status-overdue s-end 22", "status-overdue s-end 29"]
    assert (await answer(house, again, 2)).status_code == 409  # the draft under way is there


async def test_a_delivery_that_came_while_the_service_was_gone_is_promised_once(
    house: House, rebuilding: Rebuilding
) -> None:
    followup = await delivered(house)
    await followup.stop()
    for fact in (announced((milestone("s-1", 12),), B), recommendation(1, B), completed(1, B)):
        await house.say(fact)
    ended, log = await rebuilding.run()
    assert ended == 0, log
    assert '"made_now": 1' in log
    again = await rebuilding.start()
    await house.settle()
    assert [line for line in await said(house) if "s-1" in line.split()] == ["commitment-made s-1"]
    assert (await again.http.get(f"{api_of(B)}/counts")).json()["commitments"] == 1


async def test_a_delivery_that_was_heard_half_when_the_database_was_lost_is_not_heard_twice(
    house: House, rebuilding: Rebuilding
) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    await house.say(announced())
    await house.settle()
    await followup.stop()
    await house.say(recommendation(1))
    await house.say(completed(1))
    ended, log = await rebuilding.run()
    assert ended == 0, log
    before = await documents(rebuilding.db)
    await rebuilding.start()  # its durables bring the two once more
    await house.settle()
    assert await documents(rebuilding.db) == before
    assert await said(house) == ["commitment-made s-3", "commitment-made s-10"]


async def test_a_database_that_holds_something_is_refused_and_left_as_it_is(
    house: House, rebuilding: Rebuilding
) -> None:
    followup = await delivered(house)
    await followup.stop()
    database = followup.service.settings.mongo.database or ""
    held = Database(house.servers.mongo_uri, database)
    before = await documents(held)
    ended, log = await rebuilding.run(database)
    assert ended == 1
    assert "the database is not empty (1 in assemblies, 2 in recommendations, 2 in commitments" in log
    assert await documents(held) == before
    held.close()


async def test_a_stream_that_has_forgotten_what_others_follow_from_is_refused_with_what_is_missing(
    house: House, rebuilding: Rebuilding
) -> None:
    followup = await delivered(house)
    await answer(house, followup, 1)
    await house.settle()
    await followup.stop()
    await house.js.purge_stream("SESSIONS", subject=f"sessions.{A}.recommendation-delivered.v1")
    ended, log = await rebuilding.run()
    assert ended == 1
    assert f"the delivery of recommendation {A}:r-1 is missing" in log
    assert all(not rows for rows in (await documents(rebuilding.db)).values())
