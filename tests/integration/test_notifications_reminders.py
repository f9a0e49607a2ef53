"""Reminders of the invitation, new invitations after a revoked link, and people without a CPR number."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from contracts.notifications import SIGN_IN_CODE
from contracts.recipients import SUBJECT, Recipients
from contracts.registration import (
    InvitationIssued,
    InvitationReminded,
    SignInCodeIssued,
)
from notifications.bootstrap import build
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support.house import House, Running
from support.notifying import (
    ASSEMBLY,
    FIELDS,
    NOW,
    StandIn,
    announced,
    assembly,
    person_id,
    recipient,
    recipients,
)

pytestmark = pytest.mark.integration
DEADLINE = assembly().sign_up_closes_at


@pytest.fixture
async def running(house: House, standin: StandIn, tmp_path: Path) -> Running:
    running = await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    await house.move_clock(NOW)
    return running


async def say_twice(house: House, *facts: Any) -> None:
    """Say each as facts may come: twice, and once more in another event."""
    for fact in facts:
        event = await house.say(fact)
        await house.say(fact, event_id=event)
        await house.say(fact)


def reminded(number: int, reminder: int = 1) -> InvitationReminded:
    return InvitationReminded(assembly=ASSEMBLY, person=person_id(number), reminder=reminder)


async def until(running: Running, collection: str, number: int, **where: Any) -> None:
    """Wait until so many documents are as they should be."""
    async with asyncio.timeout(20):
        while await running.service.db.collection(collection).count(where) < number:
            await asyncio.sleep(0.05)


async def codes(standin: StandIn, number: int) -> list[str]:
    return [message["code"] for message in await standin.inbox(number)]


async def failures(house: House) -> set[tuple[str, str]]:
    failed = await house.heard("notifications.shipment-failed.v1")
    return {(fact["person"], fact["reason"]) for fact in failed}


async def test_each_reminder_is_one_message_however_often_it_is_said(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.answer(SUBJECT, recipients(range(3)))
    await house.say(announced())
    await say_twice(house, InvitationIssued(assembly=ASSEMBLY, person=person_id(1)))
    await house.settle()
    await say_twice(house, reminded(1))
    await house.settle()
    await say_twice(house, reminded(1, 2))
    await house.settle()
    assert await codes(standin, 1) == ["invitation", "reminder", "reminder"]
    assert "Påmindelser om invitationen" in (await running.http.get("/post")).text


async def test_nobody_is_reminded_who_has_answered_yes_or_no_in_the_meantime(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.say(announced())
    await house.settle()
    await say_twice(house, *(reminded(number) for number in (1, 2, 3)))
    await until(running, SHIPMENTS, 3, reason="recipients-unresolved")  # registration does not answer yet
    await house.answer(SUBJECT, recipients(range(5), answered=(1, 2)))
    await house.settle()
    assert [await codes(standin, number) for number in (1, 2, 3)] == [[], [], ["reminder"]]
    assert await failures(house) == {(person_id(1), "outdated"), (person_id(2), "outdated")}


async def test_nobody_is_reminded_after_the_deadline(house: House, running: Running, standin: StandIn) -> None:
    await house.say(announced())
    await house.say(reminded(1))
    await until(running, SHIPMENTS, 1, reason="recipients-unresolved")
    await house.move_clock(DEADLINE)
    await house.answer(SUBJECT, recipients(range(3)))
    await house.settle()
    assert await codes(standin, 1) == []
    assert await failures(house) == {(person_id(1), "outdated")}


async def test_a_reminder_heard_before_its_assembly_waits_for_it(
    house: House, running: Running, standin: StandIn
) -> None:
    await house.answer(SUBJECT, recipients(range(3)))
    await house.say(reminded(1))
    await house.say(announced())
    await house.settle()
    assert await codes(standin, 1) == ["reminder"]


async def test_a_new_link_comes_in_a_new_invitation_once(house: House, running: Running, standin: StandIn) -> None:
    await house.answer(SUBJECT, recipients(range(3)))
    await house.say(announced())
    for generation in (1, 2, 2):
        await say_twice(house, InvitationIssued(assembly=ASSEMBLY, person=person_id(1), generation=generation))
    await house.settle()
    assert await codes(standin, 1) == ["invitation", "invitation"]


def without_cpr(numbers: Iterable[int]) -> Any:
    """Answer in registration's place for residents whom the roll knows by birth date alone."""
    people = [recipient(number).model_copy(update={"cpr": ""}) for number in numbers]
    return lambda question: Recipients(
        recipients=tuple(people), codes=dict.fromkeys(question.get("code_ids", ()), "012345")
    )


async def test_who_has_no_cpr_number_gets_a_letter_and_is_never_looked_up(
    house: House, running: Running, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.look_up_unavailable_share = 1.0  # whoever is looked up waits
    await house.answer(SUBJECT, without_cpr([1]))
    await house.say(announced())
    await house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(1)))
    await house.settle()
    [shipment] = await running.service.db.collection(SHIPMENTS).find({})
    assert (shipment["channel"], shipment["state"], shipment["attempts"]) == ("letter", "dispatched", 1)
    assert [letter.stem for letter in (tmp_path / "letters").iterdir()] == [shipment["_id"]]


async def test_a_code_to_who_has_no_cpr_number_fails_and_is_not_put_on_paper(
    house: House, running: Running, tmp_path: Path
) -> None:
    await house.answer(SUBJECT, without_cpr([1]))
    await house.say(announced())
    code = FIELDS[SIGN_IN_CODE]
    await house.say(
        SignInCodeIssued(assembly=ASSEMBLY, person=person_id(1), code_id=code["code_id"], expires_at=code["expires"])
    )
    await house.settle()
    assert await failures(house) == {(person_id(1), "no-digital-post")}
    assert not (tmp_path / "letters").exists()
