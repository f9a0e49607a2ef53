"""What a prepared draw means for groups of people: how many seats they can expect, and how large their chances are.

Aggregates over a criterion's values alone, never a combination of them, which could be one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quotas


@dataclass(frozen=True)
class Group:
    """Everyone with one value of one criterion. `expected` is in seats; the others are chances from 0 to 1."""

    criterion: str
    value: str
    people: int
    expected: float
    smallest: float
    mean: float
    largest: float


@dataclass(frozen=True)
class Figures:
    """A prepared draw in numbers. `deviation`: the largest distance of anyone's panels from 1,000 x their chance."""

    groups: tuple[Group, ...]
    smallest: float
    largest: float
    deviation: float
    without: int
    """How many have a chance of 0: no panel within the quotas has a seat for their combination of answers."""
    refilled: float = 0.0
    """The share of imagined courses in which the alternates would fill every seat that is left; in fact it is more."""


NOBODY = 5e-7
"""Below the precision chances are computed with."""


def figures(
    pool: Sequence[Registrant], quotas: Quotas, chances: Mapping[str, float], deviation: float, refilled: float
) -> Figures:
    """Return the figures of a draw; `chances` by person."""
    groups = []
    for row in quotas.rows:
        held = [chances.get(one.person, 0.0) for one in pool if one.features[row.criterion] == row.value]
        mean = sum(held) / len(held) if held else 0.0
        least, most = min(held, default=0.0), max(held, default=0.0)
        groups.append(Group(row.criterion, row.value, len(held), sum(held), least, mean, most))
    every = [chances.get(one.person, 0.0) for one in pool]
    without = sum(chance < NOBODY for chance in every)
    return Figures(tuple(groups), min(every, default=0.0), max(every, default=0.0), deviation, without, refilled)
