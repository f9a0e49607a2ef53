"""Invitations on their way: everyone gets exactly one, whatever goes wrong between."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from borgersamling.standin.people import is_exempt
from contracts.recipients import SUBJECT, Recipients
from contracts.registration import InvitationIssued, PersonErased
from notifications.channels.digital_post import DigitalPost
from notifications.domain.shipment import State, Step
from notifications.repository.shipments import SHIPMENTS, UNMATCHED
from notifications.settings import DigitalPostSettings
from support.house import House
from support.notifying import ASSEMBLY, NOW, StandIn, announced, cpr, message, person_id, recipients, standing_in
from support.posting import by_state, counts, invite, start

pytestmark = pytest.mark.integration


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path / "standin") as running:
        yield running


def exempt(numbers: range) -> list[int]:
    return [n for n in numbers if is_exempt(cpr(n), "2025", 0.07)]


def letters(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "letters").glob("*"))


async def test_300_residents_are_each_reached_once_by_digital_post_or_letter(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(300)
    await house.answer(SUBJECT, recipients(everyone))
    running = await start(house, standin, tmp_path, batch_size=50)
    await house.say(announced())
    await invite(house, everyone)
    await house.settle()
    by_letter = len(exempt(everyone))
    assert 0 < by_letter < 60
    shipments = (await counts(running))["by_template"]["invitation"]
    assert shipments["people"] == shipments["total"] == 300
    assert (shipments["delivered"], shipments["letters_dispatched"]) == (300 - by_letter, by_letter)
    assert (shipments["failed"], shipments["waiting"]) == (0, 0)
    seen = await standin.counts()
    assert (seen["messages"], seen["people"]) == (300 - by_letter, 300 - by_letter)
    assert seen["receipts_waiting"] == 0
    assert len(letters(tmp_path)) == by_letter
    delivered = await house.heard("notifications.shipment-delivered.v1")
    dispatched = await house.heard("notifications.letter-dispatched.v1")
    told = [fact["person"] for fact in (*delivered, *dispatched)]
    assert sorted(told) == sorted(person_id(n) for n in everyone)


async def test_a_resident_invited_twice_gets_one_invitation(house: House, standin: StandIn, tmp_path: Path) -> None:
    await house.answer(SUBJECT, recipients(range(3)))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    fact = InvitationIssued(assembly=ASSEMBLY, person=person_id(1))
    event = await house.say(fact)
    await house.settle()
    await house.say(fact, event_id=event)
    await house.say(fact)
    await house.settle()
    assert (await counts(running))["shipments"]["total"] == 1
    assert len(await standin.inbox(1)) == 1


async def test_a_message_that_was_taken_but_not_answered_is_not_doubled(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(12)
    standin.options.exempt_share, standin.options.silent_share, standin.options.silent_seconds = 0.0, 1.0, 2.0
    await house.answer(SUBJECT, recipients(everyone))
    # The receipts come late: the first answer to the doubt is to send again, under the same UUID.
    standin.options.receipt_seconds = 6.0
    post = {"url": standin.url, "timeout_seconds": 0.5, "connections": 16}
    running = await start(house, standin, tmp_path, digital_post=post)
    await house.say(announced())
    await invite(house, everyone)
    async with asyncio.timeout(60):
        while (await by_state(running)).get(State.UNKNOWN, 0) < len(everyone):
            await asyncio.sleep(0.05)
    standin.options.silent_share = 0.0
    await house.settle()
    assert (await counts(running))["shipments"]["delivered"] == len(everyone)
    assert (await standin.counts())["messages"] == len(everyone)


async def test_a_busy_digital_post_is_asked_again_until_it_takes_every_message(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(40)
    standin.options.exempt_share, standin.options.unavailable_share = 0.0, 0.3
    standin.options.repeated_receipt_share = 0.5
    await house.answer(SUBJECT, recipients(everyone))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, everyone)
    await house.settle()
    assert (await counts(running))["shipments"]["delivered"] == len(everyone)
    seen = await standin.counts()
    assert (seen["messages"], seen["people"]) == (len(everyone), len(everyone))
    assert len(await house.heard("notifications.shipment-delivered.v1")) == len(everyone)


async def test_a_look_up_that_fails_never_leads_to_a_letter(house: House, standin: StandIn, tmp_path: Path) -> None:
    everyone = range(20)
    standin.options.exempt_share, standin.options.look_up_unavailable_share = 0.0, 1.0
    await house.answer(SUBJECT, recipients(everyone))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, everyone)
    shipments = running.service.db.collection(SHIPMENTS)
    async with asyncio.timeout(60):
        while await shipments.count({"reason": "look-up-failed"}) < len(everyone):
            await asyncio.sleep(0.05)
    assert await by_state(running) == {State.CREATED: len(everyone)}
    standin.options.look_up_unavailable_share = 0.0
    await house.settle()
    assert letters(tmp_path) == []
    assert (await counts(running))["shipments"]["delivered"] == len(everyone)


async def test_someone_whose_number_digital_post_refuses_has_failed_and_gets_no_letter(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    def real_looking(question: dict[str, Any]) -> Recipients:
        answer: Recipients = recipients(range(1))(question)
        return Recipients(recipients=(answer.recipients[0].model_copy(update={"cpr": "0101501234"}),))

    await house.answer(SUBJECT, real_looking)
    await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(1))
    await house.settle()
    (failed,) = await house.heard("notifications.shipment-failed.v1")
    assert failed["reason"] == "standin.real.person"
    assert letters(tmp_path) == []


async def test_a_message_that_digital_post_finds_invalid_later_has_failed_with_its_reason(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.exempt_share, standin.options.invalid_share = 0.0, 1.0
    await house.answer(SUBJECT, recipients(range(1)))
    await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(1))
    await house.settle()
    (failed,) = await house.heard("notifications.shipment-failed.v1")
    assert (failed["reason"], failed["person"], failed["channel"]) == ("memo.invalid", person_id(0), "digital-post")


async def test_wrong_credentials_hold_the_post_back_and_fail_nobody(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.exempt_share, standin.options.credentials = 0.0, "changed"
    await house.answer(SUBJECT, recipients(range(2)))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(2))
    shipments = running.service.db.collection(SHIPMENTS)
    async with asyncio.timeout(60):
        while await shipments.count({"attempts": {"$gt": 0}}) < 2:
            await asyncio.sleep(0.05)
    assert (await counts(running))["shipments"]["failed"] == 0
    standin.options.credentials = "local-system"
    await house.settle()
    assert (await counts(running))["shipments"]["delivered"] == 2


async def test_someone_erased_before_the_sending_is_not_written_to(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    await house.answer(SUBJECT, recipients(range(1, 3)))  # registration does not know number 0 any more
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(3))
    await house.settle()
    (failed,) = await house.heard("notifications.shipment-failed.v1")
    assert (failed["reason"], failed["person"]) == ("recipient-unknown", person_id(0))
    seen = (await counts(running))["shipments"]
    assert (seen["total"], seen["failed"]) == (3, 1)
    assert await standin.inbox(0) == []


async def test_erasure_cancels_what_waits_and_cuts_the_id_out_of_what_was_sent(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.exempt_share = 0.0
    await house.answer(SUBJECT, recipients(range(2)))
    running = await start(house, standin, tmp_path)
    shipments = running.service.db.collection(SHIPMENTS)
    await invite(house, range(2))  # not announced yet: they wait
    async with asyncio.timeout(60):
        while await shipments.count({"reason": "assembly-unknown"}) < 2:
            await asyncio.sleep(0.05)
    await house.say(PersonErased(assembly=ASSEMBLY, person=person_id(0)))
    async with asyncio.timeout(60):
        while await shipments.count({"person": None}) < 1:
            await asyncio.sleep(0.05)
    await house.say(announced())
    await house.settle()
    assert await by_state(running) == {State.FAILED: 1, State.DELIVERED: 1}
    (failed,) = await house.heard("notifications.shipment-failed.v1")
    assert failed["reason"] == "erased"
    assert await shipments.count({"person": person_id(0)}) == 0


async def test_nobody_answers_for_registration_and_the_post_waits(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(3))
    shipments = running.service.db.collection(SHIPMENTS)
    async with asyncio.timeout(60):
        while await shipments.count({"reason": "recipients-unresolved"}) < 3:
            await asyncio.sleep(0.05)
    await house.answer(SUBJECT, recipients(range(3)))
    await house.settle()
    seen = (await counts(running))["shipments"]
    assert seen["delivered"] + seen["letters_dispatched"] == 3


async def test_a_sender_that_ends_in_the_middle_is_followed_under_the_same_uuid(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(30)
    # Taken there and not answered: when the sender ends, each message is accepted and still SENDING here.
    standin.options.exempt_share, standin.options.silent_share, standin.options.silent_seconds = 0.0, 1.0, 60.0
    await house.answer(SUBJECT, recipients(everyone))
    post = {"url": standin.url, "timeout_seconds": 300.0, "connections": 30}
    first = await start(house, standin, tmp_path, digital_post=post, lease_seconds=2.0, receipt_seconds=600.0)
    await house.say(announced())
    await invite(house, everyone)
    async with asyncio.timeout(60):
        while (await standin.counts())["messages"] < len(everyone):
            await asyncio.sleep(0.05)
    assert await by_state(first) == {State.SENDING: len(everyone)}
    await first.stop()
    standin.options.silent_share = 0.0
    second = await start(house, standin, tmp_path, lease_seconds=2.0)
    await house.settle()
    assert await by_state(second) == {State.DELIVERED: len(everyone)}
    assert (await standin.counts())["messages"] == len(everyone)


async def test_two_replicas_share_the_post_and_send_nothing_twice(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(120)
    standin.options.same_uuid = "deliver-again"  # nothing hides a second sending
    await house.answer(SUBJECT, recipients(everyone))
    running = await start(house, standin, tmp_path, batch_size=10)
    await start(house, standin, tmp_path, batch_size=10)
    await house.say(announced())
    await invite(house, everyone)
    await house.settle()
    seen, told = await standin.counts(), (await counts(running))["shipments"]
    assert (seen["messages"], seen["people"]) == (told["delivered"], told["delivered"])
    assert told["delivered"] + told["letters_dispatched"] == len(everyone)


async def test_a_receipt_that_is_overdue_is_noticed_and_still_counts_when_it_comes(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.exempt_share, standin.options.receipt_seconds = 0.0, 4.0
    await house.answer(SUBJECT, recipients(range(2)))
    running = await start(house, standin, tmp_path, overdue_hours=0.0001)
    await house.say(announced())
    await invite(house, range(2))
    async with asyncio.timeout(60):
        while await by_state(running) != {State.OVERDUE: 2}:
            running.service.poke("overdue")
            await asyncio.sleep(0.05)
    async with asyncio.timeout(60):
        while await by_state(running) != {State.DELIVERED: 2}:
            await asyncio.sleep(0.05)


async def test_a_receipt_for_a_message_that_is_not_ours_is_kept_for_a_look_and_acknowledged(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await start(house, standin, tmp_path)
    out = message("receipt")
    stranger = DigitalPost(DigitalPostSettings(url=standin.url))
    (outcome,) = await stranger.send([out], NOW)
    await stranger.close()
    assert outcome.steps == (Step.ACCEPTED, Step.RECEIVED)
    unmatched = running.service.db.collection(UNMATCHED)
    async with asyncio.timeout(60):
        while await unmatched.count({"message_uuid": out.message_uuid}) < 1:
            await asyncio.sleep(0.05)
        while (await standin.counts())["receipts_waiting"]:
            await asyncio.sleep(0.05)
    assert (await counts(running))["shipments"]["total"] == 0
