"""The dashboards' small rules: how a follow-up stands, pages of a list, elections and moved days on the line."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.domain.commitment import State, commit
from followup.domain.mandate import Milestone
from followup.domain.standing import standing
from followup.paging import address, page_asked, paged
from followup.timeline import LEFT, RIGHT, timeline
from followup.views import milestone_view

TODAY = date(2026, 3, 17)
DELIVERED = date(2025, 6, 17)


@given(st.integers(-400, 400), st.lists(st.integers(0, 90), max_size=5))
def test_a_follow_up_stands_as_the_status_it_owes_first(left: int, reminders: list[int]) -> None:
    due_on = TODAY + timedelta(days=left)
    milestone = Milestone("m", {"da": "x", "en": "x"}, "within", 3, None, tuple(reminders))
    one = commit("by-2025", milestone, due_on, DELIVERED, DELIVERED)
    assert standing(TODAY, one.due_on, one.soon_on, closed=False) is one.state(TODAY)


def test_what_is_closed_or_has_no_day_is_never_late() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert standing(TODAY, yesterday, yesterday, closed=True) is State.REPORTED
    assert standing(TODAY, None, None, closed=False) is State.UNDATED


@given(st.integers(0, 130), st.integers(1, 20))
def test_pages_together_are_the_list_and_one_past_the_end_is_the_last(total: int, size: int) -> None:
    rows = list(range(total))
    first = paged(rows, 1, size)
    assert [row for page in range(1, first.pages + 1) for row in paged(rows, page, size).rows] == rows
    assert paged(rows, first.pages + 3, size) == paged(rows, first.pages, size)
    assert first.total == total


def test_a_page_is_asked_for_by_a_number_alone_and_an_address_leaves_out_what_is_empty() -> None:
    assert [page_asked({"side": text}) for text in ("", "2", "0", "-1", "1e3", "٣", "9999999")] == [1, 2, 1, 1, 1, 1, 1]
    assert address("/x", a="", b="æ&") == "/x?b=%C3%A6%26"
    assert address("/x", a="") == "/x"


def test_elections_within_the_line_and_moved_days_have_their_places_on_it() -> None:
    milestone = Milestone("m", {"da": "x", "en": "x"}, "within", 3, None, ())
    one = commit("by-2025", milestone, date(2025, 9, 17), DELIVERED, DELIVERED)
    at = datetime(2025, 7, 1, tzinfo=UTC)
    moved = one.extended(date(2026, 6, 17), "Valget tager tid", date(2025, 7, 1), at)
    line = timeline(
        DELIVERED, [milestone_view(milestone, moved, TODAY)], TODAY, [date(2025, 11, 18), date(2021, 11, 16)]
    )
    (mark,) = line.marks
    assert mark.x == RIGHT
    assert mark.promised_x is not None
    assert LEFT < mark.promised_x < line.elections[0][0] < line.today_x < RIGHT
    assert [day for _, day in line.elections] == [date(2025, 11, 18)]
    still = timeline(DELIVERED, [milestone_view(milestone, one, TODAY)], TODAY)
    assert still.marks[0].promised_x is None
