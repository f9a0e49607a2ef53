import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.identity import Role
from contracts.sessions import AssemblyAnnounced, Milestone
from support import promising
from support.house import House, Running
from support.promising import DELIVERED, A, answer, api_of, completed, publish, recommendation, said, started

pytestmark = pytest.mark.integration

API = api_of()


def _milestone(id_: str, months: int | None, event: str | None = None) -> Milestone:
    once = {"overdue_every_days": 0}  # overdue is said once here; every week: test_followup_crossings.py
    return promising.milestone(id_, months, event, **once)


DRAGOER = (_milestone("status-3", 3), _milestone("status-10", 10), _milestone("status-24", 24))


def _announced(milestones: Sequence[Milestone] = DRAGOER) -> AssemblyAnnounced:
    return promising.announced(milestones, title=promising.text("Borgersamling om fremtidens velfærd"))


async def _deliver(house: House, milestones: Sequence[Milestone] = DRAGOER) -> Running:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    for fact in (_announced(milestones), recommendation(1), recommendation(2), completed()):
        await house.say(fact)
    await house.settle()
    return followup


async def _counts(followup: Running) -> dict[str, Any]:
    counts: dict[str, Any] = (await followup.http.get(f"{API}/counts")).json()
    return counts


MADE = ["commitment-made status-3", "commitment-made status-10", "commitment-made status-24"]


def _crossed(milestone: str) -> list[str]:
    return [
        *(f"status-due-soon {milestone} {days}" for days in (30, 14, 7, 1)),
        f"status-due {milestone}",
        f"status-overdue {milestone} 1",
    ]


async def test_the_delivery_makes_the_commitments_of_the_mandate_with_their_dates(house: House) -> None:
    followup = await _deliver(house)
    assert [(fact["milestone"], fact["due_on"]) for fact in await house.heard("followup.commitment-made.v1")] == [
        ("status-3", "2025-09-17"),
        ("status-10", "2026-04-17"),
        ("status-24", "2027-06-17"),
    ]
    assert await _counts(followup) == {
        "recommendations": 2,
        "answers": 0,
        "commitments": 3,
        "statuses_published": 0,
        "due_soon_seen": 0,
        "due_seen": 0,
        "overdue_seen": 0,
        "closed": False,
    }


async def test_the_facts_of_the_delivery_may_come_in_any_order_and_twice(house: House) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    await house.say(completed(), event_id="completed")
    await house.settle()
    assert (await followup.http.get(f"{API}/counts")).status_code == 404
    await house.say(recommendation(2))
    await house.say(_announced(), event_id="announced")
    await house.say(recommendation(1))
    await house.settle()
    await house.say(completed(), event_id="completed")  # the same fact, redelivered
    await house.say(_announced(), event_id="announced")
    await house.say(recommendation(1))  # the same content, said anew
    await house.say(completed())
    await house.settle()
    assert await said(house) == MADE
    assert (await _counts(followup))["recommendations"] == 2


async def test_a_jump_of_two_years_says_each_fact_once_in_order_and_a_restart_nothing_anew(
    house: House,
) -> None:
    followup = await _deliver(house)
    await house.move_clock(datetime(2027, 7, 1, 8, tzinfo=UTC))
    await house.settle()
    expected = [*MADE, *_crossed("status-3"), *_crossed("status-10"), *_crossed("status-24")]
    assert await said(house) == expected
    await followup.stop()
    again = await started(house)
    await house.settle()
    assert await said(house) == expected
    counts = await _counts(again)
    assert (counts["due_soon_seen"], counts["due_seen"], counts["overdue_seen"]) == (12, 3, 3)


async def test_two_replicas_that_wake_at_the_same_moment_say_each_fact_once(house: House) -> None:
    await _deliver(house)
    await started(house)
    for day in (datetime(2025, 9, 10, 6, tzinfo=UTC), datetime(2026, 4, 30, 6, tzinfo=UTC)):
        await house.move_clock(day)
        await house.settle()
    assert await said(house) == [*MADE, *_crossed("status-3"), *_crossed("status-10")]


async def test_a_status_is_due_from_midnight_in_dragoer_and_not_a_minute_before(house: House) -> None:
    await _deliver(house)
    await house.move_clock(datetime(2025, 9, 16, 21, 50, tzinfo=UTC))  # 23:50 on the 16th
    await house.settle()
    assert await house.heard("followup.status-due.v1") == []
    await house.move_clock(datetime(2025, 9, 16, 22, 1, tzinfo=UTC))  # 00:01 on the 17th
    await house.settle()
    assert [fact["due_on"] for fact in await house.heard("followup.status-due.v1")] == ["2025-09-17"]


async def test_a_status_with_an_unanswered_recommendation_is_refused_with_the_list_of_them(house: House) -> None:
    followup = await _deliver(house)
    assert (await answer(house, followup, 1)).status_code == 200
    refused = await publish(house, followup, "status-3")
    assert refused.status_code == 422
    assert [(p["where"], p["field"]) for p in refused.json()["problems"]] == [("recommendation 2", "answer")]
    assert (await _counts(followup))["statuses_published"] == 0
    assert await house.heard("followup.status-published.v1") == []


async def test_an_answer_without_a_reason_is_refused_and_nothing_is_said(house: House) -> None:
    followup = await _deliver(house)
    refused = await answer(house, followup, 2, reason=" ")
    assert refused.status_code == 422
    assert refused.json()["problems"] == [
        {
            "where": "recommendation 2",
            "field": "reason",
            "rule": "compulsory",
            "message": "give the reason, also when the recommendation is followed",
        }
    ]
    await house.settle()
    assert (await _counts(followup))["answers"] == 0
    assert await house.heard("followup.recommendation-answered.v1") == []


async def test_two_officers_who_save_the_same_answer_do_not_overwrite_each_other(house: House) -> None:
    followup = await _deliver(house)
    replies = await asyncio.gather(
        answer(house, followup, 1, reason="Den enes tekst", revision=0),
        answer(house, followup, 1, reason="Den andens tekst", revision=0),
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    lost = next(reply for reply in replies if reply.status_code == 409)
    assert "revision 1 was saved since revision 0 was read" in lost.json()["detail"]
    again = await answer(house, followup, 1, reason="Begges tekst", revision=1)
    assert again.json()["revision"] == 2
    await house.settle()
    assert [fact["revision"] for fact in await house.heard("followup.recommendation-answered.v1")] == [1, 2]


async def test_the_same_command_again_answers_the_same_and_says_nothing_more(house: House) -> None:
    followup = await _deliver(house)
    for number in (1, 2):
        first, second = [await answer(house, followup, number, revision=0) for _ in range(2)]
        assert (second.status_code, second.json()) == (200, first.json())
    first, second = [await publish(house, followup, "status-3") for _ in range(2)]
    assert (first.status_code, second.status_code, second.json()) == (200, 200, first.json())
    assert (await publish(house, followup, "status-3", "Noget andet")).status_code == 409
    await house.settle()
    assert await said(house) == [
        *MADE,
        "recommendation-answered r-1",
        "recommendation-answered r-2",
        "status-published status-3",
    ]


async def test_after_a_status_is_published_nobody_is_reminded_of_it(house: House) -> None:
    followup = await _deliver(house)
    for number in (1, 2):
        await answer(house, followup, number)
    await house.move_clock(datetime(2025, 9, 4, 8, tzinfo=UTC))
    await publish(house, followup, "status-3")
    await house.move_clock(datetime(2026, 1, 1, 8, tzinfo=UTC))
    await house.settle()
    spoken = [line for line in await said(house) if "status-3" in line]
    # What was owed on the day of the report is said before it, whoever was quicker, the sweep or the officer.
    assert spoken == [
        MADE[0],
        "status-due-soon status-3 30",
        "status-due-soon status-3 14",
        "status-published status-3",
    ]


async def test_the_duty_ends_with_the_last_status_and_counts_what_was_late(house: House) -> None:
    followup = await _deliver(house)
    await answer(house, followup, 1, answer="partly")
    await house.move_clock(datetime(2025, 9, 20, 8, tzinfo=UTC))
    assert (await publish(house, followup, "status-3")).status_code == 422  # one is unanswered until it is overdue
    await answer(house, followup, 2, answer="not-followed")
    late = await publish(house, followup, "status-3")
    assert late.json()["overdue_days"] == 3
    await house.move_clock(datetime(2026, 4, 17, 8, tzinfo=UTC))
    await publish(house, followup, "status-10")
    await answer(house, followup, 2, answer="followed", reason="Nu følges den")
    await house.move_clock(datetime(2027, 6, 1, 8, tzinfo=UTC))
    await publish(house, followup, "status-24")
    await house.settle()
    published = await house.heard("followup.status-published.v1")
    assert [(f["milestone"], f["overdue_days"], f["followed"], f["partly"], f["not_followed"]) for f in published] == [
        ("status-3", 3, 0, 1, 1),
        ("status-10", 0, 0, 1, 1),
        ("status-24", 0, 1, 1, 0),
    ]
    assert await house.heard("followup.followup-closed.v1") == [{"assembly": A, "statuses": 3}]
    counts = await _counts(followup)
    assert (counts["answers"], counts["statuses_published"], counts["closed"]) == (2, 3, True)
    # 4 reminders and the due day of two, and one overdue; the last was reported when two reminders had been said.
    assert (counts["due_soon_seen"], counts["due_seen"], counts["overdue_seen"]) == (9, 2, 1)


async def test_two_officers_who_publish_the_last_two_statuses_at_once_close_the_follow_up(house: House) -> None:
    followup = await _deliver(house, DRAGOER[:2])
    for number in (1, 2):
        await answer(house, followup, number)
    replies = await asyncio.gather(*(publish(house, followup, milestone) for milestone in ("status-3", "status-10")))
    assert [reply.status_code for reply in replies] == [200, 200]
    await house.settle()
    assert await house.heard("followup.followup-closed.v1") == [{"assembly": A, "statuses": 2}]
    assert (await _counts(followup))["closed"] is True


async def test_a_status_at_closing_gets_its_date_when_an_officer_records_the_closing(house: House) -> None:
    milestones = (_milestone("status-3", 3), _milestone("status-closing", None, "closing"))
    followup = await _deliver(house, milestones)
    assert (await _counts(followup))["commitments"] == 1
    assert (await publish(house, followup, "status-closing")).status_code == 409  # it has no date
    officer = house.headers(Role.OFFICER)
    unknown = await followup.http.post(f"{API}/events/party", json={"on": "2025-10-01"}, headers=officer)
    assert unknown.status_code == 404
    early = await followup.http.post(f"{API}/events/closing", json={"on": "2025-06-16"}, headers=officer)
    assert early.json()["problems"][0]["rule"] == "not before delivery"
    for _ in range(2):
        made = await followup.http.post(f"{API}/events/closing", json={"on": "2025-10-01"}, headers=officer)
        assert made.json()["commitments"] == [{"milestone": "status-closing", "due_on": "2025-10-01"}]
    moved = await followup.http.post(f"{API}/events/closing", json={"on": "2025-11-01"}, headers=officer)
    assert moved.status_code == 409
    await house.settle()
    assert [f["milestone"] for f in await house.heard("followup.commitment-made.v1")] == ["status-3", "status-closing"]


async def test_only_an_officer_writes_and_anyone_reads(house: House) -> None:
    followup = await _deliver(house)
    writes = (
        ("PUT", f"{API}/recommendations/r-1/answer", {"answer": "followed", "reason": "x"}),
        ("POST", f"{API}/milestones/status-3/status", {"summary": "x"}),
        ("POST", f"{API}/events/closing", {"on": "2025-10-01"}),
    )
    for method, path, body in writes:
        assert (await followup.http.request(method, path, json=body)).status_code == 401
        for role in (Role.SECRETARIAT, Role.OPERATOR):  # arm's length: the answers are the council's own
            refused = await followup.http.request(method, path, json=body, headers=house.headers(role))
            assert refused.status_code == 403
    assert (await followup.http.get(API)).status_code == 200


async def test_the_services_own_documents_are_not_taken_for_assemblies(house: House) -> None:
    followup = await started(house)
    for document in ("openapi", "asyncapi"):
        reply = await followup.http.get(f"/opfoelgning/{document}.json")
        assert (reply.status_code, reply.json()["info"]["title"] != "") == (200, True)


async def test_what_is_unknown_is_not_found(house: House) -> None:
    followup = await _deliver(house)
    assert (await answer(house, followup, 9)).status_code == 404
    assert (await publish(house, followup, "status-99")).status_code == 404
    assert (await followup.http.get("/opfoelgning/api/assemblies/greve-2024")).status_code == 404
    for path in ("greve-2024", f"{A}/status/status-3"):
        page = await followup.http.get(f"/opfoelgning/{path}", headers={"Accept": "text/html"})
        assert page.status_code == 404


async def test_the_public_reads_promises_answers_and_statuses_in_danish_and_in_english(
    house: House,
) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    assert "Ingen borgersamling er offentliggjort endnu" in (await followup.http.get("/opfoelgning/")).text
    await house.say(_announced())
    await house.settle()
    before = (await followup.http.get(f"/opfoelgning/{A}")).text
    assert "Anbefalingerne er ikke afleveret endnu" in before
    assert "Ingen anbefalinger endnu" in before
    for fact in (recommendation(1), recommendation(2), completed()):
        await house.say(fact)
    await house.settle()
    await answer(house, followup, 1, reason="Første begrundelse <b>")
    await answer(house, followup, 1, answer="partly", reason="Anden begrundelse", action="Et forsøg i 2026")
    await house.move_clock(datetime(2025, 9, 20, 8, tzinfo=UTC))
    await house.settle()
    overdue = (await followup.http.get(f"/opfoelgning/{A}")).text
    for text in (
        "17. september 2025",
        "Senest 3 måneder efter afleveringen",
        "Fristen er overskredet",
        "3 dage over fristen",
        "Økonomiudvalget",
        "Forebyggelse",
        "Følges delvist",
        "Anden begrundelse",
        "Første begrundelse &lt;b&gt;",
        "Et forsøg i 2026",
        "Venter på svar",
    ):
        assert text in overdue
    await answer(house, followup, 2)
    await publish(house, followup, "status-3", "Vi er godt i gang.")
    english = (await followup.http.get(f"/opfoelgning/{A}?sprog=en")).text
    assert "Published 20 September 2025, 3 days late" in english
    assert "1 followed, 1 partly, 0 not followed." in english
    status = (await followup.http.get(f"/opfoelgning/{A}/status/status-3?sprog=da")).text
    assert "Vi er godt i gang." in status
    assert "20. september 2025, 3 dage for sent" in status
    listed = (await followup.http.get("/opfoelgning/")).text
    assert "<td>2 af 2</td>" in listed
    for page in (overdue, status, listed):
        # Every English message has its Danish: none of these words stands on a Danish page.
        assert not re.search(r"\b(The council|Overdue|Published|delivery|Recommendations)\b", page)
