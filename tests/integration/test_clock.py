"""The rehearsal clock: moved once, it stands at the same time in every service, also in one that starts later."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import RehearsalClock, move
from chassis.settings import CommonSettings
from support.house import House
from support.toys import alpha

pytestmark = pytest.mark.integration

LATER = datetime(2027, 6, 17, 12, 0, tzinfo=UTC)


def distance(clock_now: datetime, wanted: datetime) -> timedelta:
    return abs(clock_now - wanted)


async def test_a_moved_clock_is_followed_by_running_services_and_by_those_that_start_later(toys: House) -> None:
    running = await toys.start(alpha, CommonSettings, name="alpha")
    await toys.move_clock(LATER)
    assert distance(running.service.clock.now(), LATER) < timedelta(minutes=5)
    await running.stop()
    again = await toys.start(alpha, CommonSettings, name="alpha")
    assert distance(again.service.clock.now(), LATER) < timedelta(minutes=5)


async def test_moving_the_clock_wakes_what_waits_for_a_day(toys: House) -> None:
    seen: list[datetime] = []

    def build(settings: CommonSettings):  # type: ignore[no-untyped-def]
        service = alpha(settings)

        async def sweep() -> None:
            seen.append(service.clock.now())

        service.every("sweep", 3600, sweep)
        return service

    await toys.start(build, CommonSettings, name="alpha")
    await toys.move_clock(LATER)
    for _ in range(200):
        if seen and distance(seen[-1], LATER) < timedelta(minutes=5):
            break
        await asyncio.sleep(0.02)
    assert distance(seen[-1], LATER) < timedelta(minutes=5)


async def test_a_service_on_the_system_clock_does_not_hear_of_rehearsals(toys: House) -> None:
    running = await toys.start(alpha, CommonSettings, name="alpha", clock={"mode": "system"})
    await move(toys.js, LATER)
    assert not isinstance(running.service.clock, RehearsalClock)
    assert distance(running.service.clock.now(), datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_time_without_a_zone_is_refused(toys: House) -> None:
    with pytest.raises(ValueError, match="zone"):
        await move(toys.js, datetime(2027, 1, 1))  # noqa: DTZ001 - the very thing that is refused
