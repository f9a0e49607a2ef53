"""Before a draw it is said which quotas settle someone's chance, and which are nearly out of reach: never who it is."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings

from lottery.domain.advising import advise
from lottery.domain.feasibility import bounds_feasible
from lottery.domain.kinds import Problem, as_problem, counted_problem
from lottery.domain.quotas import Quota, checked_quotas
from lottery.domain.warnings import ALWAYS, NEVER, forced_chances, margins
from support.lottery import all_panels, case_problem
from support.quotas import Case, loose_pools

GENDER = [Quota("gender", "man", 1, 2), Quota("gender", "other", 0, 0), Quota("gender", "woman", 1, 2)]


def town(**kinds: int) -> Problem:
    quotas = checked_quotas(3, [*GENDER, Quota("tenure", "owner", 1, 2), Quota("tenure", "tenant", 1, 2)])
    people = {name: dict(zip(("gender", "tenure"), name.split("_"), strict=True)) for name in kinds}
    return counted_problem([(people[name], count) for name, count in kinds.items()], quotas)


def test_a_value_with_no_seat_forces_its_people_to_nought_and_is_named() -> None:
    forced = forced_chances(town(man_owner=3, woman_tenant=3, other_owner=2))
    assert [str(one) for one in forced] == [
        "2 people of the pool can never be drawn, because of (gender, other: at most 0)"
    ]


def test_a_minimum_that_takes_everyone_there_is_forces_them_to_one_and_is_named() -> None:
    forced = forced_chances(town(man_owner=3, woman_owner=3, man_tenant=1))
    assert [(one.chance, one.people, [str(bound) for bound in one.because]) for one in forced] == [
        (ALWAYS, 1, ["tenure, tenant: at least 1"])
    ]


def test_quotas_that_force_a_chance_only_together_are_named_together() -> None:
    # Both men are needed, and the one tenant is a woman: so the owner among the women is never needed nor possible.
    rows = [Quota("gender", "man", 2, 3), Quota("tenure", "tenant", 1, 3), *PLAIN]
    kinds = [
        ({"gender": "man", "tenure": "owner"}, 2),
        ({"gender": "woman", "tenure": "tenant"}, 1),
        ({"gender": "woman", "tenure": "owner"}, 1),
    ]
    problem = counted_problem(kinds, checked_quotas(3, rows))
    never = [one for one in forced_chances(problem) if one.chance == NEVER]
    assert [(one.people, [str(bound) for bound in one.because]) for one in never] == [
        (1, ["gender, man: at least 2", "tenure, tenant: at least 1"])
    ]


PLAIN = [Quota("gender", "woman", 0, 3), Quota("tenure", "owner", 0, 3)]


def test_ordinary_quotas_force_nobody() -> None:
    assert forced_chances(case_problem("dragor_240_36")) == ()
    assert margins(case_problem("dragor_240_36")) == ()


def test_in_the_shared_instance_of_two_who_never_fit_their_value_is_named() -> None:
    forced = forced_chances(case_problem("exact5_240_36"))
    assert [(one.chance, one.people, str(one.because[0])) for one in forced] == [(NEVER, 2, "gender, Andet: at most 0")]


@given(loose_pools())
@settings(max_examples=100, deadline=None)
def test_for_any_small_pool_those_are_named_whose_chance_no_lottery_could_change(case: Case) -> None:
    pool, quotas = case
    panels = all_panels(pool, quotas)
    if not panels:
        return
    problem = as_problem(pool, quotas)
    seen = [sum(place in panel for panel in panels) for place in range(len(pool))]
    forced = forced_chances(problem)
    for chance, wanted in ((NEVER, 0), (ALWAYS, len(panels))):
        assert sum(one.people for one in forced if one.chance == chance) == seen.count(wanted)
    named = set(chain.from_iterable(one.because for one in forced))
    assert all(bounds_feasible(problem, [bound]) for bound in named)


def test_a_minimum_with_hardly_anyone_to_spare_is_told_with_how_far_it_is_from_danger() -> None:
    near = margins(town(man_owner=9, woman_owner=9, man_tenant=1))
    assert [(one.quota.value, one.quota.minimum, one.reach, one.spare) for one in near] == [
        ("man", 1, 3, 2), ("woman", 1, 2, 1), ("owner", 1, 3, 2), ("tenant", 1, 1, 0)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["dragor_240_36", "gap_18_6"])
def test_the_advice_on_quotas_that_can_be_met_holds_warnings_and_no_proposals(name: str) -> None:
    problem = case_problem(name)
    advice = advise(problem)
    assert advice.feasible
    assert (advice.flaws, advice.conflict, advice.relaxations) == ((), (), ())
    assert advice.margins == margins(problem)


def test_no_warning_names_a_person() -> None:
    problem = case_problem("opendlp_docs_20")
    named = [replace(kind, people=tuple(f"resident-{one}" for one in kind.people)) for kind in problem.types]
    advice = advise(replace(problem, types=tuple(named)))
    said = " ".join(map(str, (*advice.forced, *advice.margins)))
    assert advice.forced
    assert advice.margins
    assert "resident" not in said
