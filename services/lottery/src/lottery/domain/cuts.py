"""Cuts: what every real panel holds though fractions of panels need not, each with a proof that needs no solver.

A cut says: so many points for each seat of a type, whole numbers, and no panel has more points than the bound. Its
proof is a tree. A branch splits the panels by the seats of one type (at most so many, or more). A leaf carries a
multiplier for each row of the problem: by weak duality no panel of the leaf has more points than they give
(`verifying/certificate.py` adds that up in whole numbers). So a reader needs neither HiGHS nor trust in it.
"""

from collections.abc import Callable, Sequence

import numpy as np

from lottery.domain.errors import SolverError
from lottery.domain.kinds import Problem
from lottery.domain.leximin import Cut, Node, Proof, add_cuts, add_panel_rows
from lottery.domain.solver import INFINITY, Program, Vector

MOST_NODES = 20_000
"""A proof longer than this is given up: the cut is used, and the certificate says that it is not proven there."""
DENOMINATORS = 720
ROUND = 1_000_000
CLOSE = 1e-6
MARGIN = 1e-5
"""Points by which a leaf's linear program stays below the next whole number."""


def as_points(weights: Vector) -> tuple[int, ...]:
    """Return whole numbers in the same proportions: exactly, where they have a small common denominator."""
    shares = weights / weights.max()
    for times in range(1, DENOMINATORS + 1):
        if float(np.abs(shares * times - np.rint(shares * times)).max()) < CLOSE * times:
            return tuple(np.rint(shares * times).astype(np.int64).tolist())
    return tuple(np.rint(shares * ROUND).astype(np.int64).tolist())


def prove(
    problem: Problem, cuts: Sequence[Cut], points: Sequence[int], bound: int, tell: Callable[[], None]
) -> Proof | None:
    """Return the proof that no panel has more points than the bound; None when it is longer than `MOST_NODES`.

    `tell` is called for each node, and may raise to stop.
    """
    return _Prover(problem, cuts, points, bound).tree(tell)


class _Prover:
    """Branch and bound over linear programs that are never infeasible: what is missing to a panel costs points."""

    def __init__(self, problem: Problem, cuts: Sequence[Cut], points: Sequence[int], bound: int) -> None:
        self._count, self._bound = len(problem.types), bound
        self._most = np.array(problem.most, np.float64)
        self._program = Program(np.zeros(self._count), self._most, integer=False, maximise=True)
        add_panel_rows(self._program, problem)
        add_cuts(self._program, cuts)
        rows = len(problem.rows) + len(cuts)
        missing = [((row,), (sign,)) for row in range(rows) for sign in (1.0, -1.0)]
        self._program.add_columns([0.0] * len(missing), [INFINITY] * len(missing), missing)
        self._points = np.array([float(one) for one in points])
        self._missing = len(missing)

    def tree(self, tell: Callable[[], None]) -> Proof | None:
        nodes = list[Node]()
        open_boxes = [(np.zeros(self._count), self._most)]
        while open_boxes:
            if len(nodes) + len(open_boxes) > MOST_NODES:
                return None
            tell()
            lower, upper = open_boxes.pop()
            self._program.bounds(lower, upper)
            found = self._leaf_or_point()
            if isinstance(found, Node):
                nodes.append(found)
                continue
            parts = np.abs(found - np.rint(found))
            kind = int(np.argmax(parts)) if parts.max() > CLOSE else int(np.argmax(upper - lower))
            seats = min(int(np.floor(found[kind] + CLOSE)), int(upper[kind]) - 1)
            if upper[kind] <= lower[kind]:
                raise SolverError("a panel was found to have more points than any panel has")
            first, second = upper.copy(), lower.copy()
            first[kind], second[kind] = seats, seats + 1
            open_boxes += [(second, upper), (lower, first)]
            nodes.append(Node(kind, seats))
        return tuple(nodes)

    def _leaf_or_point(self) -> Node | Vector:
        """Return a leaf where the program proves the bound, and otherwise the point to branch at."""
        worth = float(self._points.max())
        for price in (10.0, 1e3, 1e5):
            self._program.cost([*self._points, *([-price * worth] * self._missing)])
            solution = self._program.solved()
            if solution.value < self._bound + 1 - MARGIN:
                strong = np.flatnonzero(np.abs(solution.duals) > 1e-12)
                return Node(duals=tuple((int(row), float(solution.duals[row])) for row in strong))
            if not (solution.x[self._count :] > CLOSE).any():
                break
        return np.asarray(solution.x[: self._count], np.float64)
