"""Danish civil registration numbers (CPR): DDMMYYSSSS.

Modulus 11 is never checked: numbers without it have been given out since 1 October 2007 (the CPR office's own notice),
so a check would shut real residents out.
"""

import re
from dataclasses import dataclass
from datetime import date

from registration.domain.problems import N_, BrokenRuleError

_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})-?(\d)(\d{3})", re.ASCII)
_SYNTHETIC_DAYS = 60


@dataclass(frozen=True, slots=True, repr=False)
class Cpr:
    """A CPR number and the day of birth it holds. `synthetic` numbers lie outside the real number space."""

    digits: str
    born: date
    synthetic: bool

    def __repr__(self) -> str:
        """Hide the number: it would reach logs through tracebacks."""
        return "Cpr(…)"


def parse(text: str, *, synthetic_allowed: bool) -> Cpr:
    """Read a CPR number, with or without its dash.

    Numbers of synthetic people have 60 added to the day (61-91) and are read only where the installation allows them.
    Raises BrokenRuleError with the rule `ten digits`, `synthetic` or `birth date`.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise BrokenRuleError(
            N_("ten digits"), N_("a CPR number is ten digits, with or without a dash after the sixth")
        )
    day, month, year, seventh = (int(part) for part in match.groups()[:4])
    synthetic = day > _SYNTHETIC_DAYS
    if synthetic and not synthetic_allowed:
        raise BrokenRuleError(N_("synthetic"), N_("the number of a synthetic person is not taken by this installation"))
    try:
        born = date(full_year(year, seventh), month, day - _SYNTHETIC_DAYS * synthetic)
    except ValueError:
        raise BrokenRuleError(N_("birth date"), N_("the first six digits are not a day of the calendar")) from None
    return Cpr("".join(match.groups()), born, synthetic)


def full_year(year: int, seventh: int) -> int:
    """Return the year of birth from its two digits and the number's seventh digit (the CPR office's table)."""
    if seventh <= 3:
        return 1900 + year
    if seventh in {4, 9}:
        return (2000 if year <= 36 else 1900) + year
    return (2000 if year <= 57 else 1800) + year
