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

from lottery.domain.exchange import Exchange
from lottery.domain.fairest import Lottery, Progress, quietly
from lottery.domain.kinds import Counts, Problem
from lottery.domain.panels import PanelFinder, Sampler
from lottery.domain.seating import seat_people
from lottery.verifying.dice import Dice

PANELS = 1000
DIGITS = 3
KEPT = (1.0, 0.95, 0.9, 0.8, 0.6)
"""Shares of the weights of which the whole parts are kept, from one attempt to the next."""
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
    """Turn weights into 1,000 whole panels with which everyone's share is as near to their chance as can be found.

    The whole part of 1,000 x weight each, the rest by running correction, then exchanges. Where they leave someone more
    than a panel off, it is begun again with fewer of the whole parts.
    """
    wanted = np.array([chance * kind.size for chance, kind in zip(lottery.chances, problem.types, strict=True)])
    finder = PanelFinder(problem)
    exchange = Exchange(problem, wanted, Sampler(finder, wanted, lottery.cuts), [panel for panel, _ in lottery.panels])
    found = list[tuple[float, list[Counts]]]()
    begun: list[Counts] | None = None
    for kept in KEPT:
        chosen: list[Counts] = []
        for panel, weight in lottery.panels:
            chosen += [panel] * math.floor(kept * PANELS * weight + 1e-9)
        chosen = chosen[:PANELS]
        if chosen == begun:
            continue  # so many panels in the lottery that none has a whole part: it would end the same
        begun = list(chosen)
        if left := PANELS - len(chosen):
            had = np.array(chosen).sum(axis=0) if chosen else np.zeros(len(wanted))
            # What is left over is itself a mixture of real panels, so panels near its mean can make up for it.
            sampler = Sampler(finder, np.maximum(0.0, PANELS * wanted - had) / left, lottery.cuts)
            while len(chosen) < PANELS:
                progress("portfolio", 0.9 if found else 0.9 * len(chosen) / PANELS)
                chosen.append(sampler.next())
        panels, uneven = exchange.evened(chosen, lambda share: progress("portfolio", 0.9 + 0.1 * share))
        if not uneven:
            return panels
        found.append((uneven, panels))
    return min(found)[1]


def _deviation(problem: Problem, lottery: Lottery, panels: Sequence[Panel]) -> float:
    shares = Counter(person for panel in panels for person in panel)
    return max(
        abs(shares[person] - PANELS * chance)
        for kind, chance in zip(problem.types, lottery.chances, strict=True)
        for person in kind.people
    )
