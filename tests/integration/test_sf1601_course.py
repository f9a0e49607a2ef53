"""The whole course over Serviceplatformen: from an invitation to its receipt, and a letter out of the house."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from borgersamling.standin.receipts import Receipt
from borgersamling.standin.sf1601.post_status import pushed
from contracts.recipients import SUBJECT
from notifications.beskedfordeler import PATH
from notifications.domain.shipment import State
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS
from support.certificates import Authority, Signed
from support.house import House, Running
from support.notifying import StandIn, announced, person_id, recipients, standing_in
from support.posting import invite, start, the_shipment, until

pytestmark = pytest.mark.integration

COURSE = ("accepted", "received", "delivered")
CVR = "12345678"


@pytest.fixture
def beskedfordeler(tmp_path: Path) -> Signed:
    return Authority(tmp_path / "certificates").sign("beskedfordeler")


@pytest.fixture
async def standin(tmp_path: Path, beskedfordeler: Signed) -> AsyncIterator[StandIn]:
    pushes = {"push_certificate": beskedfordeler.file}
    async with standing_in(tmp_path / "standin", exempt_share=0.0, sf1601=pushes) as running:
        yield running


@asynccontextmanager
async def post(house: House, standin: StandIn, folder: Path, trusted: Signed) -> AsyncIterator[Running]:
    """Start notifications with a port of its own, and have receipts pushed there."""
    way = {"way": "sf1601", "platform_url": standin.url, "issuer_url": standin.url, "timeout_seconds": 2.0}
    way |= {"receipts_from": [trusted.fingerprint], "letter_kind": 265}
    known = {"url": "http://127.0.0.1:9", "sender_cvr": CVR}
    running = await start(house, standin, folder, digital_post=known, sf1601=way)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(running.app, lifespan="off", log_level="error", access_log=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    standin.options.sf1601.push_url = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
    try:
        yield running
    finally:
        standin.options.sf1601.push_url = ""
        server.should_exit = True
        await task


def a_push(cvr: str = "87654321") -> bytes:
    """Return a receipt for a message nobody sent, and by default for another municipality."""
    message, transmission = "8853363b-43ec-4d0a-a54d-65447f9447ed", "1ab6eb87-a457-4ad3-8952-ed8f18a1676a"
    told = Receipt("bd12c645-de98-453a-ac80-f58a76942eda", message, transmission, "Afleveret Digital Post", None, 0.0)
    return pushed(told, cvr, "2025-02-13T11:22:05.154Z", letter=False)


def courses(shipment: dict[str, Any]) -> list[str]:
    return [entry["state"] for entry in shipment["history"]]


async def problems(running: Running) -> list[dict[str, Any]]:
    return list(await running.service.db.collection(PROBLEMS).find({}))


async def test_an_invitation_is_accepted_and_delivered_when_its_receipt_is_pushed(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    standin.options.receipt_seconds = 0.5
    await house.answer(SUBJECT, recipients(range(3)))
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        await house.say(announced())
        await invite(house, range(1))
        await until(running, 1, state=State.DELIVERED.value)
        shipment = await the_shipment(running)
        states = courses(shipment)
        # A receipt may overtake our own note of the answer, which then changes nothing.
        passed = [state for state in states if state in COURSE]
        assert passed == sorted(passed, key=COURSE.index)
        assert passed[-1] == "delivered"
        assert shipment["transmission"]
        assert len(shipment["receipts"]) == 2
        assert len(await standin.inbox(0)) == 1
        assert await problems(running) == []


async def test_who_is_exempt_gets_a_letter_that_is_at_the_printers_and_then_posted(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    standin.options.exempt_share, standin.options.receipt_seconds = 1.0, 0.5
    await house.answer(SUBJECT, recipients(range(3)))
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        await house.say(announced())
        await invite(house, range(1))
        await until(running, 1, state=State.DISPATCHED.value)
        states = courses(await the_shipment(running))
        assert states.index("accepted") < states.index("at-printer") < states.index("dispatched")
        assert not (tmp_path / "letters").exists()
    (fact,) = await house.heard("notifications.letter-dispatched.v1")
    assert fact["person"] == person_id(0)


async def test_forty_invitations_end_once_each_though_receipts_come_twice_late_and_in_any_order(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    options = standin.options
    options.exempt_share, options.repeated_receipt_share, options.reordered_receipt_share = 0.25, 0.5, 0.5
    options.late_receipt_share, options.late_receipt_seconds, options.unavailable_share = 0.5, 0.5, 0.2
    options.sf1601.token_works_seconds = 0.5
    await house.answer(SUBJECT, recipients(range(40)))
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        await house.say(announced())
        await invite(house, range(40))
        ended = {"$in": [State.DELIVERED.value, State.DISPATCHED.value]}
        await until(running, 40, poke="dispatch", state=ended)
        by_letter = await running.service.db.collection(SHIPMENTS).count({"channel": "letter"})
        assert 0 < by_letter < 40
        assert (await standin.counts())["messages"] == 40 - by_letter
        assert await problems(running) == []


async def test_a_forged_push_is_refused_changes_nothing_and_is_a_problem(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    await house.answer(SUBJECT, recipients(range(3)))
    stranger = Authority(tmp_path / "elsewhere", "elsewhere").sign("stranger")
    headers = {"ssl-client-cert": stranger.header}
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        for given in ({}, headers):
            answer = await running.http.post(PATH, content=a_push(), headers=given)
            assert (answer.status_code, b">40<" in answer.content) == (401, True)
        (problem,) = await problems(running)
        assert (problem["kind"], problem["times"]) == ("receipt-forged", 2)
        assert await running.service.db.collection("unmatched_receipts").count({}) == 0


async def test_a_push_for_another_municipality_is_not_taken_and_says_which_rule_it_breaks(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    headers = {"ssl-client-cert": beskedfordeler.header}
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        answer = await running.http.post(PATH, content=a_push(), headers=headers)
        assert (answer.status_code, b">40<" in answer.content) == (400, True)
        (problem,) = await problems(running)
        broken = {"element": "TilladtModtager", "rule": "it must name this municipality"}
        assert problem["about"] == {"door": "beskedfordeler", "why": "unreadable"} | broken


async def test_a_receipt_for_a_message_nobody_sent_is_kept_and_taken_so_that_it_does_not_come_again(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    headers = {"ssl-client-cert": beskedfordeler.header}
    ours = a_push(CVR)
    async with post(house, standin, tmp_path, beskedfordeler) as running:
        for _ in range(2):
            answer = await running.http.post(PATH, content=ours, headers=headers)
            assert (answer.status_code, b">20<" in answer.content) == (200, True)
        assert [problem["kind"] for problem in await problems(running)] == ["receipt-unknown"]
        assert await running.service.db.collection("unmatched_receipts").count({}) == 1


async def test_where_post_goes_another_way_the_door_is_closed(
    house: House, standin: StandIn, tmp_path: Path, beskedfordeler: Signed
) -> None:
    running = await start(house, standin, tmp_path, sf1601={"receipts_from": [beskedfordeler.fingerprint]})
    answer = await running.http.post(PATH, content=a_push(), headers={"ssl-client-cert": beskedfordeler.header})
    assert answer.status_code == 404
