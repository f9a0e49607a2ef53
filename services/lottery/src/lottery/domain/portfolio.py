"""A portfolio: one thousand panels, numbered 000 to 999, of which three public digits pick one.

Each panel has the same chance, 1/1,000, so a person's chance is the share of the panels they sit on. The panels are
taken so that every share is as close to the exact chance as a thousandth allows (Flanigan, Kehne, Procaccia: Fair
Sortition Made Transparent, NeurIPS 2021).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lottery.domain.fairest import Lottery, Progress, quietly
from lottery.domain.kinds import Counts, Problem
from lottery.domain.panels import NOTHING, PanelFinder, Sampler
from lottery.domain.randomness import Dice
from lottery.domain.seating import seat_people
from lottery.domain.solver import Vector

PANELS = 1000
DIGITS = 3
MOST_EXCHANGES = 300
TRIES = 200
"""Panels that are tried to be exchanged before it is left as it is."""

Panel = tuple[str, ...]
"""The ids of a panel's people, sorted."""


@dataclass(frozen=True)
class Portfolio:
    """The panels in canonical order: the order of their sorted ids, which nobody chooses."""

    panels: tuple[Panel, ...]
    deviation: float
    """The largest distance of anyone's number of panels from 1,000 x chance."""

    def shares(self) -> dict[str, int]:
        """Return how many panels each person sits on; people on none are not in it."""
        return dict(Counter(person for panel in self.panels for person in panel))


def make_portfolio(problem: Problem, lottery: Lottery, seed: str, *, progress: Progress = quietly) -> Portfolio:
    """Return the portfolio of a lottery; `seed` decides who of a type sits with whom, never how often."""
    dice = Dice("portfolio", seed)
    counts = dice.shuffled(sorted(_whole_panels(problem, lottery, progress)))
    portfolio = tuple(sorted(seat_people(problem, counts, dice)))
    progress("portfolio", 1.0)
    return Portfolio(portfolio, _deviation(problem, lottery, portfolio))


def _whole_panels(problem: Problem, lottery: Lottery, progress: Progress) -> list[Counts]:
    """Turn weights into 1,000 whole panels: the whole part of 1,000 x weight each, the rest by running correction."""
    chosen: list[Counts] = []
    for panel, weight in lottery.panels:
        chosen += [panel] * math.floor(PANELS * weight + 1e-9)
    chosen = chosen[:PANELS]
    left = PANELS - len(chosen)
    wanted = np.array([chance * kind.size for chance, kind in zip(lottery.chances, problem.types, strict=True)])
    finder = PanelFinder(problem)
    if left:
        had = np.array(chosen).sum(axis=0) if chosen else np.zeros(len(wanted))
        # What is left over is itself a mixture of real panels, so panels near its mean can make up for it.
        sampler = Sampler(finder, np.maximum(0.0, PANELS * wanted - had) / left, lottery.cuts)
        for _ in range(left):
            progress("portfolio", 0.9 * len(chosen) / PANELS)
            chosen.append(sampler.next())
    return _evened(problem, chosen, wanted, Sampler(finder, wanted, lottery.cuts), progress)


def _evened(
    problem: Problem, panels: list[Counts], wanted: Vector, sampler: Sampler, progress: Progress
) -> list[Counts]:
    """Exchange panels one by one while someone's share is more than one panel from what it should be.

    Each type has a range of seats in which turns give nobody more or less. Out goes the panel, in comes a panel near
    the mean, with which the unevenness falls most: how far types are outside of their ranges, squared, and a little of
    how far people are from their shares, to the eighth power, so that the next exchange finds room.
    """
    sizes = np.array([kind.size for kind in problem.types], np.float64)
    table = np.array(panels, np.float64)
    shares = PANELS * wanted / sizes
    least, most = sizes * np.ceil(shares - 1.0 - NOTHING), sizes * np.floor(shares + 1.0 + NOTHING)

    def unevenness(seats: Vector) -> Vector:
        outside = np.maximum(0.0, np.maximum(seats - most, least - seats))
        return np.asarray(100.0 * outside**2 + (seats / sizes - shares) ** 8, np.float64)

    for number in range(MOST_EXCHANGES):
        progress("portfolio", 0.9 + 0.1 * number / MOST_EXCHANGES)
        seats = table.sum(axis=0)
        if (seats >= least).all() and (seats <= most).all():
            break
        before = float(unevenness(seats).sum())
        without = unevenness(seats - table).sum(axis=1)
        for out in np.argsort(without, kind="stable")[:TRIES]:
            rest = seats - table[out]
            panel = sampler.near(unevenness(rest) - unevenness(rest + 1.0))
            if panel is not None and float(unevenness(rest + np.array(panel)).sum()) < before - 1e-9:
                table[out], panels[out] = panel, panel
                break
        else:
            break
    return panels


def _deviation(problem: Problem, lottery: Lottery, panels: Sequence[Panel]) -> float:
    shares = Counter(person for panel in panels for person in panel)
    return max(
        abs(shares[person] - PANELS * chance)
        for kind, chance in zip(problem.types, lottery.chances, strict=True)
        for person in kind.people
    )
