"""What every channel promises, said once and held by each: Digital Post, letters, e-mail."""

import asyncio
import logging
import re
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from notifications.channels import Outcome, Outgoing, Person
from notifications.domain.shipment import Step
from support.notifying import NOW
from support.ways import WAYS, Fault, Way, ways

OTHER_SIDE = ("mail.", "uvicorn")
"""Loggers of the mail server and the web server that stand in for the world outside, in this same process."""
CODE = re.compile(r"[a-z][a-z0-9.-]*")


@asynccontextmanager
async def opened(name: str, folder: Path, *, reachable: bool = True) -> AsyncIterator[Way]:
    async with WAYS[name].open(folder, reachable) as way:
        yield way


def last_steps(outcomes: Sequence[Outcome]) -> list[Step]:
    return [outcome.steps[-1] for outcome in outcomes]


def first_steps(outcomes: Sequence[Outcome]) -> list[Step]:
    return [outcome.steps[0] for outcome in outcomes]


@pytest.mark.parametrize("name", ways())
async def test_what_is_sent_is_accepted_and_lies_once_at_the_other_side(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        batch = [way.make(number) for number in range(1, 4)]
        assert first_steps(await way.channel.send(batch, NOW)) == [Step.ACCEPTED] * 3
        assert sorted(await way.taken()) == sorted(map(way.named, batch))


@pytest.mark.parametrize("name", ways())
async def test_a_single_message_is_sent_like_many(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        (outcome,) = await way.channel.send([way.make(1)], NOW)
        assert outcome.steps[0] is Step.ACCEPTED
        assert await way.taken() == [way.named(way.make(1))]


@pytest.mark.parametrize("name", ways())
async def test_nothing_to_send_is_no_error(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        assert list(await way.channel.send([], NOW)) == []


@pytest.mark.parametrize("name", ways(once=True))
async def test_the_same_messages_again_are_one_each_whatever_goes_with_them(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        batch = [way.make(number) for number in range(1, 4)]
        for again in (batch, [batch[1]], [batch[2], way.make(4)]):
            assert first_steps(await way.channel.send(again, NOW)) == [Step.ACCEPTED] * len(again)
        assert sorted(await way.taken()) == sorted(way.named(way.make(number)) for number in range(1, 5))


@pytest.mark.parametrize("name", ways("refusing"))
async def test_a_definite_refusal_fails_with_a_code(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        way.bring_about("refusing")
        outcomes = await way.channel.send([way.make(1), way.make(2)], NOW)
        assert last_steps(outcomes) == [Step.FAILED] * 2
        assert all(outcome.reason and CODE.fullmatch(outcome.reason) for outcome in outcomes)
        assert await way.taken() == []


@pytest.mark.parametrize("name", ways("busy"))
async def test_a_busy_provider_has_not_taken_anything(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        way.bring_about("busy")
        outcomes = await way.channel.send([way.make(1), way.make(2)], NOW)
        assert [outcome.steps for outcome in outcomes] == [(Step.NOT_TAKEN,)] * 2
        assert await way.taken() == []


@pytest.mark.parametrize("name", [name for name in ways("busy") if name != "e-mail"])
async def test_a_provider_that_says_how_long_to_wait_is_heard(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        way.bring_about("busy")
        assert [outcome.retry_after for outcome in await way.channel.send([way.make(1)], NOW)] == [1.0]


@pytest.mark.parametrize("name", ways("silent"))
async def test_no_answer_is_neither_taken_nor_failed_though_the_message_is_there(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way:
        way.bring_about("silent")
        batch = [way.make(1), way.make(2)]
        outcomes = await way.channel.send(batch, NOW)
        assert [outcome.steps for outcome in outcomes] == [(Step.TIMED_OUT,)] * 2
        assert sorted(await way.taken()) == sorted(map(way.named, batch))


@pytest.mark.parametrize("name", ways("unreachable"))
async def test_nobody_there_is_not_taken(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path, reachable=False) as way:
        outcomes = await way.channel.send([way.make(1), way.make(2)], NOW)
        assert [outcome.steps for outcome in outcomes] == [(Step.NOT_TAKEN,)] * 2


@pytest.mark.parametrize("name", ways())
async def test_an_impossible_message_keeps_no_other_back_and_the_outcomes_are_in_the_order_of_the_batch(
    name: str, tmp_path: Path
) -> None:
    async with opened(name, tmp_path) as way:
        batch = [way.make(1), way.impossible(2), way.make(3), way.make(4), way.impossible(5)]
        outcomes = await way.channel.send(batch, NOW)
        assert [step is Step.FAILED for step in first_steps(outcomes)] == [False, True, False, False, True]
        assert all(outcome.reason and CODE.fullmatch(outcome.reason) for outcome in (outcomes[1], outcomes[4]))
        assert sorted(await way.taken()) == sorted(way.named(batch[place]) for place in (0, 2, 3))


@pytest.mark.parametrize("name", ways())
async def test_a_message_to_somebody_whom_the_channel_does_not_reach_fails(name: str, tmp_path: Path) -> None:
    async with opened(name, tmp_path) as way, opened(_other(name), tmp_path / "other") as other:
        (outcome,) = await way.channel.send([other.make(1)], NOW)
        assert outcome.steps == (Step.FAILED,)
        assert await way.taken() == []


def _other(name: str) -> str:
    return "letter folder" if name == "e-mail" else "e-mail"


def personal(out: Outgoing) -> list[str]:
    if not isinstance(out.to, Person):
        return [out.to.email]
    return [out.to.cpr, out.to.name.strip("\x00"), out.to.address.street, out.to.link, out.message.subject]


async def everything(name: str, folder: Path) -> tuple[list[Outgoing], list[str]]:
    """Have all that can happen happen, and return what was sent and what anyone could read of it."""
    sent, read = [], []
    faults: list[Fault | None] = [None, *WAYS[name].faults]
    for number, fault in enumerate(faults):
        (folder / str(number)).mkdir()
        async with opened(name, folder / str(number), reachable=fault != "unreachable") as way:
            if fault and fault != "unreachable":
                way.bring_about(fault)
            batch = [way.make(1), way.impossible(2), way.make(3)]
            read += [repr(await way.channel.send(batch, NOW)), repr(way.channel), *map(repr, batch)]
            sent += batch
    return sent, read


@pytest.mark.parametrize("name", ways())
async def test_nothing_personal_is_in_a_log_an_outcome_or_a_repr(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        sent, read = await everything(name, tmp_path)
    ours = [record for record in caplog.records if not record.name.startswith(OTHER_SIDE)]
    read += [repr(logs), *(f"{record.getMessage()} {record.exc_info} {record.args}" for record in ours)]
    assert sent
    for out in sent:
        for secret in personal(out):
            assert not any(secret in text for text in read), "something personal was written down"


@pytest.mark.parametrize("name", ways())
async def test_a_closed_channel_has_let_go_of_all_it_held(name: str, tmp_path: Path) -> None:
    def held() -> tuple[set[str], int, set[str]]:
        threads = {thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}
        tasks = {task.get_name() for task in asyncio.all_tasks() if not task.get_name().startswith("Task-")}
        return threads, len(list(Path("/proc/self/fd").iterdir())), tasks

    before: tuple[set[str], int, set[str]] | None = None
    for round_ in range(2):  # the first opens what stays for good: fonts, a resolver
        (tmp_path / str(round_)).mkdir()
        async with opened(name, tmp_path / str(round_)) as way:
            before = held()
            await way.channel.send([way.make(1), way.make(2)], NOW)
            await way.channel.close()
            for _ in range(500):  # the other side takes a moment to let go of its ends
                if held() == before:
                    break
                await asyncio.sleep(0.01)
            if round_:
                assert held() == before
