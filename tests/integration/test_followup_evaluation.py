"""The council evaluates its own follow-up: when it may, what it shows, and that it stands."""

from datetime import UTC, datetime

import pytest

from chassis.identity import Role
from support.house import House
from support.promising import A, answer, api_of, delivered, milestone, officer_of, publish

pytestmark = pytest.mark.integration
PAGE = f"/opfoelgning/{A}/evaluering"
FORM = f"{PAGE}/udgiv"
EVALUATED = "followup.followup-evaluated.v1"
MILESTONES = (milestone("s-3", 3), milestone("s-end", None, "closing"))
TICKED = {"checked": "yes"}


async def test_an_officer_publishes_the_evaluation_once_and_everyone_reads_it(house: House) -> None:
    followup = await delivered(house, MILESTONES)
    officer = await officer_of(house, followup)
    early = await followup.http.get(PAGE)
    assert "ikke evalueret opfølgningen endnu" in early.text
    assert (await followup.http.get(FORM)).status_code in {303, 401, 403}
    for number in (1, 2):
        await answer(house, followup, number)
    refused = await officer.send(FORM, TICKED | {"text": "Mit lange udkast"})
    assert refused.status_code == 409
    assert "Evalueringen kan ikke offentliggøres endnu" in refused.text
    assert "Mit lange udkast" in refused.text, "what was written is never lost"
    await house.move_clock(datetime(2025, 9, 20, 8, tzinfo=UTC))  # 3 days late
    assert (await publish(house, followup, "s-3")).status_code == 200
    officer = await officer_of(house, followup)  # a sign-in lasts for a day's work
    for fields, words in (
        ({"text": " "} | TICKED, "Skriv med få linjer, hvad kommunalbestyrelsen har lært"),
        ({"text": "Vi lærte <noget>"}, "Sæt hak ved, at du har kontrolleret evalueringen"),
    ):
        wrong = await officer.send(FORM, fields)
        assert wrong.status_code == 422
        assert words in wrong.text
    assert await house.heard(EVALUATED) == []
    done = await officer.send(FORM, TICKED | {"text": "Vi lærte <noget>\r\n\r\nog mere"})
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?gemt=ja")
    again = await officer.send(FORM, TICKED | {"text": "Vi lærte <noget>\n\nog mere"})
    assert again.status_code == 303, "a second click"
    assert (await officer.send(FORM, TICKED | {"text": "Noget andet"})).status_code == 409
    await house.settle()
    [fact] = await house.heard(EVALUATED)
    assert (fact["text"], fact["in_time"], fact["late"], fact["path"]) == ("Vi lærte <noget>\n\nog mere", 0, 1, PAGE)
    page = (await followup.http.get(PAGE)).text
    for words in (
        "Vi lærte &lt;noget&gt;",
        "Offentliggjort 20. september 2025",
        "0 af 1 statusser",
        "Ingen frist blev",
    ):
        assert words in page
    english = (await followup.http.get(f"{PAGE}?sprog=en")).text
    assert "What was promised, and what was kept" in english


async def test_a_program_reads_and_publishes_it_too(house: House) -> None:
    followup = await delivered(house, MILESTONES)
    where, officers = f"{api_of()}/evaluation", house.headers(Role.OFFICER)
    assert (await followup.http.get(where)).json()["waits_for"] == [{"da": "Status s-3", "en": "Status s-3 (en)"}]
    early = await followup.http.post(where, json={"text": "Vi lærte"}, headers=officers)
    assert (early.status_code, "s-3" in early.json()["detail"]) == (409, True)
    for number in (1, 2):
        await answer(house, followup, number, answer="partly")
    await publish(house, followup, "s-3")
    assert (await followup.http.post(where, json={"text": " "}, headers=officers)).status_code == 422
    assert (await followup.http.post(where, json={"text": "Vi lærte"})).status_code in {401, 403}
    saved = (await followup.http.post(where, json={"text": "Vi lærte"}, headers=officers)).json()
    assert (saved["text"], saved["in_time"], saved["partly"], saved["median_days_to_answer"]) == ("Vi lærte", 1, 2, 0)
    assert (await followup.http.get(f"{api_of('nobody-2025')}/evaluation")).status_code == 404
