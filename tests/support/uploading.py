"""A route that takes a file, and bodies for it, right and wrong, written by hand."""

import hashlib
from collections.abc import AsyncIterator

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from chassis import uploads
from chassis.service import Service
from chassis.settings import CommonSettings
from support.five import Visitor
from support.house import Running
from support.toys import UPLOAD, alpha

MOST = 64 * 1024 * 1024
BOUNDARY = "the-line-between"
MULTIPART = {"accept": "text/html", "content-type": f"multipart/form-data; boundary={BOUNDARY}"}


class Desk:
    """The route: it notes what it is handed, and says so."""

    def __init__(self) -> None:
        self.opened = 0
        self.whole: list[tuple[dict[str, str], str, int, str]] = []
        """Of each file that came to its end: the fields beside it, its extension, size and digest."""
        self.largest = 0
        self.fails = False

    async def take(self, request: Request) -> Response:
        self.opened += 1
        if self.fails:
            raise RuntimeError("a fault of ours")
        given, size, digest = uploads.incoming(request), 0, hashlib.sha256()
        async for chunk in given.chunks:
            size += len(chunk)
            digest.update(chunk)
            self.largest = max(self.largest, len(chunk))
        self.whole.append((given.fields, given.extension, size, digest.hexdigest()))
        return PlainTextResponse(f"{size} bytes")

    def build(self, settings: CommonSettings) -> Service:
        service = alpha(settings)
        routes = APIRouter()
        routes.add_api_route(UPLOAD, self.take, methods=["POST"])
        service.include(routes)
        service.body_limits[UPLOAD] = MOST
        return service


def field(name: str, value: str | bytes) -> bytes:
    body = value if isinstance(value, bytes) else value.encode()
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + body + b"\r\n"


def file(content: bytes = b"a,b\r\n", name: str = "roll.csv") -> bytes:
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: text/csv\r\n\r\n".encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


async def post(office: Running, who: Visitor, body: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    """Send a body just as it is."""
    return await office.http.post(UPLOAD, content=body, headers=MULTIPART | who.cookies | headers)


class Body:
    """A good form, or what `begin` says, that knows how many pieces of it were asked for."""

    def __init__(self, begin: bytes, pieces: int = 100) -> None:
        self.asked = 0
        self._begin, self._pieces = begin, pieces

    async def come(self) -> AsyncIterator[bytes]:
        for piece in [self._begin + file(b"")[:-2], *[b"x" * 1024] * self._pieces, b"\r\n" + END]:
            self.asked += 1
            yield piece
