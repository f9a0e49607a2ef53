"""Nobody knows whether it was taken: then it is asked, not sent again, and nobody gets two."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from contracts.recipients import SUBJECT
from notifications.domain.shipment import Shipment, State, Step
from notifications.repository.shipments import SHIPMENTS, new_document
from support.house import House
from support.notifying import ASSEMBLY, NOW, StandIn, person_id, recipients, standing_in
from support.posting import by_state, post_to, start, taken, the_shipment, until

pytestmark = pytest.mark.integration


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    # Nothing hides a second sending.
    async with standing_in(tmp_path / "standin", exempt_share=0.0, same_uuid="deliver-again") as running:
        yield running


def steps(shipment: dict[str, Any]) -> list[str]:
    return [entry["step"] for entry in shipment["history"]]


async def test_time_outs_after_accepting_and_dead_senders_give_nobody_two(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    people = 60
    standin.options.silent_share, standin.options.silent_seconds = 0.4, 1.0
    post = {"url": standin.url, "timeout_seconds": 0.4, "connections": 8}
    impatient = {"digital_post": post, "batch_size": 6, "lease_seconds": 1.5, "unknown_wait_seconds": 1.5}
    running = await post_to(house, standin, tmp_path, people, **impatient)
    for _ in range(3):  # killed in the middle, three times over
        await until(running, 5, state={"$in": [State.SENDING, State.UNKNOWN, State.DELIVERED]})
        await running.stop()
        running = await start(house, standin, tmp_path, **impatient)
    standin.options.silent_share = 0.1
    await house.settle()
    assert await by_state(running) == {State.DELIVERED: people}
    uuids = [row["uuid"] for row in taken(standin)]
    assert (len(uuids), len(set(uuids))) == (people, people)


async def test_what_a_dead_sender_left_waits_for_its_receipt_before_it_is_sent_again(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.silent_share, standin.options.silent_seconds = 1.0, 60.0
    post = {"url": standin.url, "timeout_seconds": 300.0, "connections": 2}
    first = await post_to(house, standin, tmp_path, 1, digital_post=post, lease_seconds=1.5, receipt_seconds=600.0)
    async with asyncio.timeout(60):
        while not taken(standin):
            await asyncio.sleep(0.05)
    await first.stop()
    standin.options.silent_share = 0.0
    await start(house, standin, tmp_path, lease_seconds=1.5)
    await house.settle()
    after = await the_shipment(house.running[0])
    assert (after["state"], len(taken(standin))) == (State.DELIVERED, 1)
    assert after["attempts"] == 1, "it was not sent again"


async def test_without_its_receipts_a_doubt_is_not_sent_again_however_long_it_waits(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.silent_share, standin.options.silent_seconds, standin.options.receipt_seconds = 1.0, 60.0, 0.0
    post = {"url": standin.url, "timeout_seconds": 1.0, "connections": 2}
    slow = {"unknown_wait_seconds": 0.5, "receipt_seconds": 600.0}
    running = await post_to(house, standin, tmp_path, 1, digital_post=post, **slow)
    async with asyncio.timeout(60):
        while not taken(standin):
            await asyncio.sleep(0.02)
    standin.options.silent_share, standin.options.credentials = 0.0, "changed"  # and no receipts are given out
    await until(running, 1, reason="receipts-unasked", attempts={"$gt": 2})
    assert len(taken(standin)) == 1
    standin.options.credentials = "local-system"
    await house.settle()
    assert await by_state(running) == {State.DELIVERED: 1}
    assert len(taken(standin)) == 1


async def test_a_message_that_was_never_taken_is_sent_again_after_the_doubt(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await post_to(house, standin, tmp_path, 0)
    one = new_document(Shipment(ASSEMBLY, "invitation", "invitation", person_id(0)), NOW, job="j", bulk=True)
    # Its sender died between its note of the sending and the call.
    died = {"state": State.SENDING, "channel": "digital-post", "lease": "dead", "attempts": 1}
    await running.service.db.collection(SHIPMENTS).insert(one | died)
    await house.answer(SUBJECT, recipients(range(1)))
    running.service.poke("dispatch")
    await house.settle()
    after = await the_shipment(running)
    assert steps(after)[1:4] == [Step.LOST, Step.SENDING, Step.ACCEPTED]
    assert [row["uuid"] for row in taken(standin)] == [after["message_uuid"]]


async def test_a_uuid_that_was_taken_before_is_a_message_that_was_taken(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.same_uuid, standin.options.broken_share = "refuse", 1.0
    standin.options.receipt_seconds = 4.0
    running = await post_to(house, standin, tmp_path, 1, unknown_wait_seconds=0.5)
    await until(running, 1, state=State.UNKNOWN)
    standin.options.broken_share = 0.0
    await until(running, 1, state=State.ACCEPTED)
    assert steps(await the_shipment(running))[-3:] == [Step.TIMED_OUT, Step.SENDING, Step.ACCEPTED]
    await house.settle()
    assert await by_state(running) == {State.DELIVERED: 1}
    assert len(taken(standin)) == 1
