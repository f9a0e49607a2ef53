"""The pool is closed as a reviewed step, on real servers: looked at anew each time, and kept with who said what."""

import asyncio
import re
from datetime import date

import pytest

from contracts.feasibility import SUBJECT, Feasibility
from registration.domain.closing import Item
from support.house import House
from support.registering import CLOSED, A
from support.rolls import announced, roll, row
from support.staff import SignedIn
from support.towns import Town, named, town, with_quotas

pytestmark = pytest.mark.integration

CLOSE = f"/tilmelding/{A}/luk"
COMMENT = "Set efter og talt med dem"
POOL_CLOSED = "registration.pool-closed.v1"


@pytest.fixture
async def here(house: House) -> Town:
    """A town of three who have signed up, after the closing time, and a lottery that could draw a panel."""
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    found = await town(house, *named("Åse", "Bo", "Clara"))
    await found.sign_up("Åse", "Bo", "Clara")
    await house.move_clock(CLOSED)
    return found


def filled_in(page: str) -> dict[str, str]:
    """The form of a page as a browser would send it with every box ticked and every comment written."""
    form = re.findall(r'<form method="post" action="[^"]*luk[^"]*".*?</form>', page, re.DOTALL)[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    ticks = re.findall(r'type="checkbox" id="([^"]+)"', form)
    return dict(hidden) | dict.fromkeys(ticks, "yes") | {f"{tick}-comment": COMMENT for tick in ticks}


async def reviewed(secretariat: SignedIn) -> str:
    """Send the checklist with everything judged, and return the page that comes."""
    page = (await secretariat.get(CLOSE)).text
    answer = await secretariat.send_as_it_is(CLOSE, filled_in(page))
    return answer.text


async def test_a_pool_without_anything_to_judge_is_closed_in_two_steps_and_says_so_afterwards(here: Town) -> None:
    secretariat = await here.secretariat()
    page = (await secretariat.get(CLOSE)).text
    assert page.count("Alt er i orden") == len(Item)
    sure = await reviewed(secretariat)
    assert "Luk puljen for altid?" in sure
    assert "3 personer bliver frosset" in sure
    assert await here.house.heard(POOL_CLOSED) == []
    answer = await secretariat.send_as_it_is(CLOSE, filled_in(sure))
    assert (answer.status_code, answer.headers["location"]) == (303, CLOSE)
    await here.house.settle()
    [fact] = await here.house.heard(POOL_CLOSED)
    closed = (await secretariat.get(CLOSE)).text
    for words in (fact["digest"], "secretariat-1", "Alt er i orden", "10. marts 2025"):
        assert words in closed
    assert "<form" not in closed.partition("<main")[2]


async def test_two_of_one_name_and_birth_date_are_shown_by_number_and_judged_with_a_comment(house: House) -> None:
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    twice = [row(1, name="Anne-Marie Prøve"), row(5, name="anne marie prøve"), row(7, name="Bo")]
    here = await town(house, *twice)
    people = await here.running.service.db.collection("people").find({}, sort=[("_id", 1)])
    for person in people:
        link = here.link(next(name for name, one in here.ids.items() if one == person["_id"]))
        assert (await here.office.sign_up(link)).status_code == 303
    await house.move_clock(CLOSED)
    secretariat = await here.secretariat()
    page = (await secretariat.get(CLOSE)).text
    number = next(p["reference"] for p in people if p["_id"] == here.ids["Anne-Marie Prøve"])
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in page
    assert "Prøve<" not in page
    fields = filled_in(page)
    unjudged = await secretariat.send_as_it_is(CLOSE, fields | {"duplicates": "no"})
    assert (unjudged.status_code, 'href="#duplicates"' in unjudged.text) == (422, True)
    again = filled_in(unjudged.text) | {"duplicates-comment": " "}
    silent = await secretariat.send_as_it_is(CLOSE, again)
    assert (silent.status_code, 'href="#duplicates-comment"' in silent.text) == (422, True)
    sure = await secretariat.send_as_it_is(CLOSE, filled_in(silent.text))
    await secretariat.send_as_it_is(CLOSE, filled_in(sure.text))
    closed = (await secretariat.get(CLOSE)).text
    assert COMMENT in closed
    stored = await here.running.service.db.collection("assemblies").find({})
    assert COMMENT not in str(stored)  # locked


async def test_a_blank_stops_the_closing_until_the_person_withdraws(here: Town) -> None:
    people = here.running.service.db.collection("people")
    await people.update({"_id": here.ids["Bo"]}, {"$unset": {"answers.tenure": ""}})
    secretariat = await here.secretariat()
    page = (await secretariat.get(CLOSE)).text
    assert "Forhindrer lukningen" in page
    answer = await secretariat.send_as_it_is(CLOSE, filled_in(page) | {"blanks": "yes", "blanks-comment": COMMENT})
    assert (answer.status_code, 'href="#blanks-title"' in answer.text) == (422, True)
    await here.withdraw("Bo")
    assert "Luk puljen for altid?" in await reviewed(secretariat)


async def test_a_blank_is_told_to_a_program_by_id_and_that_is_recorded(here: Town) -> None:
    people = here.running.service.db.collection("people")
    await people.update({"_id": here.ids["Bo"]}, {"$unset": {"answers.tenure": ""}})
    answer = await here.office.call("POST", "/close-pool", 422)
    assert here.ids["Bo"] in str(answer)
    [entry] = await here.record()
    assert (entry["role"], entry["subject"], entry["how_many"]) == ("secretariat", "token", 1)


async def test_who_is_gone_from_the_roll_or_excluded_or_a_trial_is_found_in_the_pool(here: Town) -> None:
    people = here.running.service.db.collection("people")
    await people.update({"_id": here.ids["Bo"]}, {"$set": {"why": "excluded:politicians"}})
    await people.update({"_id": here.ids["Åse"]}, {"$set": {"why": "moved-out"}})
    await people.update({"_id": here.ids["Clara"]}, {"$set": {"test": True}})
    page = (await (await here.secretariat()).get(CLOSE)).text
    fields = filled_in(page)
    assert (fields["excluded-seen"], fields["gone-seen"]) == (here.ids["Bo"], here.ids["Åse"])
    assert "Disse er prøvetilmeldinger" in page


async def test_whom_the_latest_roll_does_not_hold_any_more_is_gone_until_a_later_one_holds_them(house: House) -> None:
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    rows = named("Åse", "Bo", "Clara")
    here = await town(house, *rows)
    await here.sign_up("Åse", "Bo")
    secretariat = await here.secretariat()
    for body, gone in ((rows[:1], here.ids["Bo"]), (rows, None)):
        await here.office.call("PUT", "/roll", content=roll(body))
        assert filled_in((await secretariat.get(CLOSE)).text).get("gone-seen") == gone


async def test_who_is_on_a_list_of_those_kept_out_and_has_signed_up_is_judged_as_excluded(house: House) -> None:
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    rows = named("Åse", "Bo", "Clara")
    here = await town(house, *rows)
    await here.sign_up("Åse", "Bo")
    titles = {"title": {"da": "Politikere", "en": "Politicians"}, "question": {"da": "Er du?", "en": "Are you?"}}
    await house.say(announced(A, exclusions=({"id": "politician", **titles},)))
    await house.settle()
    await here.office.call("PUT", "/exclusions/politician", content=roll(rows[1:], columns=["cpr"]))
    await here.office.call("PUT", "/roll", content=roll(rows))
    fields = filled_in((await (await here.secretariat()).get(CLOSE)).text)
    assert (fields.get("excluded-seen"), fields.get("gone-seen")) == (here.ids["Bo"], None)


async def test_closing_early_and_without_a_panel_needs_a_word_each(house: House) -> None:
    here = await town(house, *named("Åse"))
    await with_quotas(here, male=5)
    await here.sign_up("Åse")
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=False, advice=("pool: too small",)))
    secretariat = await here.secretariat()
    page = (await secretariat.get(CLOSE)).text
    assert page.count("Skal vurderes") == 2
    assert '<ul class="alert-text" lang="en"><li>pool: too small</li>' in page
    sure = await reviewed(secretariat)
    await secretariat.send_as_it_is(CLOSE, filled_in(sure))
    [document] = await here.running.service.db.collection("assemblies").find({})
    assert (document["pool"]["early"], document["pool"]["signed_up"]) == (True, 1)
    assert (await here.office.sign_up(here.link("Åse"))).status_code != 303


async def test_what_comes_up_between_the_review_and_the_closing_is_looked_at_first(house: House) -> None:
    await house.answer(SUBJECT, lambda _: Feasibility(feasible=True))
    here = await town(house, row(1, name="Bo"), row(5, name="BO"), row(9, date(1950, 1, 1), name="Clara"))
    await here.sign_up("Bo", "Clara")
    secretariat = await here.secretariat()
    sure = await reviewed(secretariat)
    await here.sign_up("BO")
    answer = await secretariat.send_as_it_is(CLOSE, filled_in(sure))
    assert (answer.status_code, 'href="#duplicates"' in answer.text) == (422, True)
    assert await here.house.heard(POOL_CLOSED) == []
    # Nothing was shut by it: people still sign up.
    await here.withdraw("BO")
    await here.sign_up("BO")


async def test_closing_twice_and_two_at_once_close_it_once(here: Town) -> None:
    secretariat = await here.secretariat()
    pages = [await reviewed(secretariat) for _ in range(3)]
    two = await asyncio.gather(*(secretariat.send_as_it_is(CLOSE, filled_in(page)) for page in pages[:2]))
    late = await secretariat.send_as_it_is(CLOSE, filled_in(pages[2]))
    assert [answer.status_code for answer in (*two, late)] == [303, 303, 303]
    await here.house.settle()
    assert len(await here.house.heard(POOL_CLOSED)) == 1


async def test_a_step_skipped_or_a_form_made_up_closes_nothing(here: Town) -> None:
    people = here.running.service.db.collection("people")
    await people.update({"_id": here.ids["Bo"]}, {"$set": {"why": "died"}})
    secretariat = await here.secretariat()
    for fields in ({"step": "close"}, {"step": "close", "gone": "yes", "gone-comment": COMMENT}, {}):
        assert (await secretariat.send(CLOSE, fields)).status_code == 422
    assert await here.house.heard(POOL_CLOSED) == []
    assert (await secretariat.get("/tilmelding/ukendt-2025/luk")).status_code == 404
    assert (await secretariat.send("/tilmelding/ukendt-2025/luk", {"step": "close"})).status_code == 404


async def test_a_pool_closed_by_a_program_says_so(here: Town) -> None:
    await here.office.call("POST", "/close-pool")
    assert "et program, uden gennemgang" in (await (await here.secretariat()).get(CLOSE)).text
