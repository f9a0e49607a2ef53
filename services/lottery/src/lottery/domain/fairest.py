"""The fairest lottery over real panels: chances that no other lottery improves for the least favoured.

The relaxation's leximin is a bound. Here real panels are found whose weighted mean reaches it; where no mixture of
real panels can (an integrality gap), the master program's duals prove it, that proof is a cut, and the relaxation is
solved again with it. It ends when bound and lottery meet within `TOLERANCE`: that lottery is the leximin of real
panels. Should it not end within `MOST_CUTS`, the lottery is still a valid one and says by how much it may fall short
(`shortfall`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lottery.domain.certificate import WHOLE_WEIGHT, make_certificate
from lottery.domain.cuts import as_points, prove
from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import Cut, Relaxation, leximin
from lottery.domain.panels import PanelFinder, Sampler
from lottery.domain.solver import INFINITY, Entries, Program, Vector
from lottery.domain.weights import even_weights

TOLERANCE = 1e-7
"""Largest distance, as a probability, between the bound and the lottery that counts as met."""
MOST_CUTS = 400
Progress = Callable[[str, float], None]
"""Told often what is being computed ("chances", "panels", "portfolio") and how far it is, 0..1; raises `Cancelled`."""
NAME = "leximin-types-2"
"""The algorithm's name in the sealed record; a change of what it computes is a new number."""


def quietly(_what: str, _share: float) -> None:
    """Tell nobody of the progress."""


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
    certificate: dict[str, Any] | None
    """What `verifying.certificate.check` checks of leximin; it names groups by their answers and is not public."""

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
        self.sizes = np.array([kind.size for kind in problem.types], np.float64)
        count = len(self.sizes)
        self._program = Program([0.0], [1.0], integer=False, maximise=False)
        self._program.cost([1.0])
        # Row 0: the weights are 1 together. Then a row per type: its chance and the shortfall reach the target.
        entries: list[Entries] = [((), ()), *(((0,), (1.0,)) for _ in range(count))]
        self._program.add_rows([1.0] + [0.0] * count, [1.0] + [INFINITY] * count, entries)
        self.panels: list[Counts] = []
        self._known: set[Counts] = set()

    def __contains__(self, panel: Counts) -> bool:
        return panel in self._known

    def add(self, panels: Sequence[Counts]) -> int:
        """Take in panels; returns how many of them were not known."""
        fresh = [panel for panel in dict.fromkeys(panels) if panel not in self._known]
        entries = []
        for panel in fresh:
            counts = np.array(panel)
            used = np.flatnonzero(counts)
            entries.append(([0, *(used + 1).tolist()], [1.0, *(counts[used] / self.sizes[used]).tolist()]))
        if fresh:
            self._program.add_columns([0.0] * len(fresh), [INFINITY] * len(fresh), entries)
        self.panels += fresh
        self._known.update(fresh)
        return len(fresh)

    def solve(self, targets: Sequence[float]) -> tuple[float, Vector, Vector]:
        """Return the shortfall, the panels' weights, and the types' duals (each at least 0)."""
        self._program.rows_bounds([1.0, *targets], [1.0] + [INFINITY] * len(targets))
        solution = self._program.solved()
        return max(0.0, solution.value), np.maximum(0.0, solution.x[1:]), np.maximum(0.0, solution.duals[1:])


def fairest_lottery(problem: Problem, *, progress: Progress = quietly) -> Lottery:
    """Return the leximin lottery of a feasible problem.

    `progress` is told of the chances, and may raise `Cancelled` to stop at once.
    """
    sizes = np.array([kind.size for kind in problem.types], np.float64)
    finder, master, cuts = PanelFinder(problem), _Master(problem), list[Cut]()

    def tell() -> None:
        progress("chances", 0.9)

    while True:
        relaxation = leximin(problem, cuts)
        bound = relaxation.levels
        point = np.array(bound) * sizes
        sampler = Sampler(finder, point, cuts)
        panels = list[Counts]()
        enough, most = len(sizes) * 6 // 5 + 8, len(sizes) * 3 // 2 + 16
        # After a cut the panels known so far are of use, and the master program asks for what it lacks.
        for wanted in (len(sizes) // 3 + 8,) if cuts else (enough, most):
            while len(panels) < wanted:
                progress("chances", 0.9 if cuts else 0.9 * len(panels) / most)
                panels.append(sampler.next())
            weighed = None if cuts else even_weights(panels, point, tell)
            if weighed is not None:
                return _lottery(problem, *weighed, relaxation, cuts)
        master.add(panels)
        weights, cut = _realise(master, finder, sampler, cuts, bound, tell)
        if cut is None or len(cuts) >= MOST_CUTS:
            return _lottery(problem, master.panels, weights, relaxation, cuts)
        cuts.append(cut)


def _lottery(
    problem: Problem, panels: Sequence[Counts], weights: Vector, relaxation: Relaxation, cuts: Sequence[Cut]
) -> Lottery:
    """Return the lottery with its weights in whole parts, so that what is drawn by is what is certified."""
    shares = np.rint(weights / weights.sum() * WHOLE_WEIGHT).astype(np.int64)
    shares[int(np.argmax(shares))] += WHOLE_WEIGHT - int(shares.sum())
    used = sorted((panel, int(share)) for panel, share in zip(panels, shares, strict=True) if share)
    seats = [0] * len(problem.types)
    for panel, share in used:
        for i, count in enumerate(panel):
            seats[i] += share * count
    chances = tuple(one / (WHOLE_WEIGHT * kind.size) for one, kind in zip(seats, problem.types, strict=True))
    shortfall = max(0.0, *(top - chance for top, chance in zip(relaxation.levels, chances, strict=True)))
    certificate = make_certificate(problem, used, chances, relaxation, cuts)
    weighted = tuple((panel, share / WHOLE_WEIGHT) for panel, share in used)
    return Lottery(weighted, chances, relaxation.levels, shortfall, tuple(cuts), certificate)


def _realise(
    master: _Master,
    finder: PanelFinder,
    sampler: Sampler,
    cuts: Sequence[Cut],
    targets: Sequence[float],
    tell: Callable[[], None],
) -> tuple[Vector, Cut | None]:
    """Bring the lottery to the targets by new panels; or return the cut that proves them out of reach."""
    while True:
        tell()
        shortfall, weights, duals = master.solve(targets)
        if shortfall <= TOLERANCE:
            return weights, None
        per_seat = duals / master.sizes
        wanted = float(duals @ np.array(targets))
        # A panel helps when it weighs more than all that are known: more than the targets do, less the shortfall.
        near = sampler.near(per_seat)
        if near is not None and float(per_seat @ near) > wanted - 0.5 * shortfall and master.add([near]):
            continue
        panel, most = finder.best(per_seat)
        # No mixture of panels weighs more than the heaviest one: `most` < `wanted` proves the targets out of reach.
        proven = wanted - most
        if proven >= 0.5 * shortfall or (proven > TOLERANCE / 10 and panel in master):
            cut = _cut(finder, cuts, per_seat, np.array(targets) * master.sizes, tell)
            if cut is not None:
                return weights, cut
        if not master.add([panel]):
            return weights, None  # the programs' tolerances are exhausted; the lottery says how close it is


def _cut(
    finder: PanelFinder, cuts: Sequence[Cut], per_seat: Vector, point: Vector, tell: Callable[[], None]
) -> Cut | None:
    """Return the cut in whole numbers with its proof; None when the point is within it."""
    points = as_points(per_seat)
    exact = np.array([float(one) for one in points])
    _, most = finder.best(exact)
    bound = round(most)
    if float(exact @ point) - bound < TOLERANCE * max(points):
        return None
    return Cut(points, bound, prove(finder.problem, cuts, points, bound, tell))
