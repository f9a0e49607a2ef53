"""One kept HTTP/1.1 connection: h11 over a plain stream, and httpx's names for what it answers and how it fails.

What matters to who sends is kept apart: an error before the first byte of a request was sent (httpx.ConnectError,
httpx.ConnectTimeout) proves that nothing was taken; any later one (httpx.ReadTimeout and the like) proves nothing.
"""

import asyncio
import ssl
from collections.abc import Mapping

import h11
import httpx

PIECE = 256 * 1024
"""Bytes written, or read, before the other side must have moved within the time-out."""


class Wire:
    """A connection to one host, opened when it is first needed and again when the other side has closed it."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, timeout_seconds: float) -> None:
        self._host, self._port, self._tls, self._seconds = host, port, tls, timeout_seconds
        self._http: h11.Connection | None = None
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes) -> httpx.Response:
        """Ask and return the whole answer; httpx.TransportError when there is none. One call at a time."""
        if self._http is not None and self._reader.at_eof():
            self.close()  # closed by the other side while nothing was asked: nothing is lost by another
        http = self._http or await self._open()
        try:
            await self._write(http, method, target, headers, content)
            answer = await self._read(http)
        except TimeoutError:
            self.close()
            raise httpx.ReadTimeout("no answer in time") from None
        except (OSError, h11.RemoteProtocolError) as error:
            self.close()
            raise httpx.ReadError(f"the connection ended: {type(error).__name__}") from None
        except BaseException:  # cancelled half-way: the next one would read this one's answer
            self.close()
            raise
        if http.our_state is h11.DONE and http.their_state is h11.DONE:
            http.start_next_cycle()
        else:
            self.close()
        return answer

    async def _open(self) -> h11.Connection:
        try:
            async with asyncio.timeout(self._seconds):
                opened = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except OSError as error:
            raise httpx.ConnectError(f"no connection: {type(error).__name__}") from None
        self._reader, self._writer = opened
        self._http = h11.Connection(h11.CLIENT)
        return self._http

    async def _write(
        self, http: h11.Connection, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> None:
        head = http.send(h11.Request(method=method, target=target, headers=list(headers.items()))) or b""
        if len(content) <= PIECE:
            self._writer.write(head + content)
            http.send(h11.Data(data=content))
        else:
            self._writer.write(head)
            for start in range(0, len(content), PIECE):
                self._writer.write(http.send(h11.Data(data=content[start : start + PIECE])) or b"")
                async with asyncio.timeout(self._seconds):
                    await self._writer.drain()
        http.send(h11.EndOfMessage())

    async def _read(self, http: h11.Connection) -> httpx.Response:
        status, headers = 0, httpx.Headers()
        body = bytearray()
        while True:
            match http.next_event():
                case h11.NEED_DATA:
                    async with asyncio.timeout(self._seconds):
                        http.receive_data(await self._reader.read(PIECE))
                case h11.Response() as response:
                    status, headers = response.status_code, httpx.Headers(list(response.headers))
                case h11.Data() as data:
                    body += data.data
                case h11.EndOfMessage():
                    return httpx.Response(status, headers=headers, content=bytes(body))
                case h11.ConnectionClosed():
                    raise h11.RemoteProtocolError("closed before the answer")

    def close(self) -> None:
        """Close it; the next call opens another."""
        if self._http is not None:
            self._http = None
            self._writer.close()
