"""What becomes of a fact that could not be handled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chassis.errors import BadInput, Conflict, Duplicate, NotFound, Permanent, Problem, Transient
from chassis.retry import DELAYS, verdict


def a_validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("no number")
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        Permanent("never"),
        NotFound("gone"),
        BadInput([Problem("row 1", "cpr", "ten digits", "write ten")]),
        a_validation_error(),
    ],
    ids=lambda e: type(e).__name__,
)
def test_what_can_never_succeed_is_a_dead_letter_at_once(error: Exception) -> None:
    assert verdict(error, 1).delay is None


@pytest.mark.parametrize(
    "error", [RuntimeError(), ConnectionError(), Conflict("first"), Duplicate("there"), KeyError("x")]
)
def test_what_is_not_known_to_be_permanent_is_tried_again(error: Exception) -> None:
    assert verdict(error, 1).delay == DELAYS[0]


def test_the_other_side_says_when_to_come_back() -> None:
    assert verdict(Transient("busy", retry_after=42), 3).delay == 42


@given(st.integers(min_value=0, max_value=1000))
def test_delays_grow_and_are_never_shorter_than_a_second(deliveries: int) -> None:
    now, later = verdict(RuntimeError(), deliveries).delay, verdict(RuntimeError(), deliveries + 1).delay
    assert now is not None
    assert later is not None
    assert 1 <= now <= later <= max(DELAYS)
