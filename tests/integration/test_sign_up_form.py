"""The sign-up form on real servers: its steps, what they keep and for how long, and what counts in the end."""

import asyncio
import html
from typing import Any

import pytest

from contracts.lottery import PanelDrawn
from registration.domain.form import CONSENT, Step
from registration.repository import values_of
from support.broken_forms import BROKEN
from support.house import House
from support.registering import CLOSED, A, Office, ids, invited, whole

pytestmark = pytest.mark.integration

SIGNED_UP = "registration.registrant-signed-up.v1"
WITHDREW = "registration.registrant-withdrew.v1"
TOLD = {
    "right_district": "st-magleby",
    "correction_note": "Flyttet til Hovedgaden",
    "need_diet": "yes",
    "needs_text": "Jeg er vegetar",
    "email": "anna.proeve@eksempel.dk",
    "telephone": "12 34 56 78",
}
SECRETS = ("Hovedgaden", "vegetar", "anna.proeve", "12345678", "12 34 56 78")


@pytest.fixture
async def office(house: House) -> Office:
    return await whole(house)


async def person(office: Office, number: int = 0) -> dict[str, Any]:
    found = await office.running.service.db.collection("people").get(ids(number)[0])
    assert found is not None
    return found


async def drafts(office: Office) -> list[dict[str, Any]]:
    return await office.running.service.db.collection("drafts").find({})


async def test_the_whole_form_is_told_locked_and_counts_at_its_last_step_alone(office: Office) -> None:
    [link, *_] = await invited(office)
    page = await office.public.get(link)
    for said in ("At prøve", "Der er mad.", "9. april 2025 kl. 17:00-21:00", "10. marts 2025 kl. 12:00", "Trin 1 af 5"):
        assert said in page.text
    fields = {"gender": "female", "tenure": "owner"} | TOLD
    for step, then in (("om-dig", "plads"), ("plads", "behov"), ("behov", "tjek")):
        answer = await office.send(f"{link}/trin/{step}", fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{link}/trin/{then}")
        held = await person(office)
        assert (held["status"], held["answers"], held["told"]) == ("invitee", {}, None)
    raw = repr(await drafts(office))
    assert not [word for word in (*SECRETS, "female", "diet") if word in raw], "a draft is locked"

    check = await office.public.get(f"{link}/trin/tjek")
    for said in ("Flyttet til Hovedgaden", "Jeg er vegetar", "anna.proeve@eksempel.dk", "12345678", "Trin 5 af 5"):
        assert said in check.text
    assert "st-magleby (rettet af dig; registret siger: soevang)" in check.text
    await office.send(f"{link}/trin/tjek", {"consent": "yes", "consent_text": CONSENT})

    held = await person(office)
    assert await drafts(office) == []
    assert (held["status"], held["by"], held["needs"], held["consent"]["text"]) == ("pool", "self", ["diet"], CONSENT)
    assert values_of(held) == {"age": "45+", "district": "st-magleby", "gender": "female", "tenure": "owner"}
    assert not [word for word in SECRETS if word in repr(held)], "what was told is locked"
    receipt = (await office.public.get(f"{link}/kvittering")).text
    assert "rettet af dig" in receipt
    assert not [word for word in (*SECRETS, "Særlig kost") if word in receipt], "links are passed on"


async def test_what_was_typed_stays_through_a_reload_and_another_tab_and_is_gone_after(office: Office) -> None:
    [link, *_] = await invited(office)
    about, needs = f"{link}/trin/om-dig", f"{link}/trin/behov"
    await asyncio.gather(
        office.send(about, {"gender": "male", "tenure": "tenant"}), office.send(needs, {"email": "b@eksempel.dk"})
    )
    assert 'value="male" checked' in (await office.public.get(about)).text
    assert 'value="b@eksempel.dk"' in (await office.public.get(needs)).text
    early = await office.public.get(f"{link}/trin/tjek")
    assert early.headers["location"] == f"{link}/trin/plads", "the step that is missing"
    await office.send(needs, {"email": "b@eksempel"})
    assert 'value="b@eksempel"' in (await office.public.get(needs)).text, "also what is wrong is kept"
    await office.send(f"{link}/frameld")
    assert await drafts(office) == [], "nothing is kept of who wants no part in it"


async def test_thirty_broken_forms_are_each_answered_with_their_words_and_change_nothing(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.sign_up(link)
    before = await person(office)
    # The last step first: with another step wrong, one is sent back to that.
    for broken in sorted(BROKEN, key=lambda broken: broken.step is not Step.CHECK):
        for number, language in enumerate(("da", "en"), 1):
            answer = await office.send(f"{link}/trin/{broken.step}?sprog={language}", broken.fields)
            assert answer.status_code == 422, broken.name
            for error in broken.errors:
                assert f'href="#{error[0]}">{html.escape(error[number])}</a>' in answer.text, broken.name
                assert f'id="{error[0]}"' in answer.text, broken.name
        for typed in broken.fields.values():
            assert typed not in repr(await drafts(office)) or len(typed) < 4
    assert await person(office) == before


async def test_an_edit_brings_back_everything_told_and_replaces_it(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.sign_up(link, **TOLD)
    assert "Jeg er vegetar" in (await office.public.get(f"{link}/trin/behov")).text
    assert '<details class="details" open>' in (await office.public.get(f"{link}/trin/om-dig")).text
    await office.send(f"{link}/trin/behov", {"needs_text": "Jeg er veganer", "then": "tjek"})
    assert "Jeg er vegetar" not in (await office.public.get(f"{link}/trin/tjek")).text
    await office.send(f"{link}/trin/tjek", {"consent": "yes", "consent_text": CONSENT})
    check = (await office.public.get(f"{link}/trin/tjek")).text
    assert "Jeg er veganer" in check
    assert "anna.proeve" not in check
    assert "Flyttet til Hovedgaden" in check
    assert ((await person(office))["needs"], (await person(office))["sign_ups"]) == ([], 1)


async def test_who_leaves_their_place_to_others_is_thanked_and_can_change_their_mind(office: Office) -> None:
    [link, *_] = await invited(office)
    answer = await office.sign_up(link, excluded_politician="yes")
    assert answer.headers["location"] == f"{link}/kvittering"
    assert "Tak, fordi du overlader pladsen til andre" in (await office.public.get(f"{link}/kvittering")).text
    assert ((await person(office))["status"], (await person(office))["why"]) == ("declined", "excluded:politician")
    await office.sign_up(link)
    assert ((await person(office))["status"], (await person(office))["why"]) == ("pool", None)
    await office.send(f"{link}/trin/plads", {"excluded_politician": "yes"})
    await office.house.settle()
    assert ((await person(office))["status"], (await person(office))["answers"]) == ("declined", {})
    assert len(await office.house.heard(SIGNED_UP)) == len(await office.house.heard(WITHDREW)) == 1


async def test_a_no_thank_you_says_no_fact_and_is_no_last_word(office: Office) -> None:
    [link, *_] = await invited(office)
    assert 'method="post"' in (await office.public.get(f"{link}/nej-tak")).text
    for text in ("Jeg rejser i foråret", "Jeg er på ferie"):
        answer = await office.send(f"{link}/nej-tak", {"no_reason": "dates", "no_text": text})
        assert answer.headers["location"] == f"{link}/kvittering"
    wrong = await office.send(f"{link}/nej-tak?sprog=en", {"no_text": "x" * 501})
    assert "Write at most 500 characters in “Do you want to tell us more?”" in wrong.text
    held = await person(office)
    assert (held["status"], held["why"], held["answers"]) == ("declined", None, {})
    assert "ferie" not in repr(held)
    assert "Du har sagt nej tak" in (await office.public.get(f"{link}?sprog=da")).text
    await office.sign_up(link)
    held = await person(office)
    assert (held["status"], held["told"]) == ("pool", None)
    assert (await office.public.get(f"{link}/nej-tak")).headers["location"] == f"{link}/kvittering"
    await office.send(f"{link}/nej-tak")
    assert (await person(office))["status"] == "pool", "who takes part withdraws"
    await office.house.settle()
    assert (len(await office.house.heard(SIGNED_UP)), await office.house.heard(WITHDREW)) == (1, [])
    await office.house.move_clock(CLOSED)
    other = (await office.links(*ids(1)))[0]
    assert (await office.send(f"{other}/nej-tak")).status_code == 410


async def test_a_trial_registration_is_never_in_the_pool_and_nothing_of_it_is_said(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.running.service.db.collection("people").update({"_id": ids(0)[0]}, {"$set": {"test": True}})
    await office.sign_up(link)
    assert (await person(office))["status"] == "test"
    assert "Dette er en prøve" in (await office.public.get(f"{link}/kvittering")).text
    await office.send(f"{link}/frameld")
    held = await person(office)
    assert (held["status"], held["answers"]) == ("withdrawn", {})
    await office.sign_up(link)
    await office.house.settle()
    assert await office.house.heard(SIGNED_UP) == await office.house.heard(WITHDREW) == []
    assert (await office.call("POST", "/close-pool", json={"early": True}))["signed_up"] == 0


async def test_whoever_withdraws_or_is_erased_leaves_nothing_they_told(office: Office) -> None:
    mine, theirs, *_ = await invited(office)
    for link in (mine, theirs):
        await office.sign_up(link, **TOLD)
        await office.send(f"{link}/trin/behov", TOLD)
    assert len(await drafts(office)) == 2
    await office.send(f"{mine}/frameld")
    await office.call("POST", f"/people/{ids(1)[0]}/erase")
    for number in (0, 1):
        held = await person(office, number)
        assert [held[k] for k in ("answers", "corrections", "needs", "told", "consent")] == [{}, {}, [], None, None]
    assert await drafts(office) == []


async def test_after_the_draw_the_receipt_says_how_it_ended(office: Office) -> None:
    links = await invited(office)
    for link in links:
        await office.sign_up(link)
    await office.call("POST", "/close-pool", json={"early": True})
    assert "Tak, du er med i lodtrækningen" in (await office.public.get(f"{links[0]}/kvittering")).text
    drawn = {"pool_size": 3, "panel": tuple(ids(0)), "alternates": tuple(ids(1)), "composition": ()}
    await office.house.say(PanelDrawn(assembly=A, draw="d1", record_digest="0" * 64, **drawn))
    await office.house.settle()
    await office.running.service.db.collection("people").update({"_id": ids(1)[0]}, {"$set": {"alternate": True}})
    said = [(await office.public.get(f"{link}/kvittering")).text for link in links]
    for page, title in zip(said, ("Du er udtrukket", "Du er suppleant", "Du blev ikke udtrukket"), strict=True):
        assert f"<h1>{title}</h1>" in page
        assert "du er med i lodtrækningen" not in page


async def test_the_meetings_are_a_calendar_file_about_nobody(office: Office) -> None:
    answer = await office.public.get(f"/tilmelding/{A}/samlinger.ics?sprog=en")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.text.split("\r\n")
    assert "DTSTART:20250409T150000Z" in lines
    assert "SUMMARY:Prøvesamlingen (en): Første (en)" in lines
    assert (await office.public.get("/tilmelding/ukendt-2025/samlinger.ics")).status_code == 404
    assert f'href="/tilmelding/{A}/samlinger.ics' not in (await office.public.get("/tilmelding")).text
