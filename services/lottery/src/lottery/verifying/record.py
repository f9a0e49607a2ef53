"""What a draw's public record must say of itself, checked from the record alone."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lottery.verifying.digits import PANELS
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.seals import LINE_LENGTH, digest
from lottery.verifying.shape import ANYTHING, misshapen

FORMAT = "borgersamling-draw-record/2"
CHANCE_DECIMALS = 9

Json = Mapping[str, Any]

SEALED = {
    "format": str,
    "assembly": str,
    "draw": str,
    "test": bool,
    "draws_at": (str, None),
    "randomness": ANYTHING,
    "pool": {"digest": str, "size": int, "left_since": int},
    "panel_size": int,
    "household_rule": bool,
    "alternates": {"count": int, "rule": str, "dropout": {"everyone": str, "factors": {str: {str: str}}}},
    "quotas": [{"criterion": str, "value": str, "minimum": int, "maximum": int}],
    "algorithm": {"name": str, "code_version": str, "solver": str, "exact": bool, "shortfall_at_most": str},
    "openings_digest": str,
    "certificate_digest": (str, None),
    "lines": [{"line": str, "commitment": str, "chance": str, "panels": int}],
    "portfolio": {"panels": [[int]], "largest_deviation_in_panels": str},
    "rule": str,
}
DRAWN = {
    "digits": str,
    "panel_number": int,
    "drawn_at": (str, None),
    "entered_by": int,
    "randomness": ANYTHING,
    "panel": [str],
    "alternates": [str],
    "composition": {str: {str: int}},
}
RECORD = {
    "about": str,
    "record_digest": str,
    "announced_at": (str, None),
    "sealed": SEALED,
    "drawn": (DRAWN, None),
    "afterwards": [{"at": str, "left": str, "joined": (str, None), "quotas_hold": bool}],
    "voided": ({"at": str, "why": str}, None),
}


def shape_line(record: Any) -> Line:
    """Return the line on the record's form; unless it holds, nothing else can be looked at."""
    what = "the record is complete, with nothing in it that does not belong there"
    if isinstance(record, dict) and isinstance(record.get("sealed"), dict):
        found = record["sealed"].get("format")
        if found != FORMAT:
            return Line(False, what, f"this verifier reads {FORMAT}, not {found}")
    return flaws_line(what, misshapen(record, RECORD, "record"))


def sealed_lines(record: Json) -> Iterator[Line]:
    """Check the sealed part."""
    sealed = record["sealed"]
    found = digest(sealed)
    yield Line(
        found == record["record_digest"],
        "the sealed part has the digest that stands beside it",
        found if found == record["record_digest"] else f"its digest is {found}",
    )
    yield flaws_line("a test draw is called one, and no other is", _test_flaws(sealed))
    yield flaws_line("the quotas can be read in one way only", _quota_flaws(sealed))
    people = str(len(sealed["lines"]))
    yield flaws_line("there is one pseudonymous line for each person drawn among", _people(sealed), people)
    flaws = list(_portfolio_flaws(sealed))
    size = f"{PANELS} of {sealed['panel_size']}"
    yield flaws_line("the panels are whole, each of different people, and in canonical order", flaws, size)
    if flaws:
        return
    shares, chances = list(_share_flaws(sealed)), list(_chance_flaws(sealed))
    yield flaws_line("each line says on how many panels it stands", shares)
    yield flaws_line("the chances are between 0 and 1 and add up to the number of seats", chances)
    if shares or chances:
        return
    most = largest_deviation(sealed["lines"])
    stated = sealed["portfolio"]["largest_deviation_in_panels"]
    yield Line(
        most == stated,
        "the largest distance of anyone's number of panels from 1,000 x chance is the one that is said",
        f"{stated} panels" if most == stated else f"it is {most} panels",
    )


def largest_deviation(lines: Sequence[Json]) -> str:
    """Return the largest distance of a line's number of panels from 1,000 x chance, in panels, three decimals."""
    most = max((abs(line["panels"] - PANELS * Decimal(line["chance"])) for line in lines), default=Decimal(0))
    return str(most.quantize(Decimal("0.001"), ROUND_HALF_UP))


def _test_flaws(sealed: Json) -> Iterator[str]:
    kind, _, number = sealed["draw"].rpartition("-")
    if kind != ("test" if sealed["test"] else "draw") or not number.isdecimal():
        yield f"the draw is called {sealed['draw']}, and test is {str(sealed['test']).lower()}"


def _quota_flaws(sealed: Json) -> Iterator[str]:
    names = [(row["criterion"], row["value"]) for row in sealed["quotas"]]
    if names != sorted(set(names)):
        yield "they are not sorted, or a value is listed twice"
    for row in sealed["quotas"]:
        if not 0 <= row["minimum"] <= row["maximum"]:
            yield f"{row['criterion']}, {row['value']}: {row['minimum']} to {row['maximum']}"
    for criterion in sorted({criterion for criterion, _ in names}):
        rows = [row for row in sealed["quotas"] if row["criterion"] == criterion]
        least, most = sum(row["minimum"] for row in rows), sum(row["maximum"] for row in rows)
        if not least <= sealed["panel_size"] <= most:
            yield f"{criterion}: {least} to {most} seats for a panel of {sealed['panel_size']}"


def is_hex(text: str, length: int) -> bool:
    return re.fullmatch(f"[0-9a-f]{{{length}}}", text) is not None


def _people(sealed: Json) -> Iterator[str]:
    names = [line["line"] for line in sealed["lines"]]
    if names != sorted(set(names)):
        yield "they are not sorted, or one is there twice"
    for line in sealed["lines"]:
        if not is_hex(line["line"], LINE_LENGTH) or not is_hex(line["commitment"], 64):
            yield f"{line['line']} is no line and commitment"
    if len(names) != sealed["pool"]["size"]:
        yield f"the pool is said to have {sealed['pool']['size']}"
    if sealed["pool"]["left_since"] < 0:
        yield f"{sealed['pool']['left_since']} are said to have left"
    for name in ("openings_digest", "certificate_digest"):
        if sealed[name] is not None and not is_hex(sealed[name], 64):
            yield f"{name} is no digest"


def _portfolio_flaws(sealed: Json) -> Iterator[str]:
    panels, people = sealed["portfolio"]["panels"], len(sealed["lines"])
    if len(panels) != PANELS:
        yield f"there are {len(panels)} panels"
    for number, panel in enumerate(panels):
        if panel != sorted(set(panel)) or len(panel) != sealed["panel_size"]:
            yield f"panel {number:03d} has not {sealed['panel_size']} different people in order"
        elif panel and not 0 <= panel[0] <= panel[-1] < people:
            yield f"panel {number:03d} has somebody who is no line"
    if panels != sorted(panels):
        yield "the panels are not in order"


def _share_flaws(sealed: Json) -> Iterator[str]:
    shares = Counter(person for panel in sealed["portfolio"]["panels"] for person in panel)
    for place, line in enumerate(sealed["lines"]):
        if line["panels"] != shares[place]:
            yield f"{line['line']} says {line['panels']} and stands on {shares[place]}"


def _chance_flaws(sealed: Json) -> Iterator[str]:
    total = Decimal(0)
    for line in sealed["lines"]:
        whole, _, decimals = line["chance"].partition(".")
        if (
            whole not in {"0", "1"}
            or len(decimals) != CHANCE_DECIMALS
            or not (decimals.isascii() and decimals.isdecimal())
        ):
            yield f"{line['line']}: {line['chance']} is no chance with {CHANCE_DECIMALS} decimals"
            return
        total += Decimal(line["chance"])
        if Decimal(line["chance"]) > 1:
            yield f"{line['line']}: {line['chance']} is more than 1"
    # Each chance is rounded, so that together they may be off by half a unit of the last decimal a line.
    rounding = Decimal(len(sealed["lines"]) + 1).scaleb(-CHANCE_DECIMALS)
    if abs(total - sealed["panel_size"]) > rounding:
        yield f"they add up to {total} for {sealed['panel_size']} seats"
