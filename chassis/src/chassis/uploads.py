"""A form with one file, taken as it comes: the file may be larger than memory, and is never on a disk.

Its row in the access table says `upload`. The ordinary fields stand before the file, the seal among them, so the
doorkeeper has judged them when the file's first bytes go to the route:

async def take(request: Request) -> Response:
    given = uploads.incoming(request)
    async for chunk in given.chunks: ...
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request
from starlette.types import Receive

from chassis import seals
from chassis.seals import MOST_FIELDS, Fault, NotTaken

CHUNK = 64 * 1024
"""Bytes of the largest piece a route is handed."""

_EXTENSION = re.compile(rb"\.([A-Za-z0-9]{1,8})$")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a route is handed: what someone filled in, and their file.

    `chunks` raises NotTaken when the rest does not come, or is no form: let it pass, the doorkeeper answers it. So
    nothing of the file counts before `chunks` has ended.
    """

    fields: dict[str, str]
    extension: str
    """Of the file's name: lower-case, without the dot, or empty. The rest of the name is kept nowhere."""
    chunks: AsyncIterator[bytes]


def incoming(request: Request) -> Incoming:
    """Return what was sent, once the doorkeeper has found the form genuine."""
    upload: Upload = request.scope["state"]["upload"]
    return Incoming(seals.fields(request), upload.extension, upload.chunks())


class Upload:
    """The body of such a form, read as far as someone asks. NotTaken from anything here is why it is not taken."""

    def __init__(self, content_type: str, receive: Receive, most: int) -> None:
        """Begin; the ordinary fields may have `most` bytes together."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise NotTaken(Fault.UNREADABLE)
        self._receive, self._form = receive, _Form(options[b"boundary"], most)
        self._body, self._over = memoryview(b""), False

    async def fields(self) -> dict[str, str]:
        """Read on to the file, and return the fields before it."""
        while not self._form.in_file and await self._read_on():
            pass
        return self._form.fields

    async def look_into_file(self) -> None:
        """Read on to the file's first bytes: there is one, and something in it."""
        form = self._form
        while not form.chunks and not form.file_over and await self._read_on():
            pass
        if not form.chunks:
            # A browser sends a file without a name and without bytes when nobody chose one.
            raise NotTaken(Fault.EMPTY_FILE if form.file_name else Fault.WITHOUT_FILE)

    @property
    def extension(self) -> str:
        """The file's, see `Incoming`."""
        found = _EXTENSION.search(self._form.file_name)
        return found[1].decode().lower() if found else ""

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the file, in pieces of at most CHUNK bytes."""
        more = True
        while more:
            found, self._form.chunks = self._form.chunks, []
            for chunk in found:
                yield chunk
            more = await self._read_on()

    async def _read_on(self) -> bool:
        """Parse the next piece; False when the body is over, and the form with it."""
        if self._form.fault:
            raise NotTaken(self._form.fault)
        if not self._body:
            if self._over:
                if not self._form.ended:
                    raise NotTaken(Fault.UNFINISHED)
                return False
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise NotTaken(Fault.UNFINISHED)
            self._body, self._over = memoryview(message.get("body", b"")), not message.get("more_body", False)
        piece, self._body = self._body[:CHUNK], self._body[CHUNK:]
        self._form.feed(bytes(piece))
        return True


class _Form:
    """What the parser has found so far."""

    def __init__(self, boundary: bytes, most: int) -> None:
        self.fields: dict[str, str] = {}
        self.chunks: list[bytes] = []
        self.file_name = b""
        self.in_file = self.file_over = self.ended = False
        self.fault: Fault | None = None
        """Why it goes no further. What stands before the fault is judged first, however the body was cut up."""
        self._bytes_left, self._parts_left = most, MOST_FIELDS
        self._header, self._words, self._disposition = b"", b"", b""
        self._name, self._value = "", b""
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_comes,
                    "on_header_value": self._words_come,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data_comes,
                    "on_part_end": self._part_ends,
                    "on_end": self._form_ends,
                },
            )
        except ValueError:
            raise NotTaken(Fault.UNREADABLE) from None

    def feed(self, piece: bytes) -> None:
        """Parse on, up to a fault."""
        try:
            self._parser.write(piece)
        except NotTaken as found:
            self.fault = found.fault
        except ValueError:  # the parser's own errors, and a field that is not UTF-8
            self.fault = Fault.UNREADABLE

    def _part_begins(self) -> None:
        self._parts_left -= 1
        if self._parts_left < 0 or self.in_file:  # the file is the last, and the only one
            raise NotTaken(Fault.UNREADABLE)
        self._disposition = self._value = b""

    def _header_comes(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _words_come(self, data: bytes, start: int, end: int) -> None:
        self._words += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._words
        self._header = self._words = b""

    def _headers_end(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in options:
            raise NotTaken(Fault.UNREADABLE)
        self.in_file = b"filename" in options
        self.file_name = options.get(b"filename", b"")
        self._name = options[b"name"].decode("utf-8")
        self._bytes_left -= len(self._name)

    def _data_comes(self, data: bytes, start: int, end: int) -> None:
        if self.in_file:
            self.chunks.append(data[start:end])
            return
        self._bytes_left -= end - start
        if self._bytes_left < 0:
            raise NotTaken(Fault.OVER_LONG)
        self._value += data[start:end]

    def _part_ends(self) -> None:
        if self.in_file:
            self.file_over = True
        else:
            self.fields[self._name] = self._value.decode("utf-8")

    def _form_ends(self) -> None:
        self.ended = True
