"""From a file's bytes to text: UTF-8 or Windows-1252, found out from the bytes, and nothing else."""

import re
from dataclasses import dataclass

from registration.domain.problems import RowProblem

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters such as æ, ø, å as UTF-8 writes them. No Danish text in Windows-1252 has an à before such a byte.
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")


@dataclass(frozen=True, slots=True, repr=False)
class Decoded:
    """A file's text and the encoding it was in."""

    text: str
    encoding: str


def decode(body: bytes) -> Decoded | RowProblem:
    """Decode a file, or say on which line it cannot be."""
    if body.startswith(_OTHER_BOMS):
        return _undecodable(1, "the file is UTF-16; save it as CSV UTF-8")
    has_bom = body.startswith(_UTF8_BOM)
    try:
        decoded = Decoded(body.removeprefix(_UTF8_BOM).decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        line = _line(body, error.start + len(_UTF8_BOM) * has_bom)
        if has_bom or _UTF8_LETTER.search(body):
            return _undecodable(line, "the file is UTF-8 but not all through: it was put together from two encodings")
        try:
            decoded = Decoded(body.decode("cp1252"), "windows-1252")
        except UnicodeDecodeError as undefined:
            return _undecodable(_line(body, undefined.start), "a byte is neither UTF-8 nor Windows-1252")
    control = _CONTROL.search(decoded.text)
    if control:
        line = decoded.text.count("\n", 0, control.start()) + 1
        return RowProblem(line, "", "text", "a control character: this is not a text file")
    return decoded


def _line(body: bytes, position: int) -> int:
    return body.count(b"\n", 0, position) + 1


def _undecodable(line: int, message: str) -> RowProblem:
    return RowProblem(line, "", "encoding", message)
