"""What is owed on a day: reminders, the due day, the day after; each once, in order."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.domain.assembly import owed
from followup.domain.commitment import Commitment, State
from followup.domain.crossings import Crossing, Kind, schedule

AT = datetime(2025, 6, 17, 19, tzinfo=UTC)
DUE = date(2025, 9, 17)
MADE = date(2025, 6, 17)
REMINDERS = (30, 14, 7, 1)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
OFFSETS = st.lists(st.integers(0, 400), max_size=6).map(tuple)


def _commitment(due_on: date = DUE, made_on: date = MADE, milestone: str = "status-3") -> Commitment:
    words = {"da": "x", "en": "x"}
    return Commitment("by-2025", milestone, words, "within", due_on, made_on, REMINDERS, overdue_every_days=0)


def _catch_up(commitments: list[Commitment], today: date) -> list[str]:
    # What the service does: says what is owed and puts it on record.
    said = []
    for one, crossing in owed(list(commitments), today):
        place = next(i for i, c in enumerate(commitments) if c.milestone == one.milestone)
        commitments[place] = commitments[place].saying(crossing, AT)
        said.append(f"{one.milestone} {crossing.on} {crossing.key}")
    return said


def test_a_commitment_crosses_its_lines_on_the_days_counted_by_hand() -> None:
    assert [(c.key, c.on.isoformat()) for c in schedule(DUE, REMINDERS, MADE)] == [
        ("due-soon-30", "2025-08-18"),
        ("due-soon-14", "2025-09-03"),
        ("due-soon-7", "2025-09-10"),
        ("due-soon-1", "2025-09-16"),
        ("due-0", "2025-09-17"),
        ("overdue-1", "2025-09-18"),
    ]


def test_a_reminder_that_lies_before_the_commitment_was_made_is_never_said() -> None:
    keys = [c.key for c in schedule(DUE, REMINDERS, since=date(2025, 9, 10))]
    assert keys == ["due-soon-7", "due-soon-1", "due-0", "overdue-1"]


def test_a_commitment_that_became_known_after_its_due_day_is_due_and_overdue_all_the_same() -> None:
    late = _commitment(made_on=date(2025, 12, 1))
    assert [c.key for c in late.owed(date(2025, 12, 1))] == ["due-0", "overdue-1"]


def test_a_reminder_of_no_days_is_the_due_day_itself() -> None:
    assert [c.kind for c in schedule(DUE, (0, 7, 7), MADE)] == [Kind.DUE_SOON, Kind.DUE, Kind.OVERDUE]


def test_nothing_is_owed_the_day_before_and_the_reminder_is_owed_on_its_day() -> None:
    assert _commitment().owed(date(2025, 8, 17)) == ()
    assert [c.key for c in _commitment().owed(date(2025, 8, 18))] == ["due-soon-30"]


def test_a_status_is_due_on_its_last_day_and_overdue_only_from_the_day_after() -> None:
    assert [c.kind for c in _commitment().owed(DUE)][-1] is Kind.DUE
    assert [c.kind for c in _commitment().owed(DUE + timedelta(days=1))][-1] is Kind.OVERDUE


def test_a_jump_of_two_years_says_each_fact_once_and_by_day() -> None:
    commitments = [
        _commitment(),
        _commitment(due_on=date(2026, 4, 17), milestone="status-10"),
        _commitment(due_on=date(2027, 6, 17), milestone="status-24"),
    ]
    said = _catch_up(commitments, date(2027, 6, 17))
    assert said == [
        "status-3 2025-08-18 due-soon-30",
        "status-3 2025-09-03 due-soon-14",
        "status-3 2025-09-10 due-soon-7",
        "status-3 2025-09-16 due-soon-1",
        "status-3 2025-09-17 due-0",
        "status-3 2025-09-18 overdue-1",
        "status-10 2026-03-18 due-soon-30",
        "status-10 2026-04-03 due-soon-14",
        "status-10 2026-04-10 due-soon-7",
        "status-10 2026-04-16 due-soon-1",
        "status-10 2026-04-17 due-0",
        "status-10 2026-04-18 overdue-1",
        "status-24 2027-05-18 due-soon-30",
        "status-24 2027-06-03 due-soon-14",
        "status-24 2027-06-10 due-soon-7",
        "status-24 2027-06-16 due-soon-1",
        "status-24 2027-06-17 due-0",
    ]
    assert _catch_up(commitments, date(2027, 6, 17)) == []
    assert _catch_up(commitments, date(2029, 1, 1)) == ["status-24 2027-06-18 overdue-1"]


def test_after_a_published_status_nothing_more_is_owed() -> None:
    published = _commitment().reported("Status", [], date(2025, 9, 1), AT)
    assert published.owed(date(2027, 1, 1)) == ()
    assert next(published.ahead(), None) is None


def test_the_state_follows_the_days() -> None:
    one = _commitment()
    assert one.state(date(2025, 8, 17)) is State.UPCOMING
    assert one.state(date(2025, 8, 18)) is State.DUE_SOON
    assert one.state(date(2025, 9, 16)) is State.DUE_SOON
    assert one.state(date(2025, 9, 17)) is State.DUE
    assert one.state(date(2025, 9, 18)) is State.OVERDUE
    assert one.reported("Status", [], date(2025, 9, 17), AT).state(date(2026, 1, 1)) is State.REPORTED
    late = one.reported("Status", [], date(2025, 9, 20), AT)
    assert late.state(date(2026, 1, 1)) is State.REPORTED_LATE
    assert late.overdue_days(date(2026, 1, 1)) == 3


@given(DAYS, OFFSETS, st.integers(-100, 1000))
def test_lines_are_crossed_in_order_and_no_reminder_before_the_commitment(
    due_on: date, reminders: tuple[int, ...], known_days_before: int
) -> None:
    made_on = due_on - timedelta(days=known_days_before)
    crossings = list(schedule(due_on, reminders, made_on))
    assert [c.on for c in crossings] == sorted(c.on for c in crossings)
    assert len({c.key for c in crossings}) == len(crossings)
    assert all(c.on >= made_on and c.on < due_on for c in crossings if c.kind is Kind.DUE_SOON)
    assert crossings[-2:] == [Crossing(Kind.DUE, due_on, 0), Crossing(Kind.OVERDUE, due_on + timedelta(days=1), 1)]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=4), st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_however_the_clock_jumps_the_same_is_said_in_the_same_order(due_after: list[int], jumps: list[int]) -> None:
    def fresh() -> list[Commitment]:
        return [_commitment(MADE + timedelta(days=d), MADE, f"m-{i}") for i, d in enumerate(due_after)]

    end = MADE + timedelta(days=sum(jumps))
    at_once = _catch_up(fresh(), end)
    stepwise, commitments, today = [], fresh(), MADE
    for jump in jumps:
        today += timedelta(days=jump)
        stepwise += _catch_up(commitments, today)
    assert stepwise == at_once
    assert len(set(at_once)) == len(at_once)
