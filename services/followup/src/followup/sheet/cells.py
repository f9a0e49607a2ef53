"""A cell as both forms of the spreadsheet hold it, and how what people type into one is read."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from followup.sheet.faults import Rule, Unreadable


class Bad(Enum):
    """A cell of a workbook that holds no value of its own."""

    FORMULA = "formula"
    ERROR = "error"


T = TypeVar("T")
Cell = str | int | float | bool | date | Bad | None
Row = tuple[Cell, ...]

_TRIGGERS = "=+-@\t\r\n'＝＋－＠"
"""What a program may take for the beginning of a formula (OWASP, CSV injection), and the sign that guards."""
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})", re.ASCII),
)
_WHOLE = re.compile(r"-?(\d{1,15}|\d{1,3}([.\u00a0 ]\d{3}){1,4})", re.ASCII)


def guarded(text: str) -> str:
    """Return a text that no program takes for a formula; `unguarded` gives it back as it was."""
    return f"'{text}" if text[:1] and text[0] in _TRIGGERS else text


def unguarded(text: str) -> str:
    """Return what was guarded. An apostrophe before anything else is a person's own."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _TRIGGERS else text


def is_empty(cell: Cell) -> bool:
    """Whether nobody has written anything there."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def all_empty(cells: Iterable[Cell]) -> bool:
    """Whether a row is blank."""
    return all(is_empty(cell) for cell in cells)


def tidy(text: str) -> str:
    """Return a text as it is compared: programs change a line's end, and nobody means blanks around a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_in(cell: Cell) -> str:
    """Return a cell's text; a number or a day that was typed into a column of texts is one too."""
    if isinstance(cell, Bad):
        raise Unreadable(Rule.FORMULA if cell is Bad.FORMULA else Rule.ERROR_VALUE)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return tidy(unguarded(str(cell)))


def day_in(cell: Cell) -> date | None:
    """Return a cell's day, None when it is empty. 2026-03-01, 01-03-2026, 1.3.2026 and 1/3/2026 are the same day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_in(cell)
    if not text:
        return None
    found = next((match for pattern in _DAYS if (match := pattern.fullmatch(text))), None)
    if found is None:
        raise Unreadable(Rule.DAY)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise Unreadable(Rule.NO_SUCH_DAY) from None


def whole_in(cell: Cell, rule: Rule, unit: str = "") -> int | None:
    """Return a cell's whole number, None when it is empty; thousands may be parted by a point or a blank, as in Danish.

    Unreadable with `rule` for anything else: 0 is a number, an empty cell is none. `unit` may stand after it.
    """
    if isinstance(cell, bool | date):
        raise Unreadable(rule)
    if isinstance(cell, float) and not cell.is_integer():
        raise Unreadable(rule)
    text = text_in(cell).removesuffix(unit).strip() if unit else text_in(cell)
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise Unreadable(rule)
    return int(re.sub(r"[.\u00a0 ]", "", text))


def required(how: Callable[[Cell], T | None], rule: Rule) -> Callable[[Cell], T]:
    """Return a reader for a cell that must not be empty."""

    def read(cell: Cell) -> T:
        found = how(cell)
        if found is None or found == "":
            raise Unreadable(rule)
        return found

    return read


def version_in(cell: Cell) -> int:
    """Return the version that was taken out."""
    number = whole_in(cell, Rule.VERSION)
    if number is None or number < 0:
        raise Unreadable(Rule.VERSION)
    return number
