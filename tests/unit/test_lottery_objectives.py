"""What else may be called fair: the largest smallest chance alone, the largest product, and what is done by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lottery.domain.errors import SolverError
from lottery.domain.fairest import Lottery
from lottery.domain.kinds import Problem, as_problem
from lottery.domain.objectives import NASH_GAP, Algorithm, lottery_by
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, checked_quotas
from support.lottery import case_problem, counts_hold

EVERY: tuple[Algorithm, ...] = ("leximin", "maximin", "nash", "stratified")


def by(problem: Problem, algorithm: Algorithm) -> Lottery:
    return lottery_by(problem, algorithm)[1]


def logarithm(problem: Problem, lottery: Lottery) -> float:
    """The mean logarithm of the chances of those who have any."""
    parts = [
        (kind.size, math.log(chance))
        for kind, chance in zip(problem.types, lottery.chances, strict=True)
        if chance > 1e-9
    ]
    return sum(people * log for people, log in parts) / sum(people for people, _ in parts)


def smallest(lottery: Lottery) -> float:
    return min(chance for chance in lottery.chances if chance > 1e-9)


@pytest.fixture(scope="module", params=["gap_18_6", "ida_medium_37", "dragor_240_36"])
def every(request: pytest.FixtureRequest) -> tuple[Problem, dict[Algorithm, Lottery]]:
    problem = case_problem(request.param)
    return problem, {algorithm: by(problem, algorithm) for algorithm in EVERY}


def test_each_is_a_lottery_over_panels_that_hold_the_quotas(every: tuple[Problem, dict[Algorithm, Lottery]]) -> None:
    problem, lotteries = every
    for lottery in lotteries.values():
        assert math.isclose(sum(weight for _, weight in lottery.panels), 1.0)
        assert all(counts_hold(panel, problem) for panel, _ in lottery.panels)


def test_each_is_best_at_what_it_is_for(every: tuple[Problem, dict[Algorithm, Lottery]]) -> None:
    problem, lotteries = every
    best = smallest(lotteries["leximin"])
    assert abs(smallest(lotteries["maximin"]) - best) < 1e-6
    assert all(smallest(lottery) <= best + 1e-6 for lottery in lotteries.values())
    most = logarithm(problem, lotteries["nash"])
    assert all(logarithm(problem, lottery) <= most + NASH_GAP for lottery in lotteries.values())
    assert lotteries["nash"].shortfall <= NASH_GAP


def test_by_hand_somebody_has_a_smaller_chance_than_anyone_need_have(
    every: tuple[Problem, dict[Algorithm, Lottery]],
) -> None:
    _, lotteries = every
    assert smallest(lotteries["stratified"]) < 0.9 * smallest(lotteries["leximin"])


def test_tight_quotas_are_a_dead_end_by_hand_and_it_says_so() -> None:
    with pytest.raises(SolverError, match="stratified rule"):
        by(case_problem("opendlp_docs_20"), "stratified")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=4, max_size=12), st.data())
def test_the_smallest_chance_is_the_same_whether_or_not_the_others_are_looked_at(
    people: list[tuple[str, str]], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(people) - 1))
    # Quotas round some real panel, so that they can be met.
    seated = data.draw(st.permutations(people))[:size]
    rows = [
        Quota(criterion, value, max(0, count - 1), count + 1)
        for place, (criterion, values) in enumerate((("one", "ab"), ("two", "xyz")))
        for value in values
        for count in [sum(person[place] == value for person in seated)]
    ]
    pool = [Registrant(f"p{i:02}", "", {"one": one, "two": two}) for i, (one, two) in enumerate(people)]
    problem = as_problem(pool, checked_quotas(size, rows))
    leximin, maximin, nash = (by(problem, algorithm) for algorithm in ("leximin", "maximin", "nash"))
    assert abs(smallest(leximin) - smallest(maximin)) < 1e-6
    assert [chance > 1e-9 for chance in leximin.chances] == [chance > 1e-9 for chance in nash.chances]
    assert logarithm(problem, nash) >= logarithm(problem, leximin) - NASH_GAP
