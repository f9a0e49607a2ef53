"""Lists in pages, and what an address asks of them: numbers nobody has typed are taken as the first page."""

import re
from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
SIZE = 20
"""Rows of a page."""
_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


class Paged(NamedTuple, Generic[T]):
    """One page of a list; `total` counts the whole list. There is always a first page, empty or not."""

    rows: Sequence[T]
    page: int
    pages: int
    total: int


def page_asked(asked: Mapping[str, str]) -> int:
    """Return the page that `side` asks for."""
    text = asked.get("side", "")
    return int(text) if _NUMBER.fullmatch(text) else 1


def within(page: int, total: int, size: int = SIZE) -> tuple[int, int]:
    """Return the page there is, the last for one past the end, and how many there are; an empty list has one."""
    pages = max(1, -(-total // size))
    return min(page, pages), pages


def paged(rows: Sequence[T], page: int, size: int = SIZE) -> Paged[T]:
    """Return a page of a list that is there as a whole."""
    page, pages = within(page, len(rows), size)
    return Paged(rows[(page - 1) * size : page * size], page, pages, len(rows))


def address(path: str, **asked: str) -> str:
    """Return the path with what is asked of it; what is empty is left out."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path
