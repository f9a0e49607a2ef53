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
from lottery.domain.panels import PanelFinder, Sampler
from lottery.domain.randomness import Dice

PANELS = 1000
DIGITS = 3

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
    rosters = [dice.shuffled(kind.people) for kind in problem.types]
    turns = [0] * len(rosters)
    panels = []
    for panel in counts:
        people: list[str] = []
        for i, wanted in enumerate(panel):
            # People of a type take turns, so that none of them sits on more than one panel more than another.
            roster = rosters[i]
            people += [roster[(turns[i] + place) % len(roster)] for place in range(wanted)]
            turns[i] += wanted
        panels.append(tuple(sorted(people)))
    portfolio = tuple(sorted(panels))
    return Portfolio(portfolio, _deviation(problem, lottery, portfolio))


def _whole_panels(problem: Problem, lottery: Lottery, progress: Progress) -> list[Counts]:
    """Turn weights into 1,000 whole panels: the whole part of 1,000 x weight each, the rest by running correction."""
    chosen: list[Counts] = []
    for panel, weight in lottery.panels:
        chosen += [panel] * math.floor(PANELS * weight + 1e-9)
    left = PANELS - len(chosen)
    if left <= 0:
        return chosen[:PANELS]
    had = [sum(column) for column in zip(*chosen, strict=True)] if chosen else [0] * len(problem.types)
    # What is left over is itself a mixture of real panels, so panels near its mean can make up for it.
    rest = [
        max(0.0, PANELS * chance * kind.size - seats) / left
        for chance, kind, seats in zip(lottery.chances, problem.types, had, strict=True)
    ]
    sampler = Sampler(PanelFinder(problem), np.array(rest), lottery.cuts)
    for _ in range(left):
        progress("portfolio", len(chosen) / PANELS)
        chosen.append(sampler.next())
    return chosen


def _deviation(problem: Problem, lottery: Lottery, panels: Sequence[Panel]) -> float:
    shares = Counter(person for panel in panels for person in panel)
    return max(
        abs(shares[person] - PANELS * chance)
        for kind, chance in zip(problem.types, lottery.chances, strict=True)
        for person in kind.people
    )
