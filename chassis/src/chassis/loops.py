"""Work that goes on beside the requests: the relay, batch hearing, sweeps, dispatchers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from chassis.telemetry import Telemetry

RESTART_SECONDS = 1.0

log = structlog.get_logger()


class Loops:
    """Named loops that outlive their errors: one that raises is logged and started again."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._loops: dict[str, Callable[[], Awaitable[Any]]] = {}
        self._awake: dict[str, asyncio.Event] = {}

    def add(self, name: str, run: Callable[[], Awaitable[Any]]) -> None:
        """Have a loop that runs until cancelled."""
        self._loops[name] = run

    def add_repeating(self, name: str, seconds: float, work: Callable[[], Awaitable[Any]]) -> None:
        """Have work repeated every `seconds`, and whenever it is poked."""
        awake = self._awake[name] = asyncio.Event()

        async def repeat() -> None:
            while True:
                awake.clear()
                await work()
                with suppress(TimeoutError):
                    await asyncio.wait_for(awake.wait(), seconds)

        self._loops[name] = repeat

    def poke(self, name: str) -> None:
        """Wake one repeated work; KeyError for an unknown name."""
        self._awake[name].set()

    def poke_all(self) -> None:
        """Wake all repeated work: the clock was moved."""
        for awake in self._awake.values():
            awake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all loops inside the context and cancel them at its end."""
        tasks = [asyncio.create_task(self._keep(name, run), name=name) for name, run in self._loops.items()]
        try:
            yield
        finally:
            left = set(tasks)
            while left:
                # Again until they are gone: `asyncio.wait_for` of Python 3.11 (also inside libraries) swallows a
                # cancellation that meets the very moment its wait ends, and the loop goes on.
                for task in left:
                    task.cancel()
                _, left = await asyncio.wait(left, timeout=1)

    async def _keep(self, name: str, run: Callable[[], Awaitable[Any]]) -> None:
        while True:
            try:
                await run()
            except Exception:
                log.exception("a loop failed and is started again", loop=name)
                await asyncio.sleep(RESTART_SECONDS)
            else:
                return
