"""Who is erased from their case is told of it first: afterwards nobody could write to them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.transaction import Transaction
from notifications.repository.shipments import SHIPMENTS
from registration.domain.people import link_token
from registration.use_cases import erasing
from support import posting
from support.cases import Desk, desk_of, number_of
from support.house import House, Running
from support.notifying import StandIn, standing_in
from support.registering import OPEN, ids
from support.rolls import KEY

pytestmark = pytest.mark.integration

AWAITED, TOLD, ERASED, WITHDREW = (
    "registration.erasure-awaited.v1",
    "notifications.person-told.v1",
    "registration.person-erased.v1",
    "registration.registrant-withdrew.v1",
)


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path / "standin", exempt_share=1.0) as running:
        yield running


@pytest.fixture
async def post(house: House, standin: StandIn, tmp_path: Path) -> Running:
    return await posting.start(house, standin, tmp_path)


@pytest.fixture
async def desk(house: House, post: Running) -> Desk:
    """Resident 0 has signed up; all are invited."""
    desk = await desk_of(house)
    assert (await desk.office.sign_up(f"/tilmelding/l/{link_token(KEY.encode(), ids(0)[0], 1)}")).status_code == 303
    await house.settle()
    return desk


async def erase(desk: Desk) -> str:
    """Have resident 0 erased, and return the case."""
    case = await desk.open(0)
    answer = await desk.staff.send(f"{case}/slet", {"reference": number_of(0)})
    assert "Personen får besked og bliver derefter slettet" in (await desk.staff.get(answer.headers["location"])).text
    return case


async def test_who_is_erased_is_told_first_and_then_nothing_is_left_but_the_letter_that_says_so(
    house: House, desk: Desk, post: Running, tmp_path: Path
) -> None:
    await erase(desk)
    await house.settle()
    for fact in (AWAITED, TOLD, ERASED, WITHDREW):
        assert [said["person"] for said in await house.heard(fact)] == ids(0), fact
    person = await desk.person()
    assert (person["status"], person["identity"]) == ("erased", None)
    assert await desk.db.collection("erasures").find({}) == []
    assert await desk.changes() == ["slet"]
    shipments = post.service.db.collection(SHIPMENTS)
    assert await shipments.count({"person": ids(0)[0]}) == 0
    (told,) = await shipments.find({"template": "erased"})
    others = [d["_id"] for d in await shipments.find({"person": {"$ne": None}})]
    letters = {file.stem for file in (tmp_path / "letters").iterdir()}
    assert letters == {told["_id"], *others}


async def test_who_cannot_be_told_is_out_at_once_and_erased_after_two_days(
    house: House, desk: Desk, standin: StandIn
) -> None:
    standin.options.look_up_unavailable_share = 1.0
    case = await erase(desk)
    person = await desk.person()
    assert person["status"] == "withdrawn"
    assert person["identity"] is not None
    assert "Personen er ved at blive slettet" in (await desk.staff.get(case)).text
    await erase(desk)  # asked again, it is the same erasure
    service = desk.office.running.service
    await house.move_clock(OPEN + timedelta(hours=47))
    assert await service.transaction(erasing.erase_overdue) == 0
    await house.move_clock(OPEN + timedelta(hours=49))
    service.poke("retention")
    async with asyncio.timeout(20):
        while not await house.heard(ERASED):  # said a moment after it is done
            await asyncio.sleep(0.05)
    assert (await desk.person())["status"] == "erased"
    assert len(await house.heard(AWAITED)) == len(await house.heard(ERASED)) == 1


async def test_who_was_never_invited_is_erased_without_a_word(house: House, desk: Desk) -> None:
    people = desk.db.collection("people")
    await people.update({"_id": ids(1)[0]}, {"$set": {"invited_at": None}})
    person = await desk.person(1)

    async def work(tx: Transaction) -> None:
        await erasing.tell_and_erase(tx, person)

    await desk.office.running.service.transaction(work)
    assert (await desk.person(1))["status"] == "erased"
    await house.settle()
    assert await house.heard(AWAITED) == await house.heard(TOLD) == []


async def test_nobody_is_erased_for_having_been_told_who_does_not_wait_for_it(house: House, desk: Desk) -> None:
    async def work(tx: Transaction) -> None:
        await erasing.erase_told(tx, ids(0)[0])

    await desk.office.running.service.transaction(work)
    assert (await desk.person())["status"] == "pool"
