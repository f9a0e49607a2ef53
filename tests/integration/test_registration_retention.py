"""Nobody is kept longer than the assembly promised: on real servers, with the clock moved through the years."""

from datetime import timedelta

import pytest

from chassis.errors import NotFound
from chassis.objects import Objects
from contracts.followup import FollowupClosed
from contracts.sessions import Retention
from registration.use_cases import keeping
from support.house import House
from support.registering import CHILD, CLOSED, A, Office, drawn, ids, invited, started
from support.rolls import announced, roll, row

pytestmark = pytest.mark.integration

PROMISED = Retention(not_drawn_days=90, roll_days=180, members_days=365)
ERASED = "registration.person-erased.v1"
LAST_SESSION = announced(A).sessions[-1].ends_at
DAY = timedelta(days=1)


async def course(house: House, retention: Retention = PROMISED) -> Office:
    """Five are invited; 0, 1 and 2 sign up, 0 is drawn and 1 is an alternate. 3 and 4 never answer."""
    office = await started(house)
    await house.move_clock(CLOSED - 20 * DAY)
    await house.say(announced(A, retention=retention))
    await house.settle()
    links = await invited(office, 5)
    for link in links[:3]:
        await office.sign_up(link)
    await house.move_clock(CLOSED + DAY)
    await office.call("POST", "/close-pool")
    await drawn(office, 0)
    await office.running.service.db.collection("people").update({"_id": ids(1)[0]}, {"$set": {"alternate": True}})
    return office


async def erased(office: Office) -> set[int]:
    """Return the numbers of those who are erased, which the facts must agree with."""
    rows = await office.running.service.db.collection("people").find({"status": "erased"})
    said = [fact["person"] for fact in await office.house.heard(ERASED)]
    assert sorted(said) == sorted(row["_id"] for row in rows)
    assert {row["identity"] for row in rows} <= {None}
    return {number for number in range(5) if ids(number)[0] in said}


async def test_each_group_goes_on_its_day_and_not_a_day_before(house: House) -> None:
    office = await course(house)
    draw = CLOSED + DAY
    await house.move_clock(draw + 89 * DAY)
    await house.settle()
    assert await erased(office) == set()
    await house.move_clock(draw + 91 * DAY)
    await house.settle()
    assert await erased(office) == {2}
    await house.move_clock(LAST_SESSION + 179 * DAY)
    await house.settle()
    assert await erased(office) == {2}
    await house.move_clock(LAST_SESSION + 181 * DAY)
    await house.settle()
    assert await erased(office) == {1, 2, 3, 4}
    assert [r.person for r in (await office.resolve(*ids(0, 1, 2, 3, 4))).recipients] == ids(0)
    await house.say(FollowupClosed(assembly=A, statuses=3))
    await house.settle()
    await house.move_clock(LAST_SESSION + (181 + 366) * DAY)
    await house.settle()
    assert await erased(office) == {0, 1, 2, 3, 4}


async def test_the_frozen_pool_goes_with_those_who_were_not_drawn(house: House) -> None:
    office = await course(house)
    assemblies = office.running.service.db.collection("assemblies")
    pool = (await assemblies.get(A) or {})["pool"]
    assert await Objects(house.js).get(pool["event"], pool["digest"])
    await house.move_clock(CLOSED + 92 * DAY)
    await house.settle()
    assert await erased(office) == {2}
    with pytest.raises(NotFound):
        await Objects(house.js).get(pool["event"], pool["digest"])


async def test_nobody_is_erased_where_no_days_are_promised(house: House) -> None:
    office = await course(house, Retention())
    await house.say(FollowupClosed(assembly=A, statuses=3))
    await house.settle()
    await house.move_clock(LAST_SESSION + 4000 * DAY)
    await house.settle()
    assert await erased(office) == set()


async def test_whose_time_is_up_has_not_withdrawn_and_the_funnel_stays_what_it_was(house: House) -> None:
    office = await course(house)
    before = await office.call("GET", "/counts")
    await house.move_clock(LAST_SESSION + 200 * DAY)
    await house.settle()
    assert await erased(office) == {1, 2, 3, 4}
    assert await house.heard("registration.registrant-withdrew.v1") == []
    assert await office.call("GET", "/counts") == before | {"erased": 4}


async def test_an_erasure_in_batches_is_whole_when_the_service_is_stopped_between_two(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 1)
    office = await course(house)
    await house.move_clock(LAST_SESSION + 200 * DAY)
    for _ in range(3):
        office = await office.restart()
    await house.settle()
    assert await erased(office) == {1, 2, 3, 4}
    document = await office.running.service.db.collection("assemblies").get(A)
    assert document is not None
    assert {name: one["people"] for name, one in document["kept"].items()} == {"not-drawn": 1, "roll": 3}


async def test_someone_too_young_has_nothing_to_erase_and_is_said_nothing_of(house: House) -> None:
    office = await course(house)
    await office.call("PUT", "/roll", content=roll([*(row(n) for n in range(5)), row(7, CHILD)]))
    await house.move_clock(LAST_SESSION + 200 * DAY)
    await house.settle()
    assert await erased(office) == {1, 2, 3, 4}
