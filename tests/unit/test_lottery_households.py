"""At most one of a household: fair within that rule, certified with it, and kept by each of the thousand panels."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lottery.domain.fairest import fairest_lottery
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import PANELS, make_portfolio
from lottery.domain.quotas import Quota, Quotas, checked_quotas, quotas_hold
from lottery.domain.seating import edge_colours, seat_people
from lottery.verifying.certificate import check
from lottery.verifying.dice import Dice
from support.lottery import all_panels, case_pool, case_quotas, leximin_by_enumeration, live_together, tiny_pools


@given(tiny_pools())
@settings(max_examples=100, deadline=None)
def test_on_any_tiny_pool_the_chances_are_those_of_plain_enumeration_and_nobody_sits_with_whom_they_live_with(
    case: tuple[list[Registrant], Quotas],
) -> None:
    pool, quotas = case
    panels = all_panels(pool, quotas, households=True)
    if not panels:
        return
    problem = as_problem(pool, quotas, households=True)
    lottery = fairest_lottery(problem)
    assert [str(line) for line in check(lottery.certificate) if not line.holds] == []
    chances = {person: c for kind, c in zip(problem.types, lottery.chances, strict=True) for person in kind.people}
    assert [chances[one.person] for one in pool] == pytest.approx(leximin_by_enumeration(len(pool), panels), abs=2e-5)
    portfolio = make_portfolio(problem, lottery, "seed")
    people = {one.person: one for one in pool}
    for panel in set(portfolio.panels):
        assert quotas_hold([people[person].features for person in panel], quotas)
        assert not live_together([people[person] for person in panel])


@pytest.mark.parametrize("name", ["dragor_240_36", "gap_18_6"])
def test_the_thousand_panels_keep_the_rule_and_everyones_share_is_within_one_panel(name: str) -> None:
    quotas = case_quotas(name)
    pool = case_pool(name, quotas)
    problem = as_problem(pool, quotas, households=True)
    assert problem.households
    lottery = fairest_lottery(problem)
    assert [str(line) for line in check(lottery.certificate) if not line.holds] == []
    portfolio = make_portfolio(problem, lottery, "seed")
    people = {one.person: one for one in pool}
    assert len(portfolio.panels) == PANELS
    for panel in portfolio.panels:
        assert len(set(panel)) == quotas.panel_size
        assert not live_together([people[person] for person in panel])
    assert portfolio.deviation <= 1.0


def couples(quotas: Quotas) -> list[Registrant]:
    """Return three couples of a woman and a man, and a woman and a man who live alone."""
    return [
        Registrant(f"{sex}{home}", home if home in {"a", "b", "c"} else "", {"sex": sex})
        for home in ("a", "b", "c", "x")
        for sex in (row.value for row in quotas.rows)
    ]


def test_people_who_live_alone_and_people_who_do_not_are_of_different_types() -> None:
    quotas = checked_quotas(2, [Quota("sex", "m", 1, 1), Quota("sex", "w", 1, 1)])
    problem = as_problem(couples(quotas), quotas, households=True)
    assert [kind.size for kind in problem.types] == [1, 3, 1, 3]
    assert [len(kind.households) for kind in problem.households] == [3]
    assert problem.most_seats == 5
    lottery = fairest_lottery(problem)
    assert lottery.chances == pytest.approx([0.25] * 4, abs=1e-6)


TAMPERED: dict[str, Callable[[Any], object]] = {
    "one household more": lambda c: c["households"][0].update(count=4),
    "a group that lives alone instead": lambda c: c["groups"][1].update(household=None),
    "two of a group in each household": lambda c: c["households"][0]["members"][0].__setitem__(1, 2),
    "a member less": lambda c: c["households"][0]["members"].pop(),
    "a panel of a whole household": lambda c: c["panels"][0].update(seats=[[1, 3], [3, 1]]),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_certificate_whose_households_are_changed_is_refused(what: str) -> None:
    quotas = checked_quotas(2, [Quota("sex", "m", 1, 1), Quota("sex", "w", 1, 1)])
    certificate = fairest_lottery(as_problem(couples(quotas), quotas, households=True)).certificate
    assert all(line.holds for line in check(certificate))
    TAMPERED[what](certificate)
    assert not all(line.holds for line in check(certificate))


def test_a_blank_household_is_that_of_someone_alone_and_without_the_rule_households_do_not_matter() -> None:
    quotas = checked_quotas(2, [Quota("sex", "m", 0, 2), Quota("sex", "w", 0, 2)])
    pool = couples(quotas)
    assert not as_problem(pool, quotas).households
    alone = [Registrant(one.person, "", one.features) for one in pool]
    assert not as_problem(alone, quotas, households=True).households


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=40), st.integers(1, 12))
def test_colours_of_edges_that_meet_differ(edges: list[tuple[int, int]], colours: int) -> None:
    def crowded(side: int) -> bool:
        ends = sorted(edge[side] for edge in edges)
        return any(len(list(group)) > colours for _, group in itertools.groupby(ends))

    if crowded(0) or crowded(1):
        return
    given = edge_colours(edges, colours)
    assert all(0 <= colour < colours for colour in given)
    for (one, first), (other, second) in itertools.combinations(zip(edges, given, strict=True), 2):
        if one[0] == other[0] or one[1] == other[1]:
            assert first != second


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_turns_go_round_the_households_so_that_nobody_sits_more_than_once_more_than_their_like(
    seats: list[tuple[int, int]],
) -> None:
    quotas = checked_quotas(1, [Quota("sex", "m", 0, 1), Quota("sex", "w", 0, 1)])
    pool = [
        Registrant(f"{home}{place}", home, {"sex": sex})
        for home in ("a", "b", "c")
        for place, sex in enumerate(("m", "w", "w"))
    ]
    problem = as_problem(pool, quotas, households=True)
    panels = [(men, women) for men, women in seats if men + women <= 3]
    seated = seat_people(problem, panels, Dice("seed"))
    for (men, women), people in zip(panels, seated, strict=True):
        assert len({person[0] for person in people}) == len(people) == men + women
        assert sum(person.endswith("0") for person in people) == men
    for kind in problem.types:
        turns = [sum(person in people for people in seated) for person in kind.people]
        assert max(turns) - min(turns) <= 1
