"""The secretariat's page of the invitations: who is eligible, how the waves stand, and what is done with them."""

import re

import pytest

from chassis.identity import Role
from contracts.sessions import Exclusion, Favour
from support.house import House
from support.registering import CHILD, CLOSED, A
from support.rolls import announced, roll, row
from support.staff import SignedIn, signed_in
from support.waves import INVITED, REMINDED, Desk, desk_of, wave

pytestmark = pytest.mark.integration

PAGE = f"/tilmelding/{A}/invitationer"
BOTH = {"da": "Folkevalgte", "en": "Elected politicians"}


async def at(house: House, *waves: object) -> tuple[Desk, SignedIn]:
    desk = await desk_of(house, batch=10)
    exclusion = Exclusion.model_validate({"id": "politician", "title": BOTH, "question": BOTH})
    await house.say(announced(A, waves=waves, exclusions=(exclusion,), postcodes=("2791",)))
    await house.settle()
    return desk, await signed_in(house, desk.office.running, Role.SECRETARIAT)


async def read(staff: SignedIn, path: str = "", status: int = 200) -> str:
    """Return what a page says in English, without its markup."""
    answer = await staff.get(f"{PAGE}{path}?sprog=en")
    assert answer.status_code == status, answer.text
    return said(answer.text)


def said(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html[html.index("<main") :])
    return " ".join(text.split())


async def press(staff: SignedIn, path: str, **fields: str) -> None:
    answer = await staff.send(f"{PAGE}{path}", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


async def test_the_page_tells_who_is_eligible_and_why_others_are_not(house: House) -> None:
    desk, staff = await at(house)
    text = await read(staff)
    assert "There is no roll yet" in text
    assert "Nobody can be invited yet" in text
    await desk.office.call("PUT", "/roll", content=roll([row(1), row(2), row(3, CHILD)]))
    text = await read(staff)
    assert "at least 15 years old on 9 April 2025" in text
    assert "lives in 2791" in text
    assert "kept out: Elected politicians" in text
    assert "Can be invited 2" in text
    assert re.search(r"Cannot: [\w ]+ 1\b", text)


async def test_a_wave_is_started_paused_resumed_and_cancelled_with_the_numbers_said_each_time(house: House) -> None:
    desk, staff = await at(house)
    await desk.import_people(25)
    assert "It would reach 25 people as things stand" in await read(staff)
    assert "25 people get an invitation" in await read(staff, "/everyone/start")
    await press(staff, "/everyone/start")
    await desk.steps(1)
    assert "Invited: 10 of 25" in await read(staff)
    assert "15 people are still to be reached" in await read(staff, "/everyone/pause")
    await press(staff, "/everyone/pause")
    assert "“Everyone” is paused." in await read(staff)
    await press(staff, "/everyone/fortsaet")
    await desk.steps(1)
    assert "5 people are not reached" in await read(staff, "/everyone/annuller")
    await press(staff, "/everyone/annuller")
    text = await read(staff)
    assert "Not reached 5" in text
    assert "5 people are eligible and not invited yet" in text
    assert len(await desk.told(INVITED)) == 20
    await press(staff, "/_more/start")
    await desk.inviter.issue()
    assert len(await desk.told(INVITED)) == 25
    assert "Everyone eligible is invited" in await read(staff)


async def test_what_the_wave_has_gone_past_is_not_done_and_the_page_says_how_it_stands(house: House) -> None:
    desk, staff = await at(house)
    await desk.import_people(5)
    await press(staff, "/everyone/start")
    await desk.inviter.issue()
    for act in ("pause", "fortsaet", "annuller"):
        assert "This cannot be done now" in await read(staff, f"/everyone/{act}")
        answer = await staff.send(f"{PAGE}/everyone/{act}?sprog=en")
        assert answer.status_code == 409
        assert "Where the wave stands: Done." in said(answer.text)
    await press(staff, "/everyone/start")
    assert len(await desk.told(INVITED)) == 5, "started again it invites nobody"
    for path in ("/everyone/explode", "/nobody/pause", "/_more/pause"):
        assert (await staff.get(PAGE + path)).status_code == 404


async def test_a_form_sent_twice_is_taken_once(house: House) -> None:
    desk, staff = await at(house, wave("first", 0.5), wave("rest"))
    await desk.import_people(10)
    path = f"{PAGE}/first/start"
    fields = staff.sealed(path, {})
    answers = [await staff.send_as_it_is(path, fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    await desk.inviter.issue()
    assert len(await desk.told(INVITED)) == 5


async def test_a_random_wave_shows_its_seed_and_how_it_is_chosen(house: House) -> None:
    favour = Favour(criterion="district", value="soevang", factor=2.5)
    desk, staff = await at(house, wave("first", 0.3, favour), wave("rest"))
    await desk.import_people(30)
    text = await read(staff)
    assert (await desk.wave("first"))["seed"] in text
    assert (await desk.wave("rest"))["seed"] not in text, "a wave of everyone is not chosen"
    assert "30 % of those not invited yet, chosen by chance" in text
    assert "district (en) “soevang (en)”: 2.5 times as likely" in text
    assert "This cannot be done now" in await read(staff, "/rest/start"), "waves are started in their order"
    await press(staff, "/first/start")
    text = await read(staff)
    assert "9 people are being chosen" in text
    assert "It would reach 21 people as things stand" in text, "the rest is what the first wave leaves"
    await desk.inviter.issue()
    text = await read(staff)
    assert "Could have been chosen 30" in text
    assert "Chosen 9" in text


async def test_a_reminder_shows_whom_it_would_reach_and_goes_when_it_is_confirmed(house: House) -> None:
    desk, staff = await at(house)
    await desk.import_people(13)
    await press(staff, "/everyone/start")
    assert "while the sign-up is open" in await read(staff, "/paamindelse")
    await desk.office.call("POST", "/open")
    assert "no wave is under way or paused" in await read(staff, "/paamindelse")
    assert (await staff.send(f"{PAGE}/paamindelse", {"number": "1"})).status_code == 409
    await desk.inviter.issue()
    text = await read(staff, "/paamindelse")
    assert "district (en) soevang (en) 7" in text
    assert "age (en) 15-44 (en) fewer than 5" in text
    assert "13 people get a reminder" in text
    await press(staff, "/paamindelse", number="1")
    await desk.inviter.issue()
    assert len(await desk.told(REMINDED)) == 13
    assert "Reminded: 13 of 13" in await read(staff)
    assert (await staff.send(f"{PAGE}/paamindelse", {"number": "x"})).status_code == 404
    await house.move_clock(CLOSED)
    staff = await signed_in(house, desk.office.running, Role.SECRETARIAT)
    assert "Nobody is invited any more" in await read(staff)
    assert "Nobody can be reminded now" in await read(staff, "/paamindelse")


async def test_the_page_follows_along_as_it_is_told_and_holds_no_form(house: House) -> None:
    desk, staff = await at(house)
    await desk.import_people(25)
    await press(staff, "/everyone/start")
    await desk.steps(1)
    part = await staff.get(f"{PAGE}/live?sprog=en")
    assert part.headers["content-type"].startswith("text/event-stream")
    assert "Invited: 10 of 25" in said("<main" + part.text.replace("\ndata: ", " "))
    assert "<form" not in part.text
    assert f'data-hx-sse-connect="{PAGE}/live?sprog=en"' in (await staff.get(f"{PAGE}?sprog=en")).text


async def test_nobody_but_the_secretariat_opens_it(house: House) -> None:
    desk, _ = await at(house)
    for role in (Role.OFFICER, Role.OPERATOR, Role.DPO, Role.OBSERVER):
        other = await signed_in(house, desk.office.running, role)
        for path in ("", "/live", "/paamindelse", "/everyone/start"):
            assert (await other.get(PAGE + path)).status_code == 403
        assert (await other.send(f"{PAGE}/everyone/start")).status_code == 403
