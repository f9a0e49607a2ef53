"""A day that someone types in three fields."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.days import TypedDay


def typed(day: str, month: str, year: str) -> TypedDay:
    return TypedDay.read({"on": day, "on-month": month, "on-year": year}, "on")


@given(st.dates(date(1000, 1, 1)))
def test_a_day_that_is_filled_in_reads_back_as_itself(day: date) -> None:
    shown = TypedDay.of(day)
    assert TypedDay(shown.typed).day == day
    assert typed(*shown.typed) == shown


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        (("17", "9", "2025"), date(2025, 9, 17)),
        ((" 07 ", "09", "2025"), date(2025, 9, 7)),
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("29", "2", "2027"), None),
        (("0", "1", "2027"), None),
        (("1", "13", "2027"), None),
        (("1", "1", "27"), None),
        (("1", "1", "0000"), None),
        (("-1", "1", "2027"), None),
        (("²", "1", "2027"), None),
        (("١", "1", "2027"), None),
        (("den 1.", "maj", "2027"), None),
        (("1", "", "2027"), None),
    ],
)
def test_what_is_no_day_is_none_and_is_kept_to_be_shown_again(fields: tuple[str, str, str], day: date | None) -> None:
    found = typed(*fields)
    assert found.day == day
    assert found.typed == tuple(field.strip()[:4] for field in fields)
    assert not found.empty


def test_nothing_typed_is_empty_and_no_day() -> None:
    assert (TypedDay.read({}, "on").empty, TypedDay.of(None).empty, TypedDay().day) == (True, True, None)
    assert typed(" ", "", "").empty
