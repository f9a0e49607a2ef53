"""A due day is moved only for a public reason, and an event gets its day: in the officer's forms and by the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.identity import Role
from support.house import House, Running
from support.promising import A, announced, answer, api_of, delivered, milestone, officer_of, publish, said, started
from support.staff import SignedIn, signed_in

pytestmark = pytest.mark.integration

EXTENDED = "followup.commitment-extended.v1"
DATED = "followup.event-dated.v1"
REASON = "Udvalget har bedt om en beregning mere"
LATER = {"to_day": "17", "to_day-month": "10", "to_day-year": "2025", "reason": REASON, "due_on": "2025-09-17"}
CLOSING = {"on": "1", "on-month": "9", "on-year": "2025"}
YES = {"confirmed": "yes"}
EVENT = f"/opfoelgning/{A}/haendelser/closing"
API = f"{api_of()}/milestones/s-3/extension"


def extend_path(id_: str = "s-3") -> str:
    return f"/opfoelgning/{A}/status/{id_}/udskyd"


async def days(followup: Running) -> dict[str, Any]:
    shown = (await followup.http.get(api_of())).json()
    return {one["id"]: (one["promised_on"], one["due_on"], len(one["extensions"])) for one in shown["milestones"]}


async def test_a_day_is_moved_after_its_meaning_is_checked_and_the_old_one_stays_public(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    form = (await officer.get(extend_path())).text
    assert "onsdag 17. september 2025" in form
    assert 'name="due_on" value="2025-09-17"' in form

    checked = await officer.send(extend_path(), LATER)
    assert checked.status_code == 200
    for text in ("Tjek, hvad der bliver offentligt", "fredag 17. oktober 2025", "30 dage senere", REASON):
        assert text in checked.text
    assert await house.heard(EXTENDED) == []

    sent = await officer.send(extend_path(), LATER | YES)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{extend_path()}?gemt=ja")
    done = (await officer.get(sent.headers["location"])).text
    assert "Fristen er flyttet" in done
    assert "Fra 17. september 2025 til 17. oktober 2025" in done
    assert f'href="/opfoelgning/{A}/opgaver"' in done
    assert 'name="reason"' not in done  # another time is asked for on the page itself
    assert 'name="reason"' in (await officer.get(extend_path())).text
    assert (await days(followup))["s-3"] == ("2025-09-17", "2025-10-17", 1)
    await house.settle()
    (fact,) = await house.heard(EXTENDED)
    kept = {name: fact[name] for name in ("milestone", "previous_due_on", "due_on", "extended_on", "reason")}
    assert kept == {
        "milestone": "s-3",
        "previous_due_on": "2025-09-17",
        "due_on": "2025-10-17",
        "extended_on": "2025-06-17",
        "reason": REASON,
    }


async def test_the_moved_day_is_the_one_that_is_reminded_of_and_becomes_overdue(house: House) -> None:
    followup = await delivered(house, (milestone("s-3", 3, overdue_every_days=0),))
    await house.move_clock(datetime(2025, 9, 20, 8, tzinfo=UTC))  # three days overdue
    await house.settle()
    officer = await officer_of(house, followup)
    await officer.send(extend_path(), LATER | YES)
    await house.move_clock(datetime(2025, 10, 18, 8, tzinfo=UTC))
    await house.settle()
    assert await said(house) == [
        "commitment-made s-3",
        *(f"status-due-soon s-3 {left}" for left in (30, 14, 7, 1)),
        "status-due s-3",
        "status-overdue s-3 1",
        "commitment-extended s-3",
        *(f"status-due-soon s-3 {left}" for left in (14, 7, 1)),  # 30 days before is behind us when it is moved
        "status-due s-3",
        "status-overdue s-3 1",
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"reason": "  "}, "reason", "Skriv begrundelsen; alle kan læse den"),
        ({"reason": "x" * 20_001}, "reason", "Forkort teksten til højst 20.000 tegn"),
        ({"to_day": "31", "to_day-month": "9"}, "to_day", "Skriv dag, måned og år"),
        ({"to_day-year": ""}, "to_day", "Skriv dag, måned og år"),
        ({"to_day-month": "9"}, "to_day", "Vælg en dag senere end fristen, 17. september 2025"),
        ({"to_day-year": "2205"}, "to_day", "Vælg en dag højst 24 måneder efter fristen"),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, YES])
async def test_what_breaks_a_rule_is_said_at_its_field_and_nothing_is_lost_or_moved(
    house: House, wrong: dict[str, str], field: str, message: str, confirmed: dict[str, str]
) -> None:
    followup = await delivered(house)
    sent = LATER | wrong | confirmed
    shown = await (await officer_of(house, followup)).send(extend_path(), sent)
    assert shown.status_code == 422
    assert f'<a class="function-link" href="#{field}">{message}' in shown.text
    assert f'name="to_day" value="{sent["to_day"]}"' in shown.text
    assert f">{sent['reason'].strip()}</textarea>" in shown.text
    assert (await days(followup))["s-3"] == ("2025-09-17", "2025-09-17", 0)
    assert await house.heard(EXTENDED) == []


async def test_a_day_that_is_overdue_is_moved_to_a_day_to_come(house: House) -> None:
    followup = await delivered(house)
    await house.move_clock(datetime(2025, 10, 20, 8, tzinfo=UTC))
    officer = await officer_of(house, followup)
    refused = await officer.send(extend_path(), LATER | YES)
    assert (refused.status_code, "Vælg en dag, der stadig ligger fremme" in refused.text) == (422, True)
    assert (await officer.send(extend_path(), LATER | YES | {"to_day-month": "11"})).status_code == 303


async def test_all_that_is_missing_is_said_at_once(house: House) -> None:
    followup = await delivered(house)
    shown = (await (await officer_of(house, followup)).send(extend_path(), {})).text.partition("<h1")[0]
    assert ('href="#to_day"' in shown, 'href="#reason"' in shown) == (True, True)


async def test_an_officer_who_comes_second_learns_that_the_day_was_moved_and_keeps_the_text(house: House) -> None:
    followup = await delivered(house)
    first, second = [await officer_of(house, followup, f"officer-{n}") for n in (1, 2)]
    await first.send(extend_path(), LATER | YES)
    late = await second.send(extend_path(), LATER | YES | {"to_day-month": "12", "reason": "Den andens grund"})
    assert late.status_code == 409
    assert "En kollega har flyttet fristen til 17. oktober 2025" in late.text
    assert REASON in late.text  # beside the second one's
    assert ">Den andens grund</textarea>" in late.text
    assert 'name="due_on" value="2025-10-17"' in late.text
    again = await second.send(extend_path(), LATER | YES)  # a second click of the first: the same day and reason
    assert again.status_code == 303
    await house.settle()
    assert len(await house.heard(EXTENDED)) == 1


async def test_what_a_later_day_passes_is_shown_before_it_is_confirmed(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    far = LATER | {"to_day": "18", "to_day-month": "4", "to_day-year": "2026"}
    checked = (await officer.send(extend_path(), far)).text
    assert "“Status s-10” har frist 17. april 2026." in checked
    assert "Den nye kommunalbestyrelse vælges 18. november 2025 og tiltræder 1. januar 2026" in checked
    assert "Den nye frist er ikke en hverdag" in checked  # a Saturday
    changed = await officer.send(extend_path(), far | {"change": "yes"})
    assert f">{REASON}</textarea>" in changed.text
    assert "Flyt fristen?" not in changed.text
    english = (await officer.get(f"{extend_path()}?sprog=en")).text
    assert "Wednesday 17 September 2025" in english


async def test_a_published_status_and_one_without_a_day_cannot_be_moved(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    for number in (1, 2):
        await answer(house, followup, number)
    assert "Der er ingen frist at flytte endnu" in (await officer.get(extend_path("s-end"))).text
    assert (await officer.send(extend_path("s-end"), LATER | YES)).status_code == 409
    await publish(house, followup, "s-3")
    page = (await officer.get(extend_path())).text
    assert ("Fristen kan ikke længere flyttes" in page, 'name="reason"' in page) == (True, False)
    assert (await officer.send(extend_path(), LATER | YES)).status_code == 409
    assert (await officer.get(extend_path("s-99"))).status_code == 404
    await house.settle()
    assert await house.heard(EXTENDED) == []


async def test_the_api_moves_a_day_once_and_says_what_it_refuses(house: House) -> None:
    followup = await delivered(house)
    headers = house.headers(Role.OFFICER)
    body = {"to_day": "2025-10-17", "reason": REASON, "due_on": "2025-09-17"}
    for _ in range(2):
        moved = await followup.http.post(API, json=body, headers=headers)
        assert moved.json() == {
            "milestone": "s-3",
            "due_on": "2025-10-17",
            "previous_due_on": "2025-09-17",
            "promised_on": "2025-09-17",
            "extended_on": "2025-06-17",
            "reason": REASON,
            "path": f"/opfoelgning/{A}#milestones",
        }
    await house.settle()
    assert len(await house.heard(EXTENDED)) == 1
    refused = await followup.http.post(API, json={"to_day": "2025-10-01"}, headers=headers)
    problems = [(p["field"], p["rule"]) for p in refused.json()["problems"]]
    assert (refused.status_code, problems) == (422, [("to_day", "later"), ("reason", "compulsory")])
    stale = await followup.http.post(API, json=body | {"to_day": "2025-11-17"}, headers=headers)
    assert stale.status_code == 409
    undated = await followup.http.post(API.replace("s-3", "s-end"), json=body, headers=headers)
    assert undated.status_code == 409
    assert (await followup.http.post(API.replace("s-3", "s-9"), json=body, headers=headers)).status_code == 404
    for role in set(Role) - {Role.OFFICER, Role.PUBLIC}:
        assert (await followup.http.post(API, json=body, headers=house.headers(role))).status_code == 403


async def test_an_events_day_is_recorded_after_what_follows_from_it_is_checked(house: House) -> None:
    closing = milestone("s-end", None, "closing", wording="after", window_days=28, working_day=True)
    later = milestone("s-after", 6, "closing")
    followup = await delivered(house, (milestone("s-3", 3), closing, later))
    officer = await officer_of(house, followup)
    assert "Registrér dagen for afslutningen" in (await officer.get(EVENT)).text
    # 28 days after 23 November is Sunday 21 December; the next working day is Monday.
    fields = {"on": "23", "on-month": "11", "on-year": "2025"}
    checked = (await officer.send(EVENT, fields)).text
    for text in ("søndag 23. november 2025", "mandag 22. december 2025", "lørdag 23. maj 2026", "Registrér dagen?"):
        assert text in checked
    assert 'value="23"' in (await officer.send(EVENT, fields | {"change": "yes"})).text
    assert await house.heard(DATED) == []

    sent = await officer.send(EVENT, fields | YES)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{EVENT}?gemt=ja")
    page = (await officer.get(sent.headers["location"])).text
    assert "Dagen er registreret" in page
    assert "mandag 22. december 2025" in page
    assert 'name="on"' not in page
    found = await days(followup)
    assert (found["s-end"][1], found["s-after"][1]) == ("2025-12-22", "2026-05-23")
    await house.settle()
    assert [(fact["event"], fact["on"]) for fact in await house.heard(DATED)] == [("closing", "2025-11-23")]

    assert (await officer.send(EVENT, fields | YES)).status_code == 303  # a second click
    other = await officer.send(EVENT, CLOSING | YES)
    assert (other.status_code, "En kollega har registreret en anden dag" in other.text) == (409, True)
    await house.settle()
    assert len(await house.heard(DATED)) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"on-month": "6", "on": "16"}, "Vælg en dag, der ikke ligger før afleveringen, 17. juni 2025"),
        ({"on": "31"}, "Skriv dag, måned og år"),
        ({"on": "", "on-month": "", "on-year": ""}, "Skriv dag, måned og år"),
        ({"on-year": "2205"}, "Vælg en dag højst 10 år efter afleveringen"),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, YES])
async def test_a_day_no_event_can_have_is_refused_at_its_field(
    house: House, wrong: dict[str, str], message: str, confirmed: dict[str, str]
) -> None:
    followup = await delivered(house)
    shown = await (await officer_of(house, followup)).send(EVENT, CLOSING | wrong | confirmed)
    assert shown.status_code == 422
    assert f'<a class="function-link" href="#on">{message}</a>' in shown.text
    assert f'name="on" value="{(CLOSING | wrong)["on"]}"' in shown.text
    assert await house.heard(DATED) == []


async def test_before_the_delivery_no_day_is_recorded_and_none_that_the_mandate_does_not_name(house: House) -> None:
    followup = await started(house)
    await house.say(announced())
    await house.settle()
    officer = await officer_of(house, followup)
    assert "Anbefalingerne er ikke afleveret endnu" in (await officer.get(EVENT)).text
    early = await officer.send(EVENT, CLOSING | YES)
    assert (early.status_code, "ikke registreret" in early.text) == (409, True)
    for path in (EVENT.replace("closing", "evaluation"), EVENT.replace(A, "ukendt-2025")):
        assert (await officer.get(path)).status_code == 404
        assert (await officer.send(path, CLOSING | YES)).status_code == 404
    assert await house.heard(DATED) == []


async def test_only_an_officer_moves_and_records(house: House) -> None:
    followup = await delivered(house)
    for role in set(Role) - {Role.OFFICER, Role.PUBLIC}:
        someone: SignedIn = await signed_in(house, followup, role)
        for path, fields in ((extend_path(), LATER | YES), (EVENT, CLOSING | YES)):
            assert (await someone.get(path)).status_code == 403, role
            assert (await someone.send(path, fields)).status_code == 403, role
    await house.settle()
    assert await house.heard(EXTENDED) == await house.heard(DATED) == []
