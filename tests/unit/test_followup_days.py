"""When the council's promises fall due. The dates below were counted by hand on a calendar, not by the code."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.calendar import add_months, day_of
from followup.domain.mandate import Milestone

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


def _words(text: str) -> dict[str, str]:
    return {"da": text, "en": text}


def _milestone(id_: str, months: int | None, event: str | None = None) -> Milestone:
    return Milestone(id_, _words(id_), "within", months, event, (30, 14, 7, 1))


DRAGOER = (_milestone("status-3", 3), _milestone("status-10", 10), _milestone("status-24", 24))
GREVE = (
    _milestone("status-3", 3),
    _milestone("status-12", 12),
    _milestone("status-closing", None, "closing"),
    _milestone("status-evaluation", None, "evaluation"),
)


def _assembly(milestones: tuple[Milestone, ...], delivered: date, events: dict[str, date] | None = None) -> Assembly:
    mandate = Mandate(_words("By"), _words("Samling"), _words("Formål"), milestones, {}, {})
    return Assembly("by-2025", mandate, Delivery(delivered, ("r-1",)), events or {})


BY_HAND = [
    # delivered, 3 months, 10 months, 12 months, 24 months
    ("2025-06-17", "2025-09-17", "2026-04-17", "2026-06-17", "2027-06-17"),  # Dragør's own fourth session
    ("2024-06-20", "2024-09-20", "2025-04-20", "2025-06-20", "2026-06-20"),
    ("2024-01-31", "2024-04-30", "2024-11-30", "2025-01-31", "2026-01-31"),
    ("2024-02-28", "2024-05-28", "2024-12-28", "2025-02-28", "2026-02-28"),
    ("2024-02-29", "2024-05-29", "2024-12-29", "2025-02-28", "2026-02-28"),  # a day the next two years lack
    ("2028-02-29", "2028-05-29", "2028-12-29", "2029-02-28", "2030-02-28"),
    ("2026-02-28", "2026-05-28", "2026-12-28", "2027-02-28", "2028-02-28"),  # not the 29th: the same number counts
    ("2025-03-30", "2025-06-30", "2026-01-30", "2026-03-30", "2027-03-30"),  # the clocks go forward
    ("2025-03-31", "2025-06-30", "2026-01-31", "2026-03-31", "2027-03-31"),
    ("2025-04-30", "2025-07-30", "2026-02-28", "2026-04-30", "2027-04-30"),
    ("2027-04-30", "2027-07-30", "2028-02-29", "2028-04-30", "2029-04-30"),  # ten months into a leap year
    ("2025-05-31", "2025-08-31", "2026-03-31", "2026-05-31", "2027-05-31"),
    ("2025-07-31", "2025-10-31", "2026-05-31", "2026-07-31", "2027-07-31"),
    ("2025-08-31", "2025-11-30", "2026-06-30", "2026-08-31", "2027-08-31"),
    ("2025-09-30", "2025-12-30", "2026-07-30", "2026-09-30", "2027-09-30"),
    ("2025-10-25", "2026-01-25", "2026-08-25", "2026-10-25", "2027-10-25"),
    ("2025-10-26", "2026-01-26", "2026-08-26", "2026-10-26", "2027-10-26"),  # the clocks go back
    ("2025-10-31", "2026-01-31", "2026-08-31", "2026-10-31", "2027-10-31"),
    ("2025-11-30", "2026-02-28", "2026-09-30", "2026-11-30", "2027-11-30"),
    ("2027-11-30", "2028-02-29", "2028-09-30", "2028-11-30", "2029-11-30"),
    ("2025-12-31", "2026-03-31", "2026-10-31", "2026-12-31", "2027-12-31"),
    ("2099-11-30", "2100-02-28", "2100-09-30", "2100-11-30", "2101-11-30"),  # 2100 is no leap year
]


@pytest.mark.parametrize(("delivered", "three", "ten", "twelve", "twenty_four"), BY_HAND)
def test_a_status_falls_due_on_the_day_counted_by_hand(
    delivered: str, three: str, ten: str, twelve: str, twenty_four: str
) -> None:
    day = date.fromisoformat(delivered)
    due = [one.due_on.isoformat() for one in _assembly(DRAGOER, day).new_commitments([], day)]
    assert due == [three, ten, twenty_four]
    assert [one.due_on.isoformat() for one in _assembly(GREVE, day).new_commitments([], day)] == [three, twelve]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-06-17T19:00:00+00:00", "2025-06-17"),
        ("2025-06-17T21:59:59+00:00", "2025-06-17"),  # 23:59:59 in summer
        ("2025-06-17T22:00:00+00:00", "2025-06-18"),  # midnight in summer
        ("2025-12-01T22:30:00+00:00", "2025-12-01"),  # 23:30 in winter
        ("2025-12-01T23:00:00+00:00", "2025-12-02"),
        ("2025-03-29T22:59:59+00:00", "2025-03-29"),  # the night the clocks go forward, still winter time
        ("2025-03-29T23:00:00+00:00", "2025-03-30"),
        ("2025-03-30T22:00:00+00:00", "2025-03-31"),  # a day of 23 hours
        ("2025-10-25T21:59:59+00:00", "2025-10-25"),
        ("2025-10-25T22:00:00+00:00", "2025-10-26"),
        ("2025-10-26T22:59:59+00:00", "2025-10-26"),  # a day of 25 hours
        ("2025-10-26T23:00:00+00:00", "2025-10-27"),
        ("2024-02-29T23:30:00+00:00", "2024-03-01"),
        ("2025-11-30T23:59:00+00:00", "2025-12-01"),
        ("2025-12-31T23:00:00+00:00", "2026-01-01"),
    ],
)
def test_a_delivery_belongs_to_the_day_it_is_in_dragoer(instant: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(instant)).isoformat() == day


def test_a_time_without_a_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        day_of(datetime(2025, 6, 17, 12, 0))  # noqa: DTZ001 - the trap itself


def test_a_promise_is_never_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_months(date(2025, 6, 17), -1)


def test_a_status_at_closing_has_no_date_until_the_closing_has_one() -> None:
    delivered = date(2024, 6, 20)
    closing = date(2025, 9, 1)
    assembly = _assembly(GREVE, delivered, {"closing": closing})
    made = assembly.new_commitments(["status-3", "status-12"], date(2025, 8, 1))
    assert [(one.milestone, one.due_on) for one in made] == [("status-closing", closing)]


def test_a_status_may_be_counted_in_months_from_an_event() -> None:
    milestone = _milestone("status-after-closing", 6, "closing")
    assert milestone.due_on(date(2024, 6, 20), {"closing": date(2025, 8, 31)}) == date(2026, 2, 28)


def test_no_commitment_is_made_before_both_the_mandate_and_the_delivery_are_known() -> None:
    delivered = date(2025, 6, 17)
    known = _assembly(DRAGOER, delivered)
    assert Assembly("by-2025", known.mandate).new_commitments([], delivered) == ()
    assert Assembly("by-2025", None, known.delivery).new_commitments([], delivered) == ()
    assert len(known.new_commitments([], delivered)) == 3
    assert known.new_commitments(["status-3", "status-10", "status-24"], delivered) == ()


@given(DAYS, st.integers(0, 120))
def test_months_later_is_in_the_right_month_and_never_past_the_day_of_the_delivery(day: date, months: int) -> None:
    due = add_months(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day <= day.day
    # It is earlier in the month only where the month has no such day.
    assert due.day == day.day or (due + timedelta(days=1)).month != due.month
    assert due >= day


@given(DAYS, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_a_later_delivery_or_a_longer_offset_is_never_due_earlier(one: date, other: date, less: int, more: int) -> None:
    assert add_months(min(one, other), less) <= add_months(max(one, other), less)
    assert add_months(one, min(less, more)) <= add_months(one, max(less, more))


@given(DAYS, st.integers(0, 24 * 60 - 1))
def test_the_day_in_denmark_is_the_utc_day_until_ten_in_the_evening_and_the_next_from_eleven(
    day: date, minute: int
) -> None:
    instant = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=UTC)
    ahead = (day_of(instant) - day).days
    if instant.hour == 22:  # midnight in summer, eleven in winter
        assert ahead in {0, 1}
    else:
        assert ahead == (1 if instant.hour == 23 else 0)
