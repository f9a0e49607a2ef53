"""The public draw as its people hold it: two type the digits, the pool may change, a draw may be void, or a test."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from chassis.identity import Caller, Role
from contracts.registration import RegistrantWithdrew
from lottery import bootstrap, preparer
from lottery.domain.ceremony import Plan
from lottery.domain.errors import Cancelled
from lottery.repository import draws
from lottery.settings import Settings
from lottery.use_cases import preparing
from support.drawing import (
    API,
    OFFICE,
    A,
    both_type,
    counts,
    do,
    in_an_hour,
    person,
    prepared,
    refused,
    sealed,
    stands,
    until_it_is_drawn,
    with_pool,
)
from support.house import House

pytestmark = pytest.mark.integration


async def said(house: House, fact: str) -> list[dict[str, object]]:
    await house.settle()
    return await house.heard(f"lottery.{fact}.v1")


async def test_nothing_is_drawn_until_two_people_have_typed_the_same(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    await until_it_is_drawn(lottery)
    first = await do(lottery, "/draw-1/digits", {"digits": "471"})
    assert (first["state"], first["typed"]) == ("announced", 1)
    other = await do(lottery, "/draw-1/digits", {"digits": "417"}, Role.OBSERVER)
    assert (other["state"], other["typed"], other["differed"]) == ("announced", 0, 1)
    assert await said(house, "panel-drawn") == []
    assert (await both_type(lottery, "417"))["digits"] == "417"
    [panel] = await said(house, "panel-drawn")
    record = (await lottery.http.get(f"/lodtraekning/{A}/record.json")).json()
    assert (record["drawn"]["entered_by"], record["drawn"]["digits"], panel["draw"]) == (2, "417", "draw-1")


async def test_two_who_type_at_the_same_moment_draw_one_panel(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    await until_it_is_drawn(lottery)
    await asyncio.gather(
        *(do(lottery, "/draw-1/digits", {"digits": "007"}, role) for role in (Role.SECRETARIAT, Role.OBSERVER))
    )
    assert len(await said(house, "panel-drawn")) == 1


async def test_nobody_draws_before_the_time_that_was_announced(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    assert "the draw is announced for" in await refused(lottery, "/draw-1/digits", {"digits": "417"})
    assert (await counts(lottery))["panel"] == 0


async def test_a_draw_is_not_announced_for_a_time_that_has_passed(house: House) -> None:
    lottery = await with_pool(house)
    moment = lottery.service.clock.now() + timedelta(seconds=1)
    await prepared(lottery, draws_at=moment.isoformat())
    await asyncio.sleep(1.1)
    assert "has passed" in await refused(lottery, "/draw-1/announce", {})
    assert await said(house, "draw-announced") == []


async def test_a_pool_that_changed_after_the_announcement_stops_the_draw_which_is_then_voided(house: House) -> None:
    lottery = await with_pool(house)
    first = await sealed(lottery)
    portfolio = await lottery.service.db.collection("portfolios").one({"draw": "draw-1"})
    assert portfolio is not None
    await house.say(RegistrantWithdrew(assembly=A, person=portfolio["people"][0]))
    await house.settle()
    await until_it_is_drawn(lottery)
    assert "1 of the sealed pool have left" in await refused(lottery, "/draw-1/digits", {"digits": "417"})
    assert "cannot be prepared beside it" in await refused(lottery, "", {"draws_at": in_an_hour(lottery)})
    for _ in range(2):
        standing = await do(lottery, "/draw-1/void", {"why": "En tilmeldt har meldt fra"})
        assert standing["state"] == "voided"
    assert [one["draw"] for one in await said(house, "draw-voided")] == ["draw-1"]
    assert await said(house, "panel-drawn") == []

    second = await sealed(lottery)
    assert (second["draw"], second["record_digest"] != first["record_digest"]) == ("draw-2", True)
    await both_type(lottery, "417", "draw-2")
    [panel] = await said(house, "panel-drawn")
    assert (panel["draw"], panel["pool_size"]) == ("draw-2", 39)
    assert portfolio["people"][0] not in [*panel["panel"], *panel["alternates"]]
    kept = await lottery.service.db.collection("portfolios").find({})
    assert [one["draw"] for one in kept] == ["draw-2"], "who stood behind the voided draw's lines is forgotten"


async def test_a_pool_that_changed_after_the_preparing_is_not_announced(house: House) -> None:
    lottery = await with_pool(house)
    await prepared(lottery)
    await house.say(RegistrantWithdrew(assembly=A, person=person(1)))
    await house.settle()
    assert "have changed since it was prepared" in await refused(lottery, "/draw-1/announce", {})
    assert (await sealed(lottery))["draw"] == "draw-1", "what was never announced gives way"


async def test_a_drawn_panel_stands(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    await both_type(lottery, "417")
    assert "draw-1 is drawn" in await refused(lottery, "/draw-1/void", {"why": "Det gik ikke som ønsket"})
    assert "draw-1 is drawn" in await refused(lottery, "", {"draws_at": in_an_hour(lottery)})


async def test_a_test_is_drawn_as_the_real_one_and_leaves_nobody_seated(house: House) -> None:
    lottery = await with_pool(house)
    for draw in ("test-1", "test-2"):
        assert (await sealed(lottery, test=True))["draw"] == draw
        standing = await both_type(lottery, "417", draw)
        assert (standing["state"], standing["panel"], standing["test"]) == ("drawn", 6, True)
    for fact in ("draw-announced", "panel-drawn", "draw-voided"):
        assert await said(house, fact) == []
    assert (await counts(lottery))["panel"] == 0
    assert (await lottery.http.get(f"/lodtraekning/{A}/record.json")).status_code == 404
    assert await lottery.service.db.collection("portfolios").count({}) == 0
    assert (await sealed(lottery))["draw"] == "draw-1"


async def test_each_idea_of_fairness_can_be_chosen_but_what_is_done_by_hand_decides_about_nobody(house: House) -> None:
    lottery = await with_pool(house)
    for algorithm in ("leximin", "maximin", "nash"):
        standing = await prepared(lottery, algorithm=algorithm)
        assert (standing["draw"], standing["state"]) == ("draw-1", "prepared"), standing["problems"]
    assert (await prepared(lottery, algorithm="stratified", test=True))["state"] == "prepared"
    body = {"draws_at": in_an_hour(lottery), "algorithm": "stratified"}
    answer = await lottery.http.post(f"{API}/draws", json=body, headers=OFFICE)
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "algorithm")


async def test_a_cancelled_preparing_stops_and_keeps_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless(*_: object, progress: preparer.Progress, **__: object) -> None:
        try:
            while True:
                progress("chances", 0.5)
        except Cancelled:
            loop.call_soon_threadsafe(stopped.set)
            raise

    monkeypatch.setattr(preparer, "prepare_draw", endless)
    lottery = await with_pool(house)
    await do(lottery, "", {"draws_at": in_an_hour(lottery)})
    while (await stands(lottery))["stage"] != "chances":
        await asyncio.sleep(0.05)
    assert (await do(lottery, "/draw-1/cancel"))["state"] == "cancelled"
    await asyncio.wait_for(stopped.wait(), 20)
    await house.settle()
    assert (await stands(lottery))["state"] == "cancelled"
    assert await lottery.service.db.collection("records").count({}) == 0


async def test_a_defect_is_tried_again_and_then_given_up_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(preparer, "prepare_draw", broken)
    lottery = await with_pool(house, prepare_seconds=0.05)
    standing = await prepared(lottery)
    assert (standing["state"], standing["problems"][0]["where"]) == ("failed", "program")
    assert "a defect" not in str(standing)


async def test_what_a_killed_process_was_preparing_is_prepared_by_the_others_once(house: House) -> None:
    lottery = await with_pool(house, prepare_seconds=3600.0)
    db, clock = lottery.service.db, lottery.service.clock
    plan = Plan(clock.now() + timedelta(hours=1))
    who = Caller(Role.SECRETARIAT, "s-1")
    begin = partial(preparing.begin, who=who, assembly_id=A, plan=plan, test=False)
    await lottery.service.transaction(begin)
    # As a process leaves it that is killed: claimed, and no more signs of life.
    claimed = await preparing.take_up(db, "killed", clock.machine_now(), clock.machine_now() + timedelta(seconds=1))
    assert claimed is not None
    assert await preparing.take_up(db, "another", clock.machine_now(), clock.machine_now()) is None
    for _ in range(2):
        await house.start(bootstrap.build, Settings, prepare_seconds=0.1)
    while (await stands(lottery))["state"] == "preparing":
        await asyncio.sleep(0.05)
    [draw] = await draws.draws(db, A)
    assert (draw.state, draw.job.holder, draw.version) == ("prepared", None, 2), "it was written once"
    with pytest.raises(preparing.LeaseLostError):
        await preparing.go_on(db, claimed, "killed", "chances", 0.5, clock.machine_now())
