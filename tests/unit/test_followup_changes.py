"""What is new in a status since the one before."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.domain.answers import VERDICTS, Content
from followup.domain.changes import ThemeStanding, by_theme, changes
from followup.domain.status import ReportedAnswer, Status

CONTENT = Content("partly", "Pengene er ikke fundet", "Et forsøg", date(2026, 3, 1), "Kultur", 10_000)


def _answer(number: int, theme: str = "tech", progress: int = 0, content: Content = CONTENT) -> ReportedAnswer:
    return ReportedAnswer(f"r{number}", number, theme, f"Anbefaling {number}", 1, content, progress)


def _status(*answers: ReportedAnswer) -> Status:
    return Status("Kort", date(2025, 9, 17), datetime(2025, 9, 17, 8, tzinfo=UTC), answers)


def _what(before: ReportedAnswer, after: ReportedAnswer) -> list[tuple[str, ...]]:
    return [change.what for change in changes(_status(before), _status(after))]


def test_in_the_first_status_everything_is_new() -> None:
    assert [(c.recommendation, c.before, c.what) for c in changes(None, _status(_answer(1), _answer(2)))] == [
        ("r1", None, ("new",)),
        ("r2", None, ("new",)),
    ]


def test_what_the_status_before_did_not_tell_of_is_new() -> None:
    told = changes(_status(_answer(2)), _status(_answer(1), _answer(2)))
    assert [(c.recommendation, c.what) for c in told] == [("r1", ("new",))]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "followed"),
        ("reason", "Pengene er fundet"),
        ("action", ""),
        ("done_by", None),
        ("unit", "Børn"),
        ("money", 0),
    ],
)
def test_each_thing_an_answer_says_is_a_change_of_its_own(field: str, value: object) -> None:
    assert _what(_answer(1), _answer(1, content=replace(CONTENT, **{field: value}))) == [(field,)]


def test_progress_is_a_change_also_backwards() -> None:
    assert _what(_answer(1, progress=10), _answer(1, progress=40)) == [("progress",)]
    assert _what(_answer(1, progress=40), _answer(1, progress=10)) == [("progress",)]


def test_all_that_changed_is_named_in_one_order_and_both_sides_are_kept() -> None:
    old, new = _answer(1), _answer(1, progress=50, content=replace(CONTENT, verdict="followed", money=20_000))
    (change,) = changes(_status(old), _status(new))
    assert (change.before, change.after, change.what) == (old, new, ("verdict", "money", "progress"))


def test_the_same_words_in_a_new_revision_or_under_a_corrected_title_are_no_change() -> None:
    assert _what(_answer(1), replace(_answer(1), revision=2, title="Rettet", theme="care")) == []


def test_themes_stand_in_the_mandates_order_with_what_changed_in_each() -> None:
    followed, refused = replace(CONTENT, verdict="followed"), replace(CONTENT, verdict="not-followed")
    before = _status(_answer(1), _answer(2, "care", content=refused), _answer(3), _answer(4, "odd"))
    after = _status(
        _answer(1, content=followed), _answer(2, "care", content=refused), _answer(3, progress=5), _answer(4, "odd")
    )
    assert by_theme(before, after, ["care", "empty", "tech"], completed={"r3", "r9"}) == (
        ThemeStanding("care", 0, 0, 1, 0, ()),
        ThemeStanding("tech", 1, 1, 0, 1, ("r1", "r3")),
        ThemeStanding("odd", 0, 1, 0, 0, ()),
    )


answers = st.builds(
    lambda n, theme, progress, verdict: _answer(n, theme, progress, replace(CONTENT, verdict=verdict)),
    st.integers(1, 9),
    st.sampled_from(["tech", "care", "odd"]),
    st.integers(0, 100),
    st.sampled_from(VERDICTS),
)
statuses = st.lists(answers, max_size=9, unique_by=lambda one: one.recommendation).map(lambda made: _status(*made))


@given(statuses, statuses)
def test_no_recommendation_is_lost_between_the_themes_and_none_counted_twice(before: Status, after: Status) -> None:
    themes = by_theme(before, after, ["care", "tech"])
    assert sum(t.followed + t.partly + t.not_followed for t in themes) == len(after.answers)
    changed = sorted(one for theme in themes for one in theme.changed)
    assert changed == sorted(change.recommendation for change in changes(before, after))
    assert changes(after, after) == ()
