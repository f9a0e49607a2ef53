"""Leximin over the relaxation: the fairest chances that the quotas allow when panels may be fractions.

Make the smallest chance of anyone as large as possible, then the next smallest, and so on (Flanigan, Gölz, Gupta,
Hennig, Procaccia: Fair algorithms for selecting citizens' assemblies, Nature 596, 2021). Here over the polytope of
expected counts per type: quota rows, 0 <= x <= what a panel can hold of the type, sum x = panel size, and whatever cuts
have been proven since. Its answer bounds the leximin of real panels from above, level by level; `fairest.py` closes the
gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lottery.domain.errors import SolverError
from lottery.domain.kinds import Problem
from lottery.domain.solver import INFINITY, Program, Solution, Vector

STRONG_DUAL = 1e-5
"""A type whose share of the dual is above this holds the level down for certain."""
SAME = 1e-9
"""Probabilities that are no further apart are the same."""
LARGEST_HAIR = 1e-7
"""A probability: how far numerical noise may ever lower a level that is fixed."""


Proof = tuple["Node", ...]
"""The nodes of the tree in the order of a walk: a branch, all below its first side, all below its second."""


@dataclass(frozen=True)
class Node:
    """A branch on a type (first side: at most `seats`; second: more), or a leaf with the rows' multipliers."""

    type: int | None = None
    seats: int = 0
    duals: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Cut:
    """What holds for every real panel: sum of points x seats of each type <= bound."""

    weights: tuple[int, ...]
    bound: int
    proof: Proof | None = None


@dataclass(frozen=True)
class Stage:
    """One linear program of the sequence: which types it fixed, and the duals of the rows that prove it."""

    fixed: tuple[int, ...]
    duals: Vector
    """By row of the problem, then by cut: by how much the level rises when the row's bound does."""


@dataclass(frozen=True)
class Relaxation:
    """The leximin chance of each type over fractions of panels, and the programs that prove it."""

    levels: tuple[float, ...]
    stages: tuple[Stage, ...]


def add_panel_rows(program: Program, problem: Problem) -> None:
    """Add what makes counts per type a panel: row 0 is its size, then come the quotas, then the households."""
    rows = problem.rows
    entries = ((row.types, (1.0,) * len(row.types)) for row in rows)
    program.add_rows([row.minimum for row in rows], [row.maximum for row in rows], entries)


def add_cuts(program: Program, cuts: Sequence[Cut]) -> None:
    for cut in cuts:
        used = [i for i, points in enumerate(cut.weights) if points]
        program.add_row(-INFINITY, cut.bound, used, [float(cut.weights[i]) for i in used])


def leximin(problem: Problem, cuts: Sequence[Cut] = ()) -> Relaxation:
    """Return the leximin selection probability of each type over the relaxation with these cuts.

    The quotas must be feasible (`feasibility.refuse_infeasible`). One linear program a level: raise a common level z
    as far as it goes, fix the types whose dual shows that they cannot go above it, go on with the rest. A type that is
    stuck without a dual of its own is found by a later program at the same level: the outcome does not depend on the
    duals' choice.
    """
    levels = _Levels(problem, cuts)
    stages = []
    while levels.rising.any():
        stages.append(levels.fix_next())
    return Relaxation(tuple(float(level) for level in levels.reached), tuple(stages))


class _Levels:
    """The program of the levels: a column per type for what it has above its level, and one for the level that rises.

    x = size x (level reached, or the rising one) + the column: so the program has no row per type, only the panel's.
    """

    def __init__(self, problem: Problem, cuts: Sequence[Cut]) -> None:
        self._count = count = len(problem.types)
        self._sizes = np.array([kind.size for kind in problem.types], np.float64)
        self._most = np.array(problem.most, np.float64)
        self.reached = np.zeros(count)
        self.rising = np.ones(count, bool)
        self._capped: dict[int, int] = {}
        rows = problem.rows
        self._lower = np.array([row.minimum for row in rows] + [-INFINITY] * len(cuts))
        self._upper = np.array([row.maximum for row in rows] + [cut.bound for cut in cuts])
        self._matrix = np.zeros((len(rows) + len(cuts), count))
        for number, row in enumerate(rows):
            self._matrix[number, list(row.types)] = 1.0
        for number, cut in enumerate(cuts, start=len(rows)):
            self._matrix[number] = np.array(cut.weights)
        self._program = Program([0.0] * (count + 1), [*self._most, 1.0], integer=False, maximise=True)
        self._program.cost([0.0] * count + [1.0])
        entries = [(np.flatnonzero(row), row[row != 0]) for row in self._matrix]
        self._program.add_rows(self._lower, self._upper, [(list(map(int, some)), list(v)) for some, v in entries])

    def fix_next(self) -> Stage:
        """Raise the rising types' level as far as it goes, and fix those that hold it down."""
        rising = self.rising
        ceiling = float(np.min(self._most[rising] / self._sizes[rising]))
        for row, value in enumerate((self._matrix[:, rising] * self._sizes[rising]).sum(axis=1)):
            self._program.coefficient(row, self._count, float(value))
        solution = self._solve(ceiling)
        level = min(ceiling, max(0.0, solution.value))
        weights = -solution.reduced[: self._count] * self._sizes
        stuck = rising & (weights > STRONG_DUAL)
        if level > ceiling - SAME:
            # What a panel can hold of a type is itself a bound.
            stuck |= rising & (self._most <= (level + SAME) * self._sizes)
        if not stuck.any():
            raise SolverError("a level that rises no more was found to be held down by nobody")
        self.reached[stuck] = np.minimum(level, self._most[stuck] / self._sizes[stuck])
        self.rising = rising & ~stuck
        fixed = tuple(int(i) for i in np.flatnonzero(stuck))
        for i in fixed:
            if i in self._capped:
                self._program.row_bounds(self._capped.pop(i), -INFINITY, INFINITY)
        return Stage(fixed, solution.duals[: len(self._lower)])

    def _solve(self, ceiling: float) -> Solution:
        """Solve with the fixed levels kept, less a hair: each level is known to the solver's tolerance and no better.

        The hair is nothing, and grows only while the levels, each a little too high, leave no point between them.
        """
        hair = 0.0
        while hair < LARGEST_HAIR:
            base = np.where(self.rising, 0.0, np.maximum(0.0, self.reached - hair) * self._sizes)
            taken = np.einsum("ij,j->i", self._matrix, base)
            self._program.rows_bounds(self._lower - taken, self._upper - taken)
            self._program.bounds([0.0] * (self._count + 1), [*np.maximum(0.0, self._most - base), ceiling])
            solution = self._solve_capped()
            if solution is not None:
                return solution
            hair = max(1e-10, 4 * hair)
        raise SolverError("levels that were reached one by one were found to have no point in common")

    def _solve_capped(self) -> Solution | None:
        """Solve; a rising type that outgrew what a panel can hold gets a row of its own, and it is solved again."""
        while True:
            solution = self._program.solve()
            if solution is None:
                return None
            x = solution.x[: self._count] + solution.x[self._count] * self._sizes
            over = np.flatnonzero(self.rising & (x > self._most + 1e-9))
            some = [int(i) for i in over if int(i) not in self._capped]
            if not some:
                return solution
            entries = [((i, self._count), (1.0, float(self._sizes[i]))) for i in some]
            first = self._program.add_rows([-INFINITY] * len(some), self._most[some], entries)
            self._capped.update(zip(some, range(first, first + len(some)), strict=True))
