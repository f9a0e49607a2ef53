"""One row of the roll: a resident, or what is wrong with the row.

Limits of the address are those of the letters that may be printed from it (Fjernprint, `ForsendelseI`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from registration.domain import cpr as cpr_numbers
from registration.domain.eligibility import age_on
from registration.domain.people import Address
from registration.domain.problems import BrokenRuleError, RowProblem

T = TypeVar("T")

BASE_COLUMNS = ("cpr", "name", "street", "house_number", "floor", "door", "postcode", "city", "protected")
"""Every roll has these, and one column for each criterion that the roll knows (`district`)."""

OLDEST = 125
"""Whole years; nobody has lived longer, so an older resident is a mistyped CPR number."""

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


@dataclass(frozen=True, slots=True)
class RollRules:
    """What a row is checked against: the values each criterion column may hold, and the day the file is read."""

    choices: Mapping[str, frozenset[str]]
    today: date
    synthetic_allowed: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*BASE_COLUMNS, *self.choices)


@dataclass(frozen=True, slots=True, repr=False)
class Resident:
    """A row that keeps every rule. `protected`: the address may be written to and is never shown."""

    row: int
    cpr: str
    born: date
    name: str
    address: Address
    protected: bool
    features: Mapping[str, str]

    def __repr__(self) -> str:
        """Hide who it is: it would reach logs through tracebacks."""
        return f"Resident(row {self.row})"

    def values(self) -> tuple[str, ...]:
        """Return everything the roll says, in one order, to compare with a later roll."""
        a = self.address
        features = (f"{key}={self.features[key]}" for key in sorted(self.features))
        parts = (a.street, a.house_number, a.floor, a.door, a.postcode, a.city, str(self.protected))
        return (self.cpr, self.name, *parts, *features)


def read_row(row: int, fields: Mapping[str, str], rules: RollRules) -> Resident | list[RowProblem]:
    """Check every field of a row and return the resident, or every problem at once."""
    problems: list[RowProblem] = []

    def checked(column: str, check: Callable[[str], T]) -> T | None:
        try:
            return check(fields[column].strip())
        except BrokenRuleError as broken:
            problems.append(RowProblem(row, column, broken.rule, broken.message))
            return None

    number = checked("cpr", lambda text: _cpr(text, rules))
    name = checked("name", _text(130))
    parts = {
        "street": checked("street", _text(40)),
        "house_number": checked("house_number", _house_number),
        "floor": checked("floor", _floor),
        "door": checked("door", _door),
        "postcode": checked("postcode", _postcode),
        "city": checked("city", _text(20)),
    }
    protected = checked("protected", _yes_or_no)
    features = {column: checked(column, _one_of(allowed)) for column, allowed in rules.choices.items()}
    if problems or number is None:
        return problems
    return Resident(
        row=row,
        cpr=number.digits,
        born=number.born,
        name=name or "",
        address=Address(**{part: value or "" for part, value in parts.items()}),
        protected=bool(protected),
        features={column: value or "" for column, value in features.items()},
    )


def _cpr(text: str, rules: RollRules) -> cpr_numbers.Cpr:
    number = cpr_numbers.parse(text, synthetic_allowed=rules.synthetic_allowed)
    if number.born > rules.today or age_on(number.born, rules.today) > OLDEST:
        raise BrokenRuleError("birth date", "nobody living was born on the day this CPR number gives")
    return number


def _text(longest: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text:
            raise BrokenRuleError("required", "must not be blank")
        if len(text) > longest:
            raise BrokenRuleError(f"at most {longest} characters", f"has {len(text)} characters")
        if "\n" in text or "\r" in text:
            raise BrokenRuleError("one line", "must not hold a line break")
        return text

    return check


def _house_number(text: str) -> str:
    if not _HOUSE_NUMBER.fullmatch(text.upper()):
        raise BrokenRuleError("house number", "is 1-999 without leading zeros, and a letter A-Z if there is one")
    return text.upper()


def _floor(text: str) -> str:
    floor = text.lower().removesuffix(".")
    if not _FLOOR.fullmatch(floor):
        raise BrokenRuleError("floor", "is 1-99, st, kl or k2-k9, or blank")
    return floor


def _door(text: str) -> str:
    door = text.lower().removesuffix(".")
    if len(door) > 4:
        raise BrokenRuleError("at most 4 characters", f"has {len(door)} characters")
    return door


def _postcode(text: str) -> str:
    if not _POSTCODE.fullmatch(text):
        raise BrokenRuleError("four digits", "a postcode is four digits")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise BrokenRuleError("yes or no", "is yes or no (also ja, nej, 1, 0, true, false; blank is no)")
    return _YES_NO[text.lower()]


def _one_of(allowed: frozenset[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in allowed:
            raise BrokenRuleError("known value", f"is one of: {', '.join(sorted(allowed))}")
        return text

    return check
