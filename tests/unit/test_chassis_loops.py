"""A service's loops, which outlive their errors and end when told."""

import asyncio

from chassis.loops import Loops
from chassis.telemetry import Telemetry


async def test_loops_end_also_when_a_poke_and_the_end_meet() -> None:
    loops = Loops(Telemetry("test", None, None))
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1

    loops.add_repeating("dispatch", 60, work)
    async with asyncio.timeout(10):
        async with loops.running():
            while not done:
                await asyncio.sleep(0)
            await asyncio.sleep(0.01)
            loops.poke("dispatch")
            await asyncio.sleep(0)  # the poke has ended the wait, the loop has not gone on yet
    assert done >= 1
