"""What may be enclosed with a message: PDF files, within the limits of the channels it may go by."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MIB = 2**20
MOST_ONE = 5 * MIB
"""Bytes of one file."""
MOST_ON_PAPER = 7 * MIB
"""Bytes of a letter with all that is enclosed (Fjernprint)."""
SPARE = 64 * 1024
"""Bytes of those that are kept free: a letter is measured by an example, and somebody's name is longer."""
MOST_RAW = 74 * MIB
"""Bytes of all that is enclosed: as base64 it still fits a message of 99.5 MB (Digital Post)."""
MOST_TITLE = 100
"""Characters."""

_HEAD, _TAIL = 1024, 2048
_ENCRYPTED = re.compile(rb"/Encrypt\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class Refusal(StrEnum):
    """Why a file is not enclosed."""

    NO_TITLE = "no-title"
    LONG_TITLE = "long-title"
    TITLE_TAKEN = "title-taken"
    ENCLOSED_ALREADY = "enclosed-already"
    NOT_A_PDF = "not-a-pdf"
    CUT_SHORT = "cut-short"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    TOO_LARGE_ON_PAPER = "too-large-on-paper"
    TOO_LARGE_TOGETHER = "too-large-together"


TOO_LARGE = frozenset({Refusal.TOO_LARGE, Refusal.TOO_LARGE_ON_PAPER, Refusal.TOO_LARGE_TOGETHER})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why, and for what is too large: how many bytes it is, and how many it may be."""

    why: Refusal
    size: int = 0
    most: int = 0


def refused_title(title: str, others: Sequence[str]) -> Refused | None:
    """Judge a title; `others` are those of what is enclosed already."""
    if not file_name(title):
        return Refused(Refusal.NO_TITLE)
    if len(title) > MOST_TITLE:
        return Refused(Refusal.LONG_TITLE, len(title), MOST_TITLE)
    return Refused(Refusal.TITLE_TAKEN) if file_name(title) in map(file_name, others) else None


def refused_size(size: int, others: int, letter: int | None) -> Refused | None:
    """Judge how large a file is beside the `others`' bytes; `letter` is the letter's own, None where none is sent."""
    if size > MOST_ONE:
        return Refused(Refusal.TOO_LARGE, size, MOST_ONE)
    if letter is not None and letter + SPARE + others + size > MOST_ON_PAPER:
        return Refused(Refusal.TOO_LARGE_ON_PAPER, letter + SPARE + others + size, MOST_ON_PAPER)
    if others + size > MOST_RAW:
        return Refused(Refusal.TOO_LARGE_TOGETHER, others + size, MOST_RAW)
    return None


def refused_content(content: bytes) -> Refused | None:
    """Judge a file by what is in it: a whole PDF that anyone can open."""
    if b"%PDF-" not in content[:_HEAD]:
        return Refused(Refusal.NOT_A_PDF)
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content[-_TAIL:]:
        return Refused(Refusal.CUT_SHORT)
    # A trailer, or a cross-reference stream's dictionary, names what it is encrypted by; neither is ever compressed.
    return Refused(Refusal.ENCRYPTED) if _ENCRYPTED.search(_STREAM.sub(b"", content)) else None


def file_name(title: str) -> str:
    """Return the name of the file in the recipient's archive, of plain letters; empty for a title without any."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_DANISH)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{words}.pdf" if words else ""
