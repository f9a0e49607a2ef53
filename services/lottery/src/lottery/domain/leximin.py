"""Leximin over the relaxation: the fairest chances that the quotas allow when panels may be fractions.

Make the smallest chance of anyone as large as possible, then the next smallest, and so on (Flanigan, Gölz, Gupta,
Hennig, Procaccia: Fair algorithms for selecting citizens' assemblies, Nature 596, 2021). Here over the polytope of
expected counts per type: quota rows, 0 <= x <= size of the type, sum x = panel size, and whatever cuts have been proven
since. Its answer bounds the leximin of real panels from above, level by level; `lottery.py` closes the gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lottery.domain.errors import SolverError
from lottery.domain.kinds import Problem
from lottery.domain.solver import INFINITY, Program, Solution

STRONG_DUAL = 1e-7
"""A type whose dual is above this holds the level down for certain."""
LARGEST_HAIR = 1e-7
"""A probability: how far numerical noise may ever lower a level that is fixed."""


@dataclass(frozen=True)
class Cut:
    """What holds for every real panel: sum of weight x seats of each type <= bound, proven by an integer program."""

    weights: tuple[float, ...]
    bound: float


def add_panel_rows(program: Program, problem: Problem) -> None:
    """Add what makes counts per type a panel: its size and the quotas."""
    quotas = problem.quotas
    every = range(len(problem.types))
    program.add_row(quotas.panel_size, quotas.panel_size, every, [1.0] * len(problem.types))
    for row in quotas.rows:
        holders = problem.holders(row)
        program.add_row(row.minimum, row.maximum, holders, [1.0] * len(holders))


def leximin_levels(problem: Problem, cuts: Sequence[Cut] = ()) -> tuple[float, ...]:
    """Return the leximin selection probability of each type over the relaxation with these cuts.

    The quotas must be feasible (`feasibility.refuse_infeasible`). One linear program a level: raise a common level z
    as far as it goes, fix the types whose dual shows that they cannot go above it, go on with the rest. A type that is
    stuck without a dual of its own is found by a later program at the same level: the outcome does not depend on the
    duals' choice.
    """
    count = len(problem.types)
    sizes = [kind.size for kind in problem.types]
    program = Program([0.0] * count, [float(size) for size in sizes], integer=False, maximise=True)
    level = program.add_column(0.0, 1.0, cost=1.0)
    add_panel_rows(program, problem)
    for cut in cuts:
        used = [i for i in range(count) if cut.weights[i]]
        program.add_row(-INFINITY, cut.bound, used, [cut.weights[i] for i in used])
    floors = [program.add_row(0.0, INFINITY, (i, level), (1.0 / sizes[i], -1.0)) for i in range(count)]
    levels = [0.0] * count
    rising = list(range(count))
    while rising:
        solution = _solve(program, {floors[i]: levels[i] for i in range(count) if i not in rising})
        duals = {i: abs(float(solution.duals[floors[i]])) for i in rising}
        stuck = [i for i in rising if duals[i] > STRONG_DUAL]
        if solution.value > 1.0 - STRONG_DUAL or not stuck:
            stuck = rising  # all at certainty
        for i in stuck:
            levels[i] = min(1.0, max(0.0, solution.value))
            program.coefficient(floors[i], level, 0.0)
        fixed = frozenset(stuck)
        rising = [i for i in rising if i not in fixed]
    return tuple(levels)


def _solve(program: Program, fixed: Mapping[int, float]) -> Solution:
    """Solve with the fixed levels kept, less a hair: each level is known to the solver's tolerance and no better.

    The hair is 1e-9 and grows only while the levels, each a little too high, leave no point between them.
    """
    hair = 1e-9
    while hair < LARGEST_HAIR:
        for row, level in fixed.items():
            program.row_bounds(row, level - hair, INFINITY)
        solution = program.solve()
        if solution is not None:
            return solution
        hair *= 2
    raise SolverError("levels that were reached one by one were found to have no point in common")
