"""Quotas that cannot be filled are refused, with the reason."""

import pytest

from contracts.feasibility import Kind
from lottery.checking import checked
from lottery.domain.errors import FlawedInputError, OutOfTimeError
from lottery.domain.feasibility import InfeasibleQuotasError, bounds_feasible, check, refuse_infeasible
from lottery.domain.kinds import Problem, as_problem, counted_problem
from lottery.domain.pool import Registrant, read_pool
from lottery.domain.quotas import Quota, checked_quotas, quotas_reachable
from support.lottery import case_problem, case_quotas


def refused(problem_name: str) -> InfeasibleQuotasError:
    with pytest.raises(InfeasibleQuotasError) as refusal:
        refuse_infeasible(case_problem(problem_name))
    return refusal.value


def test_quotas_that_conflict_only_together_are_named_and_no_others() -> None:
    conflict = refused("infeas_joint_240_36").conflict
    named = {(one.quota.criterion, one.quota.value, one.side) for one in conflict}
    assert named == {("district", "Soevang", "minimum"), ("ownership", "lejer", "minimum")}


@pytest.mark.parametrize("name", ["infeas_joint_240_36", "infeas_parity_9_3"])
def test_the_named_quotas_conflict_by_themselves_and_not_when_any_one_of_them_is_dropped(name: str) -> None:
    problem, conflict = case_problem(name), refused(name).conflict
    assert not bounds_feasible(problem, conflict)
    for dropped in conflict:
        assert bounds_feasible(problem, [one for one in conflict if one != dropped])


def test_quotas_that_fractions_of_people_could_meet_but_people_cannot_are_refused() -> None:
    refusal = refused("infeas_parity_9_3")
    assert {one.quota.criterion for one in refusal.conflict} == {"A", "B", "C"}
    assert "no panel of this pool meets together" in str(refusal)


def test_minima_above_the_panel_and_maxima_below_it_are_refused_by_criterion() -> None:
    with pytest.raises(FlawedInputError) as refusal:
        case_quotas("tight_dragor_240_36")
    assert {(flaw.where, flaw.rule) for flaw in refusal.value.flaws} == {
        ("criterion age", "sum of minima <= panel size"),
        ("criterion education", "sum of minima <= panel size"),
        ("criterion gender", "panel size <= sum of maxima"),
    }


def test_a_minimum_above_its_maximum_and_a_value_listed_twice_are_refused() -> None:
    rows = [Quota("gender", "female", 3, 1), Quota("gender", "male", 0, 4), Quota("gender", "male", 0, 3)]
    with pytest.raises(FlawedInputError) as refusal:
        checked_quotas(4, rows)
    assert {flaw.rule for flaw in refusal.value.flaws} == {"minimum <= maximum", "listed once"}


def test_too_few_people_of_a_value_are_named_with_both_numbers() -> None:
    quotas = checked_quotas(3, [Quota("tenure", "owner", 0, 3), Quota("tenure", "tenant", 2, 3)])
    pool = [Registrant(f"p{i}", "", {"tenure": "owner" if i else "tenant"}) for i in range(5)]
    with pytest.raises(InfeasibleQuotasError) as refusal:
        refuse_infeasible(as_problem(pool, quotas))
    assert [flaw.where for flaw in refusal.value.flaws] == ["criterion tenure, value tenant"]
    assert "at least 2, the pool has 1" in refusal.value.flaws[0].message


def counted(problem: Problem) -> Problem:
    """The same people, of whom nothing is known but how many there are of each kind."""
    return counted_problem([(kind.features, kind.size) for kind in problem.types], problem.quotas)


@pytest.mark.parametrize("name", ["infeas_joint_240_36", "infeas_parity_9_3", "dragor_240_36"])
def test_a_question_that_holds_no_people_is_answered_as_the_draw_would(name: str) -> None:
    problem = case_problem(name)
    assert check(counted(problem)) == check(problem) == ((), refused(name).flaws if "infeas" in name else ())


def test_more_people_of_a_kind_than_the_panel_has_seats_make_the_question_no_larger() -> None:
    kinds = [({"tenure": "owner"}, 10**9), ({"tenure": "owner"}, 1), ({"tenure": "tenant"}, 1)]
    problem = counted_problem(kinds, QUOTAS)
    assert [kind.size for kind in problem.types] == [2, 1]
    assert check(problem) == ((), ())


def test_a_solver_whose_seconds_are_used_up_says_so_and_does_not_say_that_no_panel_fits() -> None:
    with pytest.raises(OutOfTimeError):
        check(counted(case_problem("infeas_joint_240_36")), seconds=0)


def test_a_question_whose_quotas_conflict_is_answered_with_the_smallest_ways_out() -> None:
    problem = case_problem("infeas_joint_240_36")
    kinds = [Kind(values={c: slug(v) for c, v in kind.features.items()}, people=kind.size) for kind in problem.types]
    rows = [Quota(row.criterion, slug(row.value), row.minimum, row.maximum) for row in problem.quotas.rows]
    advice = checked(tuple(kinds), checked_quotas(36, rows)).advice
    assert len(advice) == 4
    assert advice[2].startswith("enough would be district, ")
    assert "instead of 22" in advice[2]


def slug(value: str) -> str:
    return value.lower().replace(" ", "-").replace("67+", "67")


QUOTAS = checked_quotas(2, [Quota("tenure", "owner", 1, 1), Quota("tenure", "tenant", 1, 1)])


def test_a_pool_is_read_whatever_the_order_of_its_columns_and_kept_sorted() -> None:
    pool = read_pool(b"tenure,shoes,person,household,salt\nowner,44,b,h1,s1\ntenant,39,a,,s2\n", QUOTAS)
    assert [one.person for one in pool] == ["a", "b"]
    assert [dict(one.features) for one in pool] == [{"tenure": "tenant"}, {"tenure": "owner"}]


@pytest.mark.parametrize(
    ("snapshot", "where", "field"),
    [
        (b"person,household,salt\na,,s\n", "row 1", "tenure"),
        (b"person,household,tenure\na,,owner\n", "row 1", "salt"),
        (b"", "row 1", "person"),
        (b"person,household,salt,tenure\na,,s,castle\n", "row 2", "tenure"),
        (b"person,household,salt,tenure\na,,s,owner\nb,,t,\n", "row 3", "tenure"),
        (b"person,household,salt,tenure\n,,s,owner\n", "row 2", "person"),
        (b"person,household,salt,tenure\na,,,owner\n", "row 2", "salt"),
        (b"person,household,salt,tenure\na,,s,owner\na,,t,owner\n", "row 3", "person"),
        (b"person,household,salt,tenure\na,,s,owner,more\n", "row 2", "row"),
        (b"person,household,salt,tenure\na,s,owner\n", "row 2", "row"),
        ("person,household,salt,tenure\na,Sø,s,owner\n".encode("cp1252"), "file", "encoding"),
    ],
)
def test_a_broken_pool_is_refused_with_row_and_column_and_without_the_answer(
    snapshot: bytes, where: str, field: str
) -> None:
    with pytest.raises(FlawedInputError) as refusal:
        read_pool(snapshot, QUOTAS)
    assert (refusal.value.flaws[0].where, refusal.value.flaws[0].field) == (where, field)
    assert "castle" not in str(refusal.value)


def test_with_a_seat_open_the_quotas_are_reachable_only_if_it_can_hold_what_is_lacking() -> None:
    owner, tenant = {"tenure": "owner"}, {"tenure": "tenant"}
    assert quotas_reachable([owner], QUOTAS)
    assert quotas_reachable([owner, tenant], QUOTAS)
    assert not quotas_reachable([owner, owner], QUOTAS)
    assert not quotas_reachable([owner, tenant, tenant], QUOTAS)
