"""A member's one-time code on its way: in Digital Post alone, asked for at the moment of sending, never late."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from contracts.recipients import SUBJECT, Recipients
from contracts.registration import SignInCodeIssued
from notifications.bootstrap import build
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support.house import House, Running
from support.notifying import ASSEMBLY, LINKS, NOW, StandIn, announced, person_id, recipients

pytestmark = pytest.mark.integration

CODE, CODE_ID, OLD_ID = "042917", "c0de" * 8, "01d0" * 8
FAILED = "notifications.shipment-failed.v1"


class Registration:
    """In registration's place: it knows which codes can still be used."""

    def __init__(self, *live: str) -> None:
        self.live = live
        self.asked: list[list[str]] = []

    def answer(self, question: dict[str, Any]) -> Recipients:
        self.asked.append(question["code_ids"])
        known: Recipients = recipients(range(3))(question)
        return known.model_copy(update={"codes": {one: CODE for one in question["code_ids"] if one in self.live}})


async def start(house: House, standin: StandIn, tmp_path: Path, registration: Registration) -> Running:
    await house.answer(SUBJECT, registration.answer)
    running = await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        telemetry={"traces_file": tmp_path / "traces.jsonl"},
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    await house.move_clock(NOW)
    await house.say(announced())
    await house.settle()
    return running


def issued(code_id: str = CODE_ID, minutes: int = 30, person: int = 1) -> SignInCodeIssued:
    expires_at = NOW + timedelta(minutes=minutes)
    return SignInCodeIssued(assembly=ASSEMBLY, person=person_id(person), code_id=code_id, expires_at=expires_at)


async def test_a_member_finds_the_code_in_digital_post_and_nowhere_else(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    registration = Registration(CODE_ID)
    running = await start(house, standin, tmp_path, registration)
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            await house.say(issued(), event_id="6f2f1c4e-52a1-4f0e-9f5e-0d3c6d1f0b99")
        await house.settle()
    [message] = await standin.inbox(1)
    assert message["code"] == "sign-in-code"
    assert CODE in message["text"]
    assert CODE not in message["subject"], "a subject is shown on locked screens"
    assert "Giv aldrig koden til andre, heller ikke til sekretariatet" in message["text"]
    assert f"{LINKS}/tilmelding/l/token00000001/medlem/kode" in str(message["actions"])
    assert registration.asked == [[CODE_ID]]
    shipments = await running.service.db.collection(SHIPMENTS).find({})
    assert [shipment["fields"]["code_id"] for shipment in shipments] == [CODE_ID]
    await running.stop()
    traces = (tmp_path / "traces.jsonl").read_text(encoding="utf-8")
    outbox = [await house.heard(name) for name in (FAILED, "notifications.shipment-delivered.v1")]
    for place in (repr(shipments), repr(lines), traces, repr(outbox)):
        assert CODE not in place


async def test_who_has_no_digital_post_gets_no_code_on_paper(house: House, standin: StandIn, tmp_path: Path) -> None:
    standin.options.exempt_share = 1.0
    await start(house, standin, tmp_path, Registration(CODE_ID))
    await house.say(issued())
    await house.settle()
    [failed] = await house.heard(FAILED)
    assert (failed["template"], failed["reason"], failed["person"]) == (
        "sign-in-code",
        "no-digital-post",
        person_id(1),
    )
    assert list((tmp_path / "letters").glob("*")) == []


async def test_a_code_that_a_newer_one_ended_is_not_sent(house: House, standin: StandIn, tmp_path: Path) -> None:
    await start(house, standin, tmp_path, Registration(CODE_ID))
    await house.say(issued(OLD_ID))
    await house.say(issued())
    await house.settle()
    assert len(await standin.inbox(1)) == 1
    assert [fact["reason"] for fact in await house.heard(FAILED)] == ["outdated"]


async def test_a_code_that_has_expired_is_not_sent(house: House, standin: StandIn, tmp_path: Path) -> None:
    registration = Registration(CODE_ID)
    await start(house, standin, tmp_path, registration)
    await house.say(issued(minutes=-1))
    await house.settle()
    assert await standin.inbox(1) == []
    assert [fact["reason"] for fact in await house.heard(FAILED)] == ["outdated"]
    assert registration.asked == [], "nor asked for"
