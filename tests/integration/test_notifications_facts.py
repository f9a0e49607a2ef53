"""Which fact writes to whom."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.base import Text
from contracts.followup import CommitmentExtended, StatusDue, StatusDueSoon, StatusOverdue, StatusPublished
from contracts.lottery import MemberDeclined, MemberReplaced, PanelDrawn
from contracts.recipients import SUBJECT
from contracts.registration import RegistrantSignedUp, RegistrantWithdrew
from contracts.sessions import (
    DeliveryCompleted,
    Escalation,
    Milestone,
    PlannedSession,
    PublicationReleased,
    SessionChanged,
    SessionHeld,
    SessionScheduled,
)
from notifications.bootstrap import build
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support.house import House, Running
from support.notifying import ASSEMBLY, ENDS, NOW, STARTS, StandIn, announced, cpr, person_id, recipients

pytestmark = pytest.mark.integration
TITLE = Text(da="Første møde", en="First session")


@pytest.fixture
async def running(house: House, standin: StandIn, tmp_path: Path) -> Running:
    await house.answer(SUBJECT, recipients(range(20)))
    running = await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        smtp={"port": standin.smtp_port},
        staff={
            "officer": "officer@eksempel.dk",
            "secretariat": "sekretariat@eksempel.dk",
            "council": "raadet@eksempel.dk",
        },
        telemetry={"traces_file": tmp_path / "traces.jsonl"},
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    await house.move_clock(NOW)
    await house.say(announced())
    await house.settle()
    return running


async def codes(standin: StandIn, number: int) -> list[str]:
    return [message["code"] for message in await standin.inbox(number)]


async def sign_up(house: House, *numbers: int) -> None:
    for number in numbers:
        await house.say(RegistrantSignedUp(assembly=ASSEMBLY, person=person_id(number)))
    await house.settle()


async def draw(house: House, panel: list[int], alternates: list[int]) -> None:
    await house.say(
        PanelDrawn(
            assembly=ASSEMBLY,
            draw="draw-1",
            pool_size=9,
            panel=tuple(map(person_id, panel)),
            alternates=tuple(map(person_id, alternates)),
            composition=(),
            record_digest="0" * 64,
        )
    )
    await house.settle()


def scheduled(kind: Any = SessionScheduled, **changes: Any) -> Any:
    fields: dict[str, Any] = {
        "assembly": ASSEMBLY,
        "session": "first",
        "number": 1,
        "title": TITLE,
        "starts_at": STARTS,
        "ends_at": ENDS,
        "place": "Rådhuset",
        "open": False,
    }
    return kind(**fields | changes)


async def test_everyone_who_signed_up_hears_how_the_draw_went(house: House, running: Running, standin: StandIn) -> None:
    await sign_up(house, 1, 2, 3, 4)
    await house.say(RegistrantWithdrew(assembly=ASSEMBLY, person=person_id(4)))
    await house.settle()
    await draw(house, [1], [2])
    assert await codes(standin, 1) == ["receipt", "drawn"]
    assert await codes(standin, 2) == ["receipt", "alternate"]
    assert await codes(standin, 3) == ["receipt", "not-drawn"]
    assert await codes(standin, 4) == ["receipt"]


async def test_who_signs_up_again_after_withdrawing_gets_a_second_receipt(
    house: House, running: Running, standin: StandIn
) -> None:
    await sign_up(house, 1)
    await house.say(RegistrantWithdrew(assembly=ASSEMBLY, person=person_id(1)))
    await house.settle()
    await sign_up(house, 1)
    assert await codes(standin, 1) == ["receipt", "receipt"]


async def test_members_alone_are_called_and_a_new_member_to_what_is_still_to_come(
    house: House, running: Running, standin: StandIn
) -> None:
    await sign_up(house, 1, 2, 3, 4)
    await draw(house, [1, 2], [3])
    await house.say(MemberDeclined(assembly=ASSEMBLY, person=person_id(2)))
    await house.settle()
    await house.say(scheduled())
    await house.say(scheduled(session="held", number=2))
    await house.settle()
    await house.say(SessionHeld(assembly=ASSEMBLY, session="held", number=2, attended=1))
    await house.settle()
    await house.say(MemberReplaced(assembly=ASSEMBLY, left=person_id(2), joined=person_id(3)))
    await house.settle()
    assert await codes(standin, 1) == ["receipt", "drawn", "session-call", "session-call"]
    assert await codes(standin, 2) == ["receipt", "drawn"]
    both = sorted((await codes(standin, 3))[2:])  # caused by one fact, and sent side by side
    assert [*(await codes(standin, 3))[:2], *both] == ["receipt", "alternate", "seat-taken-over", "session-call"]
    assert await codes(standin, 4) == ["receipt", "not-drawn"]


async def test_a_session_scheduled_before_the_draw_calls_the_members_when_they_are_drawn(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.say(scheduled())
    await house.settle()
    await draw(house, [1], [])
    await house.say(scheduled())  # said again under another event id: nobody is called twice
    await house.settle()
    assert sorted(await codes(standin, 1)) == ["drawn", "session-call"]


async def test_a_moved_session_is_told_with_what_holds_now(house: House, running: Running, standin: StandIn) -> None:
    await draw(house, [1], [])
    await house.say(scheduled())
    await house.settle()
    await house.say(scheduled(SessionChanged, starts_at=STARTS + timedelta(days=1), ends_at=ENDS + timedelta(days=1)))
    await house.settle()
    changed = (await standin.inbox(1))[-1]
    assert changed["subject"] == "Ændret tid eller sted: Første møde"
    assert "10. april 2025 kl. 17:00" in changed["text"]


async def test_members_hear_of_material_delivery_and_every_status(
    house: House, running: Running, standin: StandIn
) -> None:
    await draw(house, [1], [2])
    for kind in ("material", "minutes"):
        path = f"/samling/dragoer-2025/p/{kind}"
        await house.say(
            PublicationReleased(assembly=ASSEMBLY, publication=f"{kind}-1", kind=kind, title=TITLE, path=path)
        )
        await house.settle()
    await house.say(DeliveryCompleted(assembly=ASSEMBLY, delivered_at=NOW, recommendations=("r1",)))
    await house.settle()
    await house.say(
        StatusPublished(
            assembly=ASSEMBLY,
            commitment="c1",
            milestone="status-3",
            title=TITLE,
            due_on=date(2025, 9, 17),
            reported_on=date(2025, 9, 16),
            overdue_days=0,
            followed=3,
            partly=1,
            not_followed=1,
            path="/opfoelgning/dragoer-2025/status/status-3",
        )
    )
    await house.settle()
    assert await codes(standin, 1) == ["drawn", "materials", "minutes", "delivery", "status-published"]
    assert await codes(standin, 2) == ["alternate"]
    (minutes,) = [message for message in await standin.inbox(1) if message["code"] == "minutes"]
    assert minutes["actions"] == ["http://127.0.0.1:8080/samling/dragoer-2025/p/minutes"]


async def test_members_are_asked_what_it_was_like_after_the_last_session_and_once(
    house: House, running: Running, standin: StandIn
) -> None:
    planned = [
        PlannedSession(id=one, number=number, title=TITLE, starts_at=STARTS, ends_at=ENDS, open=False)
        for number, one in ((1, "first"), (2, "last"))
    ]
    link = "https://evaluering.eksempel.dk/samling"
    await house.say(announced().model_copy(update={"sessions": tuple(planned), "evaluation_link": link}))
    await draw(house, [1], [])
    await house.say(SessionHeld(assembly=ASSEMBLY, session="first", number=1, attended=1))
    await house.settle()
    assert await codes(standin, 1) == ["drawn"]
    for _ in range(2):
        await house.say(SessionHeld(assembly=ASSEMBLY, session="last", number=2, attended=1))
        await house.settle()
    assert await codes(standin, 1) == ["drawn", "evaluation"]
    assert (await standin.inbox(1))[-1]["actions"] == [link]


async def test_officers_are_reminded_by_mail_and_told_when_they_are_late(
    house: House, running: Running, standin: StandIn
) -> None:
    common: dict[str, Any] = {
        "assembly": ASSEMBLY,
        "commitment": "c1",
        "milestone": "status-3",
        "title": Text(da="Status efter 3 måneder", en="Status after 3 months"),
        "due_on": date(2025, 9, 17),
    }
    for fact in (
        StatusDueSoon(**common, days_left=14),
        StatusDue(**common),
        StatusOverdue(**common, days_overdue=1),
    ):
        await house.say(fact)
        await house.settle()
    mails = await standin.mails()
    assert [mail["to"] for mail in mails] == ["officer@eksempel.dk"] * 3
    assert [mail["subject"] for mail in mails] == [
        "Status om 14 dage: Status efter 3 måneder",
        "Status skal offentliggøres i dag: Status efter 3 måneder",
        "Fristen er overskredet: Status efter 3 måneder",
    ]
    assert [fact["channel"] for fact in await house.heard("notifications.shipment-delivered.v1")] == ["email"] * 3


DUE: dict[str, Any] = {
    "assembly": ASSEMBLY,
    "commitment": "c1",
    "milestone": "status-3",
    "title": Text(da="Status efter 3 måneder", en="Status after 3 months"),
    "due_on": date(2025, 9, 17),
}


async def test_whom_the_mandate_names_is_told_and_a_step_of_the_escalation_adds_more(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.say(StatusDue(**DUE, tell=("officers", "secretariat")))
    await house.say(StatusOverdue(**DUE, days_overdue=15, tell=("officers", "management", "council", "press")))
    await house.settle()
    mails = [(mail["to"], mail["subject"].split(":")[0]) for mail in await standin.mails()]
    assert sorted(mails) == [
        ("officer@eksempel.dk", "Fristen er overskredet"),
        ("officer@eksempel.dk", "Status skal offentliggøres i dag"),
        ("raadet@eksempel.dk", "Fristen er overskredet"),
        ("sekretariat@eksempel.dk", "Status skal offentliggøres i dag"),
    ]
    failed = await running.service.db.collection(SHIPMENTS).find({"state": "failed"})
    assert {(one["role"], one["reason"]) for one in failed} == {("management", "no-address"), ("press", "no-address")}


async def test_a_mandate_that_names_somebody_without_an_address_is_a_problem_at_once(
    house: House, running: Running
) -> None:
    milestone = Milestone(
        id="status-3",
        title=TITLE,
        wording="within",
        months=3,
        tell=("officers", "secretariat"),
        escalation=(Escalation(days_overdue=15, tell=("council", "management")),),
    )
    await house.say(announced().model_copy(update={"milestones": (milestone,)}))
    await house.settle()
    (problem,) = await running.service.db.collection(PROBLEMS).find({"kind": "audience-unreachable"})
    assert (problem["assembly"], problem["about"]) == (ASSEMBLY, {"role": "management"})


async def test_who_slept_for_months_is_sent_the_last_word_of_each_deadline_and_not_forty(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.move_clock(datetime(2026, 6, 16, 8, 0, tzinfo=UTC))
    due, days = date(2025, 9, 17), [*range(1, 274, 7)]
    facts: list[StatusDue | StatusOverdue] = [StatusDue(**DUE, on=due, next_on=due + timedelta(days=1))]
    facts += [
        StatusOverdue(**DUE, on=due + timedelta(days=d), next_on=due + timedelta(days=d + 7), days_overdue=d)
        for d in days
    ]
    for fact in facts:
        await house.say(fact)
    await house.settle()
    assert len(facts) == 40
    assert facts[-1].next_on == date(2026, 6, 18)
    (mail,) = await standin.mails()
    assert "overskredet med 267 dage" in mail["text"]
    kept = await running.service.db.collection(SHIPMENTS).find({"reason": "outdated"})
    assert len(kept) == 39, "on record, and not sent"
    assert {one["state"] for one in kept} == {"cancelled"}, "nothing has failed"


async def test_who_was_promised_a_day_is_told_that_it_is_moved_and_why(
    house: House, running: Running, standin: StandIn
) -> None:
    await draw(house, [1], [2])
    fact = CommitmentExtended(
        **(DUE | {"due_on": date(2025, 10, 17)}),
        previous_due_on=date(2025, 9, 17),
        extended_on=date(2025, 9, 1),
        reason="Budgettet vedtages i oktober.\nDet er {ikke} før **klart**.",
        path="/opfoelgning/dragoer-2025#milestones",
    )
    for _ in range(2):
        await house.say(fact, event_id="6f2f1c4e-52a1-4f0e-9f5e-0d3c6d1f0b77")
    await house.settle()
    assert await codes(standin, 1) == ["drawn", "status-extended"]
    assert await codes(standin, 2) == ["alternate"]
    text = (await standin.inbox(1))[-1]["text"]
    (mail,) = await standin.mails()
    assert mail["to"] == "officer@eksempel.dk"
    for said in (text, mail["text"]):
        for words in ("17. september 2025", "Den nye frist er 17. oktober 2025", "Det er {ikke} før **klart**."):
            assert words in said


async def test_a_mail_is_sent_until_the_day_of_the_next_begins_in_denmark(
    house: House, running: Running, standin: StandIn
) -> None:
    fact = StatusDueSoon(**DUE, days_left=14, on=date(2025, 9, 3), next_on=date(2025, 9, 10))
    await house.move_clock(datetime(2025, 9, 9, 21, 59, tzinfo=UTC))  # a minute before midnight, and summer time
    await house.say(fact)
    await house.settle()
    await house.move_clock(datetime(2025, 9, 9, 22, 0, tzinfo=UTC))
    await house.say(fact.model_copy(update={"commitment": "c2"}))
    await house.settle()
    assert len(await standin.mails()) == 1


async def test_the_trace_of_a_sign_up_ends_at_the_sending_of_its_receipt(
    house: House, running: Running, tmp_path: Path
) -> None:
    await sign_up(house, 1)
    (shipment,) = await running.service.db.collection(SHIPMENTS).find({"template": "receipt"})
    await running.stop()
    spans = [json.loads(line) for line in (tmp_path / "traces.jsonl").read_text("utf-8").splitlines()]
    (heard,) = [span for span in spans if span["name"] == "hear registration.registrant-signed-up.v1"]
    (sent,) = [span for span in spans if span["name"] == "send receipt"]
    assert sent["trace_id"] == heard["trace_id"]
    assert sent["parent_id"] == heard["span_id"]
    assert sent["attributes"] == {"shipment": shipment["_id"], "channel": "digital-post"}


async def test_what_is_stored_holds_nobodys_name_number_or_address(
    house: House, running: Running, standin: StandIn
) -> None:
    await sign_up(house, 1)
    await draw(house, [1], [])
    stored = str(await running.service.db.collection(SHIPMENTS).find({}))
    assert person_id(1) in stored
    for personal in ("Åse", "Strandlinien", cpr(1), "token", "/l/"):
        assert personal not in stored


@pytest.mark.parametrize(
    ("language", "words"), [("da", "Kvitteringer for tilmelding"), ("en", "Sign-up confirmations")]
)
async def test_the_page_shows_numbers_and_no_person(house: House, running: Running, language: str, words: str) -> None:
    await sign_up(house, 1, 2)
    page = await running.http.get("/post", params={"sprog": language})
    assert page.status_code == 200
    assert words in page.text
    assert person_id(1) not in page.text


async def test_the_page_is_there_before_any_assembly_is(house: House, standin: StandIn, tmp_path: Path) -> None:
    running = await house.start(build, Settings, digital_post={"url": standin.url}, letters={"folder": tmp_path})
    assert "Der er ikke offentliggjort en borgersamling endnu" in (await running.http.get("/post")).text
