"""The timeline of an assembly: what has happened, what is under way, what comes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sessions.domain.assembly_file import load
from sessions.domain.course import Seen, SessionSeen, StatusSeen, Step, next_session, stages, timeline

PLAN = load(Path(__file__).parents[2] / "municipalities" / "dragoer")
ANNOUNCED = datetime(2025, 2, 1, 9, tzinfo=UTC)


def steps(now: datetime, **seen: Any) -> list[Step]:
    return timeline(PLAN, Seen(announced_at=ANNOUNCED, **seen), now)


def states(now: datetime, **seen: Any) -> dict[str, str]:
    return {step.id or step.kind: step.state for step in steps(now, **seen)}


def held(session_id: str, **changes: Any) -> SessionSeen:
    session = PLAN.session(session_id)
    assert session is not None
    return SessionSeen(
        **({"status": "held", "starts_at": session.starts, "ends_at": session.ends, "place": "x"} | changes)
    )


def test_an_announced_assembly_has_its_whole_course_before_it() -> None:
    order = [step.id or step.kind for step in steps(ANNOUNCED)]
    assert order == [
        "announced", "sign-up", "draw", "first", "second", "open", "third", "fourth", "delivery",
        "status-3", "status-10", "status-24",
    ]  # fmt: skip
    assert [name for name, state in states(ANNOUNCED).items() if state != "next"] == ["announced"]


def test_sign_up_is_now_from_its_opening_until_the_pool_is_closed() -> None:
    assert states(ANNOUNCED)["sign-up"] == "next"
    assert states(ANNOUNCED, sign_up_opened=True)["sign-up"] == "now"
    assert states(ANNOUNCED, sign_up_opened=True, pool_closed=True)["sign-up"] == "done"


def test_the_draw_is_now_while_it_is_sealed_and_done_when_drawn() -> None:
    assert states(ANNOUNCED, draw_announced=True)["draw"] == "now"
    assert states(ANNOUNCED, draw_announced=True, drawn_at=ANNOUNCED)["draw"] == "done"


def test_a_session_is_now_while_it_lasts_and_done_only_when_it_is_held() -> None:
    first = PLAN.sessions[0]
    assert states(first.starts)["first"] == "now"
    assert states(first.ends + timedelta(days=1))["first"] == "next"
    assert states(first.ends, sessions={"first": held("first")})["first"] == "done"


def test_the_next_session_is_the_first_that_is_neither_held_nor_past() -> None:
    after_first = PLAN.sessions[0].ends + timedelta(hours=1)
    assert _next(ANNOUNCED) == "first"
    assert _next(ANNOUNCED, sessions={"first": held("first")}) == "second"
    assert _next(after_first) == "second"
    assert _next(PLAN.sessions[-1].ends + timedelta(days=1)) is None


def test_a_moved_session_stands_at_its_new_time() -> None:
    moved = held("first", status="scheduled", starts_at=datetime(2025, 4, 10, 15, tzinfo=UTC))
    step = next_session(steps(ANNOUNCED, sessions={"first": moved}))
    assert step is not None
    assert step.when == datetime(2025, 4, 10, 15, tzinfo=UTC)


def test_the_next_session_for_all_residents_is_not_one_for_the_members() -> None:
    after_it = PLAN.sessions[2].ends + timedelta(hours=1)
    assert next_session(steps(ANNOUNCED), among={"open"}) == steps(ANNOUNCED)[5]
    assert next_session(steps(after_it), among={"open"}) is None


def test_the_course_at_a_glance_has_one_stage_under_way_after_the_other() -> None:
    sealed = {"sign_up_opened": True, "pool_closed": True, "draw_announced": True}
    drawn = sealed | {"drawn_at": ANNOUNCED}
    some = {"sessions": {"first": held("first")}}
    every = {"sessions": {session.id: held(session.id) for session in PLAN.sessions}}
    due = {"status-3": StatusSeen(date(2025, 9, 17))}
    delivered = drawn | every | {"delivered_at": ANNOUNCED}
    assert [_glance(**seen) for seen in ({}, {"sign_up_opened": True}, sealed, drawn | some)] == [
        "done next next next next next",
        "done now next next next next",
        "done done now next next next",
        "done done done now next next",
    ]
    assert _glance(**drawn, **every) == "done done done done next next"
    assert _glance(**delivered, statuses=due) == "done done done done done now"
    reported = {milestone.id: StatusSeen(date(2025, 9, 17), date(2025, 9, 1)) for milestone in PLAN.milestones}
    assert _glance(**delivered, statuses=reported) == "done done done done done done"


def test_a_stage_counts_what_is_done_of_it() -> None:
    seen = steps(ANNOUNCED, sessions={"first": held("first"), "second": held("second")})
    of_sessions = next(stage for stage in stages(seen) if stage.kind == "session")
    assert (of_sessions.done, len(of_sessions.steps)) == (2, 5)


def test_a_status_is_overdue_the_day_after_its_due_day_in_copenhagen() -> None:
    due = {"status-3": StatusSeen(date(2025, 9, 17))}
    # 22:30 UTC in September is half past midnight in Copenhagen: the next day.
    on_the_day = _status(datetime(2025, 9, 17, 21, 30, tzinfo=UTC), due)
    after = _status(datetime(2025, 9, 17, 22, 30, tzinfo=UTC), due)
    assert (on_the_day.overdue, on_the_day.state) == (False, "next")
    assert (after.overdue, after.state) == (True, "now")


def test_a_published_status_is_done_however_late() -> None:
    step = _status(datetime(2026, 1, 1, tzinfo=UTC), {"status-3": StatusSeen(date(2025, 9, 17), date(2025, 10, 1))})
    assert (step.state, step.when, step.overdue) == ("done", date(2025, 10, 1), False)


def _glance(**seen: Any) -> str:
    return " ".join(stage.state for stage in stages(steps(ANNOUNCED, **seen)))


def _next(now: datetime, **seen: Any) -> str | None:
    step = next_session(steps(now, **seen))
    return step.id if step else None


def _status(now: datetime, statuses: dict[str, StatusSeen]) -> Step:
    return next(step for step in steps(now, statuses=statuses) if step.id == "status-3")
