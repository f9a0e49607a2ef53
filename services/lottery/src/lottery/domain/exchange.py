"""Exchanging panels of a portfolio until nobody's share is more than one panel from what it should be.

Each type has a range of seats in which turns give none of its people more than a panel too many or too few. Out goes
a panel, in comes one with which the unevenness falls: how far types are outside of their ranges, squared, and a little
of how far people are from their shares, to the eighth power, so that the next exchange finds room. Where no exchange
helps, the least harmful is made, and what went out stays out for a while (tabu search), so that it finds a way round.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lottery.domain.kinds import Counts, Problem
from lottery.domain.panels import NOTHING, Sampler
from lottery.domain.solver import INFINITY, Vector

MOST_EXCHANGES = 60
TRIES = 40
"""Panels that are tried to go out before a way round is looked for."""
FEWER_TRIES = 6
OUT_FOR = 12
"""Exchanges for which a panel that went out stays out."""
MOST_SUMS = 3_000_000
"""What is added up in one step on the way round: it bounds the time of an exchange where there are very many types."""


class Exchange:
    """What the portfolio of a problem should be, and the panels that may come in."""

    def __init__(self, problem: Problem, wanted: Vector, sampler: Sampler, known: Sequence[Counts]) -> None:
        """`wanted` is the mean seats of each type on a panel; `known` are panels of which the lottery is made."""
        self._sizes = np.array([kind.size for kind in problem.types], np.float64)
        self._wanted = wanted
        self._sampler = sampler
        self._known = np.array(known, np.float64)

    def evened(self, panels: Sequence[Counts], tell: Callable[[float], None]) -> tuple[list[Counts], float]:
        """Return the panels after the exchanges and how uneven they are, 0 when nobody is more than a panel off.

        `tell` is told how far it is, 0..1, and may raise to stop.
        """
        table = np.array(panels, np.float64)
        shares = len(panels) * self._wanted / self._sizes
        least = self._sizes * np.ceil(shares - 1.0 - NOTHING)
        most = self._sizes * np.floor(shares + 1.0 + NOTHING)

        def unevenness(seats: Vector) -> Vector:
            outside = np.maximum(0.0, np.maximum(seats - most, least - seats))
            off = np.square(seats / self._sizes - shares)
            return np.asarray(100.0 * np.square(outside) + np.square(np.square(off)), np.float64)

        free = np.zeros(len(self._known))
        best, evenest, tries = INFINITY, table.copy(), TRIES
        for number in range(MOST_EXCHANGES):
            tell(number / MOST_EXCHANGES)
            seats = table.sum(axis=0)
            now = float(unevenness(seats).sum())
            if now < best:
                best, evenest = now, table.copy()
            if (seats >= least).all() and (seats <= most).all():
                best, evenest = 0.0, table
                break
            order = np.argsort(unevenness(seats - table).sum(axis=1), kind="stable")[:tries]
            if self._helps(table, order, seats, now, unevenness):
                continue
            tries = FEWER_TRIES
            self._way_round(table, order, seats, free, number, unevenness)
        return [tuple(row) for row in evenest.astype(np.int64).tolist()], best

    def _helps(
        self, table: Vector, order: NDArray[np.intp], seats: Vector, now: float, unevenness: Callable[[Vector], Vector]
    ) -> bool:
        """Exchange a panel for one near the mean, if that helps."""
        for out in order:
            rest = seats - table[out]
            panel = self._sampler.near(unevenness(rest) - unevenness(rest + 1.0))
            if panel is not None and float(unevenness(rest + np.array(panel)).sum()) < now - 1e-9:
                table[out] = panel
                return True
        return False

    def _way_round(
        self,
        table: Vector,
        order: NDArray[np.intp],
        seats: Vector,
        free: Vector,
        number: int,
        unevenness: Callable[[Vector], Vector],
    ) -> None:
        """Make the least harmful exchange for a known panel that has not gone out lately."""
        found = (INFINITY, -1, -1)
        for out in order[: max(1, MOST_SUMS // self._known.size)]:
            after = unevenness(seats - table[out] + self._known).sum(axis=1)
            after[(free > number) | (self._known == table[out]).all(axis=1)] = INFINITY
            into = int(np.argmin(after))
            found = min(found, (float(after[into]), int(out), into))
        _, out, into = found
        if into >= 0:
            free[(self._known == table[out]).all(axis=1)] = number + OUT_FOR
            table[out] = self._known[into]
