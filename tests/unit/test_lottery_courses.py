"""A thousand courses in which members drop out: the quotas are kept (nearly) wherever a fitting alternate exists."""

from functools import partial

import pytest

from lottery.domain.dropping_out import USUAL, DropOut
from lottery.domain.fairest import fairest_lottery
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel, make_portfolio
from lottery.domain.quotas import Quotas
from support.courses import at_random, by_rule, generated_town, simulate
from support.lottery import case_pool, case_quotas

COURSES = 1000
Town = tuple[list[Registrant], Quotas, tuple[Panel, ...]]


@pytest.fixture(scope="module", params=["dragor_240_36", "generated"])
def town(request: pytest.FixtureRequest) -> Town:
    """A pool with its quotas and ten panels of its portfolio."""
    if request.param == "generated":
        pool, quotas = generated_town(400, 40)
    else:
        quotas = case_quotas(request.param)
        pool = case_pool(request.param, quotas)
    problem = as_problem(pool, quotas)
    return pool, quotas, make_portfolio(problem, fairest_lottery(problem), "drop-outs").panels[::100]


def test_with_an_alternate_a_seat_the_quotas_are_kept_in_95_of_100_courses_where_someone_in_the_pool_fits(
    town: Town,
) -> None:
    pool, quotas, panels = town
    rule = partial(by_rule, quotas, quotas.panel_size, USUAL)
    tally = simulate(pool, quotas, panels, rule, USUAL, COURSES)
    assert tally.with_drop_outs > 0.98 * COURSES, "15 of 100 drop out: hardly a course is without"
    assert tally.of_pooled >= 0.95


def test_drawn_at_random_as_many_alternates_keep_the_quotas_in_far_fewer_courses(town: Town) -> None:
    pool, quotas, panels = town
    few = quotas.panel_size // 2
    by = {
        chosen: simulate(pool, quotas, panels[:4], rule, USUAL, COURSES // 4, could=False).kept
        for chosen, rule in (("rule", partial(by_rule, quotas, few, USUAL)), ("random", partial(at_random, few)))
    }
    assert by["rule"] > 2 * by["random"]


def test_rates_that_are_known_choose_better_alternates_than_usual_ones(town: Town) -> None:
    pool, quotas, panels = town
    # In both towns tenants leave far more often than others.
    true = DropOut("0.100", {"ownership": {"lejer": "3"}, "tenure": {"tenant": "3"}})
    few = quotas.panel_size // 2
    told, untold = (
        simulate(pool, quotas, panels[:4], partial(by_rule, quotas, few, rates), true, COURSES // 4, could=False).kept
        for rates in (true, USUAL)
    )
    assert told > untold
