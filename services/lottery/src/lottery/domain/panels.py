"""Real panels: whole people, quotas held, found by integer programs over the types."""

import math
from collections.abc import Sequence
from fractions import Fraction

from lottery.domain.errors import SolverError
from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import add_panel_rows
from lottery.domain.quotas import Quotas
from lottery.domain.solver import Program, Vector

WHOLE = 1e-6
"""A count this close to a whole number is that number."""


def counts_hold(counts: Counts, problem: Problem) -> bool:
    """Check a panel in whole numbers, without the solver: its size, its types' sizes, every quota."""
    quotas: Quotas = problem.quotas
    fits = all(0 <= count <= kind.size for count, kind in zip(counts, problem.types, strict=True))
    within = all(row.minimum <= sum(counts[i] for i in problem.holders(row)) <= row.maximum for row in quotas.rows)
    return fits and within and sum(counts) == quotas.panel_size


class PanelFinder:
    """Finds panels: the best for given weights, or a good one near a point."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._sizes = [float(kind.size) for kind in problem.types]
        self._best = self._program(integer=True)
        # Near a point any panel that leans the right way will do: fractions first, then one within 10 % of the best.
        self._fractions = self._program(integer=False)
        self._repair = self._program(integer=True, gap=0.1)

    def _program(self, *, integer: bool, gap: float = 0.0) -> Program:
        program = Program([0.0] * len(self._sizes), self._sizes, integer=integer, maximise=True, gap=gap)
        add_panel_rows(program, self._problem)
        return program

    def best(self, weights: Sequence[float] | Vector) -> tuple[Counts, float]:
        """Return a panel of the largest weight and the proven bound: no panel weighs more."""
        self._best.cost(weights)
        solution = self._best.solved()
        return self._checked(solution.x), max(solution.bound, solution.value)

    def near(self, point: Sequence[float], weights: Sequence[float]) -> Counts:
        """Return a panel next to the point (each type's count rounded down or up) that leans towards the weights.

        A vertex of the linear program is nearly whole: what is whole in it is kept and an integer program repairs the
        rest; if that cannot be, it searches the box around the point, and then everywhere.
        """
        lower = [float(math.floor(value + 1e-7)) for value in point]
        upper = [max(low, float(math.ceil(value - 1e-7))) for value, low in zip(point, lower, strict=True)]
        self._fractions.bounds(lower, upper)
        self._fractions.cost(weights)
        vertex = self._fractions.solve()
        if vertex is not None:
            x = [float(value) for value in vertex.x]
            if all(abs(value - round(value)) < WHOLE for value in x):
                return self._checked(vertex.x)
            kept = [
                (low, up) if abs(value - round(value)) >= WHOLE else (round(value),) * 2
                for low, up, value in zip(lower, upper, x, strict=True)
            ]
            boxes = [kept]
        else:
            boxes = []
        self._repair.cost(weights)
        for box in (*boxes, [(0.0, size) for size in self._sizes]):
            self._repair.bounds([low for low, _ in box], [up for _, up in box])
            solution = self._repair.solve()
            if solution is not None:
                return self._checked(solution.x)
        raise SolverError("quotas that were found feasible were found to have no panel")

    def _checked(self, x: Vector) -> Counts:
        counts = tuple(round(float(value)) for value in x)
        if not counts_hold(counts, self._problem):
            raise SolverError("the solver returned a panel that does not hold the quotas")
        return counts


class Sampler:
    """Draws panels whose average runs along a point: what earlier panels gave too little of, the next gives first."""

    def __init__(self, finder: PanelFinder, point: Sequence[Fraction] | Sequence[float]) -> None:
        self._finder = finder
        self._point = [float(value) for value in point]
        self._owed = [0.0] * len(self._point)

    def next(self) -> Counts:
        self._owed = [owed + value for owed, value in zip(self._owed, self._point, strict=True)]
        panel = self._finder.near(self._point, self._owed)
        self._owed = [owed - seats for owed, seats in zip(self._owed, panel, strict=True)]
        return panel
