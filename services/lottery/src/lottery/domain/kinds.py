"""People with the same value of every criterion are of one type: fairness gives them the same chance.

Leximin treats exchangeable people alike, so the lottery is computed over types (how many of each sit on the panel) and
only then handed to people: 240 people of Dragør are about a hundred types, ten thousand fewer than three hundred.

With the household rule (at most one of a household) people are exchangeable when their households are too: a type is
then a feature vector and the kind of household, which is the feature vectors of all who live in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lottery.domain.pool import Registrant
from lottery.domain.quotas import Features, Quota, Quotas

Counts = tuple[int, ...]
"""A panel as the lottery computes it: how many of each type, in the order of the types."""
Vector = tuple[str, ...]
"""A person's values in the order of the criteria."""


@dataclass(frozen=True)
class PersonType:
    """A feature vector and the people who have it, sorted by id."""

    features: Mapping[str, str]
    people: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.people)


@dataclass(frozen=True)
class HouseholdKind:
    """Households of two or more that are made of the same types: of each household at most one sits on a panel."""

    types: tuple[int, ...]
    households: tuple[tuple[str, ...], ...]


class Row(NamedTuple):
    """What a panel must hold: the seats of these types together lie between minimum and maximum."""

    types: tuple[int, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Problem:
    """What the lottery solves: types, the quota rows and the panel's size. Independent of the order of its input."""

    types: tuple[PersonType, ...]
    quotas: Quotas
    households: tuple[HouseholdKind, ...] = ()

    def holders(self, row: Quota) -> tuple[int, ...]:
        """Return the types that have the row's value."""
        return tuple(i for i, kind in enumerate(self.types) if kind.features[row.criterion] == row.value)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Everything that makes counts a panel: its size, then the quotas in their order, then the households."""
        size = self.quotas.panel_size
        return (
            Row(tuple(range(len(self.types))), size, size),
            *(Row(self.holders(row), row.minimum, row.maximum) for row in self.quotas.rows),
            *(Row(kind.types, 0, len(kind.households)) for kind in self.households),
        )

    @cached_property
    def most(self) -> tuple[int, ...]:
        """How many of each type a panel can hold at most, before any quota is looked at."""
        most = [min(kind.size, self.quotas.panel_size) for kind in self.types]
        for kind in self.households:
            for i in kind.types:
                most[i] = min(most[i], len(kind.households))
        return tuple(most)

    @property
    def most_seats(self) -> int:
        """How many people can sit together at most, before any quota: everyone, or one of each household."""
        return sum(kind.size for kind in self.types) - sum(
            len(people) - 1 for kind in self.households for people in kind.households
        )


def as_problem(pool: Sequence[Registrant], quotas: Quotas, *, households: bool = False) -> Problem:
    """Group the pool into types, both sorted. With `households` a panel holds at most one of each household.

    A blank household key is that of someone who lives alone.
    """

    def vector(one: Registrant) -> Vector:
        return tuple(one.features[c] for c in quotas.criteria)

    people = sorted(pool, key=lambda one: one.person)
    homes: dict[str, list[Registrant]] = {}
    for registrant in people:
        if households and registrant.household:
            homes.setdefault(registrant.household, []).append(registrant)
    shared = {key: home for key, home in homes.items() if len(home) > 1}
    kind_of = {key: tuple(sorted(vector(one) for one in home)) for key, home in shared.items()}
    groups: dict[tuple[Vector, tuple[Vector, ...]], list[str]] = {}
    for one in people:
        groups.setdefault((vector(one), kind_of.get(one.household, ())), []).append(one.person)
    order = sorted(groups)
    types = tuple(PersonType(dict(zip(quotas.criteria, key[0], strict=True)), tuple(groups[key])) for key in order)
    by_kind: dict[tuple[Vector, ...], list[tuple[str, ...]]] = {}
    for key, home in shared.items():
        by_kind.setdefault(kind_of[key], []).append(tuple(one.person for one in home))
    place = {key: i for i, key in enumerate(order)}
    kinds = tuple(
        HouseholdKind(tuple(place[values, kind] for values in sorted(set(kind))), tuple(sorted(by_kind[kind])))
        for kind in sorted(by_kind)
    )
    return Problem(types, quotas, kinds)


def counted_problem(kinds: Iterable[tuple[Features, int]], quotas: Quotas) -> Problem:
    """Return the problem of people of whom nothing is known but how many there are of each kind.

    More people of one kind than the panel has seats change nothing, so that no number makes it larger.
    """
    sizes: Counter[Vector] = Counter()
    for features, people in kinds:
        sizes[tuple(features[c] for c in quotas.criteria)] += people
    types = tuple(
        PersonType(dict(zip(quotas.criteria, vector, strict=True)), ("",) * min(size, quotas.panel_size))
        for vector, size in sorted(sizes.items())
    )
    return Problem(types, quotas)
