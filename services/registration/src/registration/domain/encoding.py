"""From a file's bytes to text: UTF-8 or Windows-1252, found out from the bytes, and nothing else."""

import codecs
import re
from dataclasses import dataclass

from registration.domain.problems import N_, RowProblem

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")
# The same bytes in both encodings, so they can be looked for before it is known which it is.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Letters such as æ, ø, å as UTF-8 writes them. No Danish text in Windows-1252 has an à before such a byte.
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a file is read as text: its encoding (`utf-8` or `windows-1252`) and what its columns are parted by."""

    encoding: str
    delimiter: str

    @property
    def codec(self) -> str:
        """What Python calls the encoding."""
        return "utf-8-sig" if self.encoding == "utf-8" else "cp1252"


class Scanner:
    """Looks through a file once, in pieces of any size. Which encoding it is, only its end tells."""

    def __init__(self) -> None:
        self._head = b""
        self._begun = False
        self._has_bom = False
        self._utf16 = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line = 1
        self._last = b""
        self._has_utf8_letter = False
        self._not_utf8: int | None = None
        self._not_windows: int | None = None
        self._control: int | None = None
        self._header = _Header()

    def feed(self, piece: bytes) -> None:
        """Look at the next piece."""
        if not self._begun:
            # A byte order mark may come in two pieces.
            self._head += piece
            if len(self._head) >= len(_UTF8_BOM):
                self._begin()
            return
        self._look(piece)

    def finish(self) -> TextForm | RowProblem:
        """Say how the file is to be read, or on which line it cannot be."""
        if not self._begun:
            self._begin()
        if self._utf16:
            return _undecodable(1, N_("the file is UTF-16; save it as CSV UTF-8"))
        if self._not_utf8 is None:
            self._decode(b"", final=True)
        if self._not_utf8 is not None:
            if self._has_bom or self._has_utf8_letter:
                message = N_("the file is UTF-8 but not all through: it was put together from two encodings")
                return _undecodable(self._not_utf8, message)
            if self._not_windows is not None:
                return _undecodable(self._not_windows, N_("a byte is neither UTF-8 nor Windows-1252"))
        if self._control is not None:
            return RowProblem(self._control, "", N_("text"), N_("a control character: this is not a text file"))
        return TextForm("utf-8" if self._not_utf8 is None else "windows-1252", self._header.delimiter)

    def _begin(self) -> None:
        self._begun = True
        self._utf16 = self._head.startswith(_OTHER_BOMS)
        self._has_bom = self._head.startswith(_UTF8_BOM)
        self._look(self._head.removeprefix(_UTF8_BOM))

    def _look(self, piece: bytes) -> None:
        if self._not_utf8 is None:
            self._decode(piece)
        if not self._has_utf8_letter:
            self._has_utf8_letter = bool(_UTF8_LETTER.search(self._last + piece))
        if self._not_windows is None:
            self._not_windows = self._first(_NOT_WINDOWS, piece)
        if self._control is None:
            self._control = self._first(_CONTROL, piece)
        self._header.feed(piece)
        self._line += piece.count(b"\n")
        self._last = piece[-1:] or self._last

    def _decode(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            # What the decoder held back of a letter cut in two holds no line break.
            self._not_utf8 = self._line + error.object.count(b"\n", 0, error.start)

    def _first(self, pattern: re.Pattern[bytes], piece: bytes) -> int | None:
        found = pattern.search(piece)
        return None if found is None else self._line + piece.count(b"\n", 0, found.start())


class _Header:
    """Counts the delimiters of the first line that holds anything."""

    def __init__(self) -> None:
        self._counts = {b";": 0, b",": 0}
        self._begun = self._over = False

    def feed(self, piece: bytes) -> None:
        if self._over:
            return
        line = piece if self._begun else piece.lstrip(b"\r\n")
        self._begun = self._begun or bool(line)
        head, newline, _ = line.partition(b"\n")
        self._over = bool(newline)
        for delimiter in self._counts:
            self._counts[delimiter] += head.count(delimiter)

    @property
    def delimiter(self) -> str:
        return ";" if self._counts[b";"] >= self._counts[b","] else ","


def _undecodable(line: int, message: str) -> RowProblem:
    return RowProblem(line, "", N_("encoding"), message)
