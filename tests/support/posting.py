"""The post as a test runs it: notifications against the stand-in, invitations said, shipments counted."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from chassis.identity import Caller, Role
from chassis.transaction import Transaction
from contracts.recipients import SUBJECT
from contracts.registration import InvitationIssued
from notifications.bootstrap import build
from notifications.repository.jobs import JOBS
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support.house import House, Running
from support.notifying import ASSEMBLY, StandIn, announced, person_id, recipients

CLERK = Caller(Role.SECRETARIAT, "clerk-7")


async def start(house: House, standin: StandIn, tmp_path: Path, **extra: Any) -> Running:
    """Start notifications, impatient: what waits minutes in a municipality waits a moment here."""
    settings: dict[str, Any] = {
        "digital_post": {"url": standin.url, "timeout_seconds": 2.0, "connections": 8},
        "letters": {"folder": tmp_path / "letters"},
        "smtp": {"port": standin.smtp_port},
        "staff": {"officer": "officer@eksempel.dk", "secretariat": "sekretariat@eksempel.dk"},
        "dispatch_seconds": 0.2,
        "receipt_seconds": 0.2,
        "retry": {"base_seconds": 0.2, "cap_seconds": 2.0},
        "unknown_wait_seconds": 1.0,
    }
    return await house.start(build, Settings, **settings | extra)


async def invite(house: House, numbers: Iterable[int]) -> None:
    await asyncio.gather(*(house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(n))) for n in numbers))


async def post_to(house: House, standin: StandIn, tmp_path: Path, people: int, **settings: Any) -> Running:
    """Start notifications and invite so many people of an announced assembly."""
    await house.answer(SUBJECT, recipients(range(people)))
    running = await start(house, standin, tmp_path, **settings)
    await house.say(announced())
    await invite(house, range(people))
    return running


async def counts(running: Running) -> dict[str, Any]:
    return dict((await running.http.get(f"/post/api/assemblies/{ASSEMBLY}/counts")).json())


async def by_state(running: Running) -> dict[str, int]:
    rows = await running.service.db.collection(SHIPMENTS).aggregate([{"$group": {"_id": "$state", "n": {"$sum": 1}}}])
    return {row["_id"]: row["n"] for row in rows}


async def until(running: Running, least: int, poke: str | None = None, **where: Any) -> None:
    """Wait until at least so many shipments are as `where` says; `poke` names work to wake meanwhile."""
    async with asyncio.timeout(60):
        while await running.service.db.collection(SHIPMENTS).count(where) < least:
            if poke:
                running.service.poke(poke)
            await asyncio.sleep(0.05)


async def the_shipment(running: Running) -> dict[str, Any]:
    """Return the only shipment there is."""
    one: dict[str, Any]
    (one,) = await running.service.db.collection(SHIPMENTS).find({})
    return one


async def the_job(running: Running) -> dict[str, Any]:
    """Return the job of the invitations."""
    job: dict[str, Any]
    (job,) = await running.service.db.collection(JOBS).find({"template": "invitation"})
    return job


async def command(running: Running, act: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    """Give a command in a transaction of its own, as a page does."""

    async def work(tx: Transaction) -> Any:
        return await act(tx, *arguments)

    return await running.service.transaction(work)


def taken(standin: StandIn) -> list[dict[str, Any]]:
    """Return each message the stand-in has taken, once for every time it has."""
    with closing(sqlite3.connect(standin.options.data / "standin.sqlite")) as store:
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute("SELECT uuid, cpr FROM messages ORDER BY rowid")]
