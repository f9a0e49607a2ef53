"""Jobs in somebody's hands: paused, resumed and cancelled with exact numbers, and one message sent again."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Conflict, NotFound
from contracts.recipients import SUBJECT
from contracts.registration import InvitationIssued
from notifications.domain.shipment import State, Step
from notifications.repository.problems import PROBLEMS, Problem, note
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases import jobs
from notifications.use_cases.jobs import Cancelled
from notifications.use_cases.recording import Happened, record
from support.house import House, Running
from support.notifying import ASSEMBLY, StandIn, announced, person_id, recipients
from support.posting import CLERK, by_state, command, invite, start, taken, the_job, the_shipment, until

pytestmark = pytest.mark.integration


async def waiting_invitations(house: House, standin: StandIn, tmp_path: Path, number: int) -> Running:
    """Invitations that wait, since their assembly is not heard of."""
    await house.answer(SUBJECT, recipients(range(number)))
    running = await start(house, standin, tmp_path, dispatch_seconds=600.0)
    await invite(house, range(number))
    await until(running, number, reason="assembly-unknown")
    return running


async def test_a_paused_job_sends_nothing_until_it_is_resumed(house: House, standin: StandIn, tmp_path: Path) -> None:
    running = await waiting_invitations(house, standin, tmp_path, 20)
    job = (await the_job(running))["_id"]
    await command(running, jobs.pause, job, CLERK)
    await house.say(announced())
    await house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(99)))  # heard after the assembly
    async with asyncio.timeout(60):
        while await running.service.db.collection(SHIPMENTS).count({}) < 21:
            await asyncio.sleep(0.05)
    for _ in range(5):
        running.service.poke("dispatch")
        await asyncio.sleep(0.1)
    assert await by_state(running) == {State.CREATED: 21}
    assert (await standin.counts())["messages"] == 0
    with pytest.raises(Conflict, match="paused"):
        await command(running, jobs.pause, job, CLERK)
    await command(running, jobs.resume, job, CLERK)
    await house.answer(SUBJECT, recipients(range(100)))
    running.service.poke("dispatch")
    await until(running, 21, poke="dispatch", state=State.DELIVERED)
    assert [(one["act"], one["role"], one["subject"]) for one in (await the_job(running))["log"]] == [
        ("pause", "secretariat", "clerk-7"),
        ("resume", "secretariat", "clerk-7"),
    ]


async def test_a_cancelled_job_says_exactly_how_many_are_never_sent_and_how_many_are_out(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    await house.answer(SUBJECT, recipients(range(15)))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(5))
    await house.settle()
    job = (await the_job(running))["_id"]
    await command(running, jobs.pause, job, CLERK)
    await invite(house, range(5, 15))
    async with asyncio.timeout(60):
        while await running.service.db.collection(SHIPMENTS).count({}) < 15:
            await asyncio.sleep(0.05)
    assert await command(running, jobs.cancel, job, CLERK) == Cancelled(cancelled=10, already_out=5)
    await house.settle()
    assert await by_state(running) == {State.DELIVERED: 5, State.CANCELLED: 10}
    failed = await house.heard("notifications.shipment-failed.v1")
    assert sorted((f["reason"], f["person"]) for f in failed) == sorted(
        ("cancelled", person_id(n)) for n in range(5, 15)
    )
    with pytest.raises(Conflict, match="cancelled"):
        await command(running, jobs.cancel, job, CLERK)
    with pytest.raises(Conflict, match="cancelled"):
        await command(running, jobs.resume, job, CLERK)


async def test_who_is_invited_after_the_job_was_cancelled_is_not_written_to(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await waiting_invitations(house, standin, tmp_path, 2)
    await command(running, jobs.cancel, (await the_job(running))["_id"], CLERK)
    await house.say(announced())
    await invite(house, range(7, 9))
    await house.settle()
    assert await by_state(running) == {State.CANCELLED: 4}
    assert (await standin.counts())["messages"] == 0


async def test_what_a_sender_holds_is_cancelled_too_and_never_sent(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await waiting_invitations(house, standin, tmp_path, 6)
    shipments, job = running.service.db.collection(SHIPMENTS), (await the_job(running))["_id"]
    # A sender elsewhere takes them, and is slow.
    later = running.service.clock.machine_now() + timedelta(minutes=1)
    await shipments.update_many({}, {"$set": {"lease": "elsewhere", "next_at": later}})
    waiting = await shipments.find({})
    begun, held = waiting[:2], waiting[2:]

    def sending(some: list[dict[str, Any]]) -> list[Happened]:
        return [Happened(d["_id"], (Step.CHANNEL_CHOSEN, Step.SENDING), "digital-post") for d in some]

    await command(running, record, sending(begun), "elsewhere")
    assert await command(running, jobs.cancel, job, CLERK) == Cancelled(cancelled=4, already_out=2)
    moved = await command(running, record, sending(held), "elsewhere")
    assert moved.moved == set(), "the sender finds its lease gone and sends nothing"
    assert await by_state(running) == {State.SENDING: 2, State.CANCELLED: 4}


async def test_a_job_cancelled_in_full_flight_sends_what_it_says_and_not_one_more(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    everyone = range(400)
    await house.answer(SUBJECT, recipients(everyone))
    running = await start(house, standin, tmp_path, batch_size=20)
    await house.say(announced())
    await invite(house, everyone)
    await until(running, 20, state=State.DELIVERED)
    job = (await the_job(running))["_id"]
    await command(running, jobs.hold, job)
    came_to = await command(running, jobs.cancel, job, CLERK)
    await house.settle()
    assert came_to.cancelled > 0
    total = await running.service.db.collection(SHIPMENTS).count({})
    late = total - came_to.cancelled - came_to.already_out
    assert await by_state(running) == {
        State.DELIVERED: came_to.already_out,
        State.CANCELLED: came_to.cancelled + late,
    }
    assert (await standin.counts())["messages"] == came_to.already_out


async def test_a_failure_is_sent_again_under_the_same_uuid_and_counted(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    await house.answer(SUBJECT, recipients([]))
    running = await start(house, standin, tmp_path)
    await house.say(announced())
    await invite(house, range(1))
    await house.settle()
    before = await the_shipment(running)
    assert (before["state"], before["reason"]) == (State.FAILED, "recipient-unknown")
    await house.answer(SUBJECT, recipients(range(1)))
    await command(running, jobs.resend, before["_id"], CLERK)
    running.service.poke("dispatch")
    await house.settle()
    after = await the_shipment(running)
    assert (after["state"], after["resends"], after["message_uuid"]) == (State.DELIVERED, 1, before["message_uuid"])
    (again,) = [one for one in after["history"] if one["step"] == Step.RESENT]
    assert (again["cause"], again["by"], again["state"]) == ("person", "clerk-7", State.CREATED)
    assert [row["uuid"] for row in taken(standin)] == [before["message_uuid"]]
    with pytest.raises(Conflict, match="only a failed message"):
        await command(running, jobs.resend, before["_id"], CLERK)
    assert len(await house.heard("notifications.shipment-delivered.v1")) == 1


async def test_what_nobody_may_send_again_is_refused_by_its_rule(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await waiting_invitations(house, standin, tmp_path, 1)
    shipments = running.service.db.collection(SHIPMENTS)
    one = await the_shipment(running)
    with pytest.raises(NotFound):
        await command(running, jobs.resend, "nothing", CLERK)
    with pytest.raises(Conflict, match="only a failed message"):
        await command(running, jobs.resend, one["_id"], CLERK)
    await command(running, record, [Happened(one["_id"], (Step.FAILED,), reason="outdated")])
    with pytest.raises(Conflict, match="its time is over"):
        await command(running, jobs.resend, one["_id"], CLERK)
    await shipments.update({}, {"$set": {"reason": "memo.invalid"}})
    await command(running, jobs.cancel, one["job"], CLERK)
    with pytest.raises(Conflict, match="job is cancelled"):
        await command(running, jobs.resend, one["_id"], CLERK)


async def test_a_solved_problem_that_is_seen_again_is_open_again(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    running = await start(house, standin, tmp_path)
    problems, problem = running.service.db.collection(PROBLEMS), Problem("receipt-unknown", about={"message": "u"})
    await command(running, note, problem)
    await command(running, jobs.solve, problem.id, CLERK)
    solved = await problems.get(problem.id)
    assert solved is not None
    assert (solved["solved_by"], solved["times"]) == ("clerk-7", 1)
    await command(running, note, problem)
    again = await problems.get(problem.id)
    assert again is not None
    assert (again["solved_at"], again["times"]) == (None, 2)
    with pytest.raises(NotFound):
        await command(running, jobs.solve, "nothing", CLERK)
