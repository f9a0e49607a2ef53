"""Counting a large roll is not done for every look at it."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registration import census
from registration.domain.assembly import Assembly
from registration.domain.figures import Kind
from registration.domain.registration import Status

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
TOWN = Assembly("a", {}, {}, {}, 9, 15, date(2025, 1, 1), NOON, NOON, ())


class AtNoon:
    def now(self) -> datetime:
        return NOON

    machine_now = now


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that everyone was counted."""
    found: list[str] = []

    async def count(_: object, assembly: Assembly) -> tuple[Kind, ...]:
        found.append(assembly.id)
        await asyncio.sleep(0)
        return (Kind(Status.POOL, {}, len(found)),)

    monkeypatch.setattr(census, "kinds_of", count)
    return found


async def looked_twice() -> list[int]:
    no_database: Any = None
    one = census.Census(no_database, AtNoon())
    counted = [await one.of(TOWN) for _ in range(2)]
    return [of.kinds[0].people for of in counted]


async def test_a_quick_count_is_made_for_whoever_asks(looks: list[str]) -> None:
    assert await looked_twice() == [1, 2]


async def test_a_slow_one_is_kept_for_a_while(looks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(census, "QUICK_SECONDS", -1)
    monkeypatch.setattr(census, "REST", 1e9)
    assert await looked_twice() == [1, 1]
    assert looks == ["a"]
