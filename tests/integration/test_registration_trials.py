"""Trial registrations: people who are not there, kept apart everywhere."""

import re

import pytest

from chassis.identity import Role
from registration.use_cases import trials
from support.cases import LOOK_UP, Desk, desk_of
from support.house import House
from support.registering import A, ids
from support.rolls import cpr, roll, row
from support.staff import signed_in

pytestmark = pytest.mark.integration

TRIALS = f"{LOOK_UP}/proever"
INVITED = "registration.invitation-issued.v1"


async def make(desk: Desk, count: int = 1) -> list[str]:
    """Make trial registrations and return their links, as the page shows them."""
    for _ in range(count):
        assert (await desk.staff.send(TRIALS)).headers["location"] == LOOK_UP
    page = (await desk.staff.get(LOOK_UP)).text
    return re.findall(r'href="(/tilmelding/l/[a-z2-7]+)"', page)


async def test_a_trial_has_a_link_that_works_and_is_counted_apart(house: House) -> None:
    desk = await desk_of(house)
    before = await desk.office.call("GET", "/counts")
    links = await make(desk, 2)
    assert len(links) == 2
    for link in links:
        assert (await desk.office.public.get(link)).status_code == 200
    assert await desk.office.call("GET", "/counts") == before | {"tests": 2}
    page = (await desk.staff.get(LOOK_UP)).text
    assert "Prøve 1" in page
    assert "Prøve 2" in page


async def test_a_trial_is_nobody_with_a_household_of_its_own_and_no_cpr_number(house: House) -> None:
    desk = await desk_of(house)
    await make(desk, 2)
    people = await desk.db.collection("people").find({"test": True})
    assert len({person["household"] for person in people}) == len({person["reference"] for person in people}) == 2
    assert (await desk.office.resolve(*(person["_id"] for person in people))).recipients == ()


async def test_no_wave_invites_a_trial_no_roll_misses_it_and_no_pool_holds_it(house: House) -> None:
    desk = await desk_of(house)
    await make(desk)
    again = await desk.office.call("PUT", "/roll", content=roll(row(n) for n in range(3)))
    assert (again["missing"], again["unchanged"]) == (0, 3)
    await desk.office.call("POST", "/invitations", 202)
    await house.settle()
    assert sorted(fact["person"] for fact in await house.heard(INVITED)) == sorted(ids(0, 1, 2))
    # Even one that is in the pool by some mistake is not frozen with it.
    await desk.db.collection("people").update({"test": True}, {"$set": {"status": "pool"}})
    closed = await desk.office.call("POST", "/close-pool", json={"early": True})
    assert (closed["signed_up"], closed["invited"]) == (0, 3)
    listed = await desk.staff.send(f"/tilmelding/{A}/tilmeldte", {"why": "Se hvem der er med"})
    assert "Prøve 1" not in listed.text


async def test_all_trials_are_deleted_at_once_and_nobody_else(house: House) -> None:
    desk = await desk_of(house)
    [link, *_] = await make(desk, 2)
    [number, *_] = re.findall(r"referencenummer (\d{3} \d{3} \d{3})", (await desk.staff.get(LOOK_UP)).text)
    case = await desk.open_number(number)
    assert "Dette er en prøvetilmelding" in (await desk.staff.get(case)).text
    assert (await desk.staff.send(f"{TRIALS}/slet")).headers["location"] == LOOK_UP
    assert (await desk.office.public.get(link)).status_code == 404
    assert (await desk.staff.get(case)).status_code == 410
    assert (await desk.office.call("GET", "/counts"))["tests"] == 0
    assert await desk.db.collection("people").count({}) == 3
    assert await desk.db.collection("changes").count({}) == 0
    await house.settle()
    assert await house.heard("registration.person-erased.v1") == []


async def test_there_are_never_more_trials_than_one_needs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MOST", 1)
    desk = await desk_of(house)
    await make(desk)
    assert "Lav en prøvetilmelding" not in (await desk.staff.get(LOOK_UP)).text
    assert (await desk.staff.send(TRIALS)).status_code == 409
    assert (await desk.office.call("GET", "/counts"))["tests"] == 1


async def test_only_the_secretariat_makes_trials(house: House) -> None:
    desk = await desk_of(house)
    officer = await signed_in(house, desk.office.running, Role.OFFICER)
    for path in (TRIALS, f"{TRIALS}/slet"):
        assert (await officer.send(path)).status_code == 403
    assert (await desk.office.call("GET", "/counts"))["tests"] == 0
    assert cpr(0) not in (await desk.staff.get(LOOK_UP)).text
