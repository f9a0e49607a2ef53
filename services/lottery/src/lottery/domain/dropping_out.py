"""How likely members are to drop out: rates as data, from assemblies that are over, or what is usual elsewhere.

The model is that of Assos and others (Alternates, Assemble!, 2025): everyone's rate, times a factor for each of a
person's values. Figures are few (an assembly has a few dozen members), so each is drawn towards the usual rate, and
each factor towards one, as if so many people more had behaved as the rest do.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.verifying.alternates import USUAL_RATE

AS_IF = 20
"""People who are added to every count."""
COLUMNS = ("feature", "value", "selected", "left")


@dataclass(frozen=True)
class DropOut:
    """Rates as they are written in a record: decimals as text, the same on every machine."""

    everyone: str
    factors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """Return them as the draw's record holds them."""
        factors = {criterion: dict(sorted(values.items())) for criterion, values in sorted(self.factors.items())}
        return {"everyone": self.everyone, "factors": factors}


USUAL = DropOut(USUAL_RATE)
"""The same rate for everyone; where it comes from stands beside it, in the verifier."""


def read_dropout(content: bytes) -> DropOut:
    """Read rates from UTF-8 CSV with the header `feature,value,selected,left`: of so many selected, so many left.

    A row a value of a criterion, counted over all assemblies that are over. Raises `FlawedInputError` with every row
    and column that breaks a rule.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FlawedInputError([Flaw("file", "encoding", "UTF-8", f"byte {error.start} is not UTF-8")]) from error
    table = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
    if missing:
        rule = "column present"
        raise FlawedInputError([Flaw("row 1", column, rule, f"the column {column} is missing") for column in missing])
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    flaws = []
    for number, row in enumerate(table, start=2):
        key = ((row["feature"] or "").strip(), (row["value"] or "").strip())
        found = [(column, _whole(row[column])) for column in ("selected", "left")]
        flaws += [
            Flaw(f"row {number}", column, "a whole number from 0", "it is not one")
            for column, count in found
            if count is None
        ]
        selected, left = (count or 0 for _, count in found)
        if left > selected and None not in (found[0][1], found[1][1]):
            flaws.append(Flaw(f"row {number}", "left", "left <= selected", f"{left} of {selected} cannot have left"))
        if key in counts:
            flaws.append(Flaw(f"row {number}", "value", "listed once", "the value is listed twice"))
        counts[key] = selected, left
    if flaws:
        raise FlawedInputError(flaws)
    return rates_from(counts)


def _whole(cell: str | None) -> int | None:
    cell = (cell or "").strip()
    return int(cell) if cell.isascii() and cell.isdecimal() else None


def rates_from(counts: Mapping[tuple[str, str], tuple[int, int]]) -> DropOut:
    """Return the rates that these counts (selected, left) by criterion and value make."""
    usual = Fraction(USUAL_RATE)
    criteria = sorted({criterion for criterion, _ in counts})
    factors: dict[str, dict[str, str]] = {}
    everyone = usual
    most = -1
    for criterion in criteria:
        rows = {value: count for (other, value), count in sorted(counts.items()) if other == criterion}
        selected, left = (sum(column) for column in zip(*rows.values(), strict=True))
        rate = (left + AS_IF * usual) / (selected + AS_IF)
        if selected > most:  # the criterion that was counted of most people tells everyone's rate
            most, everyone = selected, rate
        factors[criterion] = {
            value: _decimal((gone + AS_IF * rate) / (of + AS_IF) / rate) for value, (of, gone) in rows.items()
        }
    return DropOut(_decimal(everyone), factors)


def _decimal(number: Fraction) -> str:
    """Write a number with three decimals, rounded by whole numbers alone."""
    return f"{round(number * 1000) // 1000}.{round(number * 1000) % 1000:03d}"
