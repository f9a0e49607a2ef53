"""Parts of pages that follow along by themselves where people wait, by Server-Sent Events (docs/architecture/pages.md).

A page holds a part and says where it is followed:

    <div data-hx-sse-connect="/post/live?sprog={{ lang }}" data-hx-swap="innerMorph">
    {% include "post-live.html" %}
    </div>

and that address answers `await service.live.follow(request, "post-live.html", context)`, with an async `context` that
returns what the page itself was rendered with. Without JavaScript the page is whole, and reloading it does the same.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from fastapi import Request
from starlette.responses import StreamingResponse

from chassis.errors import Transient
from chassis.metrics import Metrics
from chassis.pages import Pages

MOST = 200
"""Open streams of one process: each holds a connection, and everyone else still has the page."""
EVERY = 2.0
HEARTBEAT = 15.0

Context = Callable[[], Awaitable[dict[str, Any]]]


class EventStream(StreamingResponse):
    """Events for as long as the reader stays. No buffering on the way, no storing."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


class Live:
    """The streams of one process. `every` and `heartbeat` in seconds."""

    def __init__(
        self, pages: Pages, metrics: Metrics, *, most: int = MOST, every: float = EVERY, heartbeat: float = HEARTBEAT
    ) -> None:
        self._pages, self._metrics = pages, metrics
        self._most, self._every, self._heartbeat = most, every, heartbeat
        self._open = 0
        self._parts: WeakValueDictionary[tuple[str, str], _Part] = WeakValueDictionary()
        self.stopping: Callable[[], bool] = lambda: False
        """Whether the server wants to stop: streams then end, which nobody else would tell them."""

    async def follow(self, request: Request, template: str, context: Context) -> EventStream:
        """Answer with the part as it is, and again whenever it has changed, in the request's language.

        The part is drawn once for all who follow it, by path and language, whoever asks: for what all who may
        open that path may see alike.
        Transient when as many follow as may.
        """
        if self._open >= self._most:
            raise Transient("as many follow along as can", retry_after=60)

        async def draw() -> str:
            return self._pages.part(request, template, **await context())

        key = (request.url.path, self._pages.language(request))
        part = self._parts.setdefault(key, _Part(self._every))
        await part.now(draw)  # here, so that what is not there is answered as such
        return EventStream(self._events(part, draw))

    async def _events(self, part: "_Part", draw: Callable[[], Awaitable[str]]) -> AsyncIterator[str]:
        # Counted when the stream is under way: one whose reader has gone before that is never closed.
        self._count(1)
        try:
            shown, silent = "", 0.0
            while True:
                html = shown
                with suppress(Transient):  # the database is away: what is shown stands until it is back
                    html = await part.now(draw)
                if html != shown:
                    yield _event(html)
                    shown, silent = html, 0.0
                elif silent >= self._heartbeat:
                    yield ": nothing new\n\n"  # so that no proxy on the way takes the connection for dead
                    silent = 0.0
                if self.stopping():
                    return
                await asyncio.sleep(self._every)
                silent += self._every
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        self._open += change
        self._metrics.streams(self._open)


class _Part:
    """A part as it was last drawn, in one language."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._lock = asyncio.Lock()
        self._html = ""
        self._stale_at = 0.0

    async def now(self, draw: Callable[[], Awaitable[str]]) -> str:
        """Return it, drawn again when it is older than a turn: by one reader, while the others wait for it."""
        async with self._lock:
            time = asyncio.get_running_loop().time
            if time() >= self._stale_at:
                self._html = await draw()
                self._stale_at = time() + self._every
            return self._html


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
