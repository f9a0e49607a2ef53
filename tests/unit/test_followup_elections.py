"""Municipal elections within a promise. The days were read from a calendar's November pages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.domain.elections import election_of, elections_within

HELD = ["2021-11-16", "2025-11-18", "2029-11-20", "2033-11-15", "2037-11-17", "2041-11-19"]
"""The third Tuesday: 1 November 2021 was a Monday, so that Tuesdays were the 2nd, 9th and 16th; and so on."""


@pytest.mark.parametrize("day", HELD)
def test_an_election_is_on_the_third_tuesday_of_november_and_its_council_begins_with_the_year(day: str) -> None:
    held = date.fromisoformat(day)
    election = election_of(held.year)
    assert election is not None
    assert (election.on, election.council_from) == (held, date(held.year + 1, 1, 1))
    assert [election_of(held.year + years) for years in (1, 2, 3)] == [None, None, None]


@pytest.mark.parametrize(
    ("delivered", "last", "within"),
    [
        ("2025-06-17", "2027-06-17", ["2025-11-18"]),  # Dragør: the next council gives two of the three statuses
        ("2024-06-12", "2025-06-12", []),  # Greve's first two
        ("2024-06-12", "2025-11-18", ["2025-11-18"]),  # the last day is still within
        ("2024-06-12", "2025-11-17", []),
        ("2025-11-18", "2026-02-18", ["2025-11-18"]),  # delivered on the day itself, to those who leave
        ("2025-12-31", "2026-03-31", ["2025-11-18"]),  # elected, and not in office yet
        ("2026-01-01", "2028-01-01", []),  # their own from the first day
        ("2021-06-01", "2029-12-01", ["2021-11-16", "2025-11-18", "2029-11-20"]),
    ],
)
def test_an_election_counts_when_another_council_keeps_the_promise(
    delivered: str, last: str, within: list[str]
) -> None:
    found = elections_within(date.fromisoformat(delivered), date.fromisoformat(last))
    assert [one.on.isoformat() for one in found] == within


@given(st.dates(date(2022, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_elections_are_tuesdays_in_order_four_years_apart_and_none_outside(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = elections_within(start, end)
    assert all(one.on.isoweekday() == 2 and one.on.month == 11 and 15 <= one.on.day <= 21 for one in found)
    assert all(one.council_from > start and one.on <= end for one in found)
    years = [one.on.year for one in found]
    assert years == list(range(years[0], years[0] + 4 * len(years), 4)) if years else days < 4 * 366
