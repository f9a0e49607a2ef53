"""Quotas that cannot be met are answered with the smallest changes that would do, and each of them does."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings

from lottery.domain.advising import advise
from lottery.domain.errors import FlawedInputError, OutOfTimeError
from lottery.domain.feasibility import bounds_feasible, panel_program, refuse_infeasible
from lottery.domain.kinds import as_problem, counted_problem
from lottery.domain.quotas import Features, Quota, Quotas, checked_quotas, loose_quotas
from lottery.domain.relaxing import MOST, Change, relaxations, relaxed
from support.lottery import all_panels, case_problem
from support.quotas import Case, loose_pools, loose_problem


@pytest.mark.parametrize(
    ("name", "seats", "bounds"),
    [("infeas_joint_240_36", 7, 2), ("infeas_parity_9_3", 2, 2), ("tight_dragor_240_36", 3, 3)],
)
def test_every_proposal_lets_a_panel_be_drawn_and_none_can_spare_a_change(name: str, seats: int, bounds: int) -> None:
    problem = loose_problem(name)
    proposals = relaxations(problem)
    assert 3 < len(proposals) <= MOST
    assert (proposals[0].seats, len(proposals[0].changes)) == (seats, bounds)
    for proposal in proposals:
        refuse_infeasible(replace(problem, quotas=proposal.quotas))
        for kept in proposal.changes:
            # Half-way is not enough: whoever takes a change back has no panel again.
            others = loose_quotas(problem.quotas.panel_size, _without(proposal.quotas, kept))
            assert panel_program(replace(problem, quotas=others)).solve() is None


def _without(quotas: Quotas, change: Change) -> list[Quota]:
    put_back = {change.side: getattr(change.quota, change.side)}
    return [
        replace(row, **put_back) if (row.criterion, row.value) == (change.quota.criterion, change.quota.value) else row
        for row in quotas.rows
    ]


def test_proposals_are_ranked_by_seats_and_then_by_bounds_and_none_holds_an_earlier_one() -> None:
    proposals = relaxations(loose_problem("infeas_joint_240_36"))
    assert [(one.seats, len(one.changes)) for one in proposals] == sorted(
        (one.seats, len(one.changes)) for one in proposals
    )
    moved = [frozenset((change.quota, change.side) for change in one.changes) for one in proposals]
    assert not any(earlier <= later for i, earlier in enumerate(moved) for later in moved[i + 1 :])


def test_a_proposal_says_in_words_which_bound_moves_from_where_to_where() -> None:
    proposal = relaxations(loose_problem("infeas_joint_240_36"))[-1]
    change = proposal.changes[0]
    start = change.quota.minimum if change.side == "minimum" else change.quota.maximum
    expected = f"{change.quota.criterion}, {change.quota.value}: {change.side} {change.to} instead of {start}"
    assert str(proposal).split("; ")[0] == expected


def test_the_smallest_relaxation_is_the_smallest_there_is() -> None:
    # Two criteria that pull apart: all young people are tenants, and the panel wants young owners' seats too.
    quotas = loose_quotas(
        4, [Quota("age", "young", 3, 4), Quota("age", "old", 0, 1), *_pair("tenure", "owner", "tenant", 3)]
    )
    kinds = [({"age": "young", "tenure": "tenant"}, 9), ({"age": "old", "tenure": "owner"}, 9)]
    best = relaxations(counted_problem(kinds, quotas))[0]
    assert best.seats == _fewest_seats(kinds, quotas)


def _pair(criterion: str, one: str, other: str, least: int) -> list[Quota]:
    return [Quota(criterion, one, least, 4), Quota(criterion, other, 0, 4 - least)]


def _fewest_seats(kinds: Sequence[tuple[Features, int]], quotas: Quotas) -> int:
    """Return by how many seats the nearest panel misses the quotas, by looking at every panel."""
    problem = counted_problem(kinds, quotas)
    missed = []
    for counts in product(*(range(kind.size + 1) for kind in problem.types)):
        if sum(counts) != quotas.panel_size:
            continue
        seats = [sum(counts[i] for i in problem.holders(row)) for row in quotas.rows]
        missed.append(
            sum(max(0, q.minimum - s) + max(0, s - q.maximum) for q, s in zip(quotas.rows, seats, strict=True))
        )
    return min(missed)


@given(loose_pools())
@settings(max_examples=100, deadline=None)
def test_for_any_small_pool_the_first_proposal_moves_as_few_seats_as_the_nearest_panel_misses(
    case: Case,
) -> None:
    pool, quotas = case
    problem = as_problem(pool, quotas)
    proposals = relaxations(problem, most=2)
    if len(pool) < quotas.panel_size or all_panels(pool, quotas):
        assert proposals == ()
        return
    kinds = [(kind.features, kind.size) for kind in problem.types]
    assert proposals[0].seats == _fewest_seats(kinds, quotas)
    for proposal in proposals:
        assert all_panels(pool, proposal.quotas)


FLEXIBLE = [Quota("tenure", "owner", 3, 4, min_flex=1), Quota("tenure", "tenant", 0, 1, max_flex=3)]


def test_what_the_quotas_themselves_allow_to_flex_is_proposed_before_what_moves_fewer_seats() -> None:
    rows = [*FLEXIBLE, Quota("age", "old", 1, 1), Quota("age", "young", 3, 3)]
    kinds = [({"tenure": "owner", "age": "old"}, 9), ({"tenure": "tenant", "age": "young"}, 9)]
    proposals = relaxations(counted_problem(kinds, checked_quotas(4, rows)))
    assert [one.within_flex for one in proposals] == sorted((one.within_flex for one in proposals), reverse=True)
    assert proposals[0].within_flex
    assert {change.quota.criterion for change in proposals[0].changes} == {"tenure"}
    assert not proposals[-1].within_flex


def test_bounds_that_moved_beyond_their_flex_take_it_along() -> None:
    quotas = checked_quotas(4, FLEXIBLE)
    owner = quotas.rows[0]
    assert relaxed(quotas, [Change(owner, "minimum", 0)]).rows[0] == Quota("tenure", "owner", 0, 4, min_flex=0)
    assert relaxed(quotas, [Change(owner, "minimum", 2)]).rows[0].min_flex == 1


def test_quotas_that_can_be_met_are_left_alone_and_a_pool_too_small_is_not_a_matter_of_quotas() -> None:
    assert relaxations(case_problem("dragor_240_36")) == ()
    few = counted_problem([({"tenure": "owner"}, 2)], checked_quotas(4, FLEXIBLE))
    assert relaxations(few) == ()
    assert next(flaw.where for flaw in advise(few).flaws) == "pool"


def test_a_solver_without_time_says_so() -> None:
    with pytest.raises(OutOfTimeError):
        relaxations(loose_problem("infeas_joint_240_36"), seconds=0)


def test_the_advice_on_quotas_that_conflict_names_an_irreducible_set_and_ways_out() -> None:
    problem = loose_problem("tight_dragor_240_36")
    advice = advise(problem)
    assert not advice.feasible
    assert advice.relaxations
    assert {(flaw.where, flaw.rule) for flaw in advice.flaws} == {("criterion gender", "enough to fill the panel")}
    joint = advise(loose_problem("infeas_joint_240_36"))
    assert not bounds_feasible(problem=loose_problem("infeas_joint_240_36"), bounds=joint.conflict)
    assert [str(one) for one in joint.conflict] == ["district, Soevang: at least 22", "ownership, lejer: at least 24"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (Quota("tenure", "owner", 1, 2, min_flex=2), "0 <= min_flex <= minimum"),
        (Quota("tenure", "owner", 1, 2, min_flex=-1), "0 <= min_flex <= minimum"),
        (Quota("tenure", "owner", 1, 2, max_flex=1), "maximum <= max_flex"),
        (Quota("tenure", "owner", 2, 1), "minimum <= maximum"),
        (Quota("tenure", "owner", -1, 1), "at least 0"),
    ],
)
def test_bounds_that_are_out_of_order_are_refused_and_not_relaxed(row: Quota, rule: str) -> None:
    with pytest.raises(FlawedInputError) as refusal:
        loose_quotas(2, [row, Quota("tenure", "tenant", 0, 2)])
    assert [flaw.rule for flaw in refusal.value.flaws] == [rule]
