"""The fairest lottery: on the shared instances, and against plain enumeration on tiny ones."""

import math

import pytest
from hypothesis import given, settings

from lottery.domain.fairest import TOLERANCE, Lottery, fairest_lottery
from lottery.domain.feasibility import InfeasibleQuotasError, refuse_infeasible
from lottery.domain.kinds import Problem, as_problem
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quotas
from lottery.verifying.certificate import check
from support.lottery import (
    all_panels,
    case_pool,
    case_problem,
    case_quotas,
    counts_hold,
    leximin_by_enumeration,
    tiny_pools,
)

# Smallest chances where they are known from elsewhere: the reference library's for dragor_240_36, 20 seats for 200
# equal people in example_small_20, 0 where quotas leave someone no seat. None: that the bound is met is the proof.
CASES: dict[str, float | None] = {
    "dragor_240_36": 1 / 9,
    "example_small_20": 0.1,
    "ida_medium_37": None,
    "sf_fixture_22": None,
    "opendlp_docs_20": 0.0,
    "opendlp_monitor_30": None,
    "diversimax_wide_60": 0.0,
    "diversimax_exact_60": 0.0,
    "exact5_240_36": 0.0,
    "exact7_239_30": 0.0,
    "exact8_321_30": None,
    "gap_18_6": 0.2,
}


def assert_fair_distribution(problem: Problem, lottery: Lottery) -> None:
    assert all(counts_hold(panel, problem) for panel, _ in lottery.panels)
    assert math.isclose(sum(weight for _, weight in lottery.panels), 1.0, abs_tol=1e-9)
    assert all(weight > 0 for _, weight in lottery.panels)
    assert [str(line) for line in check(lottery.certificate) if not line.holds] == []
    expected = sum(chance * kind.size for chance, kind in zip(lottery.chances, problem.types, strict=True))
    assert math.isclose(expected, problem.quotas.panel_size, abs_tol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_every_panel_that_can_be_drawn_holds_the_quotas_and_nobodys_chance_can_be_raised(name: str) -> None:
    problem = case_problem(name)
    refuse_infeasible(problem)
    lottery = fairest_lottery(problem)
    assert_fair_distribution(problem, lottery)
    assert lottery.exact, f"the proven bound is missed by {lottery.shortfall}"
    assert all(chance >= top - TOLERANCE for chance, top in zip(lottery.chances, lottery.bound, strict=True))
    if (known := CASES[name]) is not None:
        assert lottery.smallest == pytest.approx(known, abs=1e-6)


def test_where_fractions_of_panels_promise_too_much_cuts_bring_the_chances_to_what_real_panels_give() -> None:
    quotas = case_quotas("gap_18_6")
    pool = case_pool("gap_18_6", quotas)
    problem = as_problem(pool, quotas)
    lottery = fairest_lottery(problem)
    assert lottery.cuts
    chances = {person: c for kind, c in zip(problem.types, lottery.chances, strict=True) for person in kind.people}
    reference = leximin_by_enumeration(len(pool), all_panels(pool, quotas))
    for registrant, chance in zip(pool, reference, strict=True):
        assert chances[registrant.person] == pytest.approx(chance, abs=1e-5)


@given(tiny_pools())
@settings(max_examples=150, deadline=None)
def test_on_any_tiny_pool_the_chances_are_those_of_plain_enumeration(
    case: tuple[list[Registrant], Quotas],
) -> None:
    pool, quotas = case
    panels = all_panels(pool, quotas)
    problem = as_problem(pool, quotas)
    if not panels:
        with pytest.raises(InfeasibleQuotasError):
            refuse_infeasible(problem)
        return
    refuse_infeasible(problem)
    lottery = fairest_lottery(problem)
    assert_fair_distribution(problem, lottery)
    assert lottery.exact
    chances = {person: c for kind, c in zip(problem.types, lottery.chances, strict=True) for person in kind.people}
    reference = leximin_by_enumeration(len(pool), panels)
    assert [chances[one.person] for one in pool] == pytest.approx(reference, abs=2e-5)
