"""The work on a recommendation, at the officer's pages: committees, their meetings, progress, who has it, closing."""

import pytest

from followup import repository
from followup.domain.work import Step, Work
from support.house import House, Running
from support.promising import DELIVERED, A, answer, delivered, officer_of, page_of, stream
from support.staff import SignedIn

pytestmark = pytest.mark.integration

WORK = page_of(1, "arbejde")
NEW, FIRST, SECOND = (page_of(1, f"arbejde/trin/{place}") for place in ("nyt", "1", "2"))
MEETING = {
    "committee": "social",
    "on": "1",
    "on-month": "10",
    "on-year": "2025",
    "item": "Punkt 7",
    "link": "https://by.dk/7",
    "decision": "",
}


async def work(followup: Running) -> Work:
    """The work as it is stored."""
    found = await repository.recommendation(followup.service.db, A, "r-1")
    assert found is not None
    return found.work


async def two(house: House, followup: Running) -> tuple[SignedIn, SignedIn]:
    return await officer_of(house, followup, "officer-1"), await officer_of(house, followup, "officer-2")


async def test_committees_and_progress_are_saved_said_and_public(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    page = (await officer.get(WORK)).text
    assert 'name="committee-finance" value="yes" checked' in page
    assert 'name="committee-social" value="yes">' in page
    saved = await officer.send(WORK, {"committee-social": "yes", "progress": "40", "number": "0"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{WORK}?gemt=arbejde")
    assert await work(followup) == Work(committees=("social",), progress=40, number=1)
    assert "Socialudvalget" in (await followup.http.get(f"/opfoelgning/{A}")).text
    await house.settle()
    facts = [fact for name, fact in await stream(house) if name == "work-recorded"]
    assert [(fact["number"], fact["committees"], fact["progress"]) for fact in facts] == [(1, ["social"], 40)]
    again = await officer.send(WORK, {"committee-social": "yes", "progress": "40", "number": "0"})
    assert again.status_code == 303  # the same again changes nothing
    assert (await work(followup)).number == 1


async def test_what_the_delivery_named_stays_the_deliverys_until_something_else_is_chosen(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    await officer.send(WORK, {"committee-finance": "yes", "progress": "5", "number": "0"})
    assert (await work(followup)).committees is None
    await officer.send(WORK, {"progress": "5", "number": "1"})
    assert (await work(followup)).committees == ()


@pytest.mark.parametrize("progress", ["", "101", "-1", "halvt", "1,5", "٥", "1000"])
async def test_a_progress_that_is_none_is_shown_again(house: House, progress: str) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    shown = await officer.send(WORK, {"committee-social": "yes", "progress": progress, "number": "0"})
    assert shown.status_code == 422
    assert '<a class="function-link" href="#progress">Skriv et helt tal fra 0 til 100</a>' in shown.text
    assert 'name="committee-social" value="yes" checked' in shown.text
    assert await work(followup) == Work()


async def test_the_second_officers_committees_and_progress_are_kept_beside_the_firsts(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    await first.send(WORK, {"committee-finance": "yes", "progress": "10", "number": "0"})
    late = await second.send(WORK, {"committee-social": "yes", "progress": "90", "number": "0"})
    assert late.status_code == 409
    beside = late.text.partition('id="theirs"')[2].partition("</table>")[0]
    for text in ("Økonomiudvalget", "Socialudvalget", "10 procent", "90 procent"):
        assert text in beside
    assert 'id="progress" name="progress" value="90"' in late.text
    assert 'name="committee-social" value="yes" checked' in late.text
    assert (await work(followup)).progress == 10
    chosen = await second.send(WORK, {"committee-social": "yes", "progress": "90", "number": "1"})
    assert chosen.status_code == 303
    assert (await work(followup)).progress == 90


async def test_a_meeting_is_noted_decided_and_removed(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    noted = await officer.send(NEW, MEETING | {"number": "0", "act": "save"})
    assert (noted.status_code, noted.headers["location"]) == (303, f"{WORK}?gemt=trin")
    assert "Venter på beslutningen" in (await officer.get(WORK)).text
    earlier = MEETING | {"committee": "finance", "on-month": "9", "item": "Punkt 2", "link": "", "number": "1"}
    await officer.send(NEW, earlier)
    assert [step.item for step in (await work(followup)).steps] == ["Punkt 2", "Punkt 7"]  # by their days
    form = (await officer.get(SECOND)).text
    for text in ('<option value="social" selected>', 'value="Punkt 7"', 'value="https://by.dk/7"', 'value="10"'):
        assert text in form
    await officer.send(SECOND, MEETING | {"number": "2", "decision": "Indstilles\r\ntil byrådet", "act": "save"})
    steps = (await work(followup)).steps
    assert [step.decision for step in steps] == ["", "Indstilles\ntil byrådet"]
    removed = await officer.send(FIRST, earlier | {"number": "3", "act": "remove"})
    assert removed.headers["location"] == f"{WORK}?gemt=trin-fjernet"
    assert [step.item for step in (await work(followup)).steps] == ["Punkt 7"]
    assert (await officer.get(SECOND)).status_code == 404
    await house.settle()
    facts = [fact for name, fact in await stream(house) if name == "work-recorded"]
    assert [(fact["number"], len(fact["steps"])) for fact in facts] == [(1, 1), (2, 2), (3, 2), (4, 1)]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"committee": ""}, "committee", "Vælg udvalget"),
        ({"committee": "findes-ikke"}, "committee", "Vælg udvalget"),
        ({"on": "32"}, "on", "Skriv dag, måned og år"),
        ({"item": " "}, "item", "Skriv punktet på dagsordenen"),
        ({"item": "x" * 201}, "item", "Forkort teksten til højst 200 tegn"),
        ({"link": "by.dk"}, "link", "Begynd linket med https:// og skriv ingen mellemrum i det"),
        ({"link": f"https://by.dk/{'x' * 1000}"}, "link", "Find et kortere link: Det må højst have 1.000 tegn"),
        ({"decision": "x" * 20_001}, "decision", "Forkort teksten til højst 20.000 tegn"),
    ],
)
async def test_a_meeting_that_breaks_a_rule_is_shown_again(
    house: House, wrong: dict[str, str], field: str, message: str
) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    given = MEETING | {"decision": "Udsat"}
    shown = await officer.send(NEW, given | {"number": "0"} | wrong)
    assert shown.status_code == 422
    assert f'<a class="function-link" href="#{field}">{message}</a>' in shown.text
    for name in {"item", "link"} - {field}:
        assert f'value="{given[name]}"' in shown.text
    if field != "decision":
        assert ">Udsat</textarea>" in shown.text
    assert await work(followup) == Work()


async def test_of_two_who_note_a_decision_the_seconds_is_kept_beside_the_firsts(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    await first.send(NEW, MEETING | {"number": "0"})
    await first.send(FIRST, MEETING | {"number": "1", "decision": "Vedtaget"})
    late = await second.send(FIRST, MEETING | {"number": "1", "decision": "Udsat"})
    assert late.status_code == 409
    beside = late.text.partition('id="theirs"')[2].partition("</table>")[0]
    assert ("Vedtaget" in beside, "Udsat" in beside) == (True, True)
    assert ">Udsat</textarea>" in late.text
    assert 'name="number" value="2"' in late.text
    new = await second.send(NEW, MEETING | {"number": "1", "item": "Punkt 8"})
    assert (new.status_code, "Behandlingerne, som de står nu" in new.text) == (409, True)
    await first.send(FIRST, MEETING | {"number": "2", "act": "remove"})
    gone = await second.send(FIRST, MEETING | {"number": "2", "decision": "Udsat"})
    assert (gone.status_code, ">Udsat</textarea>" in gone.text) == (409, True)
    assert (await work(followup)).steps == ()


async def test_a_recommendation_is_taken_taken_over_and_given_back_and_no_name_is_stored(house: House) -> None:
    followup = await delivered(house)
    first, second = await two(house, followup)
    take = f"{WORK}/ansvar"
    assert "Ingen endnu" in (await first.get(WORK)).text
    assert (await first.send(take, {"act": "take"})).headers["location"] == f"{WORK}?gemt=taget"
    assert "Giv den tilbage" in (await first.get(WORK)).text
    theirs = (await second.get(WORK)).text
    assert ("En kollega" in theirs, "Overtag den fra kollegaen" in theirs) == (True, True)
    assert (await second.send(take, {"act": "give-back"})).status_code == 409  # it is not theirs to give
    await second.send(take, {"act": "take"})
    assert (await first.send(take, {"act": "give-back"})).status_code == 409
    held = (await work(followup)).responsible
    assert (len(held), "officer" in held) == (16, False)
    await second.send(take, {"act": "give-back"})
    assert (await work(followup)).responsible == ""


async def test_a_recommendation_is_closed_when_it_is_answered_and_a_committee_has_it(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    close = f"{WORK}/afslut"
    await officer.send(WORK, {"progress": "100", "number": "0"})
    page = (await officer.get(close)).text
    assert ("Den kan ikke afsluttes endnu" in page, 'name="confirmed"' in page) == (True, False)
    refused = await officer.send(close, {"confirmed": "yes"})
    assert refused.status_code == 422
    summary = refused.text.partition("<h1")[0]
    assert ('href="#answer"' in summary, 'href="#committees"' in summary) == (True, True)
    await answer(house, followup, 1)
    await officer.send(WORK, {"committee-social": "yes", "progress": "100", "number": "1"})
    assert 'href="#confirmed"' in (await officer.send(close, {})).text
    closed = await officer.send(close, {"confirmed": "yes"})
    assert closed.headers["location"] == f"{WORK}?gemt=lukket"
    assert (await work(followup)).completed_on is not None
    assert "Anbefalingen er afsluttet" in (await officer.get(WORK)).text
    assert (await officer.send(close, {"confirmed": "yes"})).status_code == 303  # again is the same


async def test_a_committee_the_mandate_no_longer_names_is_kept_and_shown(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    one = await repository.recommendation(followup.service.db, A, "r-1")
    assert one is not None
    step = Step("kulturudvalget", DELIVERED.date(), "Punkt 1", decision="Ja")
    stored = one.worked(Work(committees=("kulturudvalget",), steps=(step,)))
    await followup.service.transaction(lambda tx: repository.save_recommendation(tx, stored))
    page = (await officer.get(WORK)).text
    assert 'name="committee-kulturudvalget" value="yes" checked' in page
    saved = await officer.send(WORK, {"committee-kulturudvalget": "yes", "progress": "5", "number": "1"})
    assert saved.status_code == 303
