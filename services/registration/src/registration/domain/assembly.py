"""What registration needs to know of an assembly: who may sign up, until when, and what is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from registration.domain.retention import FOREVER, Retention

Text = Mapping[str, str]
"""The two languages of the pages: `da`, `en`."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a criterion; the ages are whole years, both inclusive, open where None.

    `minimum` and `maximum` are its quota: seats of the panel. `population_share` is the part of the eligible residents
    who have it, None where nobody says.
    """

    id: str
    title: Text
    age_from: int | None = None
    age_to: int | None = None
    streets: tuple[str, ...] = ()
    """Which streets give the value where the roll does not (domain/districts.py)."""
    minimum: int = 0
    maximum: int = 0
    population_share: float | None = None

    @property
    def is_age_band(self) -> bool:
        return self.age_from is not None or self.age_to is not None

    def holds(self, age: int) -> bool:
        """Say whether someone of this age belongs to the band."""
        return (self.age_from is None or age >= self.age_from) and (self.age_to is None or age <= self.age_to)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A feature the lottery balances, known from the roll or asked by the form."""

    id: str
    title: Text
    source: str
    values: tuple[Value, ...]

    @property
    def is_age(self) -> bool:
        return any(value.is_age_band for value in self.values)

    @property
    def value_ids(self) -> frozenset[str]:
        return frozenset(value.id for value in self.values)

    def title_of(self, value: str) -> Text:
        """Return the title of a value; the id itself when the assembly has changed under a stored answer."""
        return next((v.title for v in self.values if v.id == value), {"da": value, "en": value})


@dataclass(frozen=True, slots=True)
class Exclusion:
    """People asked to leave their place to others, such as elected politicians; `question` is how the form asks."""

    id: str
    title: Text
    question: Text


@dataclass(frozen=True, slots=True)
class Choice:
    """Something people may tick: a practical need, a theme."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of a member and what they get: time, pay, meals, help."""

    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as promised, for people to see whether they can come."""

    title: Text
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Assembly:
    """An announced assembly. Times are aware UTC."""

    id: str
    title: Text
    municipality: Text
    purpose: Text
    panel_size: int
    minimum_age: int
    age_on: date
    opens_at: datetime
    closes_at: datetime
    criteria: tuple[Criterion, ...]
    meetings: tuple[Meeting, ...] = ()
    retention: Retention = FOREVER
    postcodes: frozenset[str] = frozenset()
    """Where one must live; none: wherever the roll says."""
    exclusions: tuple[Exclusion, ...] = ()
    conditions: tuple[Condition, ...] = ()
    needs: tuple[Choice, ...] = ()
    themes: tuple[Choice, ...] = ()
    """What its recommendations are sorted by, for who wants to read of some first."""

    @property
    def form_criteria(self) -> tuple[Criterion, ...]:
        """What the sign-up form asks."""
        return tuple(c for c in self.criteria if c.source == "form")

    @property
    def roll_criteria(self) -> tuple[Criterion, ...]:
        """What the roll knows, age included."""
        return tuple(c for c in self.criteria if c.source == "roll")

    @property
    def roll_choices(self) -> dict[str, frozenset[str]]:
        """The roll's columns that hold a criterion's value; age is none of them, it comes from the CPR number."""
        return {c.id: c.value_ids for c in self.roll_criteria if not c.is_age}
