"""Waves on real servers: who is chosen, what pausing and cancelling leave, who is reminded, which link works."""

import asyncio

import pytest

from chassis.errors import Conflict, NotFound
from contracts.sessions import Favour
from registration.domain.waves import Act, choose, weight
from registration.repository import PEOPLE, WAVES, wave_from
from support.house import House
from support.registering import CLOSED, A, person_id
from support.rolls import KEY, announced
from support.waves import INVITED, REMINDED, Desk, cprs, desk_of, people_of, wave

pytestmark = pytest.mark.integration

YOUNG = Favour(criterion="district", value="soevang", factor=3.0)


async def test_a_wave_invites_the_people_its_seed_says_and_the_next_wave_the_rest(house: House) -> None:
    desk = await desk_of(house, wave("first", 0.3, YOUNG), wave("rest"), batch=40)
    await desk.import_people(150)
    assert await desk.start() == 45
    await desk.inviter.issue()
    first = await desk.wave("first")
    assert (first["state"], first["chosen"], first["issued"], first["population"]) == ("done", 45, 45, 150)
    features = {p["_id"]: p["features"] for p in await desk.service.db.collection(PEOPLE).find({})}
    weights = {person: weight(wave_from(first).favours, values) for person, values in features.items()}
    drawn_again = choose(first["seed"], 0.3, weights)
    assert {person for person, _ in await desk.told(INVITED)} == drawn_again

    assert await desk.start() == 105
    await desk.inviter.issue()
    told = await desk.told(INVITED)
    assert sorted(told) == sorted((person, 1) for person in features)
    assert await desk.start() == 0, "nobody is left, so no wave is made"


async def test_a_wave_asked_for_twice_or_by_two_at_once_is_one(house: House) -> None:
    desk = await desk_of(house, wave("first", 0.5), wave("rest"))
    await desk.import_people(20)
    assert await asyncio.gather(*(desk.start() for _ in range(3))) == [10, 10, 10]
    assert await desk.start("first") == 10
    with pytest.raises(Conflict):
        await desk.start("rest")
    with pytest.raises(NotFound):
        await desk.start("third")
    other = type(desk)(desk.office, 3)
    await asyncio.gather(desk.inviter.issue(), other.inviter.issue())
    assert await desk.start("first") == 0
    assert len(await desk.told(INVITED)) == 10
    assert (await desk.wave("rest"))["state"] == "planned"


async def test_a_pause_holds_between_two_batches_with_exact_counts(house: House) -> None:
    desk = await desk_of(house)
    await desk.import_people(35)
    await desk.start()
    await desk.steps(2)
    for _ in range(2):
        assert await desk.tell("everyone", Act.PAUSE) == {"state": "paused", "issued": 20, "left": 15}
    await desk.steps(5)
    assert len(await desk.told(INVITED)) == 20
    with pytest.raises(Conflict):
        await desk.start()
    assert (await desk.tell("everyone", Act.RESUME))["left"] == 15
    await desk.inviter.issue()
    told = await desk.told(INVITED)
    assert len(told) == len(set(told)) == 35
    log = [(one["act"], one["subject"], one["issued"], one["left"]) for one in (await desk.wave("everyone"))["log"]]
    who = "secretariat-1"
    assert log == [("start", who, 0, 35), ("pause", who, 20, 15), ("resume", who, 20, 15)]
    with pytest.raises(Conflict):
        await desk.tell("everyone", Act.CANCEL)


async def test_who_a_cancelled_wave_did_not_reach_is_in_a_later_one(house: House) -> None:
    desk = await desk_of(house, wave("first", 0.8), wave("rest"))
    await desk.import_people(50)
    await desk.start()
    await desk.steps(9)  # the cut, five batches of marks, their end, two batches of invitations
    for _ in range(2):
        assert await desk.tell("first", Act.CANCEL) == {"state": "cancelled", "issued": 20, "left": 20}
    await desk.steps(3)
    assert len(await desk.told(INVITED)) == 20
    assert await desk.start() == 30
    await desk.inviter.issue()
    told = await desk.told(INVITED)
    assert len(told) == len(set(told)) == 50


async def test_choosing_goes_on_where_it_was_when_the_wave_was_paused_in_the_middle(house: House) -> None:
    desk = await desk_of(house, wave("half", 0.5), batch=7)
    await desk.import_people(40)
    await desk.start()
    await desk.steps(3)
    assert (await desk.tell("half", Act.PAUSE))["left"] == 20
    assert 0 < (await desk.wave("half"))["chosen"] < 20
    await desk.tell("half", Act.RESUME)
    await desk.inviter.issue()
    assert len(await desk.told(INVITED)) == 20


async def test_people_imported_later_are_invited_by_asking_again(house: House) -> None:
    desk = await desk_of(house)
    await desk.import_people(5)
    await desk.start()
    await desk.inviter.issue()
    await desk.import_people(8)
    assert await desk.start() == 3
    await desk.inviter.issue()
    assert sorted(person for person, _ in await desk.told(INVITED)) == sorted(ids_of(8))
    assert (await desk.wave("_more-1"))["issued"] == 3


def ids_of(number: int) -> list[str]:
    return [person_id(KEY.encode(), A, one) for one in cprs(number)]


async def test_a_wave_not_started_follows_the_assembly_and_a_started_one_stays(house: House) -> None:
    desk = await desk_of(house, wave("first", 0.5), wave("second", 0.5), wave("third"))
    await desk.import_people(10)
    await desk.start()
    seed = (await desk.wave("second"))["seed"]
    for _ in range(2):
        await house.say(announced(A, waves=(wave("first", 0.9), wave("second", 0.2))))
    await desk.inviter.issue()
    await house.settle()
    assert [(await desk.wave(name))["share"] for name in ("first", "second")] == [0.5, 0.2]
    assert (await desk.wave("second"))["seed"] == seed
    names = [one["id"] for one in await desk.service.db.collection(WAVES).find({}, sort=[("place", 1)])]
    assert names == ["first", "second"]


async def test_a_wave_ends_when_the_sign_up_closes_under_it(house: House) -> None:
    desk = await desk_of(house)
    await desk.import_people(25)
    await desk.start()
    await desk.steps(1)
    await house.move_clock(CLOSED)
    await desk.inviter.issue()
    ended = await desk.wave("everyone")
    assert (ended["state"], ended["issued"], ended["not_reached"], ended["closed"]) == ("cancelled", 10, 15, True)
    with pytest.raises(Conflict):
        await desk.start()


async def signing_up(desk: Desk, *people: int, residents: int = 6) -> list[str]:
    """Invite all, have some sign up, and return the links of all, in the order of the roll."""
    await desk.office.call("PUT", "/roll", content=people_of(residents))
    await desk.office.call("POST", "/open")
    await desk.start()
    await desk.inviter.issue()
    await desk.house.settle()
    links = await desk.office.links(*ids_of(residents))
    for number in people:
        assert (await desk.office.sign_up(links[number])).status_code == 303
    return links


async def test_only_who_has_not_answered_is_reminded_and_each_time_once(house: House) -> None:
    desk = await desk_of(house, batch=2)
    links = await signing_up(desk, 0, 1, residents=7)
    await desk.office.send(f"{links[1]}/frameld")
    await desk.office.call("POST", f"/people/{ids_of(6)[2]}/erase")
    await desk.revoke(ids_of(6)[3])
    for _ in range(2):
        assert await desk.remind() == 3
    answer = await desk.office.send(f"{links[4]}/nej-tak", {})
    assert answer.status_code == 303, "someone says no after the reminder was asked for and before it went out"
    await desk.inviter.issue()
    assert await desk.remind() == 0, "it has been issued, and is not issued again"
    silent = ids_of(7)[5:]
    assert sorted(await desk.told(REMINDED)) == sorted((person, 1) for person in silent)
    with pytest.raises(Conflict):
        await desk.remind(3)
    assert await desk.remind(2) == 2
    await desk.inviter.issue()
    assert sorted(await desk.told(REMINDED)) == sorted((person, n) for person in silent for n in (1, 2))


async def test_a_reminder_is_paused_and_cancelled_as_a_wave_is(house: House) -> None:
    desk = await desk_of(house, batch=2)
    await signing_up(desk)
    await desk.remind()
    await desk.steps(1)
    assert await desk.tell("_reminder-1", Act.PAUSE) == {"state": "paused", "issued": 2, "left": 4}
    await desk.steps(2)
    assert await desk.tell("_reminder-1", Act.CANCEL) == {"state": "cancelled", "issued": 2, "left": 4}
    assert len(await desk.told(REMINDED)) == 2
    assert await desk.remind(2) == 6, "another reminder is for all who are silent"


async def test_nobody_is_reminded_before_the_opening_under_a_wave_or_after_the_deadline(house: House) -> None:
    desk = await desk_of(house, batch=2)
    await desk.import_people(6)
    await desk.start()
    await desk.steps(1)
    for prepare in (None, desk.office.call("POST", "/open")):
        if prepare:
            await prepare
        with pytest.raises(Conflict):
            await desk.remind()
    await desk.inviter.issue()
    await desk.remind()
    await house.move_clock(CLOSED)
    await desk.inviter.issue()
    assert (await desk.wave("_reminder-1"))["not_reached"] == 6
    with pytest.raises(Conflict):
        await desk.remind(2)
    assert await desk.told(REMINDED) == []


async def test_a_new_link_kills_the_one_before_it_and_keeps_what_was_signed_up(house: House) -> None:
    desk = await desk_of(house)
    links = await signing_up(desk, 0)
    person = ids_of(6)[0]
    await desk.reissue(person)
    [new] = await desk.office.links(person)
    old = await desk.office.public.get(links[0])
    assert (old.status_code, "Du har fået et nyere brev" in old.text) == (404, True)
    assert (await desk.office.sign_up(links[0])).status_code == 404
    assert (await desk.office.public.get(f"{new}/kvittering")).status_code == 200
    assert [told for told in await desk.told(INVITED) if told[0] == person] == [(person, 1), (person, 2)]


async def test_a_revoked_link_leads_nowhere_until_another_is_issued(house: House) -> None:
    desk = await desk_of(house)
    links = await signing_up(desk)
    person = ids_of(6)[0]
    await desk.revoke(person)
    gone = await desk.office.public.get(links[0])
    assert (gone.status_code, "Vi kender ikke linket" in gone.text) == (404, True)
    assert (await desk.office.resolve(person)).unknown == (person,), "no letter is sent with a dead link"
    with pytest.raises(Conflict):
        await desk.revoke(person)
    await desk.reissue(person)
    assert "nyere brev" in (await desk.office.public.get(links[0])).text
    assert (await desk.office.public.get((await desk.office.links(person))[0])).status_code == 200


async def test_who_was_never_invited_is_erased_or_too_late_gets_no_new_link(house: House) -> None:
    desk = await desk_of(house)
    await desk.import_people(7)
    with pytest.raises(Conflict):
        await desk.reissue(ids_of(7)[6])
    await signing_up(desk, 0)
    await desk.office.call("POST", f"/people/{ids_of(7)[1]}/erase")
    with pytest.raises(Conflict):
        await desk.reissue(ids_of(7)[1])
    await house.move_clock(CLOSED)
    with pytest.raises(Conflict):
        await desk.reissue(ids_of(7)[2])
    await desk.reissue(ids_of(7)[0])
    [new] = await desk.office.links(ids_of(7)[0])
    assert (await desk.office.public.get(new)).status_code == 200
