"""What to loosen when no panel meets the quotas: the smallest relaxations, ranked.

One integer program over the panel's counts in which every bound may give way for a price. What costs is first the
seats by which bounds move, then how many bounds move: a proposal is the cheapest set of bounds, and the next one must
leave at least one bound of every earlier proposal in peace. Where quotas say how far they may flex, proposals within
that come first. A proposal is only returned when its quotas have been asked about anew and can be filled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lottery.domain.errors import SolverError
from lottery.domain.feasibility import Conflict, Side, panel_program
from lottery.domain.kinds import Problem
from lottery.domain.leximin import add_panel_rows
from lottery.domain.quotas import Quota, Quotas, checked_quotas
from lottery.domain.solver import INFINITY, Program

MOST = 5
"""Proposals at most: more are no help to whoever has to choose."""


@dataclass(frozen=True)
class Change:
    """One bound that moves, from where the quota has it `to` so many seats."""

    quota: Quota
    side: Side
    to: int

    @property
    def seats(self) -> int:
        """How many seats the bound moves."""
        return abs(self.to - Conflict(self.quota, self.side).bound)

    @property
    def within_flex(self) -> bool:
        return self.to >= self.quota.lowest if self.side == "minimum" else self.to <= self.quota.highest

    def __str__(self) -> str:
        start = Conflict(self.quota, self.side).bound
        return f"{self.quota.criterion}, {self.quota.value}: {self.side} {self.to} instead of {start}"


@dataclass(frozen=True)
class Relaxation:
    """Changes that together let a panel be drawn, and the quotas as they would be."""

    changes: tuple[Change, ...]
    quotas: Quotas

    @property
    def seats(self) -> int:
        """By how many seats bounds move, all together."""
        return sum(change.seats for change in self.changes)

    @property
    def within_flex(self) -> bool:
        """Whether the quotas themselves allow every change."""
        return all(change.within_flex for change in self.changes)

    def __str__(self) -> str:
        return "; ".join(str(change) for change in self.changes)


def relaxations(problem: Problem, most: int = MOST, seconds: float = INFINITY) -> tuple[Relaxation, ...]:
    """Return up to `most` smallest relaxations, the best first; none when a panel can be drawn, or never could be.

    The quotas need not pass `checked_quotas`: sums that miss the panel's size are loosened like any other bound. With
    fewer people than seats nothing can be loosened that helps. Raises `OutOfTimeError` when each of its programs does
    not have its answer after `seconds`.
    """
    if problem.most_seats < problem.quotas.panel_size:
        return ()
    if panel_program(problem, seconds).solve() is not None:
        return ()
    flexible = any((row.lowest, row.highest) != (row.minimum, row.maximum) for row in problem.quotas.rows)
    within = _Giving(problem, within_flex=True, seconds=seconds).cheapest(most) if flexible else []
    beyond = _Giving(problem, within_flex=False, seconds=seconds)
    for changes in within:
        beyond.spare(changes)
    every = [*within, *beyond.cheapest(most - len(within))]
    return tuple(_verified(problem, changes, seconds) for changes in every)


class _Giving:
    """The program of panels in which bounds give way: a column a bound for the seats, one for whether it moves."""

    def __init__(self, problem: Problem, *, within_flex: bool, seconds: float) -> None:
        quotas, types = problem.quotas, len(problem.types)
        bounds: dict[tuple[Quota, Side], tuple[int, int]] = {}  # the quota's row, and how far the bound may move
        for number, row in enumerate(quotas.rows, start=1):  # row 0 is the panel's size
            bounds[row, "minimum"] = number, row.minimum - (row.lowest if within_flex else 0)
            bounds[row, "maximum"] = number, (row.highest if within_flex else quotas.panel_size) - row.maximum
        bounds = {bound: (number, most) for bound, (number, most) in bounds.items() if most > 0}
        self._columns = {bound: (types + 2 * i, types + 2 * i + 1) for i, bound in enumerate(bounds)}
        upper = [*(kind.size for kind in problem.types), *(top for _, most in bounds.values() for top in (most, 1))]
        # A seat costs more than all bounds together: fewest seats first, then fewest bounds.
        seat = len(bounds) + 1
        self._program = Program([0.0] * len(upper), upper, integer=True, maximise=False, seconds=seconds)
        self._program.cost([0.0] * types + [float(seat), 1.0] * len(bounds))
        add_panel_rows(self._program, problem)
        for (row, side), (number, most) in bounds.items():
            seats, moves = self._columns[row, side]
            # A seat given counts as held where seats are lacking, and as not held where there are too many.
            self._program.coefficient(number, seats, 1.0 if side == "minimum" else -1.0)
            self._program.add_row(-INFINITY, 0.0, (seats, moves), (1.0, -float(most)))

    def spare(self, changes: Sequence[Change]) -> None:
        """Leave at least one of these bounds in peace from now on."""
        moves = [self._columns[change.quota, change.side][1] for change in changes]
        self._program.add_row(-INFINITY, len(moves) - 1, moves, [1.0] * len(moves))

    def cheapest(self, most: int) -> list[list[Change]]:
        """Return up to so many sets of changes, cheapest first."""
        found: list[list[Change]] = []
        while len(found) < most and (solution := self._program.solve()) is not None:
            changes = [
                Change(row, side, row.minimum - moved if side == "minimum" else row.maximum + moved)
                for (row, side), (seats, _) in self._columns.items()
                if (moved := round(solution.x[seats]))
            ]
            found.append(changes)
            self.spare(changes)
        return found


def relaxed(quotas: Quotas, changes: Iterable[Change]) -> Quotas:
    """Return the quotas with these changes made."""
    rows = {(row.criterion, row.value): row for row in quotas.rows}
    for change in changes:
        key = (change.quota.criterion, change.quota.value)
        row = rows[key]
        # What was decided is what is flexible from now on: the flexible bounds never stand inside the others.
        if change.side == "minimum":
            rows[key] = replace(row, minimum=change.to, min_flex=_least(row.min_flex, change.to))
        else:
            rows[key] = replace(row, maximum=change.to, max_flex=_most(row.max_flex, change.to))
    return checked_quotas(quotas.panel_size, list(rows.values()))


def _least(flex: int | None, bound: int) -> int | None:
    return None if flex is None else min(flex, bound)


def _most(flex: int | None, bound: int) -> int | None:
    return None if flex is None else max(flex, bound)


def _verified(problem: Problem, changes: Sequence[Change], seconds: float) -> Relaxation:
    quotas = relaxed(problem.quotas, changes)
    if panel_program(replace(problem, quotas=quotas), seconds).solve() is None:
        raise SolverError("quotas were found to be fillable and not fillable")
    return Relaxation(tuple(changes), quotas)
