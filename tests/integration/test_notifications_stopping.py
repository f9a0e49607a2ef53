"""What somebody has to look at: jobs that stop by themselves, and the list of problems."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import SystemClock
from contracts.recipients import SUBJECT, Recipients
from notifications.channels import ChannelName
from notifications.domain.bucket import Rate
from notifications.domain.shipment import State, Step
from notifications.rates import Rates
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases import jobs
from notifications.use_cases.recording import Happened, record
from support.house import House, Running
from support.notifying import NOW, StandIn, recipients
from support.posting import CLERK, by_state, command, invite, post_to, start, taken, the_job, until

pytestmark = pytest.mark.integration


async def problems(running: Running) -> list[dict[str, Any]]:
    return await running.service.db.collection(PROBLEMS).find({}, sort=[("kind", 1)])


async def stopped(running: Running) -> dict[str, Any]:
    await until(running, 1)
    async with asyncio.timeout(60):
        while (job := await the_job(running))["state"] != "stopped":
            await asyncio.sleep(0.05)
    return job


async def test_a_job_of_which_too_many_fail_stops_says_so_and_goes_on_when_it_is_resumed(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    people = 300
    standin.options.invalid_share, standin.options.receipt_seconds = 1.0, 0.0
    running = await post_to(house, standin, tmp_path, people, batch_size=10)
    job = await stopped(running)
    assert (job["reason"], job["log"][-1]["act"], job["log"][-1]["role"]) == ("too-many-failed", "stop", None)
    await until(running, 1, template="job-stopped", state=State.DELIVERED)
    (mail,) = await standin.mails()
    assert mail["to"] == "sekretariat@eksempel.dk"
    assert "Udsendelsen er standset: Invitationer" in mail["subject"]
    assert f"/post/job/{job['_id']}" in mail["text"]
    (problem,) = await problems(running)
    assert (problem["kind"], problem["about"], problem["times"]) == ("job-stopped", {"job": job["_id"]}, 1)
    waiting = (await by_state(running))[State.CREATED]
    assert waiting > people / 2, "the rest waits"
    standin.options.invalid_share = 0.0
    await command(running, jobs.resume, job["_id"], CLERK)
    running.service.poke("dispatch")
    await until(running, waiting, template="invitation", state=State.DELIVERED)
    assert (await the_job(running))["state"] == "running", "what failed before does not stop it again"


async def test_what_comes_to_nothing_for_a_moment_stops_no_job(house: House, standin: StandIn, tmp_path: Path) -> None:
    standin.options.unavailable_share = 0.5
    running = await post_to(house, standin, tmp_path, 60, batch_size=5)
    await house.settle()
    assert (await the_job(running))["state"] == "running"
    assert await by_state(running) == {State.DELIVERED: 60}
    assert await problems(running) == []


async def test_people_who_are_erased_or_have_answered_stop_no_job(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    await house.answer(SUBJECT, recipients(range(2)))
    running = await start(house, standin, tmp_path)
    await invite(house, range(2))
    await until(running, 2)
    first, second = await running.service.db.collection(SHIPMENTS).find({})
    gone = [
        Happened(first["_id"], (Step.FAILED,), reason="erased"),
        Happened(second["_id"], (Step.FAILED,), reason="x"),
    ]
    recorded = await command(running, record, gone)
    assert [(one.job, one.failed) for one in recorded.ended] == [(second["job"], True)]


async def test_a_provider_that_has_too_much_is_left_alone_by_every_replica(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.busy_share, standin.options.busy_seconds = 1.0, 3600
    running = await post_to(house, standin, tmp_path, 1)
    await until(running, 1, reason="http-429")
    other = await start(house, standin, tmp_path)
    standin.options.busy_share = 0.0
    await house.answer(SUBJECT, recipients(range(3)))
    await invite(house, range(1, 3))
    await until(running, 3)
    for _ in range(5):
        other.service.poke("dispatch")
        running.service.poke("dispatch")
        await asyncio.sleep(0.1)
    assert taken(standin) == []
    assert await by_state(running) == {State.CHANNEL_CHOSEN: 1, State.CREATED: 2}


async def test_two_replicas_share_one_limit(house: House, standin: StandIn, tmp_path: Path) -> None:
    running = await start(house, standin, tmp_path)

    class Still(SystemClock):
        def machine_now(self) -> datetime:
            return NOW

    limit: dict[ChannelName, Rate] = {"digital-post": Rate(10, burst=10)}
    replicas = [Rates(running.service.db, Still(), limit) for _ in range(2)]
    turns = await asyncio.gather(*(replicas[n % 2].turn("digital-post", 10) for n in range(5)))
    assert sorted(turn.seconds for turn in turns) == [0, 1, 2, 3, 4]
    too_far = [await replicas[0].turn("digital-post", 10) for _ in range(3)]
    assert [turn.taken for turn in too_far] == [True, False, False], "what is put back has taken nothing"
    assert (await replicas[1].turn("letter", 1000)).seconds == 0


async def test_refused_credentials_are_one_problem_however_often(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.forbidden_share = 1.0
    running = await post_to(house, standin, tmp_path, 2)
    await until(running, 2, attempts={"$gt": 2})
    (problem,) = await problems(running)
    assert problem["kind"] == "credentials-refused"
    assert problem["about"] == {"channel": "digital-post", "reason": "http-403"}
    assert problem["times"] > 1
    assert await running.service.db.collection(SHIPMENTS).count({"state": State.FAILED}) == 0


async def test_credentials_that_have_ended_are_the_same_problem_for_look_ups_and_receipts(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.credentials = "changed"
    running = await post_to(house, standin, tmp_path, 2)
    await until(running, 2, reason="http-401")
    async with asyncio.timeout(60):
        while (await problems(running))[0]["times"] < 3:
            await asyncio.sleep(0.05)
    (problem,) = await problems(running)
    assert problem["about"] == {"channel": "digital-post", "reason": "http-401"}
    standin.options.credentials = "local-system"
    await house.settle()
    assert await by_state(running) == {State.DELIVERED: 2}


async def test_an_address_the_printer_refuses_is_a_failure_and_a_problem(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    def wrong(question: dict[str, Any]) -> Recipients:
        answer: Recipients = recipients(range(1))(question)
        one = answer.recipients[0]
        address = one.address.model_copy(update={"house_number": "0007"})
        return Recipients(recipients=(one.model_copy(update={"address": address}),))

    standin.options.exempt_share = 1.0
    running = await post_to(house, standin, tmp_path, 1)
    await house.answer(SUBJECT, wrong)
    await house.settle()
    (problem,) = await problems(running)
    assert (problem["kind"], problem["about"]["reason"]) == ("address-refused", "address-house-number-malformed")
    assert await by_state(running) == {State.FAILED: 1}
    assert not list((tmp_path / "letters").glob("*.pdf"))
