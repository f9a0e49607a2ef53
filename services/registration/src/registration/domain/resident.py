"""One row of the roll: a resident, or what is wrong with the row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from registration.domain import fields
from registration.domain.assembly import Assembly
from registration.domain.districts import Streets
from registration.domain.eligibility import excluded
from registration.domain.people import Address, person_id, person_id_without_cpr
from registration.domain.problems import N_, BrokenRuleError, RowProblem
from registration.domain.table import Table

T = TypeVar("T")

CPR, BIRTH_DATE, LEFT = "cpr", "birth_date", "left"
BASE_COLUMNS = ("name", "street", "house_number", "floor", "door", "postcode", "city", "protected")
"""Every roll has these, `cpr` or `birth_date` or both, and one column for each criterion that the roll must tell."""


@dataclass(frozen=True, slots=True)
class RollRules:
    """What a row is checked against.

    `choices` are the values each criterion of the roll may have, `streets` how some of them follow from the address
    where the file does not tell, `known` the values of what the form asks, which a roll may tell too.
    """

    choices: Mapping[str, frozenset[str]]
    today: date
    synthetic_allowed: bool = False
    streets: Mapping[str, Streets] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exclusion: str = ""
    """The file is no roll but a list of CPR numbers: of those whom this exclusion of the assembly keeps out."""

    @classmethod
    def of(cls, assembly: Assembly, today: date, *, synthetic_allowed: bool, exclusion: str = "") -> "RollRules":
        """Return the rules of an assembly."""
        rules = {c.id: {v.id: v.streets for v in c.values if v.streets} for c in assembly.roll_criteria}
        streets = {criterion: Streets(found) for criterion, found in rules.items() if found}
        known = {c.id: c.value_ids for c in assembly.form_criteria}
        return cls(assembly.roll_choices, today, synthetic_allowed, streets, known, exclusion)

    @property
    def table(self) -> Table:
        """The columns a file may have."""
        if self.exclusion:
            return Table((CPR,))
        required = (*BASE_COLUMNS, *(c for c in self.choices if c not in self.streets))
        return Table(required, (*self.choices, *self.known, LEFT), one_of=((CPR, BIRTH_DATE),))


@dataclass(frozen=True, slots=True, repr=False)
class Resident:
    """A row that keeps every rule. `protected`: the address may be written to and is never shown.

    `cpr` is empty where the roll does not hold it, `birth_date` where the CPR number says when they were `born`. `left`
    is why they live here no more.
    """

    row: int
    cpr: str
    birth_date: str
    born: date
    name: str
    address: Address
    protected: bool
    features: Mapping[str, str]
    left: str | None = None

    def __repr__(self) -> str:
        """Hide who it is: it would reach logs through tracebacks."""
        return f"Resident(row {self.row})"

    def person(self, key: bytes, assembly: str) -> str:
        """Return the opaque id of this resident in an assembly."""
        if self.cpr:
            return person_id(key, assembly, self.cpr)
        return person_id_without_cpr(key, assembly, self.name, self.born, self.address)

    @property
    def key_column(self) -> str:
        """The column that says who it is."""
        return CPR if self.cpr else BIRTH_DATE

    def values(self) -> tuple[str, ...]:
        """Return everything the roll says, in one order, to compare with a later roll."""
        a = self.address
        features = (f"{key}={self.features[key]}" for key in sorted(self.features))
        parts = (a.street, a.house_number, a.floor, a.door, a.postcode, a.city, str(self.protected))
        return (self.cpr, self.birth_date, self.name, *parts, *features)


class _Row:
    """The fields of a row on their way to be a resident."""

    def __init__(self, number: int, texts: Mapping[str, str]) -> None:
        self.number = number
        self._texts = texts
        self.problems: list[RowProblem] = []

    def text(self, column: str) -> str:
        """Return what stands in a column, or nothing where the file does not have it."""
        return self._texts.get(column, "").strip()

    def has(self, column: str) -> bool:
        return column in self._texts

    def checked(self, column: str, check: Callable[[str], T]) -> T | None:
        """Return what a column says, or note its problem."""
        try:
            return check(self.text(column))
        except BrokenRuleError as broken:
            self.problems.append(RowProblem(self.number, column, broken.rule_text, broken.message_text, broken.told))
            return None


def read_row(number: int, texts: Mapping[str, str], rules: RollRules) -> Resident | list[RowProblem]:
    """Check every field of a row and return the resident, or every problem at once.

    Of someone who has left, a CPR number is all that is looked at: what else stands there may be of the new place.
    """
    row = _Row(number, texts)
    left = row.checked(LEFT, fields.left) if row.has(LEFT) else None
    cpr, born = _born(row, rules)
    if rules.exclusion:
        left = excluded(rules.exclusion)
    if cpr and born and left:
        nowhere = Address("", "", "", "", "", "")
        return Resident(number, cpr, "", born, "", nowhere, protected=False, features={}, left=left)
    if rules.exclusion:
        return row.problems
    name = row.checked("name", fields.text(130))
    parts = {
        "street": row.checked("street", fields.text(40)),
        "house_number": row.checked("house_number", fields.house_number),
        "floor": row.checked("floor", fields.floor),
        "door": row.checked("door", fields.door),
        "postcode": row.checked("postcode", fields.postcode),
        "city": row.checked("city", fields.text(20)),
    }
    protected = row.checked("protected", fields.yes_or_no)
    address = Address(**{part: value or "" for part, value in parts.items()})
    features = {} if left else _features(row, rules, address)
    if row.problems or born is None:
        return row.problems
    birth_date = born.isoformat() if row.text(BIRTH_DATE) else ""
    return Resident(number, cpr, birth_date, born, name or "", address, bool(protected), features, left)


def _born(row: _Row, rules: RollRules) -> tuple[str, date | None]:
    """Return the CPR number and the day of birth: a day that the roll tells goes before the number's own."""
    number = None
    if row.text(CPR) or not row.has(BIRTH_DATE):
        read = partial(fields.cpr, today=rules.today, synthetic_allowed=rules.synthetic_allowed)
        number = row.checked(CPR, read)
    if not row.text(BIRTH_DATE) and (number or row.text(CPR) or not row.has(BIRTH_DATE)):
        return (number.digits, number.born) if number else ("", None)
    born = row.checked(BIRTH_DATE, partial(fields.birth_date, today=rules.today))
    return (number.digits if number else "", born)


def _features(row: _Row, rules: RollRules, address: Address) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for column, allowed in rules.choices.items():
        if row.text(column) or column not in rules.streets:
            found[column] = row.checked(column, fields.one_of(allowed))
        elif address.street and address.house_number:
            read = partial(_by_street, rules.streets[column], address)
            found[column] = row.checked(column, read)
    for column, allowed in rules.known.items():
        if row.text(column):
            found[column] = row.checked(column, fields.one_of(allowed))
    return {column: value for column, value in found.items() if value}


def _by_street(streets: Streets, address: Address, _: str) -> str:
    value = streets.value_of(address.street, address.house_number)
    if value is None:
        raise BrokenRuleError(N_("street rule"), N_("is blank, and no rule of the assembly gives this street a value"))
    return value
