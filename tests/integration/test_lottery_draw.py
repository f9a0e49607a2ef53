"""The lottery on real servers: from the closed pool to the panel, its replacements, and what is refused."""

import asyncio
import hashlib
import json

import pytest

from chassis.identity import Role
from contracts.registration import PersonErased, RegistrantWithdrew
from lottery import bootstrap
from lottery.domain.record import panel_digest
from lottery.settings import Settings
from lottery.verifying.seals import line_of
from support.drawing import (
    AGE,
    API,
    OFFICE,
    WHY,
    A,
    announced,
    both_type,
    closed,
    counts,
    do,
    drawn,
    in_an_hour,
    person,
    prepared,
    sealed,
    seated,
    snapshot,
    until_it_is_drawn,
    with_pool,
)
from support.house import House, Running
from support.lottery import salt
from support.staff import signed_in

pytestmark = pytest.mark.integration
PLAN = {"draws_at": "2027-04-01T17:00:00+00:00"}


def assert_quotas_hold(composition: object) -> None:
    assert isinstance(composition, dict)
    for values in composition.values():
        assert sum(values.values()) == 6
        assert all(2 <= seats <= 4 for seats in values.values())


async def prepared_and_announced_twice(lottery: Running) -> tuple[object, object]:
    while (await lottery.http.get(f"{API}/draws/draw-1", headers=OFFICE)).json()["state"] == "preparing":
        await asyncio.sleep(0.02)
    return await do(lottery, "/draw-1/announce"), await do(lottery, "/draw-1/announce")


async def test_a_panel_is_drawn_once_though_everything_is_asked_and_said_twice(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)
    pool = snapshot()
    announcement = await house.say(announced())
    await house.say(announced(), event_id=announcement)
    pool_closed = await house.say(closed(pool), attachment=pool)
    await house.say(closed(pool), attachment=pool, event_id=pool_closed)
    await house.say(closed(pool), attachment=pool)  # another event with the same content
    await house.settle()

    body = {"draws_at": in_an_hour(lottery)}
    first, second = await asyncio.gather(do(lottery, "", body), do(lottery, "", body))
    assert first["draw"] == second["draw"] == "draw-1"
    announced_once, again = await prepared_and_announced_twice(lottery)
    assert announced_once == again
    await until_it_is_drawn(lottery)
    for role in (Role.SECRETARIAT, Role.OBSERVER, Role.OBSERVER, Role.SECRETARIAT):
        standing = await do(lottery, "/draw-1/digits", {"digits": "123"}, role)
    assert (standing["state"], standing["panel"]) == ("drawn", 6)
    await house.settle()

    [announcement_said] = await house.heard("lottery.draw-announced.v1")
    assert announcement_said["record_digest"] == again["record_digest"]
    assert announcement_said["pool_digest"] == hashlib.sha256(pool).hexdigest()
    [panel] = await house.heard("lottery.panel-drawn.v1")
    assert len(set(panel["panel"])) == 6
    assert len(set(panel["alternates"])) == 4
    assert not set(panel["panel"]) & set(panel["alternates"])
    figures = await counts(lottery)
    assert (figures["pool"], figures["panel"], figures["alternates"]) == (40, 6, 4)
    assert figures["panel_digest"] == panel_digest(panel["panel"])
    assert_quotas_hold(figures["composition"])
    assert await lottery.service.dead_letters.find() == []


async def test_other_digits_after_the_draw_are_refused_and_the_panel_stands(house: House) -> None:
    lottery = await with_pool(house)
    await drawn(lottery, "007")
    before = await counts(lottery)
    other = await lottery.http.post(f"{API}/draws/draw-1/digits", json={"digits": "008"}, headers=OFFICE)
    assert other.status_code == 409
    assert await counts(lottery) == before


async def test_digits_that_are_not_three_are_refused_with_the_rule(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    answer = await lottery.http.post(f"{API}/draws/draw-1/digits", json={"digits": "12"}, headers=OFFICE)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "digits"
    assert await house.heard("lottery.panel-drawn.v1") == []


async def test_nobody_draws_before_the_pool_is_closed_or_without_the_role(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)
    assert (await lottery.http.post(f"{API}/draws", json=PLAN, headers=OFFICE)).status_code == 404
    await house.say(announced())
    await house.settle()
    assert (await lottery.http.post(f"{API}/draws", json=PLAN, headers=OFFICE)).status_code == 409
    assert (await lottery.http.post(f"{API}/draws", json=PLAN)).status_code == 401
    officer = await lottery.http.get(f"{API}/members", params=WHY, headers=house.headers(Role.OFFICER))
    assert officer.status_code == 403


async def test_who_lists_the_members_says_why_and_is_written_down(house: House) -> None:
    lottery = await with_pool(house)
    await drawn(lottery)
    for params in ({}, {"why": "   "}, {"why": "ring"}, {"why": "x" * 201}):
        refused = await lottery.http.get(f"{API}/members", params=params, headers=OFFICE)
        assert (refused.status_code, [p["field"] for p in refused.json()["problems"]]) == (422, ["why"])
    record = lottery.service.db.collection("audit")
    assert await record.count({}) == 0
    listed = await lottery.http.get(f"{API}/members", params=WHY, headers=OFFICE)
    assert (listed.status_code, len(listed.json())) == (200, 6)
    [entry] = await record.find({})
    assert (entry["role"], entry["subject"], entry["assembly"]) == ("secretariat", "token", A)
    assert (entry["how_many"], entry["why"]) == (6, "De udtrukne skal ringes op")
    assert listed.json()[0]["person"] not in str(entry)
    dpo = await signed_in(house, lottery, Role.DPO)
    page = (await dpo.get("/lodtraekning/indsigt")).text
    assert "Id’er på dem, der har eller har haft en plads" in page
    assert "De udtrukne skal ringes op" in page
    unknown = API.replace(A, "another-2025")
    assert (await lottery.http.get(f"{unknown}/members", params=WHY, headers=OFFICE)).status_code == 404
    assert await record.count({}) == 1


async def test_a_member_who_withdraws_is_replaced_within_the_quotas_and_blanked(house: House) -> None:
    lottery = await with_pool(house)
    await drawn(lottery)
    await house.settle()
    [panel] = await house.heard("lottery.panel-drawn.v1")
    left = panel["panel"][0]
    await house.say(RegistrantWithdrew(assembly=A, person=left))
    await house.say(RegistrantWithdrew(assembly=A, person=left))
    await house.settle()
    [replaced] = await house.heard("lottery.member-replaced.v1")
    assert replaced["left"] == left
    assert replaced["joined"] in panel["alternates"]
    assert await seated(lottery) == {*panel["panel"][1:], replaced["joined"]}
    figures = await counts(lottery)
    assert figures["panel"] == 6
    assert figures["panel_digest"] == panel_digest(panel["panel"])
    assert_quotas_hold(figures["composition"])
    row = await lottery.service.db.collection("people").one({"person": left})
    assert row is not None
    assert (row["status"], row["features"], row["household"]) == ("withdrawn", None, "")


async def test_someone_erased_before_the_draw_is_not_drawn_from_and_nothing_but_the_id_is_kept(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)
    pool = snapshot(12)
    await house.say(announced())
    await house.say(closed(pool), attachment=pool)
    await house.settle()
    await house.say(PersonErased(assembly=A, person=person(3)))
    await house.settle()
    await drawn(lottery)
    await house.settle()
    record = (await lottery.http.get(f"/lodtraekning/{A}/record.json")).json()
    assert (record["sealed"]["pool"]["size"], record["sealed"]["pool"]["left_since"]) == (11, 1)
    portfolio = await lottery.service.db.collection("portfolios").one({"draw": "draw-1"})
    assert portfolio is not None
    assert person(3) not in portfolio["people"]
    row = await lottery.service.db.collection("people").one({"person": person(3)})
    assert row is not None
    assert (row["status"], row["features"]) == ("erased", None)


async def test_a_yes_is_recorded_once_and_a_no_brings_in_the_next_fitting_alternate_once(house: House) -> None:
    lottery = await with_pool(house)
    await drawn(lottery)
    yes, no = sorted(await seated(lottery))[:2]
    for _ in range(2):
        assert (await lottery.http.post(f"{API}/members/{yes}/confirm", headers=OFFICE)).status_code == 200
        assert (await lottery.http.post(f"{API}/members/{no}/decline", headers=OFFICE)).status_code == 200
    await house.settle()
    assert await house.heard("lottery.member-confirmed.v1") == [{"assembly": A, "person": yes}]
    assert await house.heard("lottery.member-declined.v1") == [{"assembly": A, "person": no}]
    [replaced] = await house.heard("lottery.member-replaced.v1")
    assert replaced["left"] == no
    figures = await counts(lottery)
    assert (figures["confirmed"], figures["declined"], figures["panel"], figures["replaced"]) == (1, 1, 6, 1)
    late = await lottery.http.post(f"{API}/members/{no}/confirm", headers=OFFICE)
    assert late.status_code == 409
    stranger = await lottery.http.post(f"{API}/members/{person(999)}/confirm", headers=OFFICE)
    assert stranger.status_code == 404


async def test_a_snapshot_with_another_digest_becomes_a_dead_letter_and_no_pool(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)
    await house.say(announced())
    await house.settle()
    await house.say(closed(snapshot(39)), attachment=snapshot(40))
    await house.settle()
    assert len(await lottery.service.dead_letters.find()) == 1
    assert await lottery.service.db.collection("people").count({}) == 0
    assert (await lottery.http.post(f"{API}/draws", json=PLAN, headers=OFFICE)).status_code == 409


async def test_a_pool_heard_of_before_its_assembly_waits_for_it(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)
    pool = snapshot()
    await house.say(closed(pool), attachment=pool)
    await house.say(RegistrantWithdrew(assembly=A, person=person(1)))
    await house.say(announced())
    await house.settle()
    await sealed(lottery)
    assert (await counts(lottery))["pool"] == 39


async def test_quotas_nobody_can_fill_are_refused_with_the_criterion_and_nothing_is_announced(house: House) -> None:
    lottery = await with_pool(house, b"person,household,salt,tenure,age\n" + b"".join(
        f"{person(number)},,{number},owner,{AGE[number % 2]}\n".encode() for number in range(20)
    ))  # fmt: skip
    standing = await prepared(lottery)
    assert standing["state"] == "failed"
    problem = standing["problems"][0]
    assert problem["where"] == "criterion tenure, value tenant"
    assert "at least 2, the pool has 0" in problem["message"]
    refused = await lottery.http.post(f"{API}/draws/draw-1/announce", headers=OFFICE)
    assert refused.status_code == 409
    await house.settle()
    assert await house.heard("lottery.draw-announced.v1") == []


async def test_anyone_can_check_the_drawn_panel_against_the_record_that_was_sealed(house: House) -> None:
    lottery = await with_pool(house)
    digest = (await sealed(lottery))["record_digest"]
    assert (await lottery.http.get(f"/lodtraekning/{A}/record.json")).json()["drawn"] is None
    await both_type(lottery, "042")
    await house.settle()
    body = await lottery.http.get(f"/lodtraekning/{A}/record.json")
    record = body.json()
    canonical = json.dumps(record["sealed"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(canonical).hexdigest() == digest == record["record_digest"]
    [panel] = await house.heard("lottery.panel-drawn.v1")
    lines = record["sealed"]["lines"]
    numbered = [lines[place]["line"] for place in record["sealed"]["portfolio"]["panels"][42]]
    assert record["drawn"]["panel"] == numbered == sorted(line_of(salt(one)) for one in panel["panel"])
    assert record["drawn"]["alternates"] == [line_of(salt(one)) for one in panel["alternates"]]
    assert not any(person(number) in body.text or salt(person(number)) in body.text for number in range(40))


async def test_the_page_follows_the_draw_in_both_languages_and_names_nobody(house: House) -> None:
    lottery = await house.start(bootstrap.build, Settings)

    async def page(path: str = f"/lodtraekning/{A}", lang: str = "da") -> str:
        answer = await lottery.http.get(path, params={"sprog": lang})
        assert answer.status_code == 200, answer.text
        assert not any(person(number) in answer.text for number in range(40))
        return answer.text

    assert "Ingen lodtrækning endnu" in await page("/lodtraekning")
    await house.say(announced())
    await house.settle()
    assert "Venter på, at tilmeldingen lukker" in await page()
    pool = snapshot()
    await house.say(closed(pool), attachment=pool)
    await house.settle()
    assert "Puljen er lukket" in await page()
    digest = (await sealed(lottery))["record_digest"]
    assert digest in await page()
    assert "The draw is announced, the number is not drawn yet" in await page(lang="en")
    await both_type(lottery, "123")
    shown = await page()
    assert "Panelet er udtrukket" in shown
    assert "Tallet er 123." in shown
    assert "<svg" in shown
    assert "about 1 in" in await page(lang="en")
    assert (await lottery.http.get("/lodtraekning/nowhere-2025")).status_code == 404
