"""The sealed draw: the portfolio, the public digits, the alternates, and the same bytes every time."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lottery.domain.alternates import draw_alternates
from lottery.domain.board import Board, NotAMemberError, SeatLeftError, Status
from lottery.domain.errors import FlawedInputError
from lottery.domain.fairest import fairest_lottery
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import PANELS, make_portfolio
from lottery.domain.prepare import PreparedDraw, prepare_draw
from lottery.domain.quotas import Quota, Quotas, checked_quotas, quotas_hold
from lottery.domain.record import Inputs
from lottery.verifying.dice import Dice
from lottery.verifying.digits import panel_number
from lottery.verifying.drawn import panel_of
from lottery.verifying.seals import digest, line_of
from support.lottery import case_pool, case_quotas

CASE = "dragor_240_36"
PUBLISHED = [2, 4, 2, 5]


def prepared(pool: list[Registrant], quotas: Quotas) -> PreparedDraw:
    return prepare_draw(Inputs("dragoer-2025", "draw-1", "0" * 64, alternates=12), pool, quotas, code_version="test")


@pytest.fixture(scope="module")
def quotas() -> Quotas:
    return case_quotas(CASE)


@pytest.fixture(scope="module")
def pool(quotas: Quotas) -> list[Registrant]:
    return case_pool(CASE, quotas)


@pytest.fixture(scope="module")
def draw(pool: list[Registrant], quotas: Quotas) -> PreparedDraw:
    return prepared(pool, quotas)


def test_there_are_a_thousand_panels_and_each_holds_the_quotas_with_thirty_six_different_people(
    draw: PreparedDraw, pool: list[Registrant], quotas: Quotas
) -> None:
    people = {one.person: one.features for one in pool}
    assert len(draw.panels) == PANELS
    for panel in draw.panels:
        assert len(set(panel)) == len(panel) == 36
        assert quotas_hold([people[person] for person in panel], quotas)


def test_everyone_sits_on_as_many_panels_as_the_chance_says_within_two_of_a_thousand(
    pool: list[Registrant], quotas: Quotas
) -> None:
    problem = as_problem(pool, quotas)
    lottery = fairest_lottery(problem)
    portfolio = make_portfolio(problem, lottery, "seed")
    shares = portfolio.shares()
    for kind, chance in zip(problem.types, lottery.chances, strict=True):
        counts = [shares.get(person, 0) for person in kind.people]
        assert max(counts) - min(counts) <= 1
        assert all(abs(count - PANELS * chance) <= portfolio.deviation + 1e-9 for count in counts)
    assert portfolio.deviation < 2


def test_the_record_holds_no_person_and_no_answer_and_its_digest_is_of_its_content(
    draw: PreparedDraw, pool: list[Registrant]
) -> None:
    text = json.dumps(draw.record)
    for one in pool:
        assert f'"{one.person}"' not in text
        assert one.salt not in text
    assert "features" not in text
    assert digest(json.loads(text)) == draw.digest
    assert digest(draw.record | {"panel_size": 13}) != draw.digest


def test_a_panel_has_the_same_number_in_the_record_and_in_the_store_and_the_order_is_that_of_the_lines(
    draw: PreparedDraw, pool: list[Registrant]
) -> None:
    lines = {one.person: line_of(one.salt) for one in pool}
    for number in (0, 7, 999):
        assert panel_of(draw.record, number) == sorted(lines[person] for person in draw.panels[number])
    assert draw.record["portfolio"]["panels"] == sorted(draw.record["portfolio"]["panels"])


def test_nobody_is_sealed_whose_line_anyone_could_guess_or_another_has_too(
    pool: list[Registrant], quotas: Quotas
) -> None:
    for salt in ("", pool[1].salt):
        with pytest.raises(FlawedInputError, match="salt"):
            prepared([replace(pool[0], salt=salt), *pool[1:]], quotas)


SCRIPT = """
import sys
from support.lottery import case_pool, case_quotas
from lottery.domain.alternates import draw_alternates
from test_lottery_draw import CASE, prepared
quotas = case_quotas(CASE)
pool = case_pool(CASE, quotas)
if sys.argv[1] == "reversed":
    pool = pool[::-1]
draw = prepared(pool, quotas)
people = {one.person: one for one in pool}
alternates = draw_alternates(people, draw.panels[123], quotas, 12, draw.digest + "123")
print(draw.digest, *draw.panels[123], *alternates)
"""


def test_the_same_pool_gives_the_same_draw_in_any_process_and_any_order_of_rows() -> None:
    here = Path(__file__).parent
    outcomes = set()
    for seed, order in (("0", "as-is"), ("1", "reversed"), ("4242", "as-is")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)]),
        }
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, order], env=environment, capture_output=True, text=True, check=True
        )
        outcomes.add(run.stdout)
    assert len(outcomes) == 1
    assert len(outcomes.pop().split()) == 1 + 36 + 12


def test_other_digits_give_another_panel(draw: PreparedDraw) -> None:
    assert draw.panels[panel_number("000")] != draw.panels[panel_number("999")]


@pytest.mark.parametrize("digits", ["", "7", "12", "1234", "-12", "1.2", "abc", "١٢٣", " 12", "12\n"])
def test_anything_but_three_digits_picks_no_panel(digits: str) -> None:
    with pytest.raises(ValueError, match="three digits"):
        panel_number(digits)


def test_leading_zeros_count() -> None:
    assert (panel_number("007"), panel_number("000"), panel_number("999")) == (7, 0, 999)


@given(st.integers(1, 1000), st.text(max_size=10))
def test_the_dice_stay_below_their_bound_and_repeat_themselves(bound: int, seed: str) -> None:
    first, again = Dice(seed), Dice(seed)
    numbers = [first.below(bound) for _ in range(20)]
    assert numbers == [again.below(bound) for _ in range(20)]
    assert all(0 <= number < bound for number in numbers)


def test_the_dice_are_those_that_were_published() -> None:
    # Computed apart with sha256sum: SHA-256 of SHA-256("alternates\nx") and eight zero bytes, four words modulo six.
    published = Dice("alternates", "x")
    assert [published.below(6) for _ in range(4)] == PUBLISHED
    dice = Dice("fair")
    throws = Counter(dice.below(6) for _ in range(60_000))
    expected = 10_000
    chi_square = sum(Fraction((throws[face] - expected) ** 2, expected) for face in range(6))
    assert chi_square < Fraction("20.5")  # 5 degrees of freedom, p = 0.001


def test_another_seed_draws_other_alternates(draw: PreparedDraw, pool: list[Registrant], quotas: Quotas) -> None:
    people = {one.person: one for one in pool}
    one, other = (draw_alternates(people, draw.panels[0], quotas, 12, seed) for seed in ("a", "b"))
    assert one != other


ROWS = [Quota("tenure", "owner", 1, 2), Quota("tenure", "tenant", 1, 2)]
THREE = checked_quotas(3, ROWS)


def person(name: str, tenure: str, household: str = "") -> Registrant:
    return Registrant(name, household, {"tenure": tenure})


STREET = {
    one.person: one
    for one in (
        person("a", "owner", "h1"),
        person("b", "owner"),
        person("c", "tenant"),
        person("partner-of-a", "tenant", "h1"),
        person("x", "owner"),
        person("y", "tenant"),
        person("z", "tenant"),
    )
}


def board(*waiting: str) -> Board:
    return Board(dict.fromkeys(("a", "b", "c"), Status.SELECTED), dict.fromkeys(waiting, Status.WAITING))


def test_a_member_who_declines_is_replaced_by_an_alternate_with_whom_the_quotas_hold() -> None:
    one = board("x", "y")
    one.decline("c")
    assert [(r.left, r.joined) for r in one.fill(STREET, THREE)] == [("c", "y")]
    assert one.seated == ["a", "b", "y"]
    assert one.waiting == ["x"]


def test_nobody_from_a_members_household_takes_over_even_where_the_seat_then_stays_open() -> None:
    one = board("partner-of-a", "y")
    one.decline("c")
    assert [r.joined for r in one.fill(STREET, THREE)] == ["y"]
    two = board("partner-of-a")
    two.decline("c")
    assert two.fill(STREET, THREE) == []
    two.decline("a")
    assert [r.joined for r in two.fill(STREET, THREE)] == ["partner-of-a"], "nobody of the household has a seat now"


def test_a_seat_nobody_fits_stays_open_and_is_filled_when_somebody_can() -> None:
    one = board("x")
    one.decline("c")
    assert one.fill(STREET, THREE) == []
    assert one.open_seats == ["c"]
    one.decline("b")
    assert [(r.left, r.joined) for r in one.fill(STREET, THREE)] == [("c", "x")]
    assert one.open_seats == ["b"]


def test_a_yes_or_no_said_twice_changes_nothing_and_a_seat_that_is_left_cannot_be_taken_again() -> None:
    one = board("y")
    assert one.confirm("c") is True
    assert one.confirm("c") is False
    assert one.decline("c") is True
    assert one.decline("c") is False
    with pytest.raises(SeatLeftError):
        one.confirm("c")
    with pytest.raises(NotAMemberError):
        one.confirm("y")


def test_an_alternate_who_withdraws_is_not_asked_any_more() -> None:
    one = board("y", "z")
    assert one.leave("y", Status.WITHDRAWN) is False
    one.decline("c")
    assert [r.joined for r in one.fill(STREET, THREE)] == ["z"]
