"""One kept connection to a provider: its answers arrive whole, and how it fails tells whether it may have taken."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from notifications.channels.answers import without_answer
from notifications.channels.connections import Connections
from notifications.domain.shipment import Step

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Provider:
    """Answers each request with the next of its answers, and counts connections."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
                self.requests.append(head + await reader.readexactly(length))
                await self._answers.pop(0)(self.requests[-1], writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def answering(*answers: Answer, most: int = 1) -> AsyncIterator[tuple[Provider, Connections]]:
    provider = Provider(*answers)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    connections = Connections(f"{provider.url}/apis/v1", {"Authorization": "Basic x"}, most, 0.5)
    try:
        yield provider, connections
    finally:
        await connections.close()
        server.close()


async def ok(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


async def silent(_: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def hung_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def ok_and_closed(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)
    writer.close()


async def in_chunks(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nRetry-After: 7\r\n\r\n3\r\nabc\r\n")
    await writer.drain()
    await asyncio.sleep(0.02)
    writer.write(b"2\r\nde\r\n0\r\n\r\n")


async def no_http(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n\r\n")


async def test_one_connection_is_kept_for_one_request_after_the_other() -> None:
    async with answering(ok, in_chunks, ok) as (provider, connections):
        assert (await connections.request("GET", "/contacts/", {"cprNumber": "6101500001,x y"})).text == "ok"
        chunked = await connections.request("POST", "/memos/", None, b"<memo/>")
        assert (chunked.status_code, chunked.content, chunked.headers["retry-after"]) == (201, b"abcde", "7")
        await connections.request("DELETE", "/receipts/a b\r\nX: y", headers={"Authorization": "Basic other"})
    assert provider.connections == 1
    first, second, third = provider.requests
    assert first.startswith(b"GET /apis/v1/contacts/?cprNumber=6101500001%2Cx+y HTTP/1.1\r\n")
    assert b"\r\nHost: 127.0.0.1:" in first
    assert b"Content-Type: application/xml" in second
    assert second.endswith(b"\r\n\r\n<memo/>")
    assert third.startswith(b"DELETE /apis/v1/receipts/a%20b%0D%0AX%3A%20y HTTP/1.1\r\n")
    assert b"Basic other" in third
    assert b"Basic x" not in third


async def test_a_large_container_arrives_whole() -> None:
    large = bytes(range(256)) * 8192
    async with answering(ok) as (provider, connections):
        await connections.request("POST", "/memos/", None, large)
    assert provider.requests[0].endswith(b"\r\n\r\n" + large)


async def test_what_the_other_side_closed_while_nothing_was_asked_is_opened_again() -> None:
    async with answering(ok_and_closed, ok) as (provider, connections):
        await connections.request("GET", "/receipts-bulk/")
        await asyncio.sleep(0.05)
        assert (await connections.request("GET", "/receipts-bulk/")).text == "ok"
    assert provider.connections == 2


@pytest.mark.parametrize("trouble", [silent, hung_up, no_http])
async def test_no_answer_may_mean_that_it_was_taken_and_the_next_request_is_not_given_its_answer(
    trouble: Answer,
) -> None:
    async with answering(trouble, ok) as (provider, connections):
        with pytest.raises(httpx.HTTPError) as failed:
            await connections.request("POST", "/memos/", None, b"<memo/>")
        assert without_answer(failed.value).steps == (Step.TIMED_OUT,)
        assert (await connections.request("GET", "/receipts-bulk/")).text == "ok"
    assert provider.connections == 2


async def test_a_request_that_is_cancelled_half_way_leaves_no_answer_for_the_next_one() -> None:
    async with answering(silent, ok) as (provider, connections):
        asking = asyncio.create_task(connections.request("POST", "/memos/", None, b"<memo/>"))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert (await connections.request("GET", "/receipts-bulk/")).text == "ok"
    assert provider.connections == 2


async def test_without_a_connection_it_is_certain_that_nothing_was_taken() -> None:
    async with answering() as (provider, _):
        url = provider.url
    connections = Connections(url, {}, 1, 0.5)
    with pytest.raises(httpx.ConnectError) as failed:
        await connections.request("POST", "/memos/", None, b"<memo/>")
    assert without_answer(failed.value).steps == (Step.NOT_TAKEN,)
    await connections.close()
