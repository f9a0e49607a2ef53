"""A CSV file row by row, in constant memory: what every list that is handed in has in common."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from registration.domain.encoding import TextForm
from registration.domain.problems import N_, RowProblem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST = 100_000
"""Characters of the longest line taken. A roll's line has 300; a longer one is no roll, and would fill the memory."""

Row = tuple[int, dict[str, str]]


class Table:
    """Reads a file of named columns: `;` or `,`, the header in any order, texts with the delimiter in quotes.

    `required` and `optional` are the columns it may have; of each group in `one_of` at least one must be there.
    """

    def __init__(
        self, required: Iterable[str], optional: Iterable[str] = (), one_of: Iterable[tuple[str, ...]] = ()
    ) -> None:
        self.required, self._one_of = tuple(required), tuple(one_of)
        self.columns = tuple(dict.fromkeys((*(c for group in self._one_of for c in group), *self.required, *optional)))

    def read(self, pieces: Iterable[bytes], form: TextForm) -> Iterator[Row | list[RowProblem]]:
        """Yield each row that holds anything, numbered as a spreadsheet does, or what is wrong with it.

        A wrong header, a broken quote or an endless line ends the file.
        """
        rows = _rows(_lines(pieces, form), form.delimiter)
        first = next(rows, None)
        if first is None:
            yield [RowProblem(0, "", N_("not empty"), N_("the file is empty"))]
            return
        if isinstance(first, RowProblem):
            yield [first]
            return
        header_row, header = first
        columns = [name.strip().lower() for name in header]
        problems = list(self._header_problems(header_row, columns))
        if problems:
            yield problems
            return
        for row in rows:
            if isinstance(row, RowProblem):
                yield [row]
            elif len(row[1]) != len(columns):
                yield [_uneven(row, len(columns), form.delimiter)]
            else:
                yield row[0], dict(zip(columns, row[1], strict=True))

    def _header_problems(self, row: int, columns: list[str]) -> Iterator[RowProblem]:
        known = {"columns": ", ".join(self.columns)}
        if not set(columns) & set(self.columns):
            yield RowProblem(row, "", N_("header"), N_("the first row names the columns: %(columns)s"), known)
            return
        for position, column in enumerate(columns):
            if column not in self.columns:
                # The name is not repeated: where the header is missing, it is a resident's data.
                yield RowProblem(
                    row, f"column {position + 1}", N_("known column"), N_("is none of: %(columns)s"), known
                )
            elif column in columns[:position]:
                yield RowProblem(row, column, N_("one column a name"), N_("the column is there twice"))
        for group in self._one_of:
            if not set(group) & set(columns):
                yield RowProblem(row, group[0], N_("required column"), N_("the column is missing"))
        for column in self.required:
            if column not in columns:
                yield RowProblem(row, column, N_("required column"), N_("the column is missing"))


def _uneven(row: tuple[int, list[str]], wanted: int, delimiter: str) -> RowProblem:
    message = N_("has %(n)s fields, the header %(wanted)s; is a text with “%(delimiter)s” in quotes?")
    told: dict[str, str | int] = {"n": len(row[1]), "wanted": wanted, "delimiter": delimiter}
    return RowProblem(row[0], "", N_("as many fields as the header"), message, told)


class _TooLongError(Exception):
    """A line has no end."""


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        room = memoryview(buffer).cast("B")
        taken = min(len(room), len(self._left))
        room[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken


def _lines(pieces: Iterable[bytes], form: TextForm) -> Iterator[str]:
    file = io.BufferedReader(_Pieces(pieces), 64 * 1024)
    with io.TextIOWrapper(file, encoding=form.codec, newline="") as text:
        while line := text.readline(LONGEST + 1):
            if len(line) > LONGEST:
                raise _TooLongError
            yield line


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]] | RowProblem]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            values = next(reader, None)
        except csv.Error:
            message = N_("a quotation mark is not closed, or stands inside a text without being doubled")
            yield RowProblem(row, "", N_("quotes"), message)
            return
        except _TooLongError:
            message = N_("the row is longer than %(most)s characters: is this a CSV file?")
            yield RowProblem(row, "", N_("row length"), message, {"most": LONGEST})
            return
        if values is None:
            return
        if any(value.strip() for value in values):
            yield row, values
