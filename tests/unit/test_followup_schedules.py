"""The schedules of Dragør and Greve, read from their files: every date against tables worked out on the calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from followup.domain.assembly import Assembly, Delivery, Mandate, owed
from followup.domain.calendar import is_working_day, next_working_day
from followup.domain.commitment import LONGEST_EXTENSION, Commitment
from followup.domain.crossings import Kind
from followup.domain.mandate import Escalation, Milestone
from followup.domain.rules import RulesBroken, Untimely
from followup.subscribers import mandate_of
from sessions.domain.assembly_file import load
from sessions.use_cases.announcing import as_fact
from support.due_days import DELIVERED, HAPPENED, Row

MUNICIPALITIES = Path(__file__).parents[2] / "municipalities"
DRAGOER, GREVE = (mandate_of(as_fact(load(MUNICIPALITIES / name))) for name in ("dragoer", "greve"))
AT = datetime(2025, 6, 17, 19, tzinfo=UTC)

DAYS = st.dates(date(2022, 1, 1), date(2060, 12, 31))
WORDS = {"da": "x", "en": "x"}
AUDIENCES = ("management", "council", "secretariat")
MILESTONES = st.builds(
    Milestone,
    st.just("m"),
    st.just(WORDS),
    st.sampled_from(["within", "after"]),
    st.integers(0, 48),
    st.sampled_from([None, "closing"]),
    st.lists(st.integers(1, 120), max_size=5).map(tuple),
    st.integers(0, 60),
    st.booleans(),
    st.integers(0, 30),
    st.just(("officers",)),
    st.lists(st.integers(1, 60), max_size=3, unique=True).map(
        lambda days: tuple(Escalation(day, (AUDIENCES[place],)) for place, day in enumerate(sorted(days)))
    ),
)


def made(mandate: Mandate, delivered: date, **events: date) -> dict[str, Commitment]:
    assembly = Assembly("by-2025", mandate, Delivery(delivered, ("r-1",)), events)
    return {one.milestone: one for one in assembly.new_commitments([], delivered)}


def due(mandate: Mandate, delivered: date, **events: date) -> list[date]:
    return [one.due_on for one in made(mandate, delivered, **events).values()]


def one_of(milestone: Milestone, delivered: date, after: int) -> Commitment:
    """The commitment of a milestone; its event, if it has one, came so many days after the delivery."""
    mandate = replace(DRAGOER, milestones=(milestone,))
    (found,) = made(mandate, delivered, closing=delivered + timedelta(days=after)).values()
    return found


def said_until(one: Commitment, today: date) -> list[str]:
    return [f"{crossing.on} {crossing.key} {' '.join(one.told(crossing))}" for crossing in one.owed(today)]


def test_the_tables_hold_a_hundred_days_and_the_hard_ones_among_them() -> None:
    days = {row.delivered for row in DELIVERED}
    assert len(days) == len(DELIVERED) == 100
    assert {(11, 30), (8, 31), (2, 29), (12, 31), (1, 1), (1, 31)} <= {(day.month, day.day) for day in days}
    assert {date(2025, 3, 30), date(2025, 10, 26), date(2027, 3, 28), date(2027, 10, 31)} <= days  # the clocks change


@pytest.mark.parametrize("row", DELIVERED, ids=lambda row: row.delivered.isoformat())
def test_dragoers_three_statuses_fall_due_on_the_days_of_the_table(row: Row) -> None:
    assert due(DRAGOER, row.delivered) == [row.three, row.ten, row.twenty_four]


@pytest.mark.parametrize("row", DELIVERED, ids=lambda row: row.delivered.isoformat())
def test_greves_two_dated_statuses_fall_due_on_the_working_days_of_the_table(row: Row) -> None:
    assert due(GREVE, row.delivered) == [row.greve_three, row.greve_twelve]


@pytest.mark.parametrize(("happened", "last"), HAPPENED, ids=str)
def test_greves_statuses_of_what_happens_have_four_weeks_to_a_working_day(happened: date, last: date) -> None:
    found = made(GREVE, date(2024, 6, 12), closing=happened, evaluation=happened)
    for milestone in ("status-closing", "status-evaluation"):
        assert (found[milestone].opens_on, found[milestone].due_on) == (happened, last)


def test_an_overdue_status_of_dragoer_is_said_weekly_and_to_ever_more_functions() -> None:
    status = made(DRAGOER, date(2025, 6, 17))["status-3"]
    assert said_until(status, date(2025, 10, 31)) == [
        "2025-08-18 due-soon-30 officers",
        "2025-09-03 due-soon-14 officers",
        "2025-09-10 due-soon-7 officers",
        "2025-09-16 due-soon-1 officers",
        "2025-09-17 due-0 officers",
        "2025-09-18 overdue-1 officers",
        "2025-09-25 overdue-8 officers management",
        "2025-10-02 overdue-15 officers management",
        "2025-10-09 overdue-22 officers management",
        "2025-10-16 overdue-29 officers management council",
        "2025-10-23 overdue-36 officers management council",
        "2025-10-30 overdue-43 officers management council",
    ]


def test_a_step_of_the_escalation_between_two_weeks_has_a_day_of_its_own() -> None:
    milestone = Milestone("m", WORDS, "after", 1, None, (), 0, False, 7, ("officers",), (Escalation(3, ("council",)),))
    one = one_of(milestone, date(2025, 6, 17), 0)
    assert [line.split(" ", 1)[1] for line in said_until(one, date(2025, 8, 1))] == [
        "due-0 officers",
        "overdue-1 officers",
        "overdue-3 officers council",
        "overdue-8 officers council",
        "overdue-15 officers council",
    ]


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2025-12-24", "2025-12-24"),  # Christmas Eve is no public holiday, nor are these two
        ("2025-06-05", "2025-06-05"),
        ("2025-12-31", "2025-12-31"),
        ("2025-12-25", "2025-12-29"),
        ("2025-04-17", "2025-04-22"),  # Maundy Thursday to Tuesday
        ("2026-05-01", "2026-05-01"),  # the Great Prayer Day of 2023 was the last
        ("2023-05-05", "2023-05-08"),
        ("2027-01-01", "2027-01-04"),
    ],
)
def test_the_next_working_day_passes_weekends_and_public_holidays(day: str, following: str) -> None:
    assert next_working_day(date.fromisoformat(day)).isoformat() == following


@given(MILESTONES, DAYS, st.integers(0, 900))
def test_a_status_is_never_due_before_the_delivery_nor_before_it_may_be_expected(
    milestone: Milestone, delivered: date, after: int
) -> None:
    one = one_of(milestone, delivered, after)
    assert one.opens_on is not None
    assert delivered <= one.opens_on <= one.due_on
    if milestone.event:
        assert one.opens_on >= delivered + timedelta(days=after)


@given(MILESTONES, DAYS, st.integers(0, 900))
def test_the_last_day_ends_the_window_and_is_a_working_day_where_that_is_asked(
    milestone: Milestone, delivered: date, after: int
) -> None:
    events = {"closing": delivered + timedelta(days=after)}
    full = milestone.full_on(delivered, events)
    assert full is not None
    moved = one_of(milestone, delivered, after).due_on - full - timedelta(days=milestone.window_days)
    # Five days in a row without a working day are the most there are: from Maundy Thursday to Easter Monday.
    assert timedelta(0) <= moved <= timedelta(days=5)
    last = full + timedelta(days=milestone.window_days)
    assert moved == timedelta(0) or (milestone.working_day and not is_working_day(last))
    assert not milestone.working_day or is_working_day(last + moved)


@given(MILESTONES, DAYS, DAYS, st.integers(0, 12), st.integers(0, 30))
def test_a_later_delivery_more_months_or_a_longer_window_is_never_due_earlier(
    milestone: Milestone, one: date, other: date, months: int, window: int
) -> None:
    milestone = replace(milestone, event=None)
    longer = replace(milestone, months=(milestone.months or 0) + months, window_days=milestone.window_days + window)
    first, second = sorted((one, other))
    assert one_of(milestone, first, 0).due_on <= one_of(milestone, second, 0).due_on
    assert one_of(milestone, first, 0).due_on <= one_of(longer, first, 0).due_on


@given(st.lists(MILESTONES, min_size=1, max_size=5), DAYS)
def test_the_commitments_of_any_mandate_stand_in_the_order_of_their_days(
    milestones: Sequence[Milestone], delivered: date
) -> None:
    named = tuple(replace(one, id=f"m-{place}") for place, one in enumerate(milestones))
    days = due(replace(DRAGOER, milestones=named), delivered, closing=delivered)
    assert len(days) == len(named)
    assert days == sorted(days)


@given(MILESTONES, DAYS, st.integers(1, 400))
def test_overdue_is_said_on_the_first_day_every_so_many_days_and_on_the_escalations_and_on_no_other(
    milestone: Milestone, delivered: date, days: int
) -> None:
    one = one_of(milestone, delivered, 0)
    every, also = milestone.overdue_every_days, {step.days_overdue for step in milestone.escalation}
    ahead = takewhile(lambda crossing: crossing.on <= one.due_on + timedelta(days=days), one.ahead())
    said = {crossing.days for crossing in ahead if crossing.kind is Kind.OVERDUE}
    expected = {n for n in range(1, days + 1) if n == 1 or n in also or (every and n % every == 1 % every)}
    assert said == expected


@given(MILESTONES, DAYS, st.integers(1, 200))
def test_whoever_is_told_once_is_told_from_then_on(milestone: Milestone, delivered: date, days: int) -> None:
    one = one_of(milestone, delivered, 0)
    told = [set(one.told(crossing)) for crossing in one.owed(one.due_on + timedelta(days=days))]
    assert all(earlier <= later for earlier, later in pairwise(told))
    assert all(audiences >= {"officers"} for audiences in told)


@pytest.mark.parametrize(
    ("to_day", "reason", "rules"),
    [
        ("2025-10-17", " ", [("reason", "compulsory")]),
        ("2025-09-17", "Fordi", [("to_day", "later")]),
        ("2025-09-01", "", [("to_day", "later"), ("reason", "compulsory")]),
        ("2027-09-18", "Fordi", [("to_day", "not too far")]),
    ],
)
def test_a_day_is_moved_later_with_a_reason_or_not_at_all(
    to_day: str, reason: str, rules: list[tuple[str, str]]
) -> None:
    status = made(DRAGOER, date(2025, 6, 17))["status-3"]
    with pytest.raises(RulesBroken) as error:
        status.extended(date.fromisoformat(to_day), reason, date(2025, 7, 1), AT)
    assert [(broken.field, broken.rule) for broken in error.value.broken] == rules


def test_an_overdue_day_is_moved_past_today_and_counted_from_there() -> None:
    status = made(DRAGOER, date(2025, 6, 17))["status-3"]
    with pytest.raises(RulesBroken, match="later than today"):
        status.extended(date(2025, 10, 1), "Fordi", date(2025, 10, 1), AT)
    moved = status.extended(date(2025, 10, 2), "Fordi", date(2025, 10, 1), AT)
    assert (moved.promised_on, moved.due_on) == (date(2025, 9, 17), date(2025, 10, 2))
    assert moved.extended(date(2025, 10, 2), " Fordi ", date(2025, 10, 1), AT) is moved
    with pytest.raises(Untimely, match="since it was read"):
        moved.extended(date(2025, 11, 2), "Fordi", date(2025, 10, 1), AT, read=date(2025, 9, 17))
    published = moved.reported("Status", [], date(2025, 10, 2), AT)
    with pytest.raises(Untimely, match="nothing to extend"):
        published.extended(date(2025, 11, 2), "Fordi", date(2025, 10, 2), AT)


@given(DAYS, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 700)), min_size=1, max_size=4))
def test_however_often_a_day_is_moved_each_old_one_is_kept_and_its_lines_are_crossed_anew(
    delivered: date, moves: list[tuple[int, int]]
) -> None:
    one, today = made(DRAGOER, delivered)["status-3"], delivered
    days = [one.due_on]
    for wait, later in moves:
        today += timedelta(days=wait)
        assume((later <= 30 * LONGEST_EXTENSION) and max(one.due_on, today) < date(2099, 1, 1))
        for _, crossing in owed([one], today):
            one = one.saying(crossing, AT)
        one = one.extended(max(one.due_on, today) + timedelta(days=later), "Fordi", today, AT)
        days.append(one.due_on)
        assert all(crossing.on >= today for crossing in one.owed(one.due_on + timedelta(days=9)))
        assert [crossing.kind for crossing in one.owed(one.due_on)][-1] is Kind.DUE
    assert [extension.from_day for extension in one.extensions] == days[:-1]
    assert [extension.to_day for extension in one.extensions] == days[1:]
    assert days == sorted(set(days))
    assert one.promised_on == days[0]
