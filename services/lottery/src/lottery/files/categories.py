"""Quotas from a file: the field's table of categories, or Analyse & Tal's criteria in JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.quotas import Quota, Quotas, checked_quotas, loose_quotas
from lottery.files.tables import Row, Table, plain, read_table, read_text

# How a criterion and its values are called, as the field writes it, as it wrote it, and as both are mixed.
SPELLINGS = (("feature", "value"), ("category", "name"), ("category", "feature"))
BOUNDS = ("min", "max")
FLEXIBLE = ("min_flex", "max_flex")


Places = dict[str, str]
"""Where in the file a criterion, or one value of it, is told of; by the words that `checked_quotas` has for them."""


def read_categories(content: bytes, name: str, panel_size: int, *, slack: int = 0, loose: bool = False) -> Quotas:
    """Read quotas from a table (`feature,value,min,max`), or from JSON where the file is called so.

    `slack` widens the numbers of JSON, which are targets, by so many seats to both sides; with `loose` their sums may
    miss the panel's size, which a relaxation can mend. Raises `FlawedInputError` with place, column and rule.
    """
    is_json = PurePath(name).suffix.lower() == ".json"
    rows, places = _criteria(read_text(content, name), name, slack) if is_json else _table(read_table(content, name))
    try:
        return (loose_quotas if loose else checked_quotas)(panel_size, rows)
    except FlawedInputError as error:
        columns = {"minimum": "min", "maximum": "max"}
        raise FlawedInputError(
            [
                replace(flaw, where=places.get(flaw.where, flaw.where), field=columns.get(flaw.field, flaw.field))
                for flaw in error.flaws
            ]
        ) from error


def _table(table: Table) -> tuple[list[Quota], Places]:
    names = next((pair for pair in SPELLINGS if all(table.column(one) is not None for one in pair)), None)
    missing = [column for column in (*(names or SPELLINGS[0]), *BOUNDS) if table.column(column) is None]
    if len([column for column in FLEXIBLE if table.column(column) is not None]) == 1:
        missing += [column for column in FLEXIBLE if table.column(column) is None]
    if missing or names is None:
        rule = " or ".join(",".join((*pair, *BOUNDS)) for pair in SPELLINGS)
        words = "the column {} is missing"
        raise FlawedInputError([Flaw(table.where(1), column, rule, words.format(column)) for column in missing])
    flaws = [flaw for row in table.rows for flaw in _broken(table, row, names)]
    if not table.rows:
        flaws.append(Flaw(table.where(2), names[0], "at least one quota", "there are no quotas"))
    if flaws:
        raise FlawedInputError(flaws)
    quotas = _one_spelling([_quota(table, row, names) for row in table.rows])
    return quotas, _places(quotas, [str(row.number) for row in table.rows], f"{table.name}, row ")


def _places(quotas: Sequence[Quota], rows: Sequence[str], prefix: str) -> Places:
    found: dict[str, str] = {}
    for quota, row in zip(quotas, rows, strict=True):
        criterion, value = f"criterion {quota.criterion}", f"criterion {quota.criterion}, value {quota.value}"
        first = found.get(criterion, prefix + row).partition(" to ")[0]
        found[criterion] = first if first == prefix + row else f"{first} to {row}"
        found[value] = f"{found[value]} and {row}" if value in found else prefix + row
    return found


def _columns(table: Table, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    for column in (*names, *BOUNDS, *FLEXIBLE):
        place = table.column(column)
        if place is not None:
            yield column, place


def _broken(table: Table, row: Row, names: Sequence[str]) -> Iterator[Flaw]:
    for column, place in _columns(table, names):
        cell = row.cells[place]
        if column in names and not cell:
            yield Flaw(table.where(row), column, "not blank", f"the {column} is blank")
        elif column not in names and not (cell == "" and column in FLEXIBLE) and not _whole(cell):
            yield Flaw(table.where(row), column, "a whole number, at least 0", f"{cell or 'blank'} is no whole number")


def _whole(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal() and len(cell) < 10


def _quota(table: Table, row: Row, names: Sequence[str]) -> Quota:
    cells = {column: row.cells[place] for column, place in _columns(table, names)}
    flexible = [int(cells[column]) if cells.get(column) else None for column in FLEXIBLE]
    return Quota(cells[names[0]], cells[names[1]], int(cells["min"]), int(cells["max"]), *flexible)


def _one_spelling(quotas: Sequence[Quota]) -> list[Quota]:
    """Write what is written in several ways (`Gender`, `gender`) in one of them, whatever the rows' order."""
    criteria = {plain(one.criterion): one.criterion for one in sorted(quotas, key=lambda one: one.criterion)}
    values = {(plain(one.criterion), plain(one.value)): one.value for one in sorted(quotas, key=lambda one: one.value)}
    return [
        replace(one, criterion=criteria[plain(one.criterion)], value=values[plain(one.criterion), plain(one.value)])
        for one in quotas
    ]


def _criteria(text: str, name: str, slack: int) -> tuple[list[Quota], Places]:
    """Read `{characteristic: {"values": {value: seats}}}`; what else there is, as priorities, is not needed here."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FlawedInputError([Flaw(name, "JSON", "JSON", f"the file is not JSON: {error}")]) from error
    flaws, quotas = list[Flaw](), list[Quota]()
    for characteristic, told in found.items() if isinstance(found, dict) else ():
        where = f"{name}, {characteristic}"
        values = told.get("values") if isinstance(told, dict) else None
        if not isinstance(values, dict) or not values or not characteristic.strip():
            flaws.append(Flaw(where, "values", "{value: seats}", "the characteristic has no name or no values"))
            continue
        for value, seats in values.items():
            if type(seats) is not int or seats < 0 or not value.strip():
                flaws.append(Flaw(where, value, "a whole number, at least 0", f"{seats} is no number of seats"))
            else:
                quotas.append(Quota(characteristic.strip(), value.strip(), max(0, seats - slack), seats + slack))
    if flaws or not quotas:
        none = Flaw(name, "JSON", '{characteristic: {"values": {value: seats}}}', "there are no characteristics")
        raise FlawedInputError(flaws or [none])
    spelled = _one_spelling(quotas)
    return spelled, _places(spelled, [f"{one.criterion}, {one.value}" for one in spelled], f"{name}, ")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)
