"""Whether the quotas can be filled from the pool, and if not, which of them stand in the way.

First what can be said of one criterion alone (too few people of a value, maxima that cannot fill the panel). Then, when
the quotas conflict only together, an irreducible set of bounds: the panel cannot be filled with all of them, but can
when any one of them is dropped. Found by deletion filtering (Chinneck: Feasibility and Infeasibility in Optimization,
2008): drop each bound in turn and leave it out if the rest is still infeasible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lottery.domain.errors import Flaw
from lottery.domain.kinds import Problem
from lottery.domain.leximin import add_panel_rows
from lottery.domain.quotas import Quota
from lottery.domain.solver import INFINITY, Program

Side = Literal["minimum", "maximum"]


@dataclass(frozen=True)
class Conflict:
    """One bound of an irreducible set."""

    quota: Quota
    side: Side

    @property
    def bound(self) -> int:
        return self.quota.minimum if self.side == "minimum" else self.quota.maximum

    def __str__(self) -> str:
        at = "at least" if self.side == "minimum" else "at most"
        return f"{self.quota.criterion}, {self.quota.value}: {at} {self.bound}"


@dataclass(frozen=True)
class Shortage:
    """A value with fewer people than its quota's minimum."""

    quota: Quota
    have: int


class InfeasibleQuotasError(Exception):
    """No panel of this pool meets the quotas. `flaws` says why, criterion by criterion and value by value."""

    def __init__(self, flaws: tuple[Flaw, ...], conflict: tuple[Conflict, ...] = ()) -> None:
        super().__init__("; ".join(f"{flaw.where}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws
        self.conflict = conflict


def check(problem: Problem, seconds: float = INFINITY) -> tuple[tuple[Shortage, ...], tuple[Flaw, ...]]:
    """Return the values with too few people or, where each has enough, what else keeps a panel from being drawn.

    Both are empty when one can be drawn. Raises `OutOfTimeError` when that takes the solver more than `seconds`.
    """
    if short := shortages(problem):
        return tuple(short), ()
    try:
        refuse_infeasible(problem, seconds)
    except InfeasibleQuotasError as error:
        return (), error.flaws
    return (), ()


def refuse_infeasible(problem: Problem, seconds: float = INFINITY) -> None:
    """Raise `InfeasibleQuotasError` with an explanation when no panel meets the quotas."""
    flaws = (*_too_few_people(problem), *_values_short(problem), *_criteria_short(problem))
    if flaws:
        raise InfeasibleQuotasError(flaws)
    conflict = irreducible_conflict(problem, seconds)
    if conflict:
        raise InfeasibleQuotasError(tuple(_in_words(one, len(conflict)) for one in conflict), conflict)


def _too_few_people(problem: Problem) -> list[Flaw]:
    # With the household rule only one of each household counts.
    people, size = problem.most_seats, problem.quotas.panel_size
    among = "with one of each household the pool has" if problem.households else "the pool has"
    if people >= size:
        return []
    return [Flaw("pool", "size", "a person a seat", f"{among} {people} people for {size} seats")]


def _available(problem: Problem, row: Quota) -> int:
    return sum(problem.types[i].size for i in problem.holders(row))


def shortages(problem: Problem) -> list[Shortage]:
    """Return the values with fewer people than their quota's minimum."""
    every = [Shortage(row, _available(problem, row)) for row in problem.quotas.rows]
    return [one for one in every if one.have < one.quota.minimum]


def _values_short(problem: Problem) -> list[Flaw]:
    return [
        Flaw(
            f"criterion {one.quota.criterion}, value {one.quota.value}",
            "minimum",
            "enough people in the pool",
            f"the quota asks for at least {one.quota.minimum}, the pool has {one.have}",
        )
        for one in shortages(problem)
    ]


def _criteria_short(problem: Problem) -> list[Flaw]:
    flaws = []
    for criterion in problem.quotas.criteria:
        fillable = sum(min(row.maximum, _available(problem, row)) for row in problem.quotas.of(criterion))
        if fillable < problem.quotas.panel_size:
            message = f"maxima and pool leave at most {fillable} of {problem.quotas.panel_size} seats to be filled"
            flaws.append(Flaw(f"criterion {criterion}", "maximum", "enough to fill the panel", message))
    return flaws


def irreducible_conflict(problem: Problem, seconds: float = INFINITY) -> tuple[Conflict, ...]:
    """Return an irreducible set of bounds that no panel meets together; empty when some panel meets all quotas."""
    program = panel_program(problem, seconds)
    return () if program.solve() is not None else irreducible_bounds(program, problem)


def panel_program(problem: Problem, seconds: float = INFINITY) -> Program:
    """Return the integer program whose points are the panels that meet all quotas, as counts per type."""
    sizes = [float(kind.size) for kind in problem.types]
    program = Program([0.0] * len(sizes), sizes, integer=True, maximise=True, seconds=seconds)
    add_panel_rows(program, problem)
    return program


def irreducible_bounds(program: Program, problem: Problem, named: Side = "minimum") -> tuple[Conflict, ...]:
    """Return bounds that leave a `panel_program` without a point, none of which can be spared.

    The program may have been given other columns' bounds or more rows; the quotas' rows stay as the last question left
    them. Bounds of the side `named` are asked about last: among several conflicts the filter keeps what it meets last.
    """
    every = [
        *(Conflict(row, "minimum") for row in problem.quotas.rows if row.minimum > 0),
        *(Conflict(row, "maximum") for row in problem.quotas.rows),
    ]
    kept = sorted(every, key=lambda one: one.side == named)
    for candidate in list(kept):
        without = [one for one in kept if one != candidate]
        if not feasible_with(program, problem, without):
            kept = without
    return tuple(sorted(kept, key=lambda one: (one.quota.criterion, one.quota.value, one.side)))


def bounds_feasible(problem: Problem, bounds: Sequence[Conflict]) -> bool:
    """Tell whether some panel meets these bounds, and no others."""
    return feasible_with(panel_program(problem), problem, bounds)


def feasible_with(program: Program, problem: Problem, bounds: Sequence[Conflict]) -> bool:
    """Tell whether a `panel_program` has a point when these bounds alone are kept."""
    for number, row in enumerate(problem.quotas.rows, start=1):  # row 0 is the panel's size
        lower = row.minimum if Conflict(row, "minimum") in bounds else -INFINITY
        upper = row.maximum if Conflict(row, "maximum") in bounds else INFINITY
        program.row_bounds(number, lower, upper)
    return program.solve() is not None


def _in_words(one: Conflict, together: int) -> Flaw:
    bound = f"at least {one.quota.minimum}" if one.side == "minimum" else f"at most {one.quota.maximum}"
    return Flaw(
        f"criterion {one.quota.criterion}, value {one.quota.value}",
        one.side,
        "the quotas can be met together",
        f"{bound} is one of {together} bounds that no panel of this pool meets together: at least one of them has to "
        "be loosened",
    )
