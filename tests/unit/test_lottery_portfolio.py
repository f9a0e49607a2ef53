"""The thousand panels: everyone's share of them is what their chance says, however odd the pool."""

from collections import Counter

import pytest
from hypothesis import given, settings

from lottery.domain.errors import Cancelled
from lottery.domain.fairest import fairest_lottery
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import PANELS, make_portfolio
from lottery.domain.quotas import Quota, Quotas, checked_quotas, quotas_hold
from lottery.verifying.certificate import check
from support.lottery import all_panels, case_problem, tiny_pools


@pytest.mark.parametrize(
    "name",
    [
        "dragor_240_36",
        "diversimax_wide_60",
        "exact5_240_36",
        "exact8_321_30",
        "sf_fixture_22",
        "ida_medium_37",
        "opendlp_docs_20",
        "gap_18_6",
    ],
)
def test_nobodys_share_is_more_than_one_panel_of_a_thousand_from_their_chance(name: str) -> None:
    problem = case_problem(name)
    lottery = fairest_lottery(problem)
    portfolio = make_portfolio(problem, lottery, "seed")
    shares = portfolio.shares()
    assert len(portfolio.panels) == PANELS
    off = [
        abs(shares.get(person, 0) - PANELS * chance)
        for kind, chance in zip(problem.types, lottery.chances, strict=True)
        for person in kind.people
    ]
    assert max(off) <= 1.0 + 1e-9
    assert portfolio.deviation == pytest.approx(max(off))


def people(*values: str) -> list[Registrant]:
    return [Registrant(f"p{place}", "", {"c": value}) for place, value in enumerate(values)]


def drawn(pool: list[Registrant], quotas: Quotas) -> dict[str, int]:
    """Return on how many of the thousand panels each person sits, once panels and certificate are found in order."""
    problem = as_problem(pool, quotas)
    lottery = fairest_lottery(problem)
    assert [str(line) for line in check(lottery.certificate) if not line.holds] == []
    portfolio = make_portfolio(problem, lottery, "seed")
    features = {one.person: one.features for one in pool}
    assert len(portfolio.panels) == PANELS
    assert all(quotas_hold([features[person] for person in panel], quotas) for panel in set(portfolio.panels))
    return {one.person: portfolio.shares().get(one.person, 0) for one in pool}


def test_with_one_criterion_of_one_value_everyone_has_the_same_chance() -> None:
    quotas = checked_quotas(2, [Quota("c", "a", 0, 2)])
    assert set(drawn(people("a", "a", "a", "a"), quotas).values()) == {500}


def test_where_the_pool_is_as_large_as_the_panel_everyone_sits_on_every_panel() -> None:
    quotas = checked_quotas(3, [Quota("c", "a", 1, 3), Quota("c", "b", 0, 2)])
    assert drawn(people("a", "b", "b"), quotas) == {"p0": 1000, "p1": 1000, "p2": 1000}


def test_whom_the_quotas_leave_no_seat_sits_on_none_and_whom_they_need_on_every_one() -> None:
    quotas = checked_quotas(2, [Quota("c", "a", 1, 1), Quota("c", "b", 1, 1), Quota("c", "z", 0, 0)])
    assert drawn(people("a", "b", "b", "z"), quotas) == {"p0": 1000, "p1": 500, "p2": 500, "p3": 0}


@given(tiny_pools())
@settings(max_examples=40, deadline=None)
def test_on_any_tiny_pool_the_shares_are_the_chances_and_no_panel_breaks_a_quota(
    case: tuple[list[Registrant], Quotas],
) -> None:
    pool, quotas = case
    if all_panels(pool, quotas):
        assert sum(drawn(pool, quotas).values()) == PANELS * quotas.panel_size


def test_the_seed_decides_who_sits_with_whom_and_never_how_often() -> None:
    problem = case_problem("ida_medium_37")
    lottery = fairest_lottery(problem)
    one, other = (make_portfolio(problem, lottery, seed) for seed in ("one", "other"))
    assert one.panels == make_portfolio(problem, lottery, "one").panels
    assert one.panels != other.panels
    for kind in problem.types:
        first, second = ([drawn.shares().get(person, 0) for person in kind.people] for drawn in (one, other))
        assert Counter(first) == Counter(second)


def test_progress_is_told_often_and_whoever_is_told_can_stop_it_at_once() -> None:
    problem = case_problem("dragor_240_36")
    told: list[tuple[str, float]] = []
    lottery = fairest_lottery(problem, progress=lambda what, share: told.append((what, share)))
    make_portfolio(problem, lottery, "seed", progress=lambda what, share: told.append((what, share)))
    assert {what for what, _ in told} == {"chances", "portfolio"}
    assert all(0 <= share <= 1 for _, share in told)
    assert len(told) > 100

    seen: list[str] = []

    def stop(what: str, _share: float) -> None:
        seen.append(what)
        if len(seen) > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fairest_lottery(problem, progress=stop)
    assert len(seen) == 4
