"""People with the same value of every criterion are of one type: fairness gives them the same chance.

Leximin treats exchangeable people alike, so the lottery is computed over types (how many of each sit on the panel) and
only then handed to people: 240 people of Dragør are about a hundred types, ten thousand fewer than three hundred.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lottery.domain.pool import Registrant
from lottery.domain.quotas import Features, Quota, Quotas

Counts = tuple[int, ...]
"""A panel as the lottery computes it: how many of each type, in the order of the types."""


@dataclass(frozen=True)
class PersonType:
    """A feature vector and the people who have it, sorted by id."""

    features: Mapping[str, str]
    people: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.people)


@dataclass(frozen=True)
class Problem:
    """What the lottery solves: types, the quota rows and the panel's size. Independent of the order of its input."""

    types: tuple[PersonType, ...]
    quotas: Quotas

    def holders(self, row: Quota) -> tuple[int, ...]:
        """Return the types that have the row's value."""
        return tuple(i for i, kind in enumerate(self.types) if kind.features[row.criterion] == row.value)


def as_problem(pool: Sequence[Registrant], quotas: Quotas) -> Problem:
    """Group the pool into types, both sorted."""
    groups: dict[tuple[str, ...], list[Registrant]] = {}
    for registrant in sorted(pool, key=lambda one: one.person):
        groups.setdefault(tuple(registrant.features[c] for c in quotas.criteria), []).append(registrant)
    types = tuple(
        PersonType(dict(zip(quotas.criteria, vector, strict=True)), tuple(one.person for one in group))
        for vector, group in sorted(groups.items())
    )
    return Problem(types, quotas)


def counted_problem(kinds: Iterable[tuple[Features, int]], quotas: Quotas) -> Problem:
    """Return the problem of people of whom nothing is known but how many there are of each kind.

    More people of one kind than the panel has seats change nothing, so that no number makes it larger.
    """
    sizes: Counter[tuple[str, ...]] = Counter()
    for features, people in kinds:
        sizes[tuple(features[c] for c in quotas.criteria)] += people
    types = tuple(
        PersonType(dict(zip(quotas.criteria, vector, strict=True)), ("",) * min(size, quotas.panel_size))
        for vector, size in sorted(sizes.items())
    )
    return Problem(types, quotas)
