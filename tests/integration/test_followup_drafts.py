"""An answer on its way: drafted by officers, approved in a meeting, published; and two officers at the same one."""

import re
from datetime import date
from typing import Any

import pytest

from followup import repository
from followup.domain.answers import Approval, Content, Draft
from followup.domain.recommendation import Recommendation
from support.house import House, Running
from support.promising import A, answer, answers_in_force, delivered, officer_of, page_of, stream
from support.staff import SignedIn

pytestmark = pytest.mark.integration

GIVEN = {
    "answer": "partly",
    "reason": "Fordi det er klogt",
    "action": "Et forsøg",
    "done_by": "1",
    "done_by-month": "6",
    "done_by-year": "2026",
    "unit": "Kultur og Fritid",
    "money": "250.000 kr.",
    "edit": "0",
}
WHOLE = Content("partly", "Fordi det er klogt", "Et forsøg", date(2026, 6, 1), "Kultur og Fritid", 250_000)
MEETING = {
    "approved_on": "16",
    "approved_on-month": "6",
    "approved_on-year": "2025",
    "approved_in": "Byrådet",
    "agenda": "https://by.dk/dagsorden/7",
}
HELD = Approval(date(2025, 6, 16), "Byrådet", "https://by.dk/dagsorden/7")
WORK = page_of(1, "arbejde")
APPROVE, PUBLISH, ASIDE = (page_of(1, f"svar/{page}") for page in ("godkend", "offentliggoer", "laeg-til-side"))


async def kept(followup: Running, number: int = 1) -> Recommendation:
    """The recommendation as it is stored."""
    found = await repository.recommendation(followup.service.db, A, f"r-{number}")
    assert found is not None
    return found


async def draft(followup: Running) -> Draft | None:
    return (await kept(followup)).draft


async def test_an_answer_is_drafted_approved_and_published_and_only_then_public(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    form = (await officer.get(page_of(1))).text
    assert "Flere mødesteder 1" in form
    assert "Ikke besvaret endnu." in form
    saved = await officer.send(page_of(1), GIVEN | {"reason": "Første linje\r\nAnden linje"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{WORK}?gemt=kladde")
    hub = (await officer.get(saved.headers["location"])).text
    assert "Udkastet er gemt" in hub
    assert APPROVE in hub
    assert PUBLISH not in hub
    assert await answers_in_force(followup) == []
    assert "Første linje" not in (await followup.http.get(f"/opfoelgning/{A}")).text
    again = (await officer.get(page_of(1))).text
    for text in (
        'value="partly" checked',
        "Første linje\nAnden linje</textarea>",
        'value="250000"',
        'name="edit" value="1"',
    ):
        assert text in again

    approved = await officer.send(APPROVE, MEETING | {"edit": "1"})
    assert (approved.status_code, approved.headers["location"]) == (303, f"{WORK}?gemt=godkendt")
    hub = (await officer.get(WORK)).text
    assert "Godkendt, ikke offentliggjort" in hub
    assert '<a href="https://by.dk/dagsorden/7" lang="da">Byrådet</a>' in hub
    page = (await officer.get(PUBLISH)).text
    assert "250.000 kroner" in page
    unconfirmed = await officer.send(PUBLISH, {"edit": "2"})
    assert (unconfirmed.status_code, 'href="#confirmed"' in unconfirmed.text) == (422, True)
    published = await officer.send(PUBLISH, {"edit": "2", "confirmed": "yes"})
    assert published.headers["location"] == f"{WORK}?gemt=svar"
    assert await answers_in_force(followup) == [("partly", "Første linje\nAnden linje", 1)]
    held = await kept(followup)
    assert held.answer is not None
    assert (held.answer.approval, held.draft, held.edits) == (HELD, None, 3)

    await house.settle()
    facts = [(name, fact) for name, fact in await stream(house) if fact.get("recommendation")]
    assert [(name, fact.get("state", "")) for name, fact in facts] == [
        ("answer-drafted", "draft"),
        ("answer-drafted", "approved"),
        ("recommendation-answered", ""),
    ]
    assert "linje" not in str(facts[:2])  # what is not public yet is not on the stream
    last = facts[-1][1]
    assert (last["money"], last["unit"], last["approved_in"], last["edits"]) == (
        250_000,
        "Kultur og Fritid",
        "Byrådet",
        3,
    )


async def test_a_draft_may_be_half_done_but_cannot_be_approved_before_it_is_whole(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    assert (await officer.send(page_of(1), {"unit": "Kultur", "edit": "0"})).status_code == 303
    refused = await officer.send(APPROVE, MEETING | {"edit": "1"})
    assert refused.status_code == 422
    summary = refused.text.partition("<h1")[0]
    assert ('href="#answer"' in summary, 'href="#reason"' in summary) == (True, True)
    for kept_text in ('value="Byrådet"', 'value="https://by.dk/dagsorden/7"', 'value="16"'):
        assert kept_text in refused.text
    waiting = await officer.send(PUBLISH, {"edit": "1", "confirmed": "yes"})
    assert (waiting.status_code, "Udkastet er ikke godkendt" in waiting.text) == (409, True)
    assert await answers_in_force(followup) == []


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"answer": "måske"}, "answer", "Vælg, om anbefalingen følges"),
        ({"reason": "x" * 20_001}, "reason", "Forkort teksten til højst 20.000 tegn"),
        ({"action": "x" * 20_001}, "action", "Forkort teksten til højst 20.000 tegn"),
        ({"unit": "x" * 201}, "unit", "Forkort teksten til højst 200 tegn"),
        ({"done_by": "30", "done_by-month": "2"}, "done_by", "Skriv dag, måned og år"),
        ({"money": "en formue"}, "money", "Skriv beløbet i hele kroner, for eksempel 250.000"),
        ({"money": "12.50"}, "money", "Skriv beløbet i hele kroner, for eksempel 250.000"),
        ({"money": "-5"}, "money", "Skriv beløbet i hele kroner, for eksempel 250.000"),
        ({"money": "100.000.000.001"}, "money", "Skriv beløbet i hele kroner, for eksempel 250.000"),
    ],
)
async def test_a_draft_that_breaks_a_rule_is_shown_again_with_everything_in_it(
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
    for name in {"unit", "money"} - {field}:
        assert f'value="{GIVEN[name]}"' in shown.text
    if field != "answer":
        assert 'value="partly" checked' in shown.text
    assert await draft(followup) is None


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"approved_on": ""}, "approved_on", "Skriv dag, måned og år"),
        ({"approved_on-year": "2026"}, "approved_on", "Mødet skal være holdt: Vælg en dag, der ikke ligger forude"),
        ({"approved_in": " "}, "approved_in", "Skriv, hvilket møde der godkendte svaret"),
        ({"agenda": "javascript:alert(1)"}, "agenda", "Begynd linket med https:// og skriv ingen mellemrum i det"),
    ],
)
async def test_an_approval_that_breaks_a_rule_is_shown_again(
    house: House, wrong: dict[str, str], field: str, message: str
) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await officer.send(page_of(1), GIVEN)
    shown = await officer.send(APPROVE, MEETING | {"edit": "1"} | wrong)
    assert shown.status_code == 422
    assert f'<a class="function-link" href="#{field}">{message}</a>' in shown.text
    held = await draft(followup)
    assert held is not None
    assert held.approval is None


async def two(house: House, followup: Running) -> tuple[SignedIn, SignedIn]:
    return await officer_of(house, followup, "officer-1"), await officer_of(house, followup, "officer-2")


async def test_the_second_officers_text_is_kept_and_shown_beside_the_firsts(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    await first.send(page_of(1), GIVEN | {"reason": "Den førstes tekst"})
    late = await second.send(page_of(1), GIVEN | {"reason": "Den andens tekst", "money": "0"})
    assert late.status_code == 409
    assert 'href="#theirs"' in late.text
    beside = late.text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in beside.split("</tr>")[:-1]]
    columns = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in rows]
    assert columns == [
        ["Følges delvist", "Følges delvist"],
        ["Den førstes tekst", "Den andens tekst"],
        ["Et forsøg", "Et forsøg"],
        ["1. juni 2026", "1. juni 2026"],
        ["Kultur og Fritid", "Kultur og Fritid"],
        ["250.000 kroner", "0 kroner"],
    ]
    assert beside.count("Forskelligt") == 2
    assert ">Den andens tekst</textarea>" in late.text
    assert 'name="edit" value="1"' in late.text
    held = await draft(followup)
    assert held is not None
    assert held.content.reason == "Den førstes tekst"
    agreed = await second.send(page_of(1), GIVEN | {"reason": "Begges tekst", "edit": "1"})
    assert agreed.status_code == 303
    held = await draft(followup)
    assert held is not None
    assert held.content.reason == "Begges tekst"


async def test_an_answer_published_elsewhere_meanwhile_is_shown_beside_the_draft(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await answer(house, followup, 1, reason="Fra sagssystemet")
    late = await officer.send(page_of(1), GIVEN)
    assert late.status_code == 409
    assert "Fra sagssystemet" in late.text
    assert await draft(followup) is None


async def test_a_mistake_does_not_hide_that_someone_else_was_first(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    await first.send(page_of(1), GIVEN)
    mistaken = await second.send(page_of(1), GIVEN | {"money": "meget"})
    assert (mistaken.status_code, 'name="edit" value="0"' in mistaken.text) == (422, True)
    mended = await second.send(page_of(1), GIVEN | {"reason": "Noget andet"})
    assert mended.status_code == 409


async def test_what_is_approved_published_or_laid_aside_is_what_was_read(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    await first.send(page_of(1), GIVEN)
    await second.send(page_of(1), GIVEN | {"reason": "En anden grund", "edit": "1"})
    for path, fields in ((APPROVE, MEETING), (ASIDE, {"confirmed": "yes"})):
        late = await first.send(path, fields | {"edit": "1"})
        assert late.status_code == 409, path
        assert "En anden grund" in late.text
        assert 'name="edit" value="2"' in late.text  # read now, and decided anew
    await second.send(APPROVE, MEETING | {"edit": "2"})
    await second.send(page_of(1), GIVEN | {"reason": "Rettet efter mødet", "edit": "3"})
    late = await first.send(PUBLISH, {"edit": "3", "confirmed": "yes"})
    assert (late.status_code, "Udkastet er ikke godkendt" in late.text) == (409, True)
    assert await answers_in_force(followup) == []


async def test_a_draft_is_laid_aside_and_what_is_published_stands(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await answer(house, followup, 1)
    await officer.send(page_of(1), GIVEN | {"edit": "1"})
    assert 'href="#confirmed"' in (await officer.send(ASIDE, {"edit": "2"})).text
    aside = await officer.send(ASIDE, {"edit": "2", "confirmed": "yes"})
    assert aside.headers["location"] == f"{WORK}?gemt=lagt-til-side"
    assert await draft(followup) is None
    assert await answers_in_force(followup) == [("followed", "Fordi det er klogt", 1)]
    assert "Der er intet udkast" in (await officer.get(ASIDE)).text
    await house.settle()
    states = [fact["state"] for name, fact in await stream(house) if name == "answer-drafted"]
    assert states == ["draft", "withdrawn"]


async def test_the_versions_are_shown_with_what_is_new_in_each(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    versions = page_of(1, "svar/versioner")
    assert "Intet svar er offentliggjort endnu" in (await officer.get(versions)).text
    await answer(house, followup, 1, reason="Vi mødes mandag.", money=5)
    await officer.send(page_of(1), GIVEN | {"answer": "followed", "reason": "Vi mødes tirsdag.", "edit": "1"})
    await officer.send(APPROVE, MEETING | {"edit": "2"})
    what_is_new = "Vi mødes [−<del>mandag.</del>−][+<ins>tirsdag.</ins>+]"
    assert what_is_new in (await officer.get(PUBLISH)).text
    await officer.send(PUBLISH, {"edit": "3", "confirmed": "yes"})
    shown = (await officer.get(versions)).text
    assert shown.index('id="version-2"') < shown.index('id="version-1"')
    assert what_is_new in shown
    assert "[−<del>5</del>−][+<ins>250.000</ins>+]" in shown
    assert shown.count("<details") == 1  # the first version has nothing before it


async def test_a_form_sent_twice_is_one_draft(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    sealed: dict[str, Any] = officer.sealed(page_of(1), GIVEN)
    first, second = [await officer.send_as_it_is(page_of(1), sealed) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 409)
    assert (await kept(followup)).edits == 1
