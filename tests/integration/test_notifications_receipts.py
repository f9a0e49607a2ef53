"""Receipts fetched and pushed: late, doubled, in disorder, unknown, contradicting and forged."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog

from borgersamling.standin.store import Store
from contracts.recipients import SUBJECT
from notifications.domain.shipment import State
from notifications.receipt_push import PATH
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS, UNMATCHED
from notifications.use_cases import jobs
from support.house import House, Running
from support.notifying import StandIn, announced, recipients
from support.posting import CLERK, by_state, command, invite, start, taken, the_shipment, until

pytestmark = pytest.mark.integration
SECRET = "a-secret-that-only-the-provider-and-we-know"
PUSHED = {"pushed_receipts": {"secret": SECRET}}


async def invited(house: House, standin: StandIn, tmp_path: Path, people: int = 1, **settings: Any) -> Running:
    await house.answer(SUBJECT, recipients(range(people)))
    running = await start(house, standin, tmp_path, **settings)
    await house.say(announced())
    await invite(house, range(people))
    return running


async def awaiting(house: House, standin: StandIn, tmp_path: Path) -> tuple[Running, str]:
    """A message that is accepted and whose receipts are pushed; return its UUID too."""
    standin.options.missing_receipt_share = 1.0
    running = await invited(house, standin, tmp_path, **PUSHED)
    await until(running, 1, state={"$in": [State.ACCEPTED, State.RECEIVED]})
    return running, (await the_shipment(running))["message_uuid"]


def receipt(uuid: str, status: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": key or str(uuid4()), "messageUUID": uuid, "receiptStatus": status, "errorMessage": None} | more


async def push(running: Running, body: Any, secret: str | bytes | None = SECRET) -> httpx.Response:
    headers: Any = {"X-Receipt-Secret": secret} if secret is not None else {}
    return await running.http.post(PATH, json=body, headers=headers)


async def problems(running: Running) -> list[tuple[str, dict[str, str], int]]:
    found = await running.service.db.collection(PROBLEMS).find({}, sort=[("first_at", 1)])
    return [(one["kind"], one["about"], one["times"]) for one in found]


async def test_a_pushed_receipt_is_committed_before_it_is_answered(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running, uuid = await awaiting(house, standin, tmp_path)
    answer = await push(running, receipt(uuid, "COMPLETED", "r-1"))
    assert answer.status_code == 204
    after = await the_shipment(running)
    assert (after["state"], after["history"][-1]["receipt"]) == (State.DELIVERED, "r-1")
    assert await problems(running) == []


async def test_pushed_twice_late_and_in_disorder_it_is_delivered_once(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running, uuid = await awaiting(house, standin, tmp_path)
    end, before = receipt(uuid, "COMPLETED", "r-2"), receipt(uuid, "RECEIVED", "r-1")
    for body in (end, [end, before], before, [before, end]):
        assert (await push(running, body)).status_code == 204
    await house.settle()
    after = await the_shipment(running)
    assert (after["state"], sorted(after["receipts"])) == (State.DELIVERED, ["r-1", "r-2"])
    assert len(await house.heard("notifications.shipment-delivered.v1")) == 1
    assert await problems(running) == []


async def test_a_forged_push_changes_nothing_and_is_on_the_list(house: House, standin: StandIn, tmp_path: Path) -> None:
    running, uuid = await awaiting(house, standin, tmp_path)
    before = await the_shipment(running)
    with structlog.testing.capture_logs() as lines:
        for secret in (None, "", SECRET + "x", ("é" * 40).encode()):
            answer = await push(running, receipt(uuid, "COMPLETED"), secret)
            assert answer.status_code == 401
    assert await the_shipment(running) == before
    assert await problems(running) == [("receipt-forged", {"door": "ngdp", "why": "secret"}, 4)]
    assert sum(line["event"].startswith("a pushed receipt was refused") for line in lines) == 4
    assert uuid not in str(lines)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "receipt",
        {"id": "r-1", "messageUUID": "u", "receiptStatus": "SOMETHING-ELSE"},
        {"id": "r 1; drop", "messageUUID": "u", "receiptStatus": "COMPLETED"},
        {"id": 1, "messageUUID": "u", "receiptStatus": "COMPLETED"},
        [{"id": "r-1", "messageUUID": "u", "receiptStatus": "COMPLETED"}, {"id": "r-2"}],
    ],
)
async def test_what_is_no_receipt_is_refused_whole(house: House, standin: StandIn, tmp_path: Path, body: Any) -> None:
    running = await start(house, standin, tmp_path, **PUSHED)
    assert (await push(running, body)).status_code == 400
    assert await problems(running) == [("receipt-forged", {"door": "ngdp", "why": "unreadable"}, 1)]
    assert await running.service.db.collection(UNMATCHED).count({}) == 0


async def test_without_a_secret_in_the_settings_there_is_no_door(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await start(house, standin, tmp_path)
    assert (await push(running, receipt("u", "COMPLETED"), "")).status_code == 404
    assert (await push(running, receipt("u", "COMPLETED"))).status_code == 404


async def test_a_push_without_end_is_not_read_to_its_end(house: House, standin: StandIn, tmp_path: Path) -> None:
    running = await start(house, standin, tmp_path, **PUSHED)
    huge = [receipt("u", "COMPLETED", errorCode="x" * 100) for _ in range(3000)]
    assert (await push(running, huge)).status_code == 413


async def test_a_receipt_for_an_unknown_message_is_kept_and_on_the_list(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await start(house, standin, tmp_path, **PUSHED)
    for _ in range(2):
        assert (await push(running, receipt("somebody-elses", "INVALID", "r-9", errorCode="memo.invalid"))).is_success
    (kept,) = await running.service.db.collection(UNMATCHED).find({})
    assert (kept["_id"], kept["step"], kept["reason"]) == ("r-9", "failed", "memo.invalid")
    assert await problems(running) == [("receipt-unknown", {"message": "somebody-elses"}, 1)]


async def test_a_receipt_that_contradicts_changes_nothing_and_is_on_the_list(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running, uuid = await awaiting(house, standin, tmp_path)
    await push(running, receipt(uuid, "COMPLETED", "r-1"))
    await push(running, receipt(uuid, "INVALID", "r-2", errorCode="memo.invalid"))
    await push(running, receipt(uuid, "INVALID", "r-2", errorCode="memo.invalid"))
    after = await the_shipment(running)
    assert (after["state"], after["reason"]) == (State.DELIVERED, None)
    about = {"shipment": after["_id"], "said": "failed", "state": "delivered"}
    assert await problems(running) == [("receipt-contradicts", about, 1)]


async def test_an_old_receipt_does_not_end_what_was_sent_again(house: House, standin: StandIn, tmp_path: Path) -> None:
    running, uuid = await awaiting(house, standin, tmp_path)
    failed = receipt(uuid, "INVALID", "r-1", errorCode="memo.invalid")
    await push(running, failed)
    assert (await the_shipment(running))["state"] == State.FAILED
    standin.options.same_uuid = "deliver-again"
    await command(running, jobs.resend, (await the_shipment(running))["_id"], CLERK)
    await push(running, failed)
    running.service.poke("dispatch")
    await until(running, 1, state={"$in": [State.ACCEPTED, State.RECEIVED]})
    await push(running, failed)
    assert (await the_shipment(running))["state"] in {State.ACCEPTED, State.RECEIVED}
    await push(running, receipt(uuid, "COMPLETED", "r-2"))
    assert (await the_shipment(running))["state"] == State.DELIVERED
    assert {row["uuid"] for row in taken(standin)} == {uuid}


async def test_who_is_not_registered_after_all_gets_one_letter_under_a_uuid_of_its_own(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    people = 6
    standin.options.not_registered_share, standin.options.doubled_receipt_share = 1.0, 1.0
    standin.options.reordered_receipt_share = 1.0
    running = await invited(house, standin, tmp_path, people)
    await house.settle()
    assert await by_state(running) == {State.DISPATCHED: people}
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == people
    assert await running.service.db.collection(SHIPMENTS).count({"channel": "letter"}) == people
    assert len(await house.heard("notifications.letter-dispatched.v1")) == people
    assert await house.heard("notifications.shipment-failed.v1") == []
    assert await problems(running) == []


async def test_receipts_as_the_stand_in_writes_them_are_taken_when_they_are_pushed(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    people = 20
    standin.options.doubled_receipt_share = standin.options.reordered_receipt_share = 0.5
    standin.options.receipt_seconds = 3.0  # not there yet when they are asked for after the sending
    running = await invited(house, standin, tmp_path, people, receipt_seconds=600.0, **PUSHED)
    await until(running, people, state={"$in": [State.ACCEPTED, State.RECEIVED]})
    store = Store(standin.options.data)
    written, _ = store.receipts(time.time() + 60, 1000, 0)
    store.close()
    assert len(written) > people
    for one in written:
        assert (await push(running, one)).status_code == 204
    assert await by_state(running) == {State.DELIVERED: people}
    assert await problems(running) == []
