"""The fields of a row, each with its rule: BrokenRuleError says which and what to do, and never repeats the text.

Limits of the address are those of the letters that may be printed from it (Fjernprint, `ForsendelseI`).
"""

import re
from collections.abc import Callable
from datetime import date

from registration.domain import cpr as cpr_numbers
from registration.domain.eligibility import DIED, MOVED_OUT, age_on
from registration.domain.problems import N_, BrokenRuleError

OLDEST = 125
"""Whole years; nobody has lived longer, so an older resident is a mistyped CPR number."""

_AT_MOST, _HAS = N_("at most %(most)s characters"), N_("has %(n)s characters")
_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,2}[A-Z]?", re.ASCII)
_FLOOR = re.compile(r"|st|kl|k[2-9]|[1-9]\d?", re.ASCII)
_POSTCODE = re.compile(r"\d{4}", re.ASCII)
_YES_NO = {
    "": False,
    "no": False,
    "nej": False,
    "0": False,
    "false": False,
    "yes": True,
    "ja": True,
    "1": True,
    "true": True,
}
_BIRTH_DATE = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})", re.ASCII),
)
_LEFT = {
    "": None,
    "moved-out": MOVED_OUT,
    "fraflyttet": MOVED_OUT,
    "died": DIED,
    "død": DIED,
}


def cpr(text: str, today: date, *, synthetic_allowed: bool) -> cpr_numbers.Cpr:
    """Read a CPR number of someone who can be alive."""
    number = cpr_numbers.parse(text, synthetic_allowed=synthetic_allowed)
    if not _may_live(number.born, today):
        raise BrokenRuleError(N_("birth date"), N_("nobody living was born on the day this CPR number gives"))
    return number


def birth_date(text: str, today: date) -> date:
    """Read a day of birth, as Danes or as computers write it."""
    if not text:
        raise BrokenRuleError(N_("required"), N_("must not be blank where the CPR number is"))
    found = next((match for shape in _BIRTH_DATE if (match := shape.fullmatch(text))), None)
    if found is None:
        raise BrokenRuleError(N_("date"), N_("is a date as YYYY-MM-DD or DD-MM-YYYY"))
    try:
        born = date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        raise BrokenRuleError(N_("date"), N_("is not a day of the calendar")) from None
    if not _may_live(born, today):
        raise BrokenRuleError(N_("birth date"), N_("nobody living was born on this day"))
    return born


def _may_live(born: date, today: date) -> bool:
    return born <= today and age_on(born, today) <= OLDEST


def left(text: str) -> str | None:
    """Read whether someone has moved out or died, and return it as the reason it becomes."""
    if text.lower() not in _LEFT:
        raise BrokenRuleError(N_("moved out or died"), N_("is moved-out or died (also fraflyttet, død), or blank"))
    return _LEFT[text.lower()]


def text(longest: int) -> Callable[[str], str]:
    """Return a reader of texts of one line and at most `longest` characters."""

    def check(text: str) -> str:
        if not text:
            raise BrokenRuleError(N_("required"), N_("must not be blank"))
        if len(text) > longest:
            raise BrokenRuleError(_AT_MOST, _HAS, most=longest, n=len(text))
        if "\n" in text or "\r" in text:
            raise BrokenRuleError(N_("one line"), N_("must not hold a line break"))
        return text

    return check


def house_number(text: str) -> str:
    """Read a house number with its letter."""
    if not _HOUSE_NUMBER.fullmatch(text.upper()):
        raise BrokenRuleError(
            N_("house number"), N_("is 1-999 without leading zeros, and a letter A-Z if there is one")
        )
    return text.upper()


def floor(text: str) -> str:
    """Read a floor, with or without its dot."""
    bare = text.lower().removesuffix(".")
    if not _FLOOR.fullmatch(bare):
        raise BrokenRuleError(N_("floor"), N_("is 1-99, st, kl or k2-k9, or blank"))
    return bare


def door(text: str) -> str:
    """Read a door, with or without its dot."""
    bare = text.lower().removesuffix(".")
    if len(bare) > 4:
        raise BrokenRuleError(_AT_MOST, _HAS, most=4, n=len(bare))
    return bare


def postcode(text: str) -> str:
    """Read a postcode."""
    if not _POSTCODE.fullmatch(text):
        raise BrokenRuleError(N_("four digits"), N_("a postcode is four digits"))
    return text


def yes_or_no(text: str) -> bool:
    """Read a yes or a no, in either language."""
    if text.lower() not in _YES_NO:
        raise BrokenRuleError(N_("yes or no"), N_("is yes or no (also ja, nej, 1, 0, true, false; blank is no)"))
    return _YES_NO[text.lower()]


def one_of(allowed: frozenset[str]) -> Callable[[str], str]:
    """Return a reader of the values of a criterion."""

    def check(text: str) -> str:
        if text not in allowed:
            raise BrokenRuleError(N_("known value"), N_("is one of: %(values)s"), values=", ".join(sorted(allowed)))
        return text

    return check
