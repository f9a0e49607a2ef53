"""Weights on panels whose mean is a point: close to equal, found without a linear program.

The sampler's panels, each with the same weight, have a mean next to the point. The smallest change of the weights that
makes the mean exact is the least-squares solution of as many equations as there are types. It is found by conjugate
gradients, in plain sums (so that the answer does not depend on a numerical library's threads), in milliseconds where
the same question as a linear program takes seconds. It is small: with a few more panels than types hardly a weight
falls below 0; a panel whose weight does is left out, and it is done again.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lottery.domain.kinds import Counts
from lottery.domain.solver import INFINITY, Vector

LOST = 1e8
"""How much larger (squared) than at its best it may get on the way, before rounding errors have taken over."""
EXACT = 1e-11
"""Seats: the distance from the point at which the mean has reached it. It is brought closer while that is easy."""
NOTHING_MISSING = 1e-13
MOST_ROUNDS = 12
MOST_STEPS = 2000
STEPS_UNTOLD = 20
GAIN = 1e-18
"""How much smaller (squared) what is missing gets in a round: then it is taken anew, without rounding errors."""


def even_weights(
    panels: Sequence[Counts], point: Vector, tell: Callable[[], None]
) -> tuple[list[Counts], Vector] | None:
    """Return different panels and their weights, or None when panels like these cannot be weighed in this way.

    `tell` is called now and then, and may raise to stop.
    """
    times = Counter(panels)
    known = list(times)
    matrix = _Panels(known)
    weights = np.array([float(count) for count in times.values()]) / len(panels)
    used = np.ones(len(known), bool)
    best, reached = INFINITY, weights
    for _ in range(MOST_ROUNDS):
        weights[used] += (1.0 - weights.sum()) / used.sum()
        missing = point - matrix.mean(weights)
        gap = float(np.abs(missing).max())
        if gap < best and (weights >= 0.0).all():
            best, reached = gap, weights.copy()
        elif best <= EXACT:
            break
        if gap <= NOTHING_MISSING:
            break
        weights += matrix.least_change(missing, used, tell)
        negative = weights < 0.0
        if negative.any():
            used &= ~negative
            weights[negative] = 0.0
        if 4 * int(used.sum()) < len(known):
            return None
    if best > EXACT:
        return None
    return [panel for panel, some in zip(known, reached, strict=True) if some > 0.0], reached[reached > 0.0]


class _Panels:
    """Panels as the places that are not empty, each type in units of its spread over the panels."""

    def __init__(self, panels: Sequence[Counts]) -> None:
        counts = np.array(panels, np.float64)
        self._shape = counts.shape
        self._panel, self._type = np.nonzero(counts)
        self._counts = counts[self._panel, self._type]
        spread = counts.std(axis=0)
        self._scale = np.where(spread > 1e-9, 1.0 / np.maximum(spread, 1e-9), 0.0)
        self._centre = counts.mean(axis=0) * self._scale
        self._scaled = self._counts * self._scale[self._type]

    def mean(self, weights: Vector) -> Vector:
        seats = np.bincount(self._type, weights=self._counts * weights[self._panel], minlength=self._shape[1])
        return np.asarray(seats, np.float64)

    def least_change(self, missing: Vector, used: NDArray[np.bool_], tell: Callable[[], None]) -> Vector:
        """Return the smallest change of the used panels' weights that adds what is missing and adds up to nothing."""

        def panels_of(dual: Vector) -> Vector:
            sums = np.bincount(self._panel, weights=self._scaled * dual[:-1][self._type], minlength=self._shape[0])
            return np.where(used, sums - float((self._centre * dual[:-1]).sum()) + dual[-1], 0.0)

        def types_of(change: Vector) -> Vector:
            sums = np.bincount(self._type, weights=self._scaled * change[self._panel], minlength=self._shape[1])
            total = float(change.sum())
            return np.append(sums - self._centre * total, total)

        change = np.zeros(self._shape[0])
        rest = np.append(missing * self._scale, 0.0)
        step, size = rest.copy(), float((rest * rest).sum())
        enough, smallest, best = GAIN * size, size, change
        for number in range(MOST_STEPS):
            if size <= enough or size > LOST * smallest:
                break
            if number % STEPS_UNTOLD == 0:
                tell()
            along = panels_of(step)
            length = size / max(float((along * along).sum()), 1e-300)
            change += length * along
            rest -= length * types_of(along)
            before, size = size, float((rest * rest).sum())
            step = rest + (size / before) * step
            if size < smallest:
                smallest, best = size, change.copy()
        return best
