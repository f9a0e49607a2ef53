"""What the openings show: that the answers behind the lines are the sealed ones, and the panels keep the quotas."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from lottery.verifying.afterwards import afterwards_lines
from lottery.verifying.alternates import alternates_of
from lottery.verifying.answers import People, composition_of, kinds_of
from lottery.verifying.digits import PANELS
from lottery.verifying.drawn import composition_flaws, panel_of
from lottery.verifying.fairness import certificate_lines
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.record import Json
from lottery.verifying.seals import commitment, digest, line_of
from lottery.verifying.shape import ANYTHING, misshapen

BY_THE_RULE = "the alternates are those that the rule gives"
OPENINGS_FORMAT = "borgersamling-draw-openings/1"
OPENINGS = {
    "format": str,
    "lines": [{"line": str, "salt": str, "features": {str: str}, "household": str}],
    "certificate": (ANYTHING, None),
}


def openings_lines(record: Json, openings: Any) -> Iterator[Line]:
    """Check the openings against the record, and the record by the openings."""
    shape = flaws_line("the openings are complete", misshapen(openings, OPENINGS, "openings"))
    if shape.holds and openings["format"] != OPENINGS_FORMAT:
        shape = Line(False, shape.what, f"this verifier reads {OPENINGS_FORMAT}, not {openings['format']}")
    yield shape
    if not shape.holds:
        return
    sealed, people = record["sealed"], {row["line"]: row for row in openings["lines"]}
    erased = [line["line"] for line in sealed["lines"] if line["line"] not in people]
    if erased:
        yield Line(None, "the openings are the sealed ones", f"{len(erased)} people have left since")
    else:
        found = digest(openings["lines"])
        detail = "" if found == sealed["openings_digest"] else f"their digest is {found}"
        yield Line(not detail, "the openings are the sealed ones", detail)
    flaws = list(_commitment_flaws(sealed, openings["lines"]))
    yield flaws_line("the answers behind the lines are those that were committed to", flaws, str(len(people)))
    if flaws:
        return
    flaws = list(_answer_flaws(sealed, people))
    yield flaws_line("everyone has an answer to each criterion that has a quota", flaws)
    if flaws:
        return
    yield from _panel_lines(sealed, people)
    alike = "people with the same answers have the same chance"
    if sealed["household_rule"]:
        alike = "people with the same answers and the same kind of household have the same chance"
    if sealed["household_rule"] and erased:  # what kind a household was cannot be seen when one of it is erased
        yield Line(None, alike, "people have left since")
    else:
        yield flaws_line(alike, _chances_differ(sealed, people))
    if record["drawn"] is not None:
        yield from _drawn_lines(record, people)
        yield from afterwards_lines(record, people)
    yield from certificate_lines(sealed, openings["certificate"], people)


def _commitment_flaws(sealed: Json, rows: Sequence[Json]) -> Iterator[str]:
    commitments = {line["line"]: line["commitment"] for line in sealed["lines"]}
    names = [row["line"] for row in rows]
    if names != sorted(set(names)):
        yield "they are not sorted, or one is there twice"
    for row in rows:
        if row["line"] not in commitments:
            yield f"{row['line']} is no line of the record"
        elif line_of(row["salt"]) != row["line"]:
            yield f"{row['line']} has another salt"
        elif commitment(row["salt"], row["features"]) != commitments[row["line"]]:
            yield f"{row['line']} has other answers"


def _answer_flaws(sealed: Json, people: People) -> Iterator[str]:
    allowed: dict[str, set[str]] = {}
    for row in sealed["quotas"]:
        allowed.setdefault(row["criterion"], set()).add(row["value"])
    for line, row in people.items():
        for criterion, values in allowed.items():
            if row["features"].get(criterion) not in values:
                yield f"{line} has none for {criterion}"


def _panel_lines(sealed: Json, people: People) -> Iterator[Line]:
    panels = [panel_of(sealed, number) for number in range(PANELS)]
    opened = [panel for panel in panels if all(line in people for line in panel)]
    if len(opened) < PANELS:
        erased = f"{PANELS - len(opened)} have members who have left since"
        yield Line(None, "every panel can be opened", erased)
    yield flaws_line(
        "all panels keep all quotas",
        (flaw for panel in opened for flaw in composition_flaws(sealed, composition_of(sealed, panel, people))),
        str(len(opened)),
    )
    if sealed["household_rule"]:
        yield flaws_line(
            "no panel has two people of one household",
            (f"{line} and another of a household" for panel in opened for line in _together(panel, people)),
            str(len(opened)),
        )


def _together(panel: Sequence[str], people: People) -> list[str]:
    counts = Counter(people[line]["household"] for line in panel if people[line]["household"])
    return [line for line in panel if counts[people[line]["household"]] > 1]


def _chances_differ(sealed: Json, people: People) -> Iterator[str]:
    kinds = kinds_of(sealed, people)
    first: dict[Any, Json] = {}
    for line in sealed["lines"]:
        if line["line"] in people:
            same = first.setdefault(kinds[line["line"]], line)
            if same["chance"] != line["chance"]:
                yield f"{same['line']} has {same['chance']}, {line['line']} has {line['chance']}"


def _drawn_lines(record: Json, people: People) -> Iterator[Line]:
    sealed, drawn = record["sealed"], record["drawn"]
    what = "the drawn panel's composition is what its members' answers add up to"
    if all(line in people for line in drawn["panel"]):
        found = composition_of(sealed, drawn["panel"], people)
        yield Line(found == drawn["composition"], what)
    else:
        yield Line(None, what, "members have left since")
    if all(line["line"] in people for line in sealed["lines"]) and all(line in people for line in drawn["panel"]):
        yield Line(_by_the_rule(record, people), BY_THE_RULE)
    else:
        yield Line(None, BY_THE_RULE, "members have left since")


def _by_the_rule(record: Json, people: People) -> bool:
    sealed, drawn = record["sealed"], record["drawn"]
    seed, count = f"{record['record_digest']}{drawn['digits']}", sealed["alternates"]["count"]
    try:
        found = alternates_of(people, drawn["panel"], sealed["quotas"], count, seed, sealed["alternates"]["dropout"])
    except (ValueError, ZeroDivisionError):  # a rate that is no number
        return False
    return found == tuple(drawn["alternates"])
