"""What differs between two texts, word by word; shown by `ui.differences`."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\S+ *|\s+")


class Piece(NamedTuple):
    """A stretch of text that is in both, in the newer one alone, or in the older one alone."""

    kind: Literal["same", "added", "removed"]
    text: str


def differences(older: str, newer: str) -> list[Piece]:
    """Return the pieces in reading order: what is removed stands before what came in its place."""
    return list(_pieces(_WORDS.findall(older), _WORDS.findall(newer)))


def _pieces(older: list[str], newer: list[str]) -> Iterator[Piece]:
    for act, a, b, c, d in SequenceMatcher(None, older, newer, autojunk=False).get_opcodes():
        if act == "equal":
            yield Piece("same", "".join(older[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(older[a:b]))
        if c < d:
            yield Piece("added", "".join(newer[c:d]))
