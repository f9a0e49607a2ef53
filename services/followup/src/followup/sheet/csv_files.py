"""A table as a CSV file: UTF-8 with its mark, parted by semicolons, as a Danish spreadsheet program reads it."""

import csv
import io
from datetime import date

from chassis.language import Words
from followup.sheet.cells import Cell, Row, guarded
from followup.sheet.exporting import Table
from followup.sheet.faults import Rule, Unreadable

MOST_ROWS = 10_000
"""Of a file, in either form: no assembly makes a hundredth as many recommendations."""
_LONGEST_CELL = 1_000_000


def write(table: Table, words: Words) -> bytes:
    """Return the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(words.gettext(column.heading) for column in table.columns)
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def read(content: bytes) -> list[Row]:
    """Return all rows, the headings first. Commas and tabs part cells too; Unreadable for what is no such file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Rule.ENCODING) from None
    first = text.partition("\n")[0]
    if "\0" in first:
        raise Unreadable(Rule.NOT_A_TABLE)
    delimiter = max(";,\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(tuple(row))
            if len(rows) > MOST_ROWS:
                raise Unreadable(Rule.TOO_MANY_ROWS, most=MOST_ROWS)
    except csv.Error:
        raise Unreadable(Rule.DAMAGED) from None
    return rows


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else cell.isoformat() if isinstance(cell, date) else str(cell)
