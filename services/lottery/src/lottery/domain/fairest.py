"""The fairest lottery over real panels: chances that no other lottery improves for the least favoured.

The relaxation's leximin is a bound. Here real panels are found whose weighted mean reaches it; where no mixture of
real panels can (an integrality gap), the master program's duals prove it, that proof is a cut, and the relaxation is
solved again with it. It ends when bound and lottery meet within `TOLERANCE`: that lottery is the leximin of real
panels. Should it not end within `MOST_CUTS`, the lottery is still a valid one and says by how much it may fall short
(`shortfall`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import Cut, leximin_levels
from lottery.domain.panels import PanelFinder, Sampler
from lottery.domain.solver import INFINITY, Program

TOLERANCE = 1e-7
"""Largest distance, as a probability, between the bound and the lottery that counts as met."""
MOST_CUTS = 400
NAME = "leximin-types-1"
"""The algorithm's name in the sealed record; a change of what it computes is a new number."""


@dataclass(frozen=True)
class Lottery:
    """A distribution over panels, and each type's chance by it.

    `shortfall` is how far the chance of anyone may lie below the proven bound: within the tolerance when `exact`.
    """

    panels: tuple[tuple[Counts, float], ...]
    chances: tuple[float, ...]
    bound: tuple[float, ...]
    shortfall: float
    cuts: tuple[Cut, ...]

    @property
    def exact(self) -> bool:
        return self.shortfall <= TOLERANCE

    @property
    def smallest(self) -> float:
        return min(self.chances)

    @property
    def largest(self) -> float:
        return max(self.chances)


class _Master:
    """Weights on known panels that keep every type's chance within the smallest possible distance of its target."""

    def __init__(self, problem: Problem) -> None:
        self._sizes = [kind.size for kind in problem.types]
        self._program = Program([0.0], [1.0], integer=False, maximise=False)
        self._program.cost([1.0])
        self._rows = [self._program.add_row(0.0, INFINITY, (0,), (1.0,)) for _ in self._sizes]
        self._whole = self._program.add_row(1.0, 1.0, (), ())
        self.panels: list[Counts] = []
        self._known: set[Counts] = set()

    def add(self, panel: Counts) -> bool:
        """Take in a panel; False when it is known already."""
        if panel in self._known:
            return False
        used = [i for i, count in enumerate(panel) if count]
        rows = [*(self._rows[i] for i in used), self._whole]
        values = [*(panel[i] / self._sizes[i] for i in used), 1.0]
        self._program.add_column(0.0, INFINITY, rows=rows, values=values)
        self.panels.append(panel)
        self._known.add(panel)
        return True

    def solve(self, targets: Sequence[float]) -> tuple[float, list[float], list[float]]:
        """Return the shortfall, the panels' weights, and the types' duals (each at least 0)."""
        for row, target in zip(self._rows, targets, strict=True):
            self._program.row_bounds(row, target, INFINITY)
        solution = self._program.solved()
        weights = [max(0.0, float(weight)) for weight in solution.x[1:]]
        duals = [max(0.0, float(solution.duals[row])) for row in self._rows]
        return max(0.0, solution.value), weights, duals


def fairest_lottery(problem: Problem) -> Lottery:
    """Return the leximin lottery of a feasible problem."""
    sizes = [kind.size for kind in problem.types]
    finder, master, cuts = PanelFinder(problem), _Master(problem), list[Cut]()
    while True:
        bound = leximin_levels(problem, cuts)
        sampler = Sampler(finder, [level * size for level, size in zip(bound, sizes, strict=True)])
        for _ in range(len(sizes) * 13 // 10 + 2 if not cuts else len(sizes) // 8 + 1):
            master.add(sampler.next())
        shortfall, weights, cut = _realise(master, finder, bound, sizes)
        if cut is None or len(cuts) >= MOST_CUTS:
            break
        cuts.append(cut)
    total = sum(weights)
    used = sorted(
        (panel, weight / total) for panel, weight in zip(master.panels, weights, strict=True) if weight > 1e-12
    )
    chances = tuple(sum(weight * panel[i] for panel, weight in used) / size for i, size in enumerate(sizes))
    actual = max(0.0, *(top - chance for top, chance in zip(bound, chances, strict=True)))
    return Lottery(tuple(used), chances, bound, max(shortfall, actual), tuple(cuts))


def _realise(
    master: _Master, finder: PanelFinder, targets: Sequence[float], sizes: Sequence[int]
) -> tuple[float, list[float], Cut | None]:
    """Bring the lottery to the targets by new panels; or return the cut that proves them out of reach."""
    while True:
        shortfall, weights, duals = master.solve(targets)
        if shortfall <= TOLERANCE:
            return shortfall, weights, None
        per_seat = [dual / size for dual, size in zip(duals, sizes, strict=True)]
        panel, most = finder.best(per_seat)
        wanted = sum(dual * target for dual, target in zip(duals, targets, strict=True))
        # No mixture of panels weighs more than the heaviest one: `most` < `wanted` proves the targets out of reach.
        proven = wanted - most
        if proven > TOLERANCE / 10 and (proven >= 0.5 * shortfall or not master.add(panel)):
            return shortfall, weights, Cut(tuple(per_seat), most)
        if proven <= TOLERANCE / 10 and not master.add(panel):
            return shortfall, weights, None  # the programs' tolerances are exhausted; `shortfall` says how close it is
