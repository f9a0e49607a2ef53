"""What to know before a draw that can be made: quotas that settle someone's chance, and quotas nearly out of reach.

A quota can force a chance to 0 (nobody like that fits on any panel) or to 1 (everybody like that is needed on every
panel). Whoever sets the quotas must hear it, by criterion and value: never by person, and never by the whole of
someone's answers, which in a small pool is a person too.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lottery.domain.feasibility import Conflict, Side, feasible_with, irreducible_bounds, panel_program
from lottery.domain.kinds import Problem
from lottery.domain.quotas import Quota
from lottery.domain.solver import INFINITY

Chance = Literal[0, 1]
NEVER: Chance = 0
ALWAYS: Chance = 1

NEAR = 2
"""A minimum that could be out of reach with so many people fewer, and one more, is nearly out of reach."""


@dataclass(frozen=True)
class ForcedChance:
    """Quotas that together leave `people` of the pool a chance of 0 or 1, whatever lottery is drawn."""

    chance: Chance
    because: tuple[Conflict, ...]
    people: int

    def __str__(self) -> str:
        fate = "can never be drawn" if self.chance == NEVER else "are on every panel"
        who = "1 person" if self.people == 1 else f"{self.people} people"
        bounds = " and ".join(f"({bound})" for bound in self.because) or "(the panel's size)"
        return f"{who} of the pool {fate}, because of {bounds}"


@dataclass(frozen=True)
class Margin:
    """A minimum nearly out of reach: `reach` is the most seats of the value on any panel that keeps the other criteria.

    Whoever leaves the pool takes at most one seat from it, so `spare` people can leave before the minimum is in danger.
    """

    quota: Quota
    reach: int

    @property
    def spare(self) -> int:
        return self.reach - self.quota.minimum

    def __str__(self) -> str:
        return f"{Conflict(self.quota, 'minimum')}, and no panel can have more than {self.reach}"


def forced_chances(problem: Problem, seconds: float = INFINITY) -> tuple[ForcedChance, ...]:
    """Return the quotas that force chances to 0 or 1; the quotas must be feasible.

    Raises `OutOfTimeError` when asking who is settled, or asking why, takes the solver more than `seconds`.
    """
    people: Counter[tuple[Chance, tuple[Conflict, ...]]] = Counter()
    never, always = _settled(problem, seconds)
    program = panel_program(problem, seconds)
    sizes = [kind.size for kind in problem.types]
    for chance, settled in ((NEVER, never), (ALWAYS, always)):
        # Someone is kept out by what others may not exceed, and needed for what must be reached: that is named.
        named: Side = "maximum" if chance == NEVER else "minimum"
        known: list[tuple[Conflict, ...]] = []
        for i in settled:
            lower, upper = [0.0] * len(sizes), [float(size) for size in sizes]
            if chance == NEVER:
                lower[i] = 1.0
            else:
                upper[i] -= 1.0
            program.bounds(lower, upper)
            because = next((one for one in known if not feasible_with(program, problem, one)), None)
            if because is None:
                because = irreducible_bounds(program, problem, named)
                known.append(because)
            people[chance, because] += sizes[i]
    return tuple(ForcedChance(*key, count) for key, count in sorted(people.items(), key=_order))


def _order(item: tuple[tuple[Chance, tuple[Conflict, ...]], int]) -> tuple[Chance, list[tuple[str, str, str]]]:
    (chance, because), _ = item
    return chance, [(one.quota.criterion, one.quota.value, one.side) for one in because]


def _settled(problem: Problem, seconds: float) -> tuple[list[int], list[int]]:
    """Return the types that no panel has anyone of, and those that every panel has everyone of."""
    sizes = [kind.size for kind in problem.types]
    program = panel_program(problem, seconds)
    never, always = list(range(len(sizes))), list(range(len(sizes)))
    solution = program.solved()
    while True:
        counts = [round(count) for count in solution.x[: len(sizes)]]
        never = [i for i in never if counts[i] == 0]
        always = [i for i in always if counts[i] == sizes[i]]
        costs = np.zeros(len(sizes))
        costs[never], costs[always] = 1.0, -1.0  # no type is both: it has somebody
        program.cost(costs)
        solution = program.solved()
        # Each panel shows one more type that is not settled, or none does and all that are left are.
        if round(solution.bound) + sum(sizes[i] for i in always) <= 0:
            return never, always


def margins(problem: Problem, near: int = NEAR, seconds: float = INFINITY) -> tuple[Margin, ...]:
    """Return the minima with at most `near` seats to spare; the quotas must be feasible.

    Raises `OutOfTimeError` when it takes the solver more than `seconds`.
    """
    program = panel_program(problem, seconds)
    rows = list(enumerate(problem.quotas.rows, start=1))  # row 0 is the panel's size
    found: list[Margin] = []
    for row in problem.quotas.rows:
        if row.minimum == 0:
            continue
        for number, other in rows:
            # How far a value can go is asked without its own criterion's bounds: they would answer for the pool.
            free = other.criterion == row.criterion
            program.row_bounds(number, 0 if free else other.minimum, INFINITY if free else other.maximum)
        costs = np.zeros(len(problem.types))
        costs[list(problem.holders(row))] = 1.0
        program.cost(costs)
        found.append(Margin(row, round(program.solved().value)))
    return tuple(one for one in found if one.spare <= near)
