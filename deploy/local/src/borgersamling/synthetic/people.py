"""One synthetic person: age, CPR number, name, and what the form would be answered with."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from borgersamling.synthetic.words import GIVEN

SYNTHETIC_DAY = 60
"""Added to the day of birth: 61-91, which no real CPR number has."""


@dataclass(slots=True, repr=False)
class Person:
    """A synthetic resident. `features` are what the roll tells, `answers` what only the person knows."""

    cpr: str
    born: date
    age: int
    given_name: str
    surname: str = ""
    features: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    household: int = -1
    protected: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.surname}"

    @property
    def district(self) -> str:
        """Return the value of the criterion `district`."""
        return self.features["district"]

    def value(self, criterion: str) -> str:
        """Return the value of any criterion; ages are features too."""
        return self.features.get(criterion) or self.answers[criterion]

    def __repr__(self) -> str:
        """Hide the number, as for a real person: tests print what fails."""
        return f"Person(age {self.age}, household {self.household})"


class Registrar:
    """Gives out births, numbers and given names; no number twice."""

    def __init__(self, rng: random.Random, age_on: date, latest_birth: date) -> None:
        self._rng, self._age_on, self._latest = rng, age_on, latest_birth
        self._given_out: set[str] = set()

    def person(self, age: int, gender: str, answers: Mapping[str, str]) -> Person:
        """Make a person of this age, in whole years on the assembly's day."""
        born = self._birthday(age)
        name = self._rng.choice(GIVEN[gender])
        return Person(self._cpr(born, gender), born, age, name, answers=dict(answers))

    def _birthday(self, age: int) -> date:
        latest = min(_years_before(self._age_on, age), self._latest)
        earliest = _years_before(self._age_on, age + 1) + timedelta(days=1)
        return earliest + timedelta(days=self._rng.randrange(max(1, (latest - earliest).days + 1)))

    def _cpr(self, born: date, gender: str) -> str:
        # The seventh digit tells the century (the CPR office's table): 0-3 for 1900-1999, 4-9 for 2000-2036.
        century = range(4) if born.year < 2000 else range(4, 10)
        while True:
            last = self._rng.randrange(0, 10, 2) + (gender == "male")
            serial = f"{self._rng.choice(century)}{self._rng.randrange(100):02}{last}"
            number = f"{born.day + SYNTHETIC_DAY}{born:%m%y}{serial}"
            if number not in self._given_out:
                self._given_out.add(number)
                return number


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in another year
        return day.replace(year=day.year - years, day=28)
