"""The secretariat's overview on real servers: whom the pool has and lacks, from the first sign-up to the sessions."""

import asyncio
import re
from datetime import date
from typing import Any

import pytest

from contracts.feasibility import SUBJECT, Feasibility, Shortage
from contracts.lottery import PanelDrawn
from contracts.sessions import SessionHeld
from registration import outlook
from registration.use_cases.counting import counts_of
from support.five import start
from support.house import House
from support.registering import A
from support.rolls import row
from support.towns import Town, named, town, with_quotas

pytestmark = pytest.mark.integration

OVERVIEW = f"/tilmelding/{A}/overblik"
YOUNG = date(2005, 1, 1)


@pytest.fixture
async def lottery_says_yes(house: House) -> None:
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))


def shown(page: str) -> dict[str, str]:
    """The list of counts, and the tables' rows by their first cell."""
    counts = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page)
    return dict(counts) | {name: " | ".join(re.findall(r"<td[^>]*>([^<]*)</td>", cells)) for name, cells in rows}


async def opened(here: Town, query: str = "") -> str:
    answer = await (await here.secretariat()).get(OVERVIEW + query)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return answer.text


@pytest.mark.usefixtures("lottery_says_yes")
async def test_the_course_is_counted_as_it_stands(house: House) -> None:
    here = await town(house, *named("Åse", "Bo", "Clara", "Dorte"), row(9, date(2020, 1, 1), name="Barn"))
    await here.sign_up("Åse", "Bo", "Clara")
    await here.withdraw("Bo")
    page = await opened(here)
    counts = shown(page)
    expected = {
        "Borgere på borgerlisten": "5",
        "Kan inviteres": "4",
        "Inviteret": "4",
        "Har svaret": "3",
        "Er med": "2",
    }
    assert expected.items() <= counts.items()
    assert (counts["Har meldt fra"], counts["Har sagt nej"]) == ("1", "0")
    assert "Åse" not in page
    assert "3 | 0" in shown(page)["11. februar 2025"]  # the day's answers, as a table
    assert await here.record() == []
    assert (await here.office.call("GET", "/counts"))["signed_up"] == 2


@pytest.mark.usefixtures("lottery_says_yes")
async def test_what_the_quotas_lack_is_said_in_words_and_exactly(house: House) -> None:
    here = await town(house, *named("Åse", "Bo", "Clara"))
    await with_quotas(here, male=5, female=1)
    await here.sign_up("Åse", "Bo")
    await here.sign_up("Clara", gender="male")
    page = await opened(here)
    assert "male: 1 har tilmeldt sig, kvoten kræver 5." in page
    assert "female: 2 har tilmeldt sig" not in page
    assert "2 (66,7\xa0%)" in page.replace(" %", "\xa0%")
    english = await opened(here, "?sprog=en")
    assert "male (en): 1 has signed up, the quota needs 5." in english


@pytest.mark.usefixtures("lottery_says_yes")
async def test_a_missing_corner_is_told(house: House) -> None:
    people = [row(n, YOUNG if n < 10 else date(1970, 1, 1), name=f"P{n}") for n in range(20)]
    here = await town(house, *people)
    await here.sign_up(*(f"P{n}" for n in range(10, 20)))
    page = await opened(here)
    assert "15-44, soevang: 0, ca. 2 ventet" in page
    assert page.count("<summary") >= 6  # every pair of four criteria


async def test_the_lottery_is_asked_with_counts_alone_and_its_answer_told_with_its_time(house: House) -> None:
    asked: list[dict[str, Any]] = []

    def answer(question: dict[str, Any]) -> Feasibility:
        asked.append(question)
        shortage = Shortage(criterion="gender", value="male", have=0, need=5)
        return Feasibility(feasible=False, shortages=(shortage,))

    await house.answer(SUBJECT, answer)
    here = await town(house, *named("Åse", "Bo"))
    await here.sign_up("Åse", "Bo")
    page = await opened(here)
    assert "Der kan ikke trækkes et panel endnu" in page
    assert "male: 0, kvoten kræver 5." in page
    assert page.count("Opdateret 11. februar 2025 kl. 10:") == 2  # the page's own time, and the answer's
    values = [
        {"gender": "female", "age": "45+", "district": district, "tenure": "owner"}
        for district in ("soevang", "st-magleby")
    ]
    assert asked == [{"assembly": A, "kinds": [{"values": v, "people": 1} for v in values]}]
    await opened(here)
    assert len(asked) == 1  # the answer is kept


async def test_a_page_does_not_wait_for_a_silent_lottery_and_keeps_its_last_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlook, "PAUSE_SECONDS", 0)
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    here = await town(house, *named("Åse", "Bo"))
    await here.sign_up("Åse")
    assert "Der kan trækkes et panel" in await opened(here)

    async def silent(*_: object) -> Feasibility:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(outlook, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(here.running.service, "ask", silent)
    await here.sign_up("Bo")
    async with asyncio.timeout(30):
        assert "Der kan trækkes et panel" in await opened(here)  # the last answer, with its time

    async def gone(*_: object) -> Feasibility:
        raise ConnectionError

    other = await town_again(here)
    monkeypatch.setattr(other.running.service, "ask", gone)
    page = await opened(other)
    assert "Lige nu ved vi ikke, om der kan trækkes et panel" in page
    assert "Genindlæs siden om lidt." in page


async def town_again(here: Town) -> Town:
    """The same town after registration was started anew: what it kept in memory is gone."""
    office = await here.office.restart()
    again = Town(office, [])
    again.ids = here.ids
    return again


async def test_the_lottery_itself_answers(house: House) -> None:
    await start(house, "lottery")
    here = await town(house, *named(*(f"P{n}" for n in range(12))))
    await here.sign_up(*(f"P{n}" for n in range(9)))
    assert "Der kan trækkes et panel" in await opened(here)
    await with_quotas(here, male=2)
    await asyncio.sleep(0)
    again = await town_again(here)
    page = await opened(again)
    assert "Der kan ikke trækkes et panel endnu" in page
    assert "male: 0, kvoten kræver 2." in page


@pytest.mark.usefixtures("lottery_says_yes")
async def test_the_part_that_follows_along_says_what_the_page_says(house: House) -> None:
    here = await town(house, *named("Åse"))
    await here.sign_up("Åse")
    part = (await (await here.secretariat()).get(f"{OVERVIEW}/live?sprog=en")).text
    assert part.startswith("data: ")
    assert "Residents on the roll" in part
    assert f'data-hx-sse-connect="{OVERVIEW}/live?sprog=en"' in await opened(here, "?sprog=en")


async def test_from_the_roll_to_the_sessions_each_step_stays_though_people_are_erased(house: House) -> None:
    here = await town(house, *named("Åse", "Bo", "Clara", "Dorte"))
    await here.sign_up("Åse", "Bo", "Clara")
    await here.office.call("POST", "/close-pool", json={"early": True})
    panel = (here.ids["Åse"], here.ids["Bo"])
    drawn = PanelDrawn(
        assembly=A, draw="d1", pool_size=3, panel=panel, alternates=(), composition=(), record_digest="0" * 64
    )
    await house.say(drawn)
    await house.settle()
    for session, number, present in (("first", 1, ()), ("second", 2, (here.ids["Bo"], "0" * 32))):
        await house.say(SessionHeld(assembly=A, session=session, number=number, attended=1, present=present))
    await house.settle()
    await here.office.call("POST", f"/people/{here.ids['Clara']}/erase")
    page = await opened(here)
    assert "1 af 2 holdte samlinger" in page
    women = re.findall(r'<th scope="row">female</th>(.*?)</tr>', page)[-1]
    numbers = re.findall(r"<td[^>]*>([^<]*)</td>", women)
    assert numbers == ["vides ikke", "vides ikke", "3 (100 %)", "2 (100 %)", "1 (100 %)"]
    people = await here.running.service.db.collection("people").find({"attended": "second"})
    assert [person["_id"] for person in people] == [here.ids["Bo"]]
    assert (await counts_of(here.running.service.db, A))["signed_up"] == 3


@pytest.mark.usefixtures("lottery_says_yes")
async def test_sessions_without_a_list_are_said_to_be_so_and_a_list_said_again_counts_anew(house: House) -> None:
    here = await town(house, *named("Åse", "Bo"))
    await here.sign_up("Åse", "Bo")
    held = SessionHeld(assembly=A, session="first", number=1, attended=2)
    await house.say(held)
    await house.settle()
    assert "uden en liste over, hvem der var der" in await opened(here)
    for name in ("Åse", "Bo"):
        await house.say(held.model_copy(update={"present": (here.ids[name],)}))
        await house.settle()
    people = await here.running.service.db.collection("people").find({"attended": "first"})
    assert [person["_id"] for person in people] == [here.ids["Bo"]]


async def test_an_assembly_without_a_roll_says_what_will_come_and_an_unknown_one_is_not_found(house: House) -> None:
    here = await town(house)
    page = await opened(here)
    for words in ("Ingen har tilmeldt sig endnu", "Ingen har svaret endnu", "Der er ingen borgerliste endnu"):
        assert words in page
    assert "<svg viewBox" not in page
    secretariat = await here.secretariat()
    for path in ("", "/live"):
        assert (await secretariat.get(f"/tilmelding/ukendt-2025/overblik{path}")).status_code == 404
