"""Finds the tables in a file that comes back, and the cells of each row by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chassis.language import Words
from followup.sheet import csv_files, workbooks
from followup.sheet.cells import Cell, Row, all_empty, is_empty, text_in
from followup.sheet.columns import COLUMNS, NEEDED, Column, Kind
from followup.sheet.faults import Fault, Rule, Unreadable, Values

T = TypeVar("T")
U = TypeVar("U")
_TOLD_BY = {Kind.RECOMMENDATIONS: "answer", Kind.STEPS: "decision", Kind.DECIDIM: "overdue_days"}
"""The column that each table alone has."""


class Faults:
    """The faults of a file, in the order they are found; `words` are for the columns' headings."""

    def __init__(self, words: Words) -> None:
        self.words, self.found = words, list[Fault]()

    def add(self, rule: Rule, sheet: str = "", row: int = 0, column: str = "", values: Values | None = None) -> None:
        """Take one more."""
        self.found.append(Fault(rule, sheet, row, column, values or {}))


@dataclass(slots=True)
class Line:
    """One row of a table: its number as a spreadsheet counts them, and its cells by column."""

    table: "Found"
    number: int
    cells: Mapping[str, Cell]
    faulty: bool = field(default=False)

    def fault(self, rule: Rule, key: str = "", **values: str | int) -> None:
        """Say that a cell, or the row, breaks a rule."""
        self.faulty = True
        heading = self.table.heading(key) if key else ""
        self.table.faults.add(rule, self.table.title, self.number, heading, values)

    def read(self, key: str, how: Callable[[Cell], T], otherwise: U) -> T | U:
        """Return what a cell says; where it cannot be read, note why and return `otherwise`."""
        try:
            return how(self.cells.get(key))
        except Unreadable as error:
            self.fault(error.rule, key, **error.values)
            return otherwise


@dataclass(slots=True)
class Found:
    """A table that was found, with the column each of its places stands for."""

    kind: Kind
    title: str
    faults: Faults
    places: Mapping[str, int]
    rows: Sequence[Row]

    def heading(self, key: str) -> str:
        """Return what a column is called."""
        column = next(column for column in COLUMNS[self.kind] if column.key == key)
        return self.faults.words.gettext(column.heading)

    def lines(self) -> Iterator[Line]:
        """Yield the rows that are not blank."""
        known = set(self.places.values())
        for number, row in enumerate(self.rows, start=2):
            if all_empty(row):
                continue
            cells = {key: row[place] if place < len(row) else None for key, place in self.places.items()}
            line = Line(self, number, cells)
            if any(not is_empty(cell) for place, cell in enumerate(row) if place not in known):
                line.fault(Rule.OUTSIDE)
            yield line


def read(content: bytes, faults: Faults) -> dict[Kind, Found]:
    """Return the tables of a file. What is wrong with it as a whole is among the faults, and then none are returned."""
    if not content.strip():
        faults.add(Rule.EMPTY)
        return {}
    try:
        book = workbooks.is_workbook(content)
        sheets = list(workbooks.read(content)) if book else [("", csv_files.read(content))]
    except Unreadable as error:
        faults.add(error.rule, values=error.values)
        return {}
    tables: dict[Kind, Found] = {}
    for title, rows in sheets:
        found = _table(title, rows, faults)
        if found and found.kind in tables:
            faults.add(Rule.TABLE_TWICE, title)
        elif found:
            tables[found.kind] = found
    if not tables:
        faults.add(Rule.NO_TABLE, row=1)
    return {} if faults.found else tables


def _table(title: str, rows: Sequence[Row], faults: Faults) -> Found | None:
    """Return the table a sheet holds; None for one that is no table of ours."""
    if not rows:
        return None
    headings = [_heading(cell) for cell in rows[0]]
    kind = next((kind for kind in Kind if _place(headings, _told_by(kind)) is not None), None)
    if kind is None:
        return None
    columns = COLUMNS[kind]
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = next((column for column in columns if heading in column.headings()), None)
        if column is None and heading:
            # Shown as it was written: a person looks for it in their own file.
            faults.add(Rule.COLUMN_UNKNOWN, title, 1, str(rows[0][place])[:60])
        elif column and column.key in places:
            faults.add(Rule.COLUMN_TWICE, title, 1, faults.words.gettext(column.heading))
        elif column:
            places[column.key] = place
    for column in columns:
        if column.key not in places and (not column.read_only or column.key in NEEDED):
            faults.add(Rule.COLUMN_MISSING, title, 1, faults.words.gettext(column.heading))
    return Found(kind, title, faults, places, rows[1:])


def _told_by(kind: Kind) -> Column:
    return next(column for column in COLUMNS[kind] if column.key == _TOLD_BY[kind])


def _place(headings: Sequence[str], column: Column) -> int | None:
    return next((place for place, heading in enumerate(headings) if heading in column.headings()), None)


def _heading(cell: Cell) -> str:
    try:
        return " ".join(text_in(cell).split()).casefold()
    except Unreadable:
        return "?"
