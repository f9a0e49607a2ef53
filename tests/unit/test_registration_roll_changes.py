"""What a row of a later roll means for someone, given where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.eligibility import DIED, MOVED_OUT, excluded
from registration.domain.registration import Status
from registration.domain.roll_changes import JUDGED, MAY_LEAVE, Outcome, outcome

rows = st.tuples(st.sampled_from([None, "age", "postcode", MOVED_OUT, DIED]), st.booleans(), st.booleans())


@pytest.mark.parametrize("held_why", [DIED, excluded("politician")])
@given(row=rows)
def test_no_roll_brings_back_who_is_said_to_be_dead_or_is_kept_out(
    held_why: str, row: tuple[str | None, bool, bool]
) -> None:
    why, same, left = row
    assert outcome(Status.INELIGIBLE, held_why, why, same=same, left=left) is Outcome.UNCHANGED


def test_who_moved_away_is_brought_back_by_a_roll_that_has_them_again() -> None:
    assert outcome(Status.INELIGIBLE, MOVED_OUT, None, same=False, left=False) is Outcome.CHANGED


@given(row=rows)
def test_the_erased_stay_erased_whatever_a_roll_says(row: tuple[str | None, bool, bool]) -> None:
    why, same, left = row
    assert outcome(Status.ERASED, None, why, same=same, left=left) is Outcome.UNCHANGED


@given(status=st.sampled_from(Status), why=st.sampled_from(["age", "postcode", MOVED_OUT, DIED]), same=st.booleans())
def test_who_has_signed_up_is_left_for_people_to_judge_and_who_has_not_leaves(
    status: Status, why: str, *, same: bool
) -> None:
    found = outcome(status, None, why, same=same, left=why in {MOVED_OUT, DIED})
    assert (found is Outcome.TO_JUDGE) == (status in JUDGED)
    assert (found is Outcome.LEAVES) == (status in MAY_LEAVE)


def test_who_has_left_before_anyone_knew_them_is_no_news() -> None:
    assert outcome(None, None, MOVED_OUT, same=False, left=True) is Outcome.UNCHANGED
    assert outcome(None, None, None, same=False, left=False) is Outcome.NEW
