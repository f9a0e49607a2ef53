"""Quotas made of the population's shares: whole seats that add up, with a slack."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lottery.domain.errors import FlawedInputError
from lottery.domain.quotas import Quota
from lottery.domain.shares import quotas_from_shares, targets

DISTRICTS = {"soevang": 0.14, "st-magleby": 0.49, "old-dragoer": 0.37}


def test_seats_left_over_go_to_the_largest_fractions() -> None:
    # 36 seats: 5.04, 17.64 and 13.32; the one left over goes to the 0.64.
    assert targets(36, DISTRICTS) == {"old-dragoer": 13, "soevang": 5, "st-magleby": 18}


def test_the_quotas_lie_a_slack_around_the_target_and_flex_beyond_it() -> None:
    quotas = quotas_from_shares(36, {"district": DISTRICTS}, slack=1, flex=2)
    assert quotas.rows[1] == Quota("district", "soevang", 4, 6, min_flex=2, max_flex=8)


def test_shares_may_be_percentages_or_numbers_of_residents() -> None:
    residents = {"soevang": 1645, "st-magleby": 5758, "old-dragoer": Decimal("4349.0")}
    percentages = {value: round(share * 100) for value, share in DISTRICTS.items()}
    assert targets(36, residents) == targets(36, percentages) == targets(36, DISTRICTS)


def test_a_value_of_which_no_share_is_known_is_never_required_and_never_kept_out() -> None:
    quotas = quotas_from_shares(36, {"gender": {"female": 0.52, "male": 0.48, "unsaid": None}})
    assert [(row.value, row.minimum, row.maximum) for row in quotas.rows] == [
        ("female", 18, 20), ("male", 16, 18), ("unsaid", 0, 1)
    ]  # fmt: skip


def test_equal_fractions_are_served_in_sorted_order_and_a_float_is_taken_as_written() -> None:
    assert targets(1, {"b": 0.5, "a": 0.5}) == {"a": 1, "b": 0}
    assert targets(10, {"a": 0.1, "b": 0.2, "c": 0.7}) == {"a": 1, "b": 2, "c": 7}


@given(
    st.integers(1, 300),
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**6), min_size=1, max_size=9),
    st.integers(0, 3),
)
def test_targets_add_up_and_are_within_one_seat_of_the_share_and_the_quotas_pass_every_rule(
    size: int, shares: dict[str, int], slack: int
) -> None:
    total = sum(shares.values())
    if not total:
        with pytest.raises(FlawedInputError):
            quotas_from_shares(size, {"c": shares})
        return
    seats = targets(size, shares)
    assert sum(seats.values()) == size
    assert all(abs(seats[value] * total - share * size) < total for value, share in shares.items())
    quotas = quotas_from_shares(size, {"c": shares}, slack=slack)  # raises if a rule were broken
    assert all(row.minimum <= seats[row.value] <= row.maximum for row in quotas.rows)


@pytest.mark.parametrize(
    ("shares", "slack", "rule"),
    [({"a": -1, "b": 2}, 1, "at least 0"), ({"a": 0, "b": None}, 1, "some share"), ({"a": 1}, -1, "at least 0")],
)
def test_shares_that_make_no_quotas_are_refused(shares: dict[str, int | None], slack: int, rule: str) -> None:
    with pytest.raises(FlawedInputError) as refusal:
        quotas_from_shares(3, {"c": shares}, slack=slack)
    assert [flaw.rule for flaw in refusal.value.flaws] == [rule]
