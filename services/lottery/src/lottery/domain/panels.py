"""Real panels: whole people, quotas held, found by linear and integer programs over the types."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lottery.domain.errors import SolverError
from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import Cut, add_cuts, add_panel_rows
from lottery.domain.solver import INFINITY, Program, Vector

WHOLE = 1e-6
"""A count of a panel this close to a whole number is that number: the solver's answers are not exact."""
NOTHING = 1e-9
"""A part of a seat below this is none."""
LEAST_WEIGHT = 1e-12
MOST_PROGRAMS = 60
"""After so many linear programs without a whole panel an integer program takes over."""


class PanelFinder:
    """Finds panels: the best for given weights, or a good one near a point."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._flat = np.array([i for row in problem.rows for i in row.types], np.intp)
        self._row_of = np.repeat(np.arange(len(problem.rows)), [len(row.types) for row in problem.rows])
        self._lower = np.array([row.minimum for row in problem.rows], np.float64)
        self._upper = np.array([row.maximum for row in problem.rows], np.float64)
        self._most = np.array(problem.most, np.float64)
        self._none = np.zeros(len(self._most))

    def program(self, *, integer: bool, gap: float = 0.0) -> Program:
        """Return a program that maximises over the panels, or over fractions of them."""
        program = Program(self._none, self._most, integer=integer, maximise=True, gap=gap)
        add_panel_rows(program, self.problem)
        return program

    @cached_property
    def _best(self) -> Program:
        return self.program(integer=True)

    @cached_property
    def _good(self) -> Program:
        return self.program(integer=True, gap=0.1)

    def seats(self, counts: Vector) -> Vector:
        """Return what each row of the problem counts in a panel, or in a mixture of panels."""
        seats = np.bincount(self._row_of, weights=counts[self._flat], minlength=len(self._lower))
        return np.asarray(seats, np.float64)

    def box(self, point: Vector) -> tuple[Vector, Vector]:
        """Return the bounds next to the point: each type's count rounded down or up."""
        lower = np.floor(point + NOTHING)
        return lower, np.minimum(self._most, np.maximum(lower, np.ceil(point - NOTHING)))

    def rows_near(self, point: Vector) -> tuple[Vector, Vector]:
        """Return the rows' bounds next to the point: what each counts there, rounded down or up."""
        seats = self.seats(point)
        lower = np.maximum(self._lower, np.floor(seats + NOTHING))
        return lower, np.minimum(self._upper, np.maximum(lower, np.ceil(seats - NOTHING)))

    def best(self, weights: Vector) -> tuple[Counts, float]:
        """Return a panel of the largest weight and the proven bound: no panel weighs more."""
        self._best.cost(weights)
        solution = self._best.solved()
        return self.whole(solution.x), max(solution.bound, solution.value)

    def good(self, weights: Vector) -> Counts:
        """Return a panel within 10 % of the best."""
        self._good.cost(weights)
        return self.whole(self._good.solved().x)

    def whole(self, x: Vector) -> Counts:
        """Return the point as a panel; it is checked in whole numbers."""
        counts = np.rint(x)
        seats = self.seats(counts)
        held = (counts >= 0).all() and (counts <= self._most).all()
        if not (held and (seats >= self._lower).all() and (seats <= self._upper).all()):
            raise SolverError("the solver returned a panel that does not hold the quotas")
        return tuple(counts.astype(np.int64).tolist())


class Sampler:
    """Draws panels whose average runs along a point: what earlier panels gave too little of, the next gives first.

    Each panel lies next to the point: each type's count and each row's seats are rounded down or up, and what all
    panels of a mixture must have (a cut that is met with equality) each of them has.
    """

    def __init__(self, finder: PanelFinder, point: Sequence[Fraction] | Vector, cuts: Sequence[Cut] = ()) -> None:
        self._finder = finder
        self._point = np.array([float(value) for value in point])
        self._owed = np.zeros(len(self._point))
        self._lower, self._upper = finder.box(self._point)
        self._program = finder.program(integer=False)
        self._program.bounds(self._lower, self._upper)
        self._program.rows_bounds(*finder.rows_near(self._point))
        add_cuts(self._program, cuts)
        for number, cut in enumerate(cuts, start=len(finder.problem.rows)):
            slack = WHOLE * max(cut.weights)
            tight = float(np.array(cut.weights) @ self._point) > cut.bound - slack
            self._program.row_bounds(number, cut.bound - slack if tight else -INFINITY, cut.bound + slack)

    def next(self) -> Counts:
        self._owed += self._point
        # Only what lies above the counts' lower bounds is to be decided: it brings the average closest to the point.
        weights = self._owed - self._lower
        panel = self.near(weights)
        if panel is None:
            panel = self._finder.good(weights)
        self._owed -= panel
        return panel

    def near(self, weights: Vector) -> Counts | None:
        """Return a panel next to the point that leans towards the weights, or None when it is not soon found.

        A vertex of the linear program is nearly whole. The seats that are whole in it are kept, the type nearest to its
        next seat gets it, and the program is solved again; where that cannot be, the type goes without.
        """
        # Whatever the weights' size, the solver's tolerances are to mean the same.
        self._program.cost(weights / max(float(np.abs(weights).max()), LEAST_WEIGHT))
        lower, upper = self._lower, self._upper
        tried: list[tuple[Vector, Vector, int]] = []
        panel = None
        for _ in range(MOST_PROGRAMS):
            solution = self._program.solve()
            if solution is None:
                if not tried:
                    break
                lower, upper, last = tried.pop()
                upper = upper.copy()
                upper[last] = lower[last]
            else:
                x = solution.x
                parts = x - np.floor(x + WHOLE)
                if (parts < WHOLE).all():
                    panel = self._finder.whole(x)
                    break
                kept: NDArray[np.bool_] = parts < WHOLE
                lower = np.where(kept, np.rint(x), lower)
                last = int(np.argmax(parts))
                tried.append((lower, upper, last))
                lower = lower.copy()
                lower[last] = np.ceil(x[last])
            self._program.bounds(lower, upper)
        if lower is not self._lower or upper is not self._upper:
            self._program.bounds(self._lower, self._upper)
        return panel
