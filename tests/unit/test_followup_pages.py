"""The follow-up pages: where the timeline's marks stand, and how days are told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.language import Words
from followup.domain.commitment import commit
from followup.domain.mandate import Milestone
from followup.timeline import CLEARANCE, LEFT, RIGHT, Timeline, timeline
from followup.views import MilestoneView, milestone_view

DELIVERED = date(2025, 6, 17)


def _view(number: int, due_on: date | None, today: date = DELIVERED) -> MilestoneView:
    milestone = Milestone(f"m-{number}", {"da": "x", "en": "x"}, "within", 3, None, (30,))
    made = None if due_on is None else commit("by-2025", milestone, due_on, DELIVERED, DELIVERED)
    return milestone_view(milestone, made, today)


def _timeline(due: list[date | None], today: date = DELIVERED) -> Timeline:
    return timeline(DELIVERED, [_view(n, day, today) for n, day in enumerate(due)], today)


def test_the_line_runs_from_the_delivery_to_the_last_status() -> None:
    drawn = _timeline([date(2025, 9, 17), date(2027, 6, 17)], today=date(2026, 6, 17))
    assert (drawn.start, drawn.end) == (DELIVERED, date(2027, 6, 17))
    assert drawn.marks[-1].x == RIGHT
    assert drawn.today_x == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_the_line_goes_on_to_today_when_the_last_status_is_behind_us() -> None:
    drawn = _timeline([date(2025, 9, 17)], today=date(2026, 6, 17))
    assert (drawn.end, drawn.today_x) == (date(2026, 6, 17), RIGHT)


def test_a_milestone_without_a_date_has_no_mark_but_keeps_its_number_in_the_table() -> None:
    assert [mark.number for mark in _timeline([date(2025, 9, 17), None, date(2027, 6, 17)]).marks] == [1, 3]


def test_a_line_of_no_days_can_be_drawn() -> None:
    assert _timeline([DELIVERED]).marks[0].x == LEFT


@given(st.lists(st.integers(0, 1000), max_size=8), st.integers(-10, 1500))
def test_marks_are_on_the_line_and_none_hides_another(days: list[int], today: int) -> None:
    due = [DELIVERED + timedelta(days=d) for d in sorted(days)]
    drawn = _timeline(list(due), DELIVERED + timedelta(days=today))
    assert all(LEFT <= mark.x <= RIGHT for mark in drawn.marks)
    assert LEFT <= drawn.today_x <= RIGHT
    for one in drawn.marks:
        for other in drawn.marks:
            assert one == other or one.level != other.level or abs(one.x - other.x) >= CLEARANCE
    assert [mark.x for mark in drawn.marks] == sorted(mark.x for mark in drawn.marks)


def test_a_promise_is_told_by_number_in_danish() -> None:
    words = Words("da", "followup")
    singular, plural = "%(num)s day overdue", "%(num)s days overdue"
    assert words.ngettext(singular, plural, 1) == "1 dag over fristen"
    assert words.ngettext(singular, plural, 3) == "3 dage over fristen"
