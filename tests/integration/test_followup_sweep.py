"""Many assemblies that owe on one day, the long sleep, and the one that cannot be swept, on real servers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis import outbox
from followup import repository, sweep
from followup.domain.commitment import Commitment
from support.house import House, Running
from support.promising import started, stream

pytestmark = pytest.mark.integration

MADE = date(2025, 6, 17)
DUE = date(2025, 9, 17)
ON_THE_DAY = datetime(2025, 9, 17, 8, tzinfo=UTC)


def _commitment(number: int, **more: Any) -> Commitment:
    words = {"da": "Status", "en": "Status"}
    one = Commitment(f"by-{number:03}", "status-3", words, "within", DUE, MADE, (), overdue_every_days=0)
    return replace(one, **more)


async def _promised(followup: Running, *commitments: Commitment) -> None:
    # One insert for each, as if each had been made on its own day.
    for one in commitments:
        await repository.save_commitment(followup.service.db, one)


async def _transactions(followup: Running) -> int:
    # What a transaction says carries the moment it began.
    rows = await followup.service.db.collection(outbox.COLLECTION).find({}, fields=["created_at"])
    return len({row["created_at"] for row in rows})


async def test_what_hundreds_of_assemblies_owe_on_one_day_is_said_in_a_few_transactions(house: House) -> None:
    followup = await started(house)
    await house.move_clock(ON_THE_DAY - timedelta(days=1))
    await _promised(followup, *(_commitment(number) for number in range(600)))
    await house.move_clock(ON_THE_DAY)
    await house.settle()
    facts = await stream(house)
    assert sorted(fact["assembly"] for _, fact in facts) == [f"by-{number:03}" for number in range(600)]
    assert {(name, fact["on"]) for name, fact in facts} == {("status-due", "2025-09-17")}
    assert await _transactions(followup) == -(-600 // sweep.ASSEMBLIES)


async def test_a_sleep_of_years_is_caught_up_in_order_and_in_more_than_one_transaction(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "CROSSINGS", 10)
    followup = await started(house)
    await house.move_clock(datetime(2025, 6, 18, 8, tzinfo=UTC))
    await _promised(followup, *(_commitment(n, reminder_days=(30, 7), overdue_every_days=7) for n in range(3)))
    await house.move_clock(datetime(2026, 9, 17, 8, tzinfo=UTC))
    await house.settle()
    facts = await stream(house)
    days = [date(2025, 8, 18), date(2025, 9, 10), DUE, *(date(2025, 9, 18) + timedelta(weeks=n) for n in range(53))]
    for number in range(3):
        assert [fact["on"] for _, fact in facts if fact["assembly"] == f"by-{number:03}"] == [
            d.isoformat() for d in days
        ]
    assert [fact["on"] for _, fact in facts] == sorted(fact["on"] for _, fact in facts)
    assert await _transactions(followup) == -(-3 * len(days) // 10)


async def test_an_assembly_that_cannot_be_swept_keeps_none_of_the_others_waiting(
    house: House, audit: list[Any]
) -> None:
    followup = await started(house)
    await house.move_clock(ON_THE_DAY - timedelta(days=1))
    await _promised(followup, *(_commitment(number) for number in range(5)))
    rows = followup.service.db.collection(repository.COMMITMENTS)
    await rows.update({"_id": "by-002:status-3"}, {"$set": {"schema": 99}})  # a later version has written it
    await house.move_clock(ON_THE_DAY)
    while len(await stream(house)) < 4:
        followup.service.poke("sweep")
        await house.move_clock(ON_THE_DAY)
    assert [fact["assembly"] for _, fact in await stream(house)] == ["by-000", "by-001", "by-003", "by-004"]
    assert "by-002" in [line.get("assembly") for line in audit if line["log_level"] == "error"]
    await rows.update({"_id": "by-002:status-3"}, {"$set": {"schema": 2}})
    followup.service.poke("sweep")
    await house.settle()
    assert [fact["assembly"] for _, fact in await stream(house)][4:] == ["by-002"]


async def test_two_replicas_that_sweep_hundreds_at_the_same_moment_say_each_once(house: House) -> None:
    first = await started(house)
    await started(house)
    await house.move_clock(ON_THE_DAY - timedelta(days=1))
    await _promised(first, *(_commitment(number) for number in range(300)))
    await house.move_clock(ON_THE_DAY)
    await house.settle()
    assert sorted(fact["assembly"] for _, fact in await stream(house)) == [f"by-{number:03}" for number in range(300)]
