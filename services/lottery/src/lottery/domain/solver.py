"""A linear or integer program over HiGHS, kept small enough to read and the same on every run.

One thread, a fixed seed, no time limit in a draw: the same program gives the same answer to the last bit on one
machine. Programs are built once and then changed (costs, bounds, rows), which keeps HiGHS's last basis and makes the
next solve short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from lottery.domain.errors import OutOfTimeError, SolverError

INFINITY = highspy.kHighsInf
VERSION: str = highspy.Highs().version()  # type: ignore[no-untyped-call]  # highspy is partly typed
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """The best point, its value, the rows' duals (programs without integers) and the proven bound (programs with)."""

    x: Vector
    value: float
    duals: Vector
    bound: float


class Program:
    """Minimise or maximise a linear function over columns and rows that can be changed between solves."""

    def __init__(
        self,
        lower: Sequence[float],
        upper: Sequence[float],
        *,
        integer: bool,
        maximise: bool,
        gap: float = 0.0,
        seconds: float = INFINITY,
    ) -> None:
        """`seconds` is what all its solves together may take."""
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
        }
        # Probabilities are compared at 1e-6, levels at 1e-7: the solver has to be better than both.
        options |= {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
        # An integer program is solved to the proven best by default: its bound is what makes a cut valid.
        options |= {"mip_rel_gap": gap, "mip_abs_gap": 1e-9, "mip_feasibility_tolerance": 1e-9}
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._columns = 0
        self._seconds = seconds
        self._integer = integer
        for low, high in zip(lower, upper, strict=True):
            self.add_column(low, high)
        if maximise:
            self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    @property
    def columns(self) -> int:
        return self._columns

    def add_column(
        self, lower: float, upper: float, cost: float = 0.0, rows: Sequence[int] = (), values: Sequence[float] = ()
    ) -> int:
        entries = np.asarray(rows, np.int32), np.asarray(values, np.float64)
        self._highs.addCol(cost, lower, upper, len(rows), *entries)
        if self._integer:
            self._highs.changeColIntegrality(self._columns, highspy.HighsVarType.kInteger)
        self._columns += 1
        return self._columns - 1

    def add_row(self, lower: float, upper: float, columns: Sequence[int], values: Sequence[float]) -> int:
        entries = np.asarray(columns, np.int32), np.asarray(values, np.float64)
        self._highs.addRow(lower, upper, len(columns), *entries)
        return int(self._highs.getNumRow()) - 1

    def cost(self, costs: Sequence[float] | Vector) -> None:
        """Set the cost of the first columns; the others keep theirs."""
        every = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), every, np.asarray(costs, np.float64))

    def bounds(self, lower: Sequence[float] | Vector, upper: Sequence[float] | Vector) -> None:
        """Set the bounds of the first columns; the others keep theirs."""
        every = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(lower), every, np.asarray(lower, np.float64), np.asarray(upper, np.float64))

    def row_bounds(self, row: int, lower: float, upper: float) -> None:
        self._highs.changeRowBounds(row, lower, upper)

    def coefficient(self, row: int, column: int, value: float) -> None:
        self._highs.changeCoeff(row, column, value)

    def solve(self) -> Solution | None:
        """Return the best solution, or None when there is none.

        Raises `OutOfTimeError` when the seconds are used up, `SolverError` when the solver gives up for another reason.
        """
        if self._seconds < INFINITY:  # HiGHS counts the time of all runs, but limits that of each
            self._highs.setOptionValue("time_limit", max(0.0, self._seconds - self._highs.getRunTime()))
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTimeError
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"HiGHS {VERSION} stopped with {self._highs.modelStatusToString(status)}")
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        bound = info.mip_dual_bound if self._integer else info.objective_function_value
        x, duals = np.array(solution.col_value), np.array(solution.row_dual)
        return Solution(x, info.objective_function_value, duals, bound)

    def solved(self) -> Solution:
        """Solve a program that is known to have a solution."""
        solution = self.solve()
        if solution is None:
            raise SolverError("a program that must have a solution was found to have none")
        return solution
