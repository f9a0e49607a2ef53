"""A house beside a browser: Playwright's synchronous API and a service's event loop each have a thread of their own."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from threading import Thread
from typing import Any, TypeVar

from support.house import House, Running
from support.servers import Servers
from support.serving import served
from support.staff import SignedIn

T = TypeVar("T")
MOST_SECONDS = 180.0


class Beside:
    """A house in a thread. `do` awaits something there; `serve` puts a service behind a port for the browser."""

    def __init__(self, servers: Servers) -> None:
        self.house = House(servers)
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have it done in the house's thread, and return what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(MOST_SECONDS)

    def serve(self, running: Running) -> str:
        """Return the address at which a browser reaches the service."""
        # Its life was begun by the house: the server must not begin another.
        return self.do(self._stack.enter_async_context(served(running.app, lifespan="off")))

    def run(self) -> None:
        """Be the thread."""
        self._loop.run_forever()

    async def begin(self) -> None:
        """Open the house; what is served is stopped before it is closed."""
        await self._stack.enter_async_context(self.house)

    async def end(self) -> None:
        """Close it."""
        await self._stack.aclose()

    def stop(self) -> None:
        """Let the thread end."""
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def beside(servers: Servers) -> Iterator[Beside]:
    """Open a house in a thread of its own."""
    one = Beside(servers)
    thread = Thread(target=one.run, name="house", daemon=True)
    thread.start()
    try:
        one.do(one.begin())
        try:
            yield one
        finally:
            one.do(one.end())
    finally:
        one.stop()
        thread.join(MOST_SECONDS)


def cookie_of(someone: SignedIn, url: str) -> dict[str, str]:
    """Return the cookie of someone's sign-in as Playwright takes it."""
    return {"name": "borgersamling", "value": someone.visitor.cookie, "url": url}
