"""Check a certificate of fairness: that no lottery within the quotas is fairer, in exact arithmetic, without a solver.

It proves leximin level by level. The chances are those of the weighted panels, recomputed. Then, of every lottery there
is: whoever keeps the chances of the groups settled so far cannot give all the others more than the next level; and who
gives none of them less cannot give more to any group settled there. Together: no lottery makes the smallest chance
larger, nor, keeping that, the next smallest, and so on. All comparisons are of fractions, to within one in a million.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lottery.verifying.duality import cut_flaw, level_flaw
from lottery.verifying.groups import CERTIFICATE, Groups, PanelRow, decimal, pairs
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.shape import misshapen

CERTIFICATE_FORMAT = "borgersamling-lottery-certificate/1"
CLOSE_ENOUGH = Fraction(1, 10**6)
"""A probability: how far a level may lie below what is proven of it."""


def check(certificate: Any) -> list[Line]:
    """Return a line for everything the certificate claims. It is accepted when every line holds."""
    shape = list(misshapen(certificate, CERTIFICATE, "certificate"))
    if shape:
        return [flaws_line("the certificate has the right form", shape)]
    try:
        lines = list(_certificate_claims(certificate))
    except (ValueError, ArithmeticError, LookupError) as error:
        return [Line(False, "the certificate can be read", str(error))]
    every = all(line.holds for line in lines)
    return [*lines, Line(every, "this lottery is leximin: no lottery within the quotas is fairer", "within 0.000001")]


def certified_chances(certificate: Mapping[str, Any]) -> list[Fraction]:
    """Return each group's chance: its seats in the weighted panels, by person."""
    seats = [0] * len(certificate["groups"])
    for panel in certificate["panels"]:
        for group, count in pairs(panel["seats"]):
            seats[group] += int(panel["weight"]) * count
    whole = int(certificate["whole_weight"])
    return [Fraction(one, whole * group["size"]) for one, group in zip(seats, certificate["groups"], strict=True)]


def _certificate_claims(certificate: Mapping[str, Any]) -> Iterator[Line]:
    known = certificate["format"] == CERTIFICATE_FORMAT
    yield Line(known, "the certificate is of a kind that can be checked", "" if known else certificate["format"])
    groups = Groups(certificate)
    yield flaws_line("the groups, their households and the quotas fit together", groups.flaws())
    yield flaws_line("the panels' weights are positive and add up to 1", _weight_flaws(certificate))
    count = len(certificate["panels"])
    yield flaws_line(
        f"each of {count} panels is whole and holds size, quotas and households", _broken(certificate, groups)
    )
    chances = certified_chances(certificate)
    yield flaws_line("the chances are those of the weighted panels", _wrong_chances(certificate, chances))
    for number, cut in enumerate(certificate["cuts"], start=1):
        flaw = cut_flaw(groups, cut)
        yield Line(flaw is None, f"no panel goes beyond cut {number}", flaw or f"{len(cut['proof'])} nodes")
        if flaw is not None:
            return
        groups.add_cut(PanelRow(dict(pairs(cut["points"])), None, cut["bound"]))
    yield from _level_lines(certificate, groups, chances)


def _weight_flaws(certificate: Mapping[str, Any]) -> Iterator[str]:
    texts = [panel["weight"] for panel in certificate["panels"]]
    if not all(text.isascii() and text.isdigit() and int(text) > 0 for text in [*texts, certificate["whole_weight"]]):
        yield "a weight is not a whole number above 0"
    elif sum(map(int, texts)) != int(certificate["whole_weight"]):
        yield "they do not add up"


def _broken(certificate: Mapping[str, Any], groups: Groups) -> Iterator[str]:
    for number, panel in enumerate(certificate["panels"]):
        seats = dict(pairs(panel["seats"]))
        flaw = "lists a group twice" if len(seats) < len(panel["seats"]) else groups.panel_flaw(seats)
        if flaw is not None:
            yield f"panel {number} {flaw}"


def _wrong_chances(certificate: Mapping[str, Any], chances: Sequence[Fraction]) -> Iterator[str]:
    for number, (group, chance) in enumerate(zip(certificate["groups"], chances, strict=True)):
        if abs(decimal(group["chance"]) - chance) > CLOSE_ENOUGH / 1000:
            yield f"group {number}: {group['chance']}, and the panels give {float(chance):.9f}"


def _level_lines(certificate: Mapping[str, Any], groups: Groups, chances: Sequence[Fraction]) -> Iterator[Line]:
    settled: set[int] = set()
    for step in certificate["levels"]:
        level = step["level"]
        flaw = level_flaw(groups, step, chances, settled, CLOSE_ENOUGH)
        if flaw is None:
            lowest = min(chance for group, chance in enumerate(chances) if group not in settled)
            if abs(lowest - decimal(level)) > CLOSE_ENOUGH / 1000:
                flaw = f"the smallest chance of those who are left is {float(lowest):.9f}"
        yield Line(
            flaw is None, f"a chance of {level} cannot be raised", flaw or f"groups settled: {len(step['groups'])}"
        )
        settled.update(step["groups"])
    left = len(chances) - len(settled & set(range(len(chances))))
    yield Line(left == 0, "every group is settled at a level", f"{left} are not" if left else "")
