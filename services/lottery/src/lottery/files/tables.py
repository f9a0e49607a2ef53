"""CSV as people have it: a byte order mark, semicolons, Windows line ends, line ends in cells; and no guessing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from lottery.domain.errors import Flaw, FlawedInputError


@dataclass(frozen=True)
class Row:
    """A row: the number that a spreadsheet shows beside it, and its cells without blanks around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's header and rows. Rows without anything in them are left out."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, *names: str) -> int | None:
        """Return the place of the first of these columns that there is."""
        known = [plain(name) for name in self.header]
        return next((known.index(plain(name)) for name in names if plain(name) in known), None)

    def where(self, row: Row | int) -> str:
        """Say where a row is."""
        return f"{self.name}, row {row if isinstance(row, int) else row.number}"


def plain(text: str) -> str:
    """Return a name as names are compared: case and blanks do not count."""
    return " ".join(text.split()).casefold()


def read_text(content: bytes, name: str) -> str:
    """Return the file's text, UTF-8 with or without a byte order mark; raises `FlawedInputError` for anything else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        message = f"the file is not UTF-8 (near line {row}): save it as 'CSV UTF-8'"
        raise FlawedInputError([Flaw(name, "encoding", "UTF-8", message)]) from error
    if "\0" in text:
        raise FlawedInputError([Flaw(name, "encoding", "text", "the file has zero bytes: it is not a text file")])
    return text


def read_table(content: bytes, name: str) -> Table:
    """Read a table with a header, by commas, or by semicolons where its first line has these and no comma.

    Raises `FlawedInputError` for a file without a header, a column without a name or with another's, a row with more or
    fewer cells than the header, and quotation marks that never close.
    """
    text = read_text(content, name)
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        message = f"the quotation marks are not paired ({error})"
        raise FlawedInputError([Flaw(name, "quotation marks", "CSV", message)]) from error
    cells = [tuple(cell.strip() for cell in row) for row in rows]
    if not cells or not any(cells[0]):
        raise FlawedInputError([Flaw(f"{name}, row 1", "header", "a header", "the file has no header")])
    numbered = [Row(number, row) for number, row in enumerate(cells, start=1) if any(row)]
    flaws = [*_header_flaws(name, cells[0]), *_row_flaws(name, numbered[1:], len(cells[0]))]
    if flaws:
        raise FlawedInputError(flaws)
    return Table(name, cells[0], tuple(numbered[1:]))


def _header_flaws(name: str, header: Sequence[str]) -> list[Flaw]:
    flaws, seen = [], set[str]()
    for place, column in enumerate(header, start=1):
        if not column:
            message = f"column {place} has no name"
            flaws.append(Flaw(f"{name}, row 1", "header", "a name a column", message))
        elif plain(column) in seen:
            flaws.append(Flaw(f"{name}, row 1", column, "a column a name", f"the column {column} is there twice"))
        seen.add(plain(column))
    return flaws


def _row_flaws(name: str, rows: Sequence[Row], width: int) -> list[Flaw]:
    return [
        Flaw(f"{name}, row {row.number}", "row", "a cell a column", f"{len(row.cells)} cells, the header has {width}")
        for row in rows
        if len(row.cells) != width
    ]
