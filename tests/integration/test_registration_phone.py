"""A sign-up on the telephone: the same steps, one registrant, marked, said once."""

import httpx
import pytest

from chassis.identity import Role
from support.cases import LOOK_UP, Desk, desk_of
from support.house import House
from support.registering import CLOSED, A, ids
from support.rolls import ANSWERS
from support.staff import signed_in

pytestmark = pytest.mark.integration

SIGNED_UP = "registration.registrant-signed-up.v1"
SAID = ANSWERS | {"need_hearing": "yes", "telephone": "12 34 56 78"}


async def through(desk: Desk, case: str, **answers: str) -> httpx.Response:
    """Go through the steps with someone on the telephone; return what the last one was answered with."""
    path = f"{case}/tilmeld/trin/om-dig"
    while True:
        answer = await desk.staff.send(path, SAID | answers)
        path = answer.headers.get("location", "").partition("?")[0]
        if "/trin/" not in path:
            return answer


async def test_a_whole_sign_up_on_the_telephone_is_one_registrant_marked_and_one_fact(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    assert f'href="{case}/tilmeld?sprog=da"' in (await desk.staff.get(case)).text
    begin = await desk.staff.get(f"{case}/tilmeld")
    assert (begin.status_code, "i telefonen" in begin.text) == (200, True)
    answer = await through(desk, case)
    assert answer.headers["location"] == f"{case}/tilmeld/kvittering"
    receipt = (await desk.staff.get(answer.headers["location"])).text
    assert f'href="{case}?sprog=da"' in receipt
    for _ in range(2):  # and an edit, in the same call
        await through(desk, case, gender="other")
    await house.settle()
    assert await house.heard(SIGNED_UP) == [{"assembly": A, "person": ids(0)[0], "language": "da"}]
    person = await desk.person()
    assert (person["status"], person["by"], person["sign_ups"]) == ("pool", "phone", 1)
    assert person["answers"]["gender"] == "other"
    page = (await desk.staff.get(case)).text
    for shown in ("Tilmeldt, i telefonen, sammen med sekretariatet", "Teleslynge", "12345678", "Tilmeldt i telefonen"):
        assert shown in page
    listed = await desk.staff.send(f"/tilmelding/{A}/tilmeldte", {"why": "Se hvem der ringede"})
    assert "(i telefonen)" in listed.text
    assert await desk.changes() == ["tilmeld"] * 3


async def test_who_withdrew_signs_up_again_on_the_telephone(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await through(desk, case)
    await desk.act(case, "meld-fra")
    page = (await desk.staff.get(case)).text
    assert "Teleslynge" not in page
    await through(desk, case)
    await house.settle()
    assert len(await house.heard(SIGNED_UP)) == 2
    assert (await desk.person())["sign_ups"] == 2


async def test_a_step_that_is_wrong_comes_back_with_what_was_typed(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    answer = await through(desk, case, gender="")
    assert (answer.status_code, 'href="#gender"' in answer.text) == (422, True)
    assert 'value="owner" checked' in answer.text
    answer = await through(desk, case, consent="")
    assert answer.status_code == 422
    assert (await desk.person())["status"] == "invitee"
    assert await desk.changes() == []


async def test_no_thank_you_and_leaving_ones_place_are_taken_in_the_form_too(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await desk.staff.send(f"{case}/tilmeld/nej-tak", {"no_reason": "time", "no_text": "Har travlt"})
    person = await desk.person()
    assert (person["status"], person["by"]) == ("declined", "phone")
    page = (await desk.staff.get(case)).text
    for shown in ("Har sagt nej tak", "Har travlt", "Sagde nej tak, i telefonen"):
        assert shown in page
    other = await desk.open(1)
    await through(desk, other, excluded_politician="yes")
    assert "Har sagt nej tak: Folkevalgte" in (await desk.staff.get(other)).text
    assert await desk.changes() == await desk.changes(1) == ["nej-tak"]
    await house.settle()
    assert await house.heard(SIGNED_UP) == []


async def test_the_form_of_a_case_is_closed_with_the_case_the_sign_up_and_to_everyone_else(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    colleague = await signed_in(house, desk.office.running, Role.SECRETARIAT, "secretariat-2")
    officer = await signed_in(house, desk.office.running, Role.OFFICER)
    for path in ("", "/trin/om-dig", "/kvittering", "/nej-tak"):
        assert (await colleague.get(f"{case}/tilmeld{path}")).status_code == 410
        assert (await officer.get(f"{case}/tilmeld{path}")).status_code == 403
    assert (await colleague.send(f"{case}/tilmeld/trin/om-dig", SAID)).status_code == 410
    await house.move_clock(CLOSED)
    late = await signed_in(house, desk.office.running, Role.SECRETARIAT)
    assert (await late.get(f"{case}/tilmeld")).status_code == 410
    assert (await late.send(f"{case}/tilmeld/trin/om-dig", SAID)).status_code == 410
    assert (await desk.person())["status"] == "invitee"


async def test_nobody_is_signed_up_who_was_not_invited(house: House) -> None:
    desk = await desk_of(house)
    await desk.db.collection("people").update({"_id": ids(0)[0]}, {"$set": {"invited_at": None}})
    case = await desk.open(0)
    page = (await desk.staff.get(case)).text
    assert "Ikke inviteret endnu" in page
    assert "/tilmeld?" not in page
    assert (await desk.staff.get(f"{case}/tilmeld")).status_code == 409
    assert (await desk.staff.send(f"{case}/tilmeld/trin/om-dig", SAID)).status_code == 409


async def test_a_step_sent_twice_is_taken_once(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await through(desk, case, consent="")
    last = f"{case}/tilmeld/trin/tjek"
    fields = desk.staff.sealed(last, SAID)
    assert [(await desk.staff.send_as_it_is(last, fields)).status_code for _ in range(2)] == [303, 409]
    await house.settle()
    assert len(await house.heard(SIGNED_UP)) == 1


async def test_a_trial_signs_up_into_its_own_status_and_nothing_is_said(house: House) -> None:
    desk = await desk_of(house)
    await desk.staff.send(f"{LOOK_UP}/proever")
    [trial] = await desk.db.collection("people").find({"test": True})
    spoken = " ".join(trial["reference"][i : i + 3] for i in (0, 3, 6))
    case = await desk.open_number(spoken)
    await through(desk, case)
    [trial] = await desk.db.collection("people").find({"test": True})
    assert trial["status"] == "test"
    page = (await desk.staff.get(case)).text
    assert "Prøvetilmelding" in page
    for never in ("udeluk", "slet", "nyt-link", "doed"):
        assert f"{case}/{never}" not in page
    await house.settle()
    assert await house.heard(SIGNED_UP) == []
    assert (await desk.office.call("GET", "/counts"))["signed_up"] == 0
