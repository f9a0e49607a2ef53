"""A linear or integer program over HiGHS, kept small enough to read and the same on every run.

One thread, a fixed seed, no time limit in a draw: the same program gives the same answer to the last bit on one
machine. Programs are built in bulk and then changed (costs, bounds, rows), which keeps HiGHS's last basis and makes the
next solve short: a tenth of a millisecond for a pool of a hundred types.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lottery.domain.errors import OutOfTimeError, SolverError

INFINITY = highspy.kHighsInf
VERSION: str = highspy.Highs().version()  # type: ignore[no-untyped-call]  # highspy is partly typed
Vector = NDArray[np.float64]
Entries = tuple[Sequence[int], Sequence[float]]
"""What is not zero in a row (columns and values) or in a column (rows and values)."""


@dataclass(frozen=True)
class Solution:
    """The best point, its value, and the proven bound (of programs with integers).

    Of programs without integers also the rows' duals and the columns' reduced costs: by how much the value changes when
    a row's bound, or a column's, is moved by one.
    """

    x: Vector
    value: float
    bound: float
    duals: Vector
    reduced: Vector


class Program:
    """Minimise or maximise a linear function over columns and rows that can be changed between solves."""

    def __init__(
        self,
        lower: ArrayLike,
        upper: ArrayLike,
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
        self._seconds = seconds
        self._integer = integer
        low, up = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
        self._highs.addVars(len(low), low, up)
        if integer:
            kinds = np.full(len(low), highspy.HighsVarType.kInteger)
            self._highs.changeColsIntegrality(len(low), np.arange(len(low), dtype=np.int32), kinds)
        if maximise:
            self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def add_rows(self, lower: ArrayLike, upper: ArrayLike, entries: Iterable[Entries]) -> int:
        """Add rows; returns the number of the first of them."""
        first = int(self._highs.getNumRow())
        low, up = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
        self._highs.addRows(len(low), low, up, *_packed(entries))
        return first

    def add_row(self, lower: float, upper: float, columns: Sequence[int], values: Sequence[float]) -> int:
        return self.add_rows([lower], [upper], [(columns, values)])

    def add_columns(self, lower: ArrayLike, upper: ArrayLike, entries: Iterable[Entries]) -> None:
        """Add columns (never integer) that cost nothing."""
        low, up = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
        self._highs.addCols(len(low), np.zeros(len(low)), low, up, *_packed(entries))

    def cost(self, costs: Sequence[float] | Vector) -> None:
        """Set the cost of the first columns; the others keep theirs."""
        every = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), every, np.asarray(costs, np.float64))

    def bounds(self, lower: Sequence[float] | Vector, upper: Sequence[float] | Vector) -> None:
        """Set the bounds of the first columns; the others keep theirs."""
        every = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(lower), every, np.asarray(lower, np.float64), np.asarray(upper, np.float64))

    def rows_bounds(self, lower: Sequence[float] | Vector, upper: Sequence[float] | Vector) -> None:
        """Set the bounds of the first rows; the others keep theirs."""
        every = np.arange(len(lower), dtype=np.int32)
        low, up = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
        self._highs.changeRowsBounds(len(lower), every, low, up)  # type: ignore[attr-defined]  # its stubs lack it

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
        value = info.objective_function_value
        x, duals, reduced = (np.array(part) for part in (solution.col_value, solution.row_dual, solution.col_dual))
        return Solution(x, value, info.mip_dual_bound if self._integer else value, duals, reduced)

    def solved(self) -> Solution:
        """Solve a program that is known to have a solution."""
        solution = self.solve()
        if solution is None:
            raise SolverError("a program that must have a solution was found to have none")
        return solution


def _packed(entries: Iterable[Entries]) -> tuple[int, NDArray[np.int32], NDArray[np.int32], Vector]:
    starts, places, values = list[int](), list[int](), list[float]()
    for some, numbers in entries:
        starts.append(len(places))
        places.extend(some)
        values.extend(numbers)
    return len(places), np.array(starts, np.int32), np.array(places, np.int32), np.array(values, np.float64)
