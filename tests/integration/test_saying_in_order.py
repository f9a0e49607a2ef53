"""A service with several replicas is heard in the order in which it spoke, whichever of them stops at what moment."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from chassis import ordered, outbox
from chassis.errors import BadInput
from chassis.mongo import Document
from chassis.ordered import OrderedRelay
from chassis.settings import CommonSettings
from chassis.transaction import Transaction
from support.house import House, Running
from support.toys import BulkHappened, ParcelSent, ThingHappened, alpha_in_order

pytestmark = pytest.mark.integration

A = "dragoer-2025"
SAID = "alpha.thing-happened.v1"


async def start(toys: House) -> Running:
    return await toys.start(alpha_in_order, CommonSettings, name="alpha")


async def say(running: Running, *numbers: int) -> None:
    async def command(tx: Transaction) -> None:
        for number in numbers:
            tx.say(ThingHappened(assembly=A, number=number))

    await running.service.transaction(command)


async def heard(toys: House) -> list[int]:
    return [fact["number"] for fact in await toys.heard(SAID)]


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():
            await asyncio.sleep(0.02)


async def rows_of(running: Running) -> list[Document]:
    return await running.service.db.collection(outbox.COLLECTION).find({}, sort=[("number", 1)])


def relay_of(running: Running) -> OrderedRelay:
    relay = running.service.relay
    assert isinstance(relay, OrderedRelay)
    return relay


class Stopped:
    """A relay that stands still at one of its steps, as a process does that is suspended, until it is let go."""

    def __init__(self, running: Running, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        relay = relay_of(running)
        really = getattr(relay, step)

        async def stand_still(*args: object) -> object:
            self.reached.set()
            await self.go_on.wait()
            return await really(*args)

        monkeypatch.setattr(relay, step, stand_still)


async def count_for_ever(running: Running, thing: str, times: int) -> None:
    """Raise a number and say it, so that each fact follows from the one before it."""

    async def command(tx: Transaction) -> None:
        counters = tx.collection("counters")
        counter = await counters.get(thing)
        assert counter is not None
        counter["n"] += 1
        await counters.save(counter)
        tx.say(ThingHappened(assembly=A, number=counter["n"], person=thing), once=f"{thing}:{counter['n']}")
        tx.say(ThingHappened(assembly=A, number=0, person=thing), once=f"{thing}:0")  # said once, in the first place

    for _ in range(times):
        await running.service.transaction(command)


async def test_three_replicas_that_say_what_follows_from_each_other_are_heard_in_that_order(toys: House) -> None:
    replicas = [await start(toys) for _ in range(3)]
    things, times = [f"thing-{number}" for number in range(4)], 12
    for thing in things:
        await replicas[0].service.db.collection("counters").save({"_id": thing, "n": 0})
    await asyncio.gather(*(count_for_ever(replica, thing, times) for replica in replicas for thing in things))
    await toys.settle()
    facts = await toys.heard(SAID)
    for thing in things:
        said = [fact["number"] for fact in facts if fact["person"] == thing]
        assert said == [1, 0, *range(2, 3 * times + 1)]
    bodies = [
        ThingHappened.model_validate_json(row["body"]).model_dump(mode="json") for row in await rows_of(replicas[0])
    ]
    assert bodies == facts, "the stream is the outbox in the order of its numbers"


async def test_what_follows_from_another_command_is_heard_after_it_though_it_began_before(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = await start(toys)
    relay = Stopped(speaker, "_advance", monkeypatch)  # so that both lie in the outbox when it looks
    await say(speaker, 0)
    await relay.reached.wait()
    began, go_on = asyncio.Event(), asyncio.Event()

    async def first_to_begin(tx: Transaction) -> None:
        began.set()
        await go_on.wait()
        cause = await tx.collection("things").get("cause")
        assert cause is not None
        tx.say(ThingHappened(assembly=A, number=cause["number"] + 1))

    async def cause(tx: Transaction) -> None:
        await tx.collection("things").insert({"_id": "cause", "number": 1})
        tx.say(ThingHappened(assembly=A, number=1))

    follows = asyncio.create_task(speaker.service.transaction(first_to_begin))
    await began.wait()
    await speaker.service.transaction(cause)
    go_on.set()
    await follows
    relay.go_on.set()
    await toys.settle()
    assert await heard(toys) == [0, 1, 2]


async def test_what_the_server_has_already_is_passed_over_when_nothing_tells_how_far_the_stream_is(
    toys: House,
) -> None:
    speaker = await start(toys)
    await say(speaker, *range(1, 31))
    await toys.settle()
    rows = speaker.service.db.collection(outbox.COLLECTION)
    # As a version without numbers leaves them when it dies before it marks them.
    await rows.update_many({}, {"$set": {"published_at": None}, "$unset": {"number": ""}})
    await say(speaker, 31)
    await toys.settle()
    assert await heard(toys) == list(range(1, 32))


async def test_a_relay_that_dies_before_it_marks_is_followed_by_one_that_publishes_nothing_twice(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered, "LEASE_MS", 200)
    first = await start(toys)
    dead = Stopped(first, "_mark", monkeypatch)
    await say(first, *range(1, 51))
    await dead.reached.wait()
    assert await outbox.waiting(first.service.db) == 50
    second = await start(toys)
    published: list[str] = []
    really = second.service.broker.publish_soon

    async def counting(subject: str, body: bytes, stream: str, message_id: str, headers: dict[str, str]) -> object:
        published.append(message_id)
        return await really(subject, body, stream, message_id, headers)

    monkeypatch.setattr(second.service.broker, "publish_soon", counting)
    await say(second, 51, 52)
    await toys.settle()
    # Not because the server knows their ids for some minutes: nothing was sent again.
    assert len(published) == 2
    assert await heard(toys) == list(range(1, 53))
    dead.go_on.set()
    await say(first, 53)
    await toys.settle()
    assert await heard(toys) == list(range(1, 54))


async def test_a_relay_that_wakes_after_another_has_taken_over_publishes_nothing(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered, "LEASE_MS", 200)
    first = await start(toys)
    asleep = Stopped(first, "_prefix", monkeypatch)
    await say(first, 1, 2, 3)
    await asleep.reached.wait()  # it has read three facts and where the stream stands, and published none
    second = await start(toys)
    await say(second, 4, 5)
    await until(lambda: _is_heard(toys, [1, 2, 3, 4, 5]))
    really = first.service.broker.publish_soon

    async def as_new(subject: str, body: bytes, stream: str, message_id: str, headers: dict[str, str]) -> object:
        # The server remembers ids for some minutes only: let it know none of these, as if they were over.
        return await really(subject, body, stream, f"forgotten-{message_id}", headers)

    monkeypatch.setattr(first.service.broker, "publish_soon", as_new)
    asleep.go_on.set()
    failures = first.service.metrics.registry

    async def refused() -> bool:
        return bool(failures.get_sample_value("relay_failures_total"))

    await until(refused)
    assert await heard(toys) == [1, 2, 3, 4, 5]
    monkeypatch.setattr(first.service.broker, "publish_soon", really)
    await say(first, 6)
    await toys.settle()
    assert await heard(toys) == [1, 2, 3, 4, 5, 6]


async def _is_heard(toys: House, numbers: Sequence[int]) -> bool:
    return await heard(toys) == list(numbers)


async def test_a_fact_the_stream_refuses_keeps_the_later_ones_waiting_and_none_overtakes_it(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = await start(toys)
    asleep = Stopped(speaker, "_advance", monkeypatch)
    await say(speaker, 1, 2, 3, 4, 5)
    await asleep.reached.wait()
    rows = speaker.service.db.collection(outbox.COLLECTION)
    third = (await rows_of(speaker))[2]
    await rows.update({"_id": third["_id"]}, {"$set": {"body": "x" * 70_000}})  # more than the stream takes
    asleep.go_on.set()
    failures = speaker.service.metrics.registry

    async def failed() -> bool:
        return (failures.get_sample_value("relay_failures_total") or 0) >= 2

    await until(failed)
    assert await heard(toys) == [1, 2]
    assert await outbox.waiting(speaker.service.db) == 3
    await rows.update({"_id": third["_id"]}, {"$set": {"body": third["body"]}})
    await toys.settle()
    assert await heard(toys) == [1, 2, 3, 4, 5]


async def test_a_fact_no_stream_would_take_is_refused_before_it_is_true(toys: House) -> None:
    speaker = await start(toys)

    async def command(tx: Transaction) -> None:
        await tx.collection("things").insert({"_id": "1"})
        tx.say(ThingHappened(assembly=A, number=1, person="x" * 65_000))

    with pytest.raises(BadInput, match="shorten the texts"):
        await speaker.service.transaction(command)
    assert await speaker.service.db.collection("things").count({}) == 0


async def test_attachments_and_thousands_of_facts_keep_their_order(toys: House) -> None:
    speaker = await start(toys)

    async def command(tx: Transaction) -> None:
        for number in range(1200):
            tx.say(BulkHappened(assembly=A, number=number))
            if number % 400 == 0:
                tx.say(ParcelSent(assembly=A), attachment=b"x" * 1000)

    await speaker.service.transaction(command)
    await toys.settle()
    assert [fact["number"] for fact in await toys.heard("alpha.bulk-happened.v1")] == list(range(1200))
    assert len(await toys.heard("alpha.parcel-sent.v1")) == 3


async def test_what_a_version_without_numbers_left_behind_goes_first(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = await start(toys)
    asleep = Stopped(speaker, "_advance", monkeypatch)
    await say(speaker, 1, 2)
    await say(speaker, 3)
    await asleep.reached.wait()
    rows = speaker.service.db.collection(outbox.COLLECTION)
    for row in (await rows_of(speaker))[:2]:
        await rows.update({"_id": row["_id"]}, {"$unset": {"number": ""}})
    asleep.go_on.set()
    await toys.settle()
    assert await heard(toys) == [1, 2, 3]
