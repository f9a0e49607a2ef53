"""Whether the tables in a draw's folder say what its record says."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from lottery.verifying.digits import PANELS
from lottery.verifying.drawn import panel_of
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.reading import UnreadableError
from lottery.verifying.record import Json


def folder_lines(record: Json, folder: Path) -> Iterator[Line]:
    """Check each table that the folder holds; `lines.csv` says which id is which line."""
    sealed, drawn = record["sealed"], record["drawn"]
    if not (folder / "lines.csv").exists():
        yield Line(None, "the tables say what the record says", "lines.csv is not in the folder")
        return
    lines = {row[0]: row[1] for row in table(folder / "lines.csv", 2)}
    known = sorted(line["line"] for line in sealed["lines"])
    yield Line(sorted(lines.values()) == known, "lines.csv has each line of the record once")
    chances = {line["line"]: line["chance"] for line in sealed["lines"]}
    told = {row[0]: row[1] for row in table(folder / "probabilities.csv", 2)}
    what = "probabilities.csv has everyone's chance"
    yield Line({lines.get(person): chance for person, chance in told.items()} == chances, what)
    yield flaws_line("portfolio.csv has the record's panels", _portfolio_differs(sealed, folder, lines))
    if drawn is None:
        return
    selected = [lines.get(row[0], "") for row in table(folder / "selected.csv", 1)]
    remaining = [lines.get(row[0], "") for row in table(folder / "remaining.csv", 1)]
    alternates = [[row[1], lines.get(row[0], "")] for row in table(folder / "alternates.csv", 2)]
    numbered = [[str(number), line] for number, line in enumerate(drawn["alternates"], start=1)]
    yield Line(sorted(selected) == drawn["panel"], "selected.csv has the people on the panel")
    yield Line(sorted(alternates) == sorted(numbered), "alternates.csv has the alternates, with their numbers")
    rest = sorted(set(known) - {*drawn["panel"], *drawn["alternates"]})
    yield Line(sorted(remaining) == rest, "remaining.csv has everyone else")


def _portfolio_differs(sealed: Json, folder: Path, lines: dict[str, str]) -> Iterator[str]:
    panels: dict[str, list[str]] = {}
    for digits, person in table(folder / "portfolio.csv", 2):
        panels.setdefault(digits, []).append(lines.get(person, ""))
    for number in range(PANELS):
        if sorted(panels.get(f"{number:03d}", [])) != panel_of(sealed, number):
            yield f"not panel {number:03d}"


def table(path: Path, columns: int) -> Sequence[list[str]]:
    """Return the first columns of a table's rows, without its header."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row[:columns] for row in csv.reader(file)][1:]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{path}: {error}") from error
    if any(len(row) < columns for row in rows):
        raise UnreadableError(f"{path}: a row has fewer than {columns} cells")
    return rows
