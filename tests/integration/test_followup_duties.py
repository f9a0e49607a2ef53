"""The officer's pages of one assembly: what the council owes it, and its statuses, published in a form."""

import re
from datetime import UTC, datetime

import pytest

from chassis.identity import Role
from support.house import House
from support.promising import (
    DELIVERED,
    DUTIES,
    A,
    announced,
    answer,
    answers_in_force,
    delivered,
    officer_of,
    page_of,
    publish_path,
    started,
)
from support.staff import signed_in

pytestmark = pytest.mark.integration

OWED = f"/opfoelgning/{A}/opgaver"
PAGE = {"accept": "text/html"}
ANSWERED = "followup.recommendation-answered.v1"
PUBLISHED = "followup.status-published.v1"


def edition_in(page: str) -> str:
    return re.findall(r'name="edition" value="([^"]*)"', page)[0]


async def test_an_officer_sees_what_is_owed_and_how_long_is_left(house: House) -> None:
    followup = await delivered(house)
    await house.move_clock(datetime(2025, 9, 27, 8, tzinfo=UTC))
    officer = await officer_of(house, followup)
    await answer(house, followup, 2, answer="partly")
    page = (await officer.get(OWED)).text
    for text in (
        "17. september 2025",
        "10 dage over fristen",
        '<span class="badge badge-error">Fristen er overskredet</span>',
        "17. april 2026",
        "202 dage tilbage",
        "Følger, når dagen kendes",
        "1 af 2 anbefalinger er besvaret.",
        "Venter på svar",
        "Følges delvist",
        f'<a href="{page_of(1)}">Svar på anbefaling 1</a>',
        f'<a href="{page_of(2)}">Ret svaret på anbefaling 2</a>',
        f'<a href="{page_of(2, "arbejde")}" lang="da">Flere mødesteder 2</a>',
        f'<a href="{publish_path("s-3")}">Se, hvad “Status s-3” venter på</a>',
    ):
        assert text in page
    assert publish_path("s-end") not in page
    english = (await officer.get(f"{OWED}?sprog=en")).text
    assert "10 days overdue" in english
    listed = (await officer.get(DUTIES)).text
    assert 'href="/opfoelgning/opgaver" class="nav-link" aria-current="page"' in listed


async def test_before_there_is_an_assembly_or_a_delivery_the_page_says_so(house: House) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    officer = await officer_of(house, followup)
    assert "Ingen borgersamling er offentliggjort endnu" in (await officer.get(DUTIES)).text
    assert (await officer.get(OWED)).status_code == 404
    await house.say(announced())
    await house.settle()
    page = (await officer.get(OWED)).text
    assert "Anbefalingerne er ikke afleveret endnu" in page
    assert "Ingen anbefalinger endnu" in page
    early = (await officer.get(publish_path("s-3"))).text
    assert "Den har ingen dag endnu" in early
    assert 'name="summary"' not in early


async def test_a_status_waits_for_every_answer_and_the_page_says_for_which(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await answer(house, followup, 1)
    page = (await officer.get(publish_path("s-3"))).text
    assert "Status kan ikke offentliggøres endnu" in page
    assert page_of(2) in page
    assert page_of(1) not in page
    assert 'name="summary"' not in page
    tried = await officer.send(publish_path("s-3"), {"summary": "Vi er i gang", "checked": "yes", "edition": "r-1:1"})
    assert tried.status_code == 422
    assert '<p lang="da">Vi er i gang</p>' in tried.text  # nothing that was written is lost
    assert await house.heard(PUBLISHED) == []


async def test_a_status_waits_for_a_recommendation_that_is_on_its_way(house: House) -> None:
    followup = await delivered(house, heard=(1,))
    officer = await officer_of(house, followup)
    await answer(house, followup, 1)
    assert "1 anbefaling er afleveret og ikke modtaget her endnu" in (await officer.get(publish_path("s-3"))).text
    assert "Se, hvad “Status s-3” venter på" in (await officer.get(OWED)).text


async def test_a_status_is_published_once_it_is_checked_and_cannot_be_changed(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for number in (1, 2):
        await answer(house, followup, number, answer="partly", action="Et forsøg i 2026")
    assert "Offentliggør “Status s-3”" in (await officer.get(OWED)).text
    page = (await officer.get(publish_path("s-3"))).text
    for text in ("Det kan ikke fortrydes", "Flere mødesteder 2", "Et forsøg i 2026", "Følges delvist"):
        assert text in page
    assert "Fremdrift: 0 procent." in page
    fields = {"summary": "Vi er i gang", "edition": edition_in(page)}

    unchecked = await officer.send(publish_path("s-3"), fields)
    assert unchecked.status_code == 422
    assert 'href="#checked"' in unchecked.text
    assert ">Vi er i gang</textarea>" in unchecked.text
    empty = await officer.send(publish_path("s-3"), fields | {"summary": " ", "checked": "yes"})
    assert (empty.status_code, 'href="#summary"' in empty.text) == (422, True)
    long = await officer.send(publish_path("s-3"), fields | {"summary": "x" * 20_001, "checked": "yes"})
    assert (long.status_code, "Forkort teksten til højst 20.000 tegn" in long.text) == (422, True)
    assert await house.heard(PUBLISHED) == []

    sent = await officer.send(publish_path("s-3"), fields | {"checked": "yes"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{OWED}?gemt=status")
    listed = (await officer.get(sent.headers["location"])).text
    assert "Status er offentliggjort" in listed
    assert f'href="/opfoelgning/{A}/status/s-3"' in listed
    await house.settle()
    assert [fact["milestone"] for fact in await house.heard(PUBLISHED)] == ["s-3"]

    after = (await officer.get(publish_path("s-3"))).text
    assert ("kan ikke ændres" in after, 'name="summary"' in after) == (True, False)
    other = await officer.send(publish_path("s-3"), fields | {"summary": "Noget andet", "checked": "yes"})
    assert (other.status_code, '<p lang="da">Noget andet</p>' in other.text) == (409, True)
    assert "Vi er i gang" in (await followup.http.get(f"/opfoelgning/{A}/status/s-3")).text


async def test_what_was_checked_is_what_is_published(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for number in (1, 2):
        await answer(house, followup, number)
    checked = {"summary": "Vi er i gang", "checked": "yes"}
    before = edition_in((await officer.get(publish_path("s-3"))).text)
    await answer(house, followup, 2, reason="En ny begrundelse")
    late = await officer.send(publish_path("s-3"), checked | {"edition": before})
    assert late.status_code == 409
    assert 'href="#answers"' in late.text
    assert "En ny begrundelse" in late.text
    assert ">Vi er i gang</textarea>" in late.text
    assert 'type="checkbox" id="checked" name="checked" value="yes">' in late.text  # to be ticked anew
    assert await house.heard(PUBLISHED) == []
    again = await officer.send(publish_path("s-3"), checked | {"edition": edition_in(late.text)})
    assert again.status_code == 303


async def test_the_secretariat_cannot_write_an_answer_nor_publish_a_status(house: House) -> None:
    followup = await delivered(house)
    given = {"answer": "partly", "reason": "Fordi", "edit": "0"}
    for role in set(Role) - {Role.OFFICER, Role.PUBLIC}:
        someone = await signed_in(house, followup, role)
        for path, fields in ((page_of(1), given), (publish_path("s-3"), {"summary": "x", "checked": "yes"})):
            for refused in (await someone.get(path), await someone.send(path, fields)):
                assert refused.status_code == 403, role
                assert "Siden er ikke åben for din rolle" in refused.text
        assert (await someone.get(DUTIES)).status_code == 403
        assert DUTIES not in (await someone.get("/opfoelgning")).text  # nor is the link in the menu
    assert (await followup.http.post(page_of(1), data=given, headers=PAGE)).status_code == 401
    assert (await followup.http.get(DUTIES, headers=PAGE)).headers["location"] == f"/log-ind?videre={DUTIES}"
    assert await answers_in_force(followup) == []
    await house.settle()
    assert await house.heard(ANSWERED) == []


async def test_what_is_not_delivered_and_not_promised_has_no_form(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    fields = {"answer": "partly", "reason": "Fordi", "summary": "x", "checked": "yes", "confirmed": "yes"}
    pages = [
        page_of(9, page) for page in ("svar", "svar/godkend", "svar/offentliggoer", "svar/laeg-til-side", "arbejde")
    ]
    for path in (*pages, publish_path("s-99"), page_of(1).replace(A, "ukendt-2025"), page_of(1, "arbejde/trin/9")):
        assert (await officer.get(path)).status_code == 404, path
        assert (await officer.send(path, fields | {"number": "0"})).status_code == 404, path
