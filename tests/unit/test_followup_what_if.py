"""A schedule that is tried out gives the days it would give once it is adopted, and no other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.days import TypedDay
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.mandate import Milestone
from followup.domain.whatif import flaws, what_if
from followup.whatif_form import EVENTS, MOST_ROWS, WhatIfForm

WORDS = {"da": "Status", "en": "Status"}
DELIVERED = date(2025, 6, 17)
ASKED = {"rows": "1", "delivered": "17", "delivered-month": "6", "delivered-year": "2025", "months-1": "3"}
MILESTONES = st.builds(
    Milestone,
    st.uuids().map(str),
    st.just(WORDS),
    st.sampled_from(["within", "after"]),
    st.integers(0, 120),
    st.sampled_from([None, "closing", "evaluation"]),
    st.lists(st.integers(1, 200), max_size=4).map(tuple),
    st.just(0),
    st.booleans(),
)


def announced(milestones: tuple[Milestone, ...], events: dict[str, date] | None = None) -> Assembly:
    mandate = Mandate(WORDS, WORDS, WORDS, milestones, {}, {})
    return Assembly("by-2025", mandate, Delivery(DELIVERED, ("r-1",)), events or {})


def read(**more: str) -> WhatIfForm:
    return WhatIfForm.read(ASKED | {name.replace("_", "-"): value for name, value in more.items()}, EVENTS)


def test_dragoers_schedule_a_month_later_and_with_working_days() -> None:
    milestones = tuple(
        Milestone(f"status-{months}", WORDS, wording, months, None, (30, 1), window, True)
        for months, wording, window in ((3, "within", 0), (10, "after", 14), (24, "within", 0))
    )
    first, second, third = what_if(milestones, date(2025, 7, 17), {})
    assert first.commitment is not None
    assert second.commitment is not None
    assert (first.due_on, first.moved_days, first.commitment.opens_on) == (date(2025, 10, 17), 0, date(2025, 7, 17))
    assert first.reminders == (date(2025, 9, 17), date(2025, 10, 16))
    assert first.overdue_on == date(2025, 10, 18)
    # Ten months is 17 May 2026; two weeks more is Sunday 31 May; the working day after is Monday.
    assert (second.due_on, second.moved_days, second.commitment.opens_on) == (date(2026, 6, 1), 1, date(2026, 5, 17))
    assert (third.due_on, third.moved_days) == (date(2027, 7, 19), 2)  # the 17th is a Saturday


@given(st.lists(MILESTONES, max_size=5, unique_by=lambda one: one.id), st.integers(0, 500))
def test_what_is_tried_out_is_what_would_be_committed_to(milestones: list[Milestone], after: int) -> None:
    events = {"closing": DELIVERED + timedelta(days=after)}
    planned = what_if(milestones, DELIVERED, events)
    assert flaws(milestones, DELIVERED, events) == []
    commitments = announced(tuple(milestones), events).new_commitments([], DELIVERED)
    assert {one.milestone.id: one.due_on for one in planned if one.due_on} == {
        one.milestone: one.due_on for one in commitments
    }
    assert {one.milestone.id for one in planned} == {one.id for one in milestones}
    days = [one.due_on for one in planned if one.due_on]
    assert days == sorted(days)
    for one in planned:
        if one.due_on and one.overdue_on:
            assert all(DELIVERED <= reminder < one.due_on for reminder in one.reminders)
            assert (one.overdue_on - one.due_on).days == 1


@given(st.lists(MILESTONES, min_size=1, max_size=MOST_ROWS, unique_by=lambda one: one.id), st.booleans())
def test_an_announced_schedule_goes_through_the_form_unchanged(milestones: list[Milestone], dated: bool) -> None:
    same = [replace(one, reminder_days=milestones[0].reminder_days) for one in milestones]  # the form has one list
    assembly = announced(tuple(same), {"closing": DELIVERED} if dated else {})
    form = WhatIfForm.of(assembly, date(2026, 1, 1), "da")
    asked = {"rows": str(len(form.rows)), "reminders": form.reminders}
    for name, typed in (("delivered", form.delivered), *((f"event-{n}", d) for n, d in form.events.items())):
        asked |= dict(zip((name, f"{name}-month", f"{name}-year"), typed.typed, strict=True))
    for number, row in enumerate(form.rows, start=1):
        fields = {"id": row.id, "title": row.title, "wording": row.wording, "months": row.months, "event": row.event}
        fields |= {"window": row.window, "working": "yes" if row.working else ""}
        asked |= {f"{name}-{number}": value for name, value in fields.items()}
    sent = WhatIfForm.read(asked, form.events)
    schedule = sent.schedule()
    assert sent.errors == {}
    assert schedule is not None
    tried = [(one.milestone.id, one.due_on, one.reminders) for one in what_if(*schedule)]
    assert tried == [(one.milestone.id, one.due_on, one.reminders) for one in what_if(same, DELIVERED, assembly.events)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"delivered": "31"}, "delivered"),
        ({"delivered_year": "1999"}, "delivered"),
        ({"delivered_year": "2101"}, "delivered"),
        ({"months_1": "tre"}, "months-1"),
        ({"months_1": "121"}, "months-1"),
        ({"months_1": "-3"}, "months-1"),
        ({"months_1": "", "title_1": "Status"}, "months-1"),
        ({"window_1": "14"}, "window-1"),
        ({"window_1": "400", "wording_1": "after"}, "window-1"),
        ({"window_1": "x", "wording_1": "after"}, "window-1"),
        ({"reminders": "30; 14"}, "reminders"),
        ({"reminders": "30,,14"}, "reminders"),
        ({"event_closing": "16", "event_closing_month": "6", "event_closing_year": "2025"}, "event-closing"),
        ({"event_closing": "31", "event_closing_month": "6", "event_closing_year": "2025"}, "event-closing"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(more: dict[str, str], field: str) -> None:
    form = read(**more)
    assert form.schedule() is None
    assert list(form.errors) == [field]


def test_an_empty_row_is_left_out_and_the_one_after_it_is_named_by_its_own_number() -> None:
    form = read(rows="3", months_1="", months_2="3", months_3="500")
    assert form.schedule() is None
    assert list(form.errors) == ["months-3"]
    schedule = read(rows="3", months_1="", months_2="3").schedule()
    assert schedule is not None
    assert [one.months for one in schedule[0]] == [3]


def test_a_row_is_added_up_to_the_most_and_nonsense_is_one_row() -> None:
    assert len(read(rows="2", more="yes").rows) == 3
    assert len(read(rows=str(MOST_ROWS), more="yes").rows) == MOST_ROWS
    assert [len(read(rows=rows).rows) for rows in ("", "x", "-1", "999", "٣")] == [1] * 5


def test_an_event_that_is_not_known_here_is_the_delivery() -> None:
    assert read(event_1="eclipse").rows[0].event == "delivery"
    assert read().delivered == TypedDay.of(DELIVERED)
