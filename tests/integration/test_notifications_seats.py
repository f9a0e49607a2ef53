"""What drawn people are written about their seat: the offer with its deadline, a reminder, a seat given back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.lottery import AnswerAwaited, MemberReplaced, PanelDrawn, SeatReturned
from contracts.recipients import SUBJECT
from notifications.bootstrap import build
from notifications.settings import Settings
from support.house import House, Running
from support.notifying import ASSEMBLY, NOW, StandIn, announced, person_id, recipients

pytestmark = pytest.mark.integration
BY = datetime(2025, 3, 24, 22, 59, tzinfo=UTC)
DRAWN = PanelDrawn(
    assembly=ASSEMBLY,
    draw="draw-1",
    pool_size=3,
    panel=(person_id(1),),
    alternates=(person_id(2),),
    composition=(),
    record_digest="0" * 64,
    answer_by=BY,
)


@pytest.fixture
async def running(house: House, standin: StandIn, tmp_path: Path) -> Running:
    await house.answer(SUBJECT, recipients(range(5)))
    running = await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        smtp={"port": standin.smtp_port},
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    await house.move_clock(min(NOW, BY - timedelta(days=3)))
    await house.say(announced())
    await house.say(DRAWN)
    await house.settle()
    return running


async def inbox(standin: StandIn, number: int) -> dict[str, str]:
    return {message["code"]: message["text"] for message in await standin.inbox(number)}


async def test_the_offer_says_until_when_to_answer(running: Running, standin: StandIn) -> None:
    assert "Svar senest 24. marts 2025" in (await inbox(standin, 1))["drawn"]


async def test_who_is_awaited_is_reminded_once_a_deadline(house: House, running: Running, standin: StandIn) -> None:
    awaited = AnswerAwaited(assembly=ASSEMBLY, people=(person_id(1),), answer_by=BY)
    for fact in (awaited, awaited, awaited.model_copy(update={"answer_by": BY + timedelta(days=7)})):
        await house.say(fact)
        await house.settle()
    codes = [message["code"] for message in await standin.inbox(1)]
    assert codes == ["drawn", "seat-reminder", "seat-reminder"]
    assert "24. marts 2025" in (await standin.inbox(1))[1]["text"]


async def test_nobody_is_reminded_after_the_deadline(house: House, running: Running, standin: StandIn) -> None:
    await house.move_clock(BY + timedelta(minutes=1))
    await house.say(AnswerAwaited(assembly=ASSEMBLY, people=(person_id(1),), answer_by=BY))
    await house.settle()
    assert list(await inbox(standin, 1)) == ["drawn"]


async def test_of_a_no_taken_back_both_are_told(house: House, running: Running, standin: StandIn) -> None:
    await house.say(MemberReplaced(assembly=ASSEMBLY, left=person_id(1), joined=person_id(2), answer_by=BY))
    await house.settle()
    await house.say(SeatReturned(assembly=ASSEMBLY, person=person_id(1), instead_of=person_id(2), answer_by=BY))
    await house.settle()
    assert list(await inbox(standin, 1)) == ["drawn", "seat-returned"]
    assert list(await inbox(standin, 2)) == ["alternate", "seat-taken-over", "seat-not-free"]
