"""What the secretariat does for one person by hand: with a comment, once, and only what their status allows."""

import asyncio

import pytest

from chassis.identity import Role
from contracts.notifications import PersonTold
from registration.domain.people import link_token, token_hash
from support.cases import COMMENT, Desk, desk_of, number_of
from support.forms import seals_in
from support.house import House
from support.registering import CLOSED, A, drawn, ids
from support.rolls import KEY
from support.staff import signed_in

pytestmark = pytest.mark.integration

WITHDREW = "registration.registrant-withdrew.v1"
ERASED = "registration.person-erased.v1"
INVITED = "registration.invitation-issued.v1"


def link_of(resident: int, generation: int = 1) -> str:
    return f"/tilmelding/l/{link_token(KEY.encode(), ids(resident)[0], generation)}"


async def signed_up(house: House) -> Desk:
    """A desk, and resident 0 has signed up."""
    desk = await desk_of(house)
    assert (await desk.office.sign_up(link_of(0))).status_code == 303
    return desk


async def test_withdrawing_for_someone_is_said_once_shown_in_the_case_and_its_comment_locked(house: House) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    sure = await desk.staff.get(f"{case}/meld-fra")
    assert (sure.status_code, "Det kan ikke fortrydes" in sure.text) == (200, True)
    answer = await desk.act(case, "meld-fra", "  Ringede\nmandag og sagde fra ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{case}?gjort=meld-fra")
    page = (await desk.staff.get(answer.headers["location"])).text
    for shown in ("Personen er meldt fra.", "Ringede mandag og sagde fra", "Sekretariat", "Tilmeldt, af personen selv"):
        assert shown in page
    person = await desk.person()
    assert (person["status"], person["answers"], person["consent"]) == ("withdrawn", {}, None)
    stored = str(await desk.db.collection("changes").find({}))
    assert "Ringede" not in stored
    assert (await desk.act(case, "meld-fra")).status_code == 409
    await house.settle()
    assert [fact["person"] for fact in await house.heard(WITHDREW)] == ids(0)
    assert await desk.changes() == ["meld-fra"]


@pytest.mark.parametrize("comment", ["", " . ", "x" * 501])
async def test_without_a_comment_of_five_to_five_hundred_characters_nothing_is_done(house: House, comment: str) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    before = await desk.person()
    for action in ("meld-fra", "fraflyttet", "doed", "udeluk", "ret", "nyt-link", "luk-link"):
        answer = await desk.act(case, action, comment, exclusion="politician", value_gender="other")
        assert answer.status_code == 422, action
        assert 'href="#comment"' in answer.text
        assert "Skriv med 5 til 500 tegn" in answer.text
    assert await desk.person() == before
    assert await desk.changes() == []


async def test_no_thank_you_is_noted_and_can_be_followed_by_a_sign_up(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await desk.act(case, "nej-tak")
    person = await desk.person()
    assert (person["status"], person["declined_at"] is not None) == ("declined", True)
    page = (await desk.staff.get(case)).text
    assert "Har sagt nej tak" in page
    assert "Notér et" not in page
    assert "Udfyld tilmeldingen" in page


async def test_who_is_left_out_leaves_the_pool_and_is_let_in_again_to_sign_up_anew(house: House) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    unknown = await desk.act(case, "udeluk", exclusion="king")
    assert (unknown.status_code, 'href="#exclusion"' in unknown.text) == (422, True)
    await desk.act(case, "udeluk", exclusion="politician")
    person = await desk.person()
    assert (person["status"], person["why"], person["answers"]) == ("ineligible", "excluded:politician", {})
    assert "Kan ikke deltage: Folkevalgte" in (await desk.staff.get(case)).text
    await desk.act(case, "tag-med-igen")
    person = await desk.person()
    assert (person["status"], person["why"]) == ("withdrawn", None)
    await house.settle()
    assert len(await house.heard(WITHDREW)) == 1
    assert await desk.changes() == ["udeluk:politician", "tag-med-igen"]


@pytest.mark.parametrize(("action", "why"), [("fraflyttet", "moved-out"), ("doed", "died")])
async def test_who_has_moved_away_or_died_takes_part_no_more_until_it_is_taken_back(
    house: House, action: str, why: str
) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await desk.act(case, action)
    person = await desk.person()
    assert (person["status"], person["why"]) == ("ineligible", why)
    assert (await desk.office.call("GET", "/counts"))["eligible"] == 2
    await desk.act(case, "tag-med-igen")
    assert (await desk.person())["status"] == "invitee"
    assert await house.heard(WITHDREW) == []


async def test_a_member_who_is_withdrawn_by_hand_loses_the_seat_and_the_sign_in(house: House) -> None:
    desk = await signed_up(house)
    await desk.office.call("POST", "/close-pool", json={"early": True})
    await drawn(desk.office, 0)
    case = await desk.open(0)
    assert "/meld-fra" in (await desk.staff.get(case)).text
    member = await signed_in(house, desk.office.running, Role.MEMBER, ids(0)[0])
    await desk.act(case, "doed")
    await house.settle()
    assert await desk.office.running.service.sign_ins.find(member.visitor.cookie) is None
    assert [fact["person"] for fact in await house.heard(WITHDREW)] == ids(0)


async def test_what_a_status_does_not_allow_is_neither_offered_nor_done(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    for action in ("meld-fra", "tag-med-igen"):
        assert f"{case}/{action}" not in (await desk.staff.get(case)).text
        for answer in (await desk.staff.get(f"{case}/{action}"), await desk.act(case, action)):
            assert (answer.status_code, "Det kan ikke gøres nu" in answer.text) == (409, True)
    assert (await desk.act(case, "tilmeld")).status_code == 409  # a form in steps, not one button
    assert (await desk.staff.get(f"{case}/goer-noget")).status_code == 404
    assert (await desk.act(case, "goer-noget")).status_code == 404
    await house.move_clock(CLOSED)
    page = (await desk.staff.get(case)).text
    assert "Udfyld tilmeldingen" not in page
    assert "Notér et" not in page
    assert await desk.changes() == []


async def test_a_new_letter_has_a_new_link_and_the_old_one_is_dead(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await desk.act(case, "nyt-link")
    assert (await desk.office.public.get(link_of(0))).status_code == 404
    assert (await desk.office.public.get(link_of(0, 2))).status_code == 200
    assert await desk.office.links(*ids(0)) == [link_of(0, 2)]
    await house.settle()
    said = [fact["generation"] for fact in await house.heard(INVITED) if fact["person"] == ids(0)[0]]
    assert said == [1, 2]


async def test_a_closed_link_opens_nothing_until_a_new_letter_is_sent(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    await desk.act(case, "luk-link")
    assert (await desk.office.public.get(link_of(0))).status_code == 404
    assert (await desk.act(case, "luk-link")).status_code == 409
    await desk.act(case, "nyt-link")
    assert (await desk.person())["token_hash"] == token_hash(link_of(0, 2).rpartition("/")[2])
    assert await desk.changes() == ["luk-link", "nyt-link"]


async def test_a_corrected_value_counts_in_the_draw_and_the_rolls_stays_beside_it(house: House) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    same = await desk.act(case, "ret", value_gender="female", value_age="45+")
    assert (same.status_code, "Vælg en anden værdi" in same.text) == (422, True)
    for wrong in ({"value_gender": "martian"}, {"value_shoes": "42"}):
        assert (await desk.act(case, "ret", **wrong)).status_code == 422
    await desk.act(case, "ret", value_gender="other", value_district="st-magleby")
    person = await desk.person()
    assert (person["features"]["district"], person["corrections"]) == ("soevang", {"district": "st-magleby"})
    assert person["answers"]["gender"] == "other"
    page = (await desk.staff.get(case)).text
    assert "st-magleby (rettet)" in page
    assert "Rettet: district, gender" in page
    await desk.act(case, "ret", value_district="soevang")
    assert (await desk.person())["corrections"] == {}
    closed = await desk.office.call("POST", "/close-pool", json={"early": True})
    assert closed["signed_up"] == 1
    assert (await desk.act(case, "ret", value_gender="male")).status_code == 409


async def test_an_erasure_takes_the_number_again_and_leaves_neither_person_nor_comments(house: House) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    await desk.act(case, "ret", "En kommentar om Prøve Person", value_gender="other")
    for wrong in ("", "123 456 782", number_of(1)):
        answer = await desk.staff.send(f"{case}/slet", {"reference": wrong})
        assert (answer.status_code, 'href="#reference"' in answer.text) == (422, True)
        assert (await desk.person())["status"] == "pool"
    answer = await desk.staff.send(f"{case}/slet", {"reference": number_of(0)})
    assert answer.headers["location"] == f"/tilmelding/{A}/sag?slettet=ja"
    assert "Personen får besked og bliver derefter slettet" in (await desk.staff.get(answer.headers["location"])).text
    assert (await desk.person())["status"] == "withdrawn"
    await house.say(PersonTold(assembly=A, person=ids(0)[0]))
    await house.settle()
    person = await desk.person()
    assert (person["status"], person["identity"], person["reference"]) == ("erased", None, None)
    assert (await desk.staff.get(case)).status_code == 410
    assert (await desk.look_up(number_of(0))).status_code == 422
    [left] = await desk.db.collection("changes").find({"person": ids(0)[0]})
    assert (left["what"], left["comment"]) == ("slet", None)
    assert len(await house.heard(WITHDREW)) == len(await house.heard(ERASED)) == 1


async def test_a_form_sent_twice_or_by_two_at_once_is_done_once(house: House) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    page = (await desk.staff.get(f"{case}/meld-fra")).text
    fields = {"comment": COMMENT, "seal": seals_in(page)[-1]}
    again = [await desk.staff.send_as_it_is(f"{case}/meld-fra", fields) for _ in range(2)]
    assert [answer.status_code for answer in again] == [303, 409]
    both = await asyncio.gather(*(desk.act(case, action) for action in ("fraflyttet", "doed")))
    assert sorted(answer.status_code for answer in both) == [303, 409]
    assert len(await desk.changes()) == 2
    await house.settle()
    assert len(await house.heard(WITHDREW)) == 1


async def test_nothing_is_half_written_when_the_comment_cannot_be_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await signed_up(house)
    case = await desk.open(0)
    before = await desk.person()

    async def full(*_: object) -> None:
        raise ConnectionError("the disk is full")

    monkeypatch.setattr("registration.use_cases.case_actions.note_change", full)
    for action, fields in (("meld-fra", {}), ("nyt-link", {}), ("slet", {"reference": number_of(0)})):
        assert (await desk.act(case, action, **fields)).status_code == 500
    assert await desk.person() == before
    await house.settle()
    assert await house.heard(WITHDREW) == await house.heard(ERASED) == []
    assert len([fact for fact in await house.heard(INVITED) if fact["generation"] > 1]) == 0
