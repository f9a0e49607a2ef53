"""Everybody may follow an assembly by e-mail: asked for, confirmed by the address's owner, stopped at any time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from contracts.followup import FollowupClosed
from support.audit import refusals
from support.following import (
    FOLLOW,
    JOINED,
    LEFT,
    ONE_CLICK,
    REQUESTED,
    address,
    asks,
    confirmations,
    follower_of,
    held,
    says_yes,
)
from support.forms import seals_in
from support.house import House
from support.registering import OPEN, A, Office, ids, invited, office_of

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


@pytest.fixture
async def office(house: House) -> Office:
    return await office_of(house)


async def test_who_asks_is_sent_a_link_and_follows_when_they_say_yes(office: Office, house: House) -> None:
    answer = await asks(office, " Anna@Example.dk ", "en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{FOLLOW}/tak")
    [request] = await confirmations(office)
    follower = str(request["follower"])
    found = await address(office, follower)
    assert (found.email, found.language) == ("Anna@Example.dk", "en")
    assert found.link.endswith("?sprog=en")
    page = (await office.public.get(found.link)).text
    assert "Do you want to follow the assembly?" in page
    assert await house.heard(JOINED) == []
    for _ in range(2):
        assert (await says_yes(office, follower)).status_code == 303
    assert [fact["follower"] for fact in await house.heard(JOINED)] == [follower]
    page = (await office.public.get(found.link)).text
    assert "You follow the assembly" in page
    assert ("A…@Example.dk" in page, "Anna@Example.dk" in page) == (True, False), "a link may be passed on"


async def test_opening_the_link_is_no_yes_for_mail_programs_open_links(office: Office, house: House) -> None:
    await asks(office)
    found = await address(office, str((await confirmations(office))[0]["follower"]))
    for _ in range(3):
        assert (await office.public.get(found.link)).status_code == 200
        assert (await office.public.get(found.unsubscribe)).status_code == 200
    await house.settle()
    assert (await house.heard(JOINED), await house.heard(LEFT), await held(office)) == ([], [], 1)


async def test_asking_again_makes_no_second_follower_and_sends_one_mail_an_hour(office: Office, house: House) -> None:
    first = await asks(office)
    page = (await office.public.get(f"{FOLLOW}/tak")).text
    again = await asks(office, "ANNA@example.dk")
    assert (again.status_code, again.headers["location"]) == (first.status_code, first.headers["location"])
    assert (await held(office), len(await confirmations(office))) == (1, 1)
    await says_yes(office, str((await confirmations(office))[0]["follower"]))
    for hours in (1.1, 2.2, 3.3, 4.4):
        await house.move_clock(OPEN + hours * HOUR)
        assert (await asks(office)).headers["location"] == first.headers["location"]
    assert await held(office) == 1
    assert [fact["number"] for fact in await confirmations(office)] == [1, 2, 3], "three in two days at the most"
    assert (await office.public.get(f"{FOLLOW}/tak")).text == page, "who follows already is told the same"
    assert len(await house.heard(JOINED)) == 1


async def test_the_same_address_typed_twice_at_once_is_one_follower(office: Office) -> None:
    answers = await asyncio.gather(*(office.send(FOLLOW, {"email": "anna@example.dk"}) for _ in range(8)))
    await office.house.settle()
    assert {answer.status_code for answer in answers} == {303}
    assert (await held(office), len(await confirmations(office))) == (1, 1)


async def test_who_does_not_say_yes_within_two_days_is_erased(office: Office, house: House) -> None:
    await asks(office)
    follower = str((await confirmations(office))[0]["follower"])
    link = (await address(office, follower)).link
    await house.move_clock(OPEN + 47 * HOUR)
    await house.settle()
    assert ((await office.public.get(link)).status_code, await held(office)) == (200, 1)
    await house.move_clock(OPEN + 49 * HOUR)
    await house.settle()
    assert await held(office) == 0
    assert (await office.public.get(link)).status_code == 404
    assert (await says_yes(office, follower)).status_code == 404
    assert (await house.heard(JOINED), [f["follower"] for f in await house.heard(LEFT)]) == ([], [follower])


@pytest.mark.parametrize("how", ["page", "one-click", "one-click in parts"])
async def test_who_stops_is_erased_at_once(office: Office, house: House, how: str) -> None:
    found = await follower_of(office)
    await follower_of(office, "bo@example.dk")
    if how == "page":
        page = (await office.public.get(found.unsubscribe)).text
        assert 'action="/tilmelding/foelg/l/' in page
        answer = await office.public.post(found.unsubscribe)
    elif how == "one-click":
        answer = await office.public.post(found.unsubscribe, data=ONE_CLICK)
    else:
        answer = await office.public.post(found.unsubscribe, files={"List-Unsubscribe": (None, "One-Click")})
    assert (answer.status_code, "location" in answer.headers) == (200, False), "RFC 8058: no redirect"
    await house.settle()
    assert await held(office) == 1
    assert [fact["follower"] for fact in await house.heard(LEFT)] == [found.follower]
    resolved = await office.resolve(found.follower)
    assert (resolved.followers, resolved.unknown) == ((), (found.follower,))
    assert (await office.public.get(found.link)).status_code == 404
    again = await office.public.post(found.unsubscribe, data=ONE_CLICK)
    assert again.status_code == 200
    await house.settle()
    assert len(await house.heard(LEFT)) == 1


async def test_who_has_stopped_may_follow_again_under_another_id(office: Office) -> None:
    before = await follower_of(office)
    await office.public.post(before.unsubscribe, data=ONE_CLICK)
    after = await follower_of(office)
    assert (after.email, after.follower != before.follower, after.link != before.link) == (before.email, True, True)


async def test_a_click_without_a_seal_can_stop_and_do_nothing_else(office: Office, audit: list[Any]) -> None:
    await asks(office)
    found = await address(office, str((await confirmations(office))[0]["follower"]))
    assert (await office.public.post(found.link, data=ONE_CLICK)).status_code == 400
    assert (await office.public.post(FOLLOW, data={"email": "bo@example.dk"})).status_code == 400
    assert refusals(audit) == ["form-forged", "form-forged"]
    assert (await office.house.heard(JOINED), await held(office)) == ([], 1)


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "a b@example.dk", "a,b@example.dk", "<a@example.dk>", "a@example.dk\nBcc: b@c.dk"]
)
async def test_what_is_no_address_is_said_so_and_keeps_what_was_typed(office: Office, email: str) -> None:
    answer = await asks(office, email)
    assert (answer.status_code, "Skriv en e-mailadresse som navn@eksempel.dk" in answer.text) == (422, True)
    assert (await held(office), await confirmations(office)) == (0, [])


async def test_a_domain_with_danish_letters_is_written_to_by_its_plain_name(office: Office) -> None:
    assert (await follower_of(office, "anna@købstad.dk")).email == "anna@xn--kbstad-bya.dk"
    assert (await asks(office, "åse@example.dk")).status_code == 422


async def test_programs_are_too_fast_and_fall_into_the_trap(house: House, audit: list[Any]) -> None:
    office = await office_of(house, forms={"least_seconds": 3600})
    page = await office.public.get(FOLLOW)
    [seal] = seals_in(page.text)
    form = {"email": "anna@example.dk", "language": "da", "seal": seal, "website": ""}
    assert (await office.public.post(FOLLOW, data=form)).status_code == 400
    assert (await office.public.post(FOLLOW, data=form | {"website": "x"})).status_code == 400
    await house.move_clock(OPEN + 2 * HOUR)
    assert (await office.public.post(FOLLOW, data=form)).status_code == 303
    assert refusals(audit) == ["form-too-fast", "form-trapped"]
    assert await held(office) == 1


async def test_when_the_follow_up_is_closed_followers_are_kept_a_week_and_nobody_new_is_taken(
    office: Office, house: House
) -> None:
    found, late = await follower_of(office), (await asks(office, "bo@example.dk")).status_code
    assert late == 303
    await house.say(FollowupClosed(assembly=A, statuses=3))
    await house.settle()
    for answer in (await office.public.get(FOLLOW), await asks(office, "carl@example.dk")):
        assert (answer.status_code, "Opfølgningen er afsluttet" in answer.text) == (410, True)
    assert (await address(office, found.follower)).email == "anna@example.dk", "the last status is on its way"
    await house.move_clock(OPEN + timedelta(days=8))
    await house.settle()
    assert await held(office) == 0
    assert len(await house.heard(LEFT)) == 2


async def test_followers_are_nobody_of_the_roll(office: Office) -> None:
    before = await office.call("GET", "/counts")
    found = await follower_of(office)
    assert await office.call("GET", "/counts") == before
    await invited(office)
    resolved = await office.resolve(found.follower, *ids(0))
    assert ([one.person for one in resolved.recipients], [one.follower for one in resolved.followers]) == (
        ids(0),
        [found.follower],
    )
    await office.call("POST", f"/people/{found.follower}/erase", 404)
    assert await held(office) == 1


async def test_the_address_is_in_no_fact_or_log_and_unreadable_in_the_database(
    office: Office, house: House, audit: list[Any]
) -> None:
    found = await follower_of(office)
    db = office.running.service.db
    facts = [await house.heard(name) for name in (REQUESTED, JOINED, LEFT)]
    stored = [await db.collection(name).find({}) for name in ("followers", "outbox", "seals", "audit")]
    token = found.link.rpartition("/")[2]
    for text in (str(facts), str(stored), str(audit)):
        assert "example.dk" not in text.casefold()
        assert token not in text


async def test_an_assembly_nobody_has_announced_cannot_be_followed(office: Office) -> None:
    assert (await office.public.get("/tilmelding/en-anden-2025/foelg")).status_code == 404
    assert (await office.public.get("/tilmelding/foelg/l/abcdefghijklmnopqrstuvwxyz")).status_code == 404
