"""Parts of pages that follow along: what has changed is sent once, and nobody is kept waiting for it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from jinja2 import FileSystemLoader
from starlette.types import Message

from chassis.asgi import StatusNote
from chassis.errors import NotFound, Transient
from chassis.live import Live
from chassis.metrics import Metrics
from chassis.pages import Pages
from support.forms import pages_of


class AtNoon:
    def now(self) -> datetime:
        return datetime(2027, 3, 1, 11, tzinfo=UTC)

    machine_now = now


class Board:
    """Something that people wait for. `away` is the error its database raises, if any."""

    def __init__(self) -> None:
        self.sent, self.drawings = 0, 0
        self.away: Exception | None = None

    async def context(self) -> dict[str, Any]:
        self.drawings += 1
        if self.away:
            raise self.away
        return {"sent": self.sent}


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "board.html").write_text("<p>{{ _('Sign-up') }}</p>\n<p>{{ sent }}</p>", encoding="utf-8")
    pages = pages_of("chassis", AtNoon())
    for environment in pages._environments.values():
        environment.loader.loaders.insert(0, FileSystemLoader(tmp_path))  # type: ignore[union-attr]
    return pages


@pytest.fixture
def board() -> Board:
    return Board()


def asked(path: str = "/post/live", language: str = "da") -> Request:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": f"sprog={language}".encode()}
    return Request(scope)


@asynccontextmanager
async def following(live: Live, board: Board, request: Request | None = None) -> AsyncIterator[Callable[[], Any]]:
    """Follow along, and leave at the end; what is given is how to wait for the next that is sent."""
    answer = await live.follow(request or asked(), "board.html", board.context)
    stream: Any = answer.body_iterator
    try:
        yield lambda: asyncio.wait_for(anext(stream), 10)
    finally:
        await stream.aclose()


def quick(pages: Pages, **options: Any) -> Live:
    return Live(pages, Metrics("tests"), **{"every": 0.01, "heartbeat": 1000.0} | options)


async def test_what_is_there_is_sent_at_once_and_again_only_when_it_has_changed(pages: Pages, board: Board) -> None:
    async with following(quick(pages), board) as heard:
        assert await heard() == "data: <p>Tilmelding</p>\ndata: <p>0</p>\n\n"
        board.sent = 7
        assert await heard() == "data: <p>Tilmelding</p>\ndata: <p>7</p>\n\n"


async def test_a_reader_who_hears_nothing_new_hears_that_it_is_still_there(pages: Pages, board: Board) -> None:
    async with following(quick(pages, heartbeat=0.02), board) as heard:
        await heard()
        assert re.fullmatch(r": [^\n]+\n\n", await heard()), "a comment: nothing on the page changes"


async def test_however_many_follow_it_is_drawn_once_a_turn(pages: Pages, board: Board) -> None:
    live = quick(pages, every=1000.0)
    async with following(live, board) as first, following(live, board) as second:
        assert await first() == await second()
        assert board.drawings == 1
        async with following(live, board, asked(language="en")) as english:
            assert "Sign-up" in await english()
        async with following(live, board, asked("/lodtraekning/a/live")) as elsewhere:
            await elsewhere()
        assert board.drawings == 3, "each language and each page is another part"


async def test_as_many_follow_as_may_and_whoever_leaves_makes_room(pages: Pages, board: Board) -> None:
    live = quick(pages, most=1)
    async with following(live, board) as heard:
        await heard()
        with pytest.raises(Transient):
            await live.follow(asked(), "board.html", board.context)
    async with following(live, board) as heard:
        assert await heard()


async def test_what_is_shown_stands_while_the_database_is_away(pages: Pages, board: Board) -> None:
    async with following(quick(pages), board) as heard:
        await heard()
        board.away = Transient("away")
        waiting = asyncio.ensure_future(heard())
        seen = board.drawings
        while board.drawings < seen + 3:
            await asyncio.sleep(0.01)
        board.away, board.sent = None, 8
        assert "<p>8</p>" in await waiting


async def test_what_is_not_there_is_answered_as_such_before_anything_is_sent(pages: Pages, board: Board) -> None:
    board.away = NotFound("no such assembly")
    with pytest.raises(NotFound):
        await quick(pages).follow(asked(), "board.html", board.context)


async def test_a_server_that_stops_ends_what_follows_along(pages: Pages, board: Board) -> None:
    live = quick(pages)
    async with following(live, board) as heard:
        await heard()
        live.stopping = lambda: True
        with pytest.raises(StopAsyncIteration):
            await heard()


async def test_how_many_follow_along_is_measured(pages: Pages, board: Board) -> None:
    metrics = Metrics("tests")
    live = Live(pages, metrics, every=0.01)
    async with following(live, board) as heard:
        await heard()
        assert metrics.registry.get_sample_value("live_streams") == 1
    assert metrics.registry.get_sample_value("live_streams") == 0


async def test_a_stream_is_measured_until_it_begins_however_long_someone_follows() -> None:
    async def away(_: Message) -> None:
        return None

    note = StatusNote(away)
    headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
    await note({"type": "http.response.start", "status": 200, "headers": headers})
    assert note.seconds == note.seconds
