"""Seats after the draw: answers, deadlines, reminders, replacements and noes taken back, in any order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lottery.domain.answering import answer_by, to_remind
from lottery.domain.board import Board, NotAMemberError, NoWayBackError, SeatLeftError, Status
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, Quotas, quotas_hold, quotas_reachable

QUOTAS = Quotas(4, tuple(Quota("tenure", value, 1, 3) for value in ("owner", "tenant")))
DRAWN_AT = datetime(2027, 4, 1, 17, 0, tzinfo=UTC)
BY = answer_by(DRAWN_AT, 7)
PANEL, ALTERNATES = ("a", "b", "c", "d"), ("e", "f", "g", "h")
PEOPLE = {
    name: Registrant(name, household, {"tenure": tenure}, f"salt of {name}")
    for name, household, tenure in (
        ("a", "h1", "owner"), ("b", "h2", "owner"), ("c", "h3", "tenant"), ("d", "h4", "tenant"),
        ("e", "h1", "owner"), ("f", "h5", "owner"), ("g", "h6", "tenant"), ("h", "h7", "tenant"),
    )
}  # fmt: skip


def board() -> Board:
    fresh = Board({}, dict.fromkeys(ALTERNATES, Status.WAITING), lines={name: f"line {name}" for name in PEOPLE})
    for person in PANEL:
        fresh.offer(person, BY)
    return fresh


def leave(one: Board, person: str, how: Status, people: dict[str, Registrant]) -> None:
    """What the use case does when someone leaves: blank, leave, fill, write down."""
    if how is not Status.DECLINED:
        people.pop(person, None)
    opened = one.leave(person, how)
    changes: list[tuple[str, str | None]] = [(r.left, r.joined) for r in one.fill(people, QUOTAS, BY)]
    one.note(DRAWN_AT, changes + [(person, None)] * (opened and person in one.open_seats), people, QUOTAS)


def test_the_deadline_is_the_last_minute_of_the_last_day_in_copenhagen() -> None:
    assert datetime(2027, 4, 8, 21, 59, tzinfo=UTC) == BY
    over_summer_time = answer_by(datetime(2027, 3, 26, 23, 30, tzinfo=UTC), 7)  # already the 27th in Copenhagen
    assert over_summer_time == datetime(2027, 4, 3, 21, 59, tzinfo=UTC)


def test_who_has_not_answered_is_reminded_once_before_the_deadline_and_never_after_it() -> None:
    one = board()
    one.confirm("a")
    assert to_remind(one, BY - timedelta(days=2, minutes=1), 2) == {}
    assert to_remind(one, BY - timedelta(days=2), 2) == {BY: ["b", "c", "d"]}
    one.reminded += ["b", "c"]
    assert to_remind(one, BY - timedelta(hours=1), 2) == {BY: ["d"]}
    assert to_remind(one, BY, 2) == {}
    assert [person for person in PANEL if one.overdue(person, BY)] == ["b", "c", "d"]


def test_who_is_offered_a_seat_anew_is_reminded_anew() -> None:
    one = board()
    one.reminded += ["b"]
    one.decline("b")
    one.give_back("b", PEOPLE, QUOTAS, BY + timedelta(days=7))
    assert to_remind(one, BY + timedelta(days=6), 2) == {BY + timedelta(days=7): ["b"]}


def test_an_alternate_of_a_members_household_is_passed_over() -> None:
    one = board()
    leave(one, "b", Status.DECLINED, dict(PEOPLE))
    assert one.successors == {"b": "f"}, "e lives with a"
    assert [(change.left, change.joined, change.quotas_hold) for change in one.log] == [("line b", "line f", True)]


def test_a_no_is_taken_back_while_the_alternate_has_not_answered() -> None:
    one = board()
    leave(one, "b", Status.DECLINED, dict(PEOPLE))
    assert one.returnable("b")
    assert one.give_back("b", PEOPLE, QUOTAS, BY) == "f"
    assert (one.members["b"], one.alternates["f"]) == (Status.SELECTED, Status.WAITING)
    assert "f" not in one.members
    leave(one, "b", Status.WITHDRAWN, dict(PEOPLE))
    assert one.successors["b"] == "f", "the alternate waits in the same place as before"


def test_a_no_is_not_taken_back_once_the_alternate_has_said_yes_or_the_person_is_gone() -> None:
    one = board()
    leave(one, "b", Status.DECLINED, dict(PEOPLE))
    with pytest.raises(NoWayBackError):
        one.give_back("b", {name: who for name, who in PEOPLE.items() if name != "b"}, QUOTAS, BY)
    one.confirm("f")
    assert not one.returnable("b")
    with pytest.raises(NoWayBackError):
        one.give_back("b", PEOPLE, QUOTAS, BY)
    with pytest.raises(NoWayBackError):
        one.give_back("a", PEOPLE, QUOTAS, BY)


def test_a_no_is_not_taken_back_beside_someone_of_the_same_household() -> None:
    one, people = board(), dict(PEOPLE)
    one.alternates = {"e": Status.WAITING}
    leave(one, "b", Status.DECLINED, people)
    assert one.open_seats == ["b"], "e lives with a, who has a seat"
    leave(one, "a", Status.DECLINED, people)
    assert (one.successors, one.open_seats) == ({"b": "e"}, ["a"])
    with pytest.raises(NoWayBackError):
        one.give_back("a", people, QUOTAS, BY)
    assert one.give_back("b", people, QUOTAS, BY) == "e"
    assert one.give_back("a", people, QUOTAS, BY) is None


def test_of_two_who_were_drawn_together_from_one_household_one_takes_a_no_back() -> None:
    one = board()
    people = PEOPLE | {"b": Registrant("b", "h1", {"tenure": "owner"}, "salt of b")}
    leave(one, "b", Status.DECLINED, people)
    assert one.give_back("b", people, QUOTAS, BY) == "f"


def test_a_seat_that_nobody_fits_stays_open_is_written_down_once_and_can_be_given_back() -> None:
    one = board()
    one.alternates = {}
    leave(one, "b", Status.DECLINED, dict(PEOPLE))
    assert one.open_seats == ["b"]
    assert [(change.joined, change.quotas_hold) for change in one.log] == [(None, False)]
    assert one.give_back("b", PEOPLE, QUOTAS, BY) is None
    assert one.open_seats == []


def test_of_who_is_erased_the_board_forgets_where_they_stand_in_the_record() -> None:
    one, people = board(), dict(PEOPLE)
    leave(one, "b", Status.ERASED, people)
    leave(one, "g", Status.ERASED, people)
    assert not {"b", "g"} & set(one.lines)
    assert one.log[0].left == "line b"
    leave(one, "g", Status.WITHDRAWN, people)
    assert one.alternates["g"] is Status.ERASED, "nothing comes after erasure"


def test_what_is_written_down_follows_in_time_though_a_replica_that_began_first_is_done_last() -> None:
    one = board()
    one.note(DRAWN_AT + timedelta(seconds=2), [("a", "e")], PEOPLE, QUOTAS)
    one.note(DRAWN_AT + timedelta(seconds=1), [("b", "f")], PEOPLE, QUOTAS)
    assert [change.at for change in one.log] == [DRAWN_AT + timedelta(seconds=2)] * 2


steps = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "withdraw", "erase", "take back"]), st.sampled_from([*PANEL, *ALTERNATES])),
    max_size=25,
)


@given(steps)
def test_whatever_is_answered_left_and_taken_back_nobody_has_two_seats_and_the_quotas_hold(
    course: list[tuple[str, str]],
) -> None:
    one, people = board(), dict(PEOPLE)
    for what, person in course:
        try:
            if what == "yes":
                one.confirm(person)
            elif what == "take back":
                successor = one.give_back(person, people, QUOTAS, BY)
                one.note(DRAWN_AT, [(successor or person, person)], people, QUOTAS)
            elif what == "no":
                if one.members.get(person) in {Status.SELECTED, Status.CONFIRMED}:
                    leave(one, person, Status.DECLINED, people)
            else:
                leave(one, person, Status.ERASED if what == "erase" else Status.WITHDRAWN, people)
        except (NotAMemberError, SeatLeftError, NoWayBackError):
            pass
        seated = [people[name].features for name in one.seated]  # none of them is gone
        assert not set(one.seated) & set(one.waiting)
        assert len(one.seated) + len(one.open_seats) == QUOTAS.panel_size
        assert len(set(one.open_seats)) == len(one.open_seats)
        assert quotas_reachable(seated, QUOTAS)
        assert len({people[name].household for name in one.seated}) == len(one.seated)
        if one.log and not one.open_seats:
            assert one.log[-1].quotas_hold == quotas_hold(seated, QUOTAS)
        gone = set(PEOPLE) - set(people)
        assert set(one.lines) & gone <= set(one.open_seats)
