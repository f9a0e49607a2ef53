"""The tables as a workbook (xlsx), one sheet each. What stands in a text cell is a text, never a formula."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from chassis.language import Words
from followup.domain.answers import VERDICTS
from followup.pages import VERDICT_WORDS
from followup.sheet.cells import Bad, Cell, Row, all_empty, guarded
from followup.sheet.csv_files import MOST_ROWS
from followup.sheet.exporting import Table
from followup.sheet.faults import Rule, Unreadable

MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 500
_MOST_COLUMNS = 50
_FIRST_SAFE_DAY = date(1900, 3, 1)
"""A workbook counts days from 1900, which it takes for a leap year: an earlier day is written as a text."""
_NO_XML = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_UNWRITABLE = re.compile(rf"[{_NO_XML}]|_(?=x[0-9A-Fa-f]{{4}}[_{_NO_XML}])")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHOWN_ONLY = PatternFill("solid", fgColor="EDEDED")
_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")


def write(tables: Sequence[Table], words: Words) -> bytes:
    """Return the workbook."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for table in tables:
        sheet = book.create_sheet(table.title)
        for place, column in enumerate(table.columns, start=1):
            head = sheet.cell(1, place, words.gettext(column.heading))
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        for at, row in enumerate(table.rows, start=2):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
                cell = sheet.cell(at, place)
                _fill(cell, value)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if column.read_only:
                    cell.fill = _SHOWN_ONLY
        sheet.freeze_panes = "D2"
        _offer_answers(sheet, table, words)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(cell: Any, value: Cell) -> None:
    if isinstance(value, date) and value < _FIRST_SAFE_DAY:
        value = value.isoformat()
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    elif value:
        cell.value = escaped(guarded(value))
        cell.data_type = "s"
        cell.number_format = "@"


def _offer_answers(sheet: Any, table: Table, words: Words) -> None:
    for place, column in enumerate(table.columns, start=1):
        if column.key == "answer" and table.rows:
            choices = ",".join(words.gettext(VERDICT_WORDS[verdict]) for verdict in VERDICTS)
            offer = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
            letter = get_column_letter(place)
            offer.add(f"{letter}2:{letter}{len(table.rows) + 1}")
            sheet.add_data_validation(offer)


def read(content: bytes) -> Iterator[tuple[str, list[Row]]]:
    """Yield each sheet's title and rows, the headings first. Unreadable for what is no workbook, or a bomb of one."""
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheets = [(str(sheet.title), list(_rows(sheet))) for sheet in book.worksheets]
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - openpyxl lets through whatever a damaged part provokes, of any kind
        raise Unreadable(Rule.DAMAGED) from None
    yield from sheets


def is_workbook(content: bytes) -> bool:
    """Whether a file is meant to be read here. Unreadable for one that is locked or of an old kind."""
    if content.startswith(_OLD_OR_LOCKED):
        raise Unreadable(Rule.LOCKED)
    return content.startswith(b"PK")


def _check_archive(content: bytes) -> None:
    # Sizes are the archive's own words, but no part is unpacked beyond its own: zipfile stops there.
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable(Rule.DAMAGED) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(Rule.UNPACKS_TOO_LARGE)


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    for at, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS)):
        if at > MOST_ROWS:
            if all_empty(_value(cell) for cell in row):
                continue  # a column that was formatted to the very bottom
            raise Unreadable(Rule.TOO_MANY_ROWS, most=MOST_ROWS)
        yield tuple(_value(cell) for cell in row)


def _value(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if kind == "f":
        return Bad.FORMULA
    if kind == "e":
        return Bad.ERROR
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return unescaped(value)
    return value if isinstance(value, int | float | date) else None if value is None else str(value)


def escaped(text: str) -> str:
    """Return a text as a workbook writes what XML cannot hold (ISO/IEC 29500-1, 22.9.2.19): `_x000D_`."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
