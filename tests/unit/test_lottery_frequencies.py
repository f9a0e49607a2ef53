"""Who is drawn how often: two hundred draws from one portfolio, by two hundred seeds, against the published chances."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from lottery.domain.prepare import PreparedDraw, prepare_draw
from lottery.domain.record import Inputs
from lottery.verifying.digits import PANELS, digits_of_seed, panel_number
from support.lottery import case_pool, case_quotas

CASE = "dragor_240_36"
SEEDS = 200
Vector = NDArray[np.float64]


@pytest.fixture(scope="module")
def draw() -> PreparedDraw:
    quotas = case_quotas(CASE)
    return prepare_draw(
        Inputs("dragoer-2025", "draw-1", "0" * 64), case_pool(CASE, quotas), quotas, code_version="test"
    )


def seats(draw: PreparedDraw) -> Vector:
    """Return a row a panel and a column a person, 1 where the person sits on the panel."""
    found = np.zeros((PANELS, len(draw.record["lines"])))
    for number, panel in enumerate(draw.record["portfolio"]["panels"]):
        found[number, panel] = 1
    return found


def chi_square(drawn: Vector, chances: Vector) -> float:
    """Return Pearson's statistic, each person's drawn and not drawn together."""
    varies = (chances > 0) & (chances < 1)
    p = chances[varies]
    return float((((drawn[varies] - SEEDS * p) ** 2) / (SEEDS * p * (1 - p))).sum())


def largest_expected(every: Vector) -> float:
    """Return what the statistic exceeds in one of a thousand sets of fair draws from these panels.

    People on panels together are not independent, so it is no plain chi-square: its mean and variance follow from who
    sits with whom, and Satterthwaite's scaled chi-square (quantile by Wilson and Hilferty) has the same two.
    """
    varies = every.std(axis=0) > 0
    together = np.corrcoef(every[:, varies], rowvar=False)
    mean, variance = float(varies.sum()), 2 * float((together**2).sum())
    freedom = 2 * mean**2 / variance
    return mean * (1 - 2 / (9 * freedom) + 3.0902 * math.sqrt(2 / (9 * freedom))) ** 3


def test_people_are_drawn_as_often_as_their_published_chances_say(draw: PreparedDraw) -> None:
    every = seats(draw)
    chances = np.array([float(line["chance"]) for line in draw.record["lines"]])
    numbers = [panel_number(digits_of_seed(f"seed {seed}")) for seed in range(SEEDS)]
    drawn = every[numbers].sum(axis=0)
    assert chi_square(drawn, chances) < largest_expected(every)
    assert all(drawn[chances == 0] == 0)
    assert all(drawn[chances == 1] == SEEDS)
    # The test can fail: these draws do not fit a lottery in which everyone has the same chance.
    assert chi_square(drawn, np.full_like(chances, chances.mean())) > 2 * largest_expected(every)
