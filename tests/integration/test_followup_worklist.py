"""The work list across assemblies and municipalities, and many recommendations changed in one stroke."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from contracts.sessions import Named
from followup import repository
from followup.domain.recommendation import Recommendation
from support.house import House, Running
from support.promising import (
    A,
    answer,
    delivered,
    hand_over,
    officer_of,
    page_of,
    publish,
    recommendation,
    stream,
    text,
)
from support.staff import SignedIn

pytestmark = pytest.mark.integration

LIST, TOGETHER = "/opfoelgning/opgaver", "/opfoelgning/opgaver/samlet"
B = "greve-2025"
GREVE = {"municipality": Named(id="greve", title=text("Greve Kommune")), "title": text("Greves samling")}
COUNT = re.compile(r'\?vis=(\w+)[^"]*"[^>]*>[^<(]*\(([\d.]+)\)')


async def both(house: House) -> Running:
    """Followup with two assemblies of two municipalities, two recommendations each."""
    followup = await delivered(house)
    await hand_over(house, assembly=B, **GREVE)
    return followup


async def shown(officer: SignedIn, address: str = "") -> list[str]:
    """The recommendations of a tab, as (assembly:id)."""
    page = await officer.get(f"{LIST}?{address}")
    assert page.status_code == 200
    return re.findall(r'name="valg-\d+" value="([^"]*)"', page.text)


async def counts(officer: SignedIn, address: str = "") -> dict[str, str]:
    return dict(COUNT.findall((await officer.get(f"{LIST}?{address}")).text))


async def kept(followup: Running, assembly: str, number: int) -> Recommendation:
    found = await repository.recommendation(followup.service.db, assembly, f"r-{number}")
    assert found is not None
    return found


async def test_each_tab_shows_what_it_counts(house: House) -> None:
    followup = await both(house)
    officer = await officer_of(house, followup)
    await answer(house, followup, 1)
    await officer.send(page_of(2, "arbejde/ansvar"), {"act": "take"})
    await officer.send(page_of(1, assembly=B), {"reason": "Fordi", "answer": "followed", "edit": "0"})
    meeting = {"committee": "social", "on": "1", "on-month": "10", "on-year": "2025", "item": "Punkt 7", "number": "0"}
    await officer.send(page_of(2, "arbejde/trin/nyt", B), meeting)
    assert await counts(officer) == {
        "mine": "1",
        "frist": "0",
        "ubesvaret": "3",
        "udvalg": "1",
        "godkend": "1",
        "offentliggoer": "0",
        "alle": "4",
    }
    assert await shown(officer, "vis=mine") == [f"{A}:r-2"]
    assert await shown(officer, "vis=ubesvaret") == [f"{A}:r-2", f"{B}:r-1", f"{B}:r-2"]
    assert await shown(officer, "vis=udvalg") == [f"{B}:r-2"]
    assert await shown(officer, "vis=godkend") == [f"{B}:r-1"]
    approval = {"approved_on": "1", "approved_on-month": "6", "approved_on-year": "2025", "approved_in": "Byrådet"}
    await officer.send(page_of(1, "svar/godkend", B), approval | {"edit": "1"})
    assert await shown(officer, "vis=godkend") == []
    assert await shown(officer, "vis=offentliggoer") == [f"{B}:r-1"]
    colleague = await officer_of(house, followup, "officer-2")
    assert await shown(colleague, "vis=mine") == []
    waiting = (await officer.get(f"{LIST}?vis=udvalg")).text
    assert "Venter på Socialudvalget, 1. oktober 2025" in waiting


async def test_a_status_is_on_the_list_from_its_reminder_until_it_is_published(house: House) -> None:
    followup = await both(house)
    due = datetime(2025, 9, 17, 8, tzinfo=UTC)  # reminded of 30 days before
    for days, listed in ((31, "0"), (30, "2"), (1, "2")):
        await house.move_clock(due - timedelta(days=days))
        officer = await officer_of(house, followup)  # anew: a sign-in lasts eight hours
        assert (await counts(officer))["frist"] == listed
    page = (await officer.get(LIST)).text
    for words in ("Status s-3", "Greves samling", "1 dag tilbage", "2 anbefalinger venter på svar"):
        assert words in page
    assert page.count("Udskyd “Status s-3”") == 2
    await house.move_clock(due + timedelta(days=3))
    officer = await officer_of(house, followup)
    assert "3 dage over fristen" in (await officer.get(LIST)).text
    english = (await officer.get(f"{LIST}?sprog=en")).text
    assert ("3 days overdue" in english, "Statuses due" in english) == (True, True)
    for number in (1, 2):
        await answer(house, followup, number, B)
    listed = (await officer.get(LIST)).text
    assert ("Alle er besvaret" in listed, "Offentliggør “Status s-3”" in listed) == (True, True)
    assert (await publish(house, followup, "s-3", assembly=B)).status_code == 200
    left = (await officer.get(LIST)).text
    assert ("Samlingen" in left, "Greves samling" in left) == (True, False)


async def test_the_list_is_narrowed_to_a_municipality_and_to_an_assembly(house: House) -> None:
    followup = await both(house)
    officer = await officer_of(house, followup)
    assert len(await shown(officer, "vis=alle")) == 4
    assert await shown(officer, "vis=alle&kommune=greve") == [f"{B}:r-1", f"{B}:r-2"]
    assert (await counts(officer, "vis=alle&kommune=greve"))["alle"] == "2"
    assert await shown(officer, f"vis=alle&samling={A}") == [f"{A}:r-1", f"{A}:r-2"]
    assert len(await shown(officer, f"vis=alle&kommune=greve&samling={A}")) == 2  # not of this municipality: all of it
    assert await shown(officer, "vis=alle&kommune=ukendt") == []
    assert len(await shown(officer, "vis=alle&side=99999999&kommune=%22%3E")) == 0


async def test_a_long_list_has_pages_and_each_recommendation_is_on_one(house: House) -> None:
    followup = await delivered(house)
    for number in range(3, 121):
        await house.say(recommendation(number))
    await house.settle()
    officer = await officer_of(house, followup)
    pages = [await shown(officer, f"vis=alle&side={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [one for page in pages for one in page] == [f"{A}:r-{number}" for number in range(1, 121)]
    assert await shown(officer, "vis=alle&side=9") == pages[2]
    assert 'href="/opfoelgning/opgaver?vis=alle&amp;side=2"' in (await officer.get(f"{LIST}?vis=alle")).text


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form, without its seal."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.partition("<main")[2]))
    return {name: value for name, value in found.items() if name != "seal"}


async def ticked(officer: SignedIn, *picks: str) -> str:
    page = await officer.get(f"{TOGETHER}?{urlencode({f'valg-{n}': pick for n, pick in enumerate(picks)})}")
    return page.text


FILLED = {
    "unit": "Kultur og Fritid",
    "done_by": "1",
    "done_by-month": "6",
    "done_by-year": "2026",
    "committee": "social",
    "take": "yes",
}


async def test_several_are_changed_in_one_stroke_after_a_look_at_every_change(house: House) -> None:
    followup = await both(house)
    officer = await officer_of(house, followup)
    await answer(house, followup, 1, unit="Teknik")
    page = await ticked(officer, f"{A}:r-1", f"{B}:r-2")
    looked = await officer.send(TOGETHER, hidden(page) | FILLED)
    assert looked.status_code == 200
    for words in ("Teknik", "Kultur og Fritid", "Ingen endnu", "Økonomiudvalget; Socialudvalget", "det gældende svar"):
        assert words in looked.text
    assert (await kept(followup, A, 1)).draft is None  # nothing is saved yet
    changed = await officer.send(TOGETHER, hidden(looked.text) | {"act": "change"})
    assert changed.headers["location"] == f"{LIST}?vis=alle&gemt=samlet"
    for assembly, number, reason in ((A, 1, "Fordi det er klogt"), (B, 2, "")):
        one = await kept(followup, assembly, number)
        assert one.draft is not None
        assert (one.draft.content.unit, str(one.draft.content.done_by)) == ("Kultur og Fritid", "2026-06-01")
        assert one.draft.content.reason == reason
        assert one.referred == ("finance", "social")
        assert one.work.responsible != ""
    assert (await kept(followup, B, 1)).draft is None
    await house.settle()
    said = [
        (name, fact["assembly"]) for name, fact in await stream(house) if name in {"answer-drafted", "work-recorded"}
    ]
    assert sorted(said) == [
        ("answer-drafted", A), ("answer-drafted", B), ("work-recorded", A), ("work-recorded", B),
    ]  # fmt: skip


async def test_when_a_colleague_was_quicker_with_one_nothing_is_changed_and_it_is_named(house: House) -> None:
    followup = await both(house)
    officer, colleague = await officer_of(house, followup), await officer_of(house, followup, "officer-2")
    looked = await officer.send(TOGETHER, hidden(await ticked(officer, f"{A}:r-1", f"{B}:r-2")) | FILLED)
    await colleague.send(page_of(2, assembly=B), {"reason": "Kollegaens", "edit": "0"})
    late = await officer.send(TOGETHER, hidden(looked.text) | {"act": "change"})
    assert late.status_code == 409
    assert "En anden har gemt anbefaling 2 (Greves samling)" in late.text
    assert "anbefaling 1 (" not in late.text.partition("<h1")[0]
    assert 'value="Kultur og Fritid"' in late.text  # what was filled in is kept
    assert (await kept(followup, A, 1)).draft is None
    again = await officer.send(TOGETHER, hidden(late.text) | FILLED)
    done = await officer.send(TOGETHER, hidden(again.text) | {"act": "change"})
    assert done.status_code == 303
    held = (await kept(followup, B, 2)).draft
    assert held is not None
    assert (held.content.reason, held.content.unit) == ("Kollegaens", "Kultur og Fritid")


async def test_an_approved_draft_that_is_changed_with_others_must_be_approved_again(house: House) -> None:
    followup = await both(house)
    officer = await officer_of(house, followup)
    await officer.send(page_of(1), {"reason": "Fordi", "answer": "followed", "edit": "0"})
    approval = {"approved_on": "1", "approved_on-month": "6", "approved_on-year": "2025", "approved_in": "Byrådet"}
    await officer.send(page_of(1, "svar/godkend"), approval | {"edit": "1"})
    looked = await officer.send(TOGETHER, hidden(await ticked(officer, f"{A}:r-1")) | {"unit": "Kultur"})
    assert "Skal godkendes igen" in looked.text


@pytest.mark.parametrize(
    ("filled", "field", "message"),
    [
        ({}, "unit", "Udfyld mindst ét af felterne: Intet ville blive ændret"),
        ({"unit": "x" * 201}, "unit", "Forkort teksten til højst 200 tegn"),
        ({"done_by": "31", "done_by-month": "2", "done_by-year": "2026"}, "done_by", "Skriv dag, måned og år"),
        ({"committee": "findes-ikke", "act": "change"}, "committee", "Vælg udvalget"),
    ],
)
async def test_what_cannot_be_set_is_said_and_changes_nothing(
    house: House, filled: dict[str, str], field: str, message: str
) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    page = await ticked(officer, f"{A}:r-1", f"{A}:r-2")
    refused = await officer.send(TOGETHER, hidden(page) | {"act": "look"} | filled)
    assert refused.status_code == 422
    assert f'href="#{field}">{message}</a>' in refused.text
    assert (await kept(followup, A, 1)).work.number == 0


async def test_nothing_ticked_or_nothing_of_ours_changes_nothing(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for page in (
        await officer.get(TOGETHER),
        await officer.get(f"{TOGETHER}?valg-0=ukendt:r-1&valg-1=&valg-2={A}:r-99"),
        await officer.send(TOGETHER, FILLED | {"valg-0": "ukendt:r-1:0:0", "valg-1": f"{A}:r-1:x:0", "valg-2": "::::"}),
    ):
        assert page.status_code == 422
        assert "Intet er valgt" in page.text
