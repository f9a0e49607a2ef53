"""The officer's pages: what the council owes, its answers and its statuses, written in forms."""

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
    answers_in_force,
    delivered,
    officer_of,
    page_of,
    publish_path,
    started,
)
from support.staff import signed_in

pytestmark = pytest.mark.integration

PAGE = {"accept": "text/html"}
ANSWERED = "followup.recommendation-answered.v1"
PUBLISHED = "followup.status-published.v1"
GIVEN = {"answer": "partly", "reason": "Fordi det er klogt", "action": "Et forsøg i 2026", "revision": "0"}


def edition_in(page: str) -> str:
    return re.findall(r'name="edition" value="([^"]*)"', page)[0]


async def test_an_officer_sees_what_is_owed_and_how_long_is_left(house: House) -> None:
    followup = await delivered(house)
    await house.move_clock(datetime(2025, 9, 27, 8, tzinfo=UTC))
    officer = await officer_of(house, followup)
    await officer.send(page_of(2), GIVEN)
    page = (await officer.get(DUTIES)).text
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
        f'<a href="{publish_path("s-3")}">Se, hvad “Status s-3” venter på</a>',
    ):
        assert text in page
    assert publish_path("s-end") not in page
    english = (await officer.get(f"{DUTIES}?sprog=en")).text
    assert "10 days overdue" in english
    assert 'href="/opfoelgning/opgaver" class="nav-link" aria-current="page"' in english


async def test_before_there_is_an_assembly_or_a_delivery_the_page_says_so(house: House) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    officer = await officer_of(house, followup)
    assert "Ingen borgersamling er offentliggjort endnu" in (await officer.get(DUTIES)).text
    await house.say(announced())
    await house.settle()
    page = (await officer.get(DUTIES)).text
    assert "Anbefalingerne er ikke afleveret endnu" in page
    assert "Ingen anbefalinger endnu" in page
    early = (await officer.get(publish_path("s-3"))).text
    assert "Den har ingen dag endnu" in early
    assert 'name="summary"' not in early


async def test_an_answer_is_published_and_the_list_says_so(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    form = (await officer.get(page_of(1))).text
    assert "Flere mødesteder 1" in form
    assert "Ikke besvaret endnu." in form
    sent = await officer.send(page_of(1), GIVEN | {"reason": "Første linje\r\nAnden linje"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{DUTIES}?gemt=svar")
    assert "Svaret er offentliggjort" in (await officer.get(sent.headers["location"])).text
    assert await answers_in_force(followup) == [("partly", "Første linje\nAnden linje", 1)]
    await house.settle()
    assert [fact["recommendation"] for fact in await house.heard(ANSWERED)] == ["r-1"]
    again = (await officer.get(page_of(1))).text
    assert 'value="partly" checked' in again
    assert "Første linje\nAnden linje</textarea>" in again
    assert 'name="revision" value="1"' in again


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"answer": ""}, "answer", "Vælg, om anbefalingen følges"),
        ({"answer": "måske"}, "answer", "Vælg, om anbefalingen følges"),
        ({"reason": "  "}, "reason", "Skriv begrundelsen, også når anbefalingen følges"),
        ({"reason": "x" * 20_001}, "reason", "Forkort teksten til højst 20.000 tegn"),
        ({"action": "x" * 20_001}, "action", "Forkort teksten til højst 20.000 tegn"),
    ],
)
async def test_an_answer_that_breaks_a_rule_is_shown_again_with_everything_in_it(
    house: House, wrong: dict[str, str], field: str, message: str
) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    shown = await officer.send(page_of(1), GIVEN | wrong)
    assert shown.status_code == 422
    assert f'<a class="function-link" href="#{field}">{message}</a>' in shown.text
    assert f'id="{field}-error"' in shown.text
    for name in {"reason", "action"} - {field}:
        assert f">{GIVEN[name]}</textarea>" in shown.text
    if field != "answer":
        assert 'value="partly" checked' in shown.text
    assert await answers_in_force(followup) == []


async def test_all_that_is_wrong_is_said_at_once(house: House) -> None:
    followup = await delivered(house)
    shown = (await (await officer_of(house, followup)).send(page_of(1), {})).text
    summary = shown.partition("<h1")[0]
    assert ('href="#answer"' in summary, 'href="#reason"' in summary) == (True, True)


async def test_an_officer_who_comes_second_sees_the_other_answer_and_loses_nothing(house: House) -> None:
    followup = await delivered(house)
    first, second = [await officer_of(house, followup, f"officer-{n}") for n in (1, 2)]
    await first.send(page_of(1), GIVEN | {"reason": "Den førstes tekst"})
    late = await second.send(page_of(1), GIVEN | {"reason": "Den andens tekst"})
    assert late.status_code == 409
    assert 'href="#newer"' in late.text
    assert '<p lang="da">Den førstes tekst</p>' in late.text
    assert ">Den andens tekst</textarea>" in late.text
    assert 'name="revision" value="1"' in late.text
    assert await answers_in_force(followup) == [("partly", "Den førstes tekst", 1)]
    agreed = await second.send(page_of(1), GIVEN | {"reason": "Begges tekst", "revision": "1"})
    assert agreed.status_code == 303
    assert await answers_in_force(followup) == [("partly", "Begges tekst", 2)]


async def test_a_mistake_does_not_hide_that_someone_else_was_first(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await officer.send(page_of(1), GIVEN)
    mistaken = await officer.send(page_of(1), GIVEN | {"reason": ""})
    assert (mistaken.status_code, 'name="revision" value="0"' in mistaken.text) == (422, True)
    mended = await officer.send(page_of(1), GIVEN | {"reason": "Noget andet"})
    assert mended.status_code == 409


async def test_a_status_waits_for_every_answer_and_the_page_says_for_which(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await officer.send(page_of(1), GIVEN)
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
    await officer.send(page_of(1), GIVEN)
    assert "1 anbefaling er afleveret og ikke modtaget her endnu" in (await officer.get(publish_path("s-3"))).text
    assert "Se, hvad “Status s-3” venter på" in (await officer.get(DUTIES)).text


async def test_a_status_is_published_once_it_is_checked_and_cannot_be_changed(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for number in (1, 2):
        await officer.send(page_of(number), GIVEN)
    assert "Offentliggør “Status s-3”" in (await officer.get(DUTIES)).text
    page = (await officer.get(publish_path("s-3"))).text
    for text in ("Det kan ikke fortrydes", "Flere mødesteder 2", "Et forsøg i 2026", "Følges delvist"):
        assert text in page
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
    assert (sent.status_code, sent.headers["location"]) == (303, f"{DUTIES}?gemt=status")
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
    officer, colleague = [await officer_of(house, followup, f"officer-{n}") for n in (1, 2)]
    for number in (1, 2):
        await officer.send(page_of(number), GIVEN)
    checked = {"summary": "Vi er i gang", "checked": "yes"}
    before = edition_in((await officer.get(publish_path("s-3"))).text)
    await colleague.send(page_of(2), GIVEN | {"reason": "En ny begrundelse", "revision": "1"})
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
    for role in set(Role) - {Role.OFFICER, Role.PUBLIC}:
        someone = await signed_in(house, followup, role)
        for path, fields in ((page_of(1), GIVEN), (publish_path("s-3"), {"summary": "x", "checked": "yes"})):
            for refused in (await someone.get(path), await someone.send(path, fields)):
                assert refused.status_code == 403, role
                assert "Siden er ikke åben for din rolle" in refused.text
        assert (await someone.get(DUTIES)).status_code == 403
        assert DUTIES not in (await someone.get("/opfoelgning")).text  # nor is the link in the menu
    assert (await followup.http.post(page_of(1), data=GIVEN, headers=PAGE)).status_code == 401
    assert (await followup.http.get(DUTIES, headers=PAGE)).headers["location"] == f"/log-ind?videre={DUTIES}"
    assert await answers_in_force(followup) == []
    await house.settle()
    assert await house.heard(ANSWERED) == []


async def test_what_is_not_delivered_and_not_promised_has_no_form(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for path in (page_of(9), publish_path("s-99"), page_of(1).replace(A, "ukendt-2025")):
        assert (await officer.get(path)).status_code == 404
        assert (await officer.send(path, GIVEN | {"summary": "x", "checked": "yes"})).status_code == 404
