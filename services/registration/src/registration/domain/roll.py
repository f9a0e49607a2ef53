"""The roll of residents: a CSV file, checked from end to end before anything is written."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from registration.domain.encoding import Decoded, decode
from registration.domain.problems import RowProblem
from registration.domain.resident import Resident, RollRules, read_row

LISTED = 100
"""How many problems are kept with their text; all are counted."""


@dataclass(slots=True, repr=False)
class Roll:
    """What a file holds. A roll with problems is not imported, not in part either."""

    residents: list[Resident] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    encoding: str = ""
    delimiter: str = ""

    def refuse(self, *problems: RowProblem) -> None:
        """Count the problems and keep the first of them."""
        self.problem_count += len(problems)
        self.problems.extend(problems[: max(0, LISTED - len(self.problems))])


def read_roll(body: bytes, rules: RollRules) -> Roll:
    """Read a roll: `;` or `,`, UTF-8 (with or without its mark) or Windows-1252, the header in any order."""
    roll = Roll()
    decoded = decode(body)
    if isinstance(decoded, RowProblem):
        roll.refuse(decoded)
        return roll
    if not decoded.text.strip():
        roll.refuse(RowProblem(0, "", "not empty", "the file is empty"))
        return roll
    roll.encoding = decoded.encoding
    _read_text(roll, decoded, rules)
    if not roll.residents and not roll.problem_count:
        roll.refuse(RowProblem(0, "", "not empty", "the file has a header and no residents"))
    return roll


def _read_text(roll: Roll, decoded: Decoded, rules: RollRules) -> None:
    roll.delimiter = _delimiter(decoded.text)
    rows = _rows(roll, decoded.text)
    header_row, header = next(rows, (0, []))
    columns = [name.strip().lower() for name in header]
    header_problems = list(_header_problems(header_row, columns, rules.columns))
    if header_problems:
        roll.refuse(*header_problems)
        return
    first_seen: dict[str, int] = {}
    for row, values in rows:
        if len(values) != len(columns):
            message = (
                f"has {len(values)} fields, the header {len(columns)}; is a text with “{roll.delimiter}” in quotes?"
            )
            roll.refuse(RowProblem(row, "", "as many fields as the header", message))
            continue
        resident = read_row(row, dict(zip(columns, values, strict=True)), rules)
        if isinstance(resident, list):
            roll.refuse(*resident)
            continue
        earlier = first_seen.setdefault(resident.cpr, row)
        if earlier != row:
            roll.refuse(RowProblem(row, "cpr", "one row a person", f"the same person as in row {earlier}"))
            continue
        roll.residents.append(resident)


def _delimiter(text: str) -> str:
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return ";" if header.count(";") >= header.count(",") else ","


def _rows(roll: Roll, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, numbered as a spreadsheet does; a broken quote ends the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=roll.delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            values = next(reader, None)
        except csv.Error:
            message = "a quotation mark is not closed, or stands inside a text without being doubled"
            roll.refuse(RowProblem(row, "", "quotes", message))
            return
        if values is None:
            return
        if any(value.strip() for value in values):
            yield row, values


def _header_problems(row: int, columns: list[str], wanted: tuple[str, ...]) -> Iterator[RowProblem]:
    if not set(columns) & set(wanted):
        yield RowProblem(row, "", "header", f"the first row names the columns: {', '.join(wanted)}")
        return
    for position, column in enumerate(columns):
        if column not in wanted:
            # The name is not repeated: where the header is missing, it is a resident's data.
            yield RowProblem(row, f"column {position + 1}", "known column", f"is none of: {', '.join(wanted)}")
        elif column in columns[:position]:
            yield RowProblem(row, column, "one column a name", "the column is there twice")
    for column in wanted:
        if column not in columns:
            yield RowProblem(row, column, "required column", "the column is missing")
