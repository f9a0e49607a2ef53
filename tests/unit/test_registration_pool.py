"""The pool's snapshot, and a registration's course."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.assembly import Criterion, Value
from registration.domain.pool import IncompletePoolError, Registrant, snapshot
from registration.domain.registration import (
    TAKING_PART,
    FormProblem,
    NotAllowedError,
    Registration,
    Status,
    read_form,
    sign_up,
    withdraw,
)

CRITERIA = {"gender": frozenset({"female", "male"}), "age": frozenset({"15-44", "45+"})}
ids = st.text("0123456789abcdef", min_size=32, max_size=32)
registrants = st.builds(
    lambda person, household, gender, age: Registrant(person, household, {"age": age, "gender": gender, "spare": "x"}),
    ids,
    ids,
    st.sampled_from(["female", "male"]),
    st.sampled_from(["15-44", "45+"]),
)
pools = st.lists(registrants, unique_by=lambda r: r.person, max_size=20)


@given(pools, st.randoms(use_true_random=False))
def test_the_snapshot_is_the_same_in_whatever_order_the_database_returns_people(pool: list[Registrant], random) -> None:
    shuffled = list(pool)
    random.shuffle(shuffled)
    assert snapshot(shuffled, CRITERIA) == snapshot(pool, CRITERIA)


@given(pools)
def test_the_snapshot_lists_everyone_once_sorted_with_the_criteria_in_the_assemblys_order(
    pool: list[Registrant],
) -> None:
    frozen = snapshot(pool, CRITERIA)
    header, *rows = frozen.body.decode().split("\n")[:-1]
    assert header == "person,household,gender,age"
    people = [row.split(",")[0] for row in rows]
    assert people == sorted(r.person for r in pool)
    assert frozen.size == len(pool)
    assert frozen.digest == hashlib.sha256(frozen.body).hexdigest()


@given(pools.filter(len), ids)
def test_anyone_moving_house_changes_the_digest(pool: list[Registrant], household: str) -> None:
    moved = [Registrant(pool[0].person, household, pool[0].features), *pool[1:]]
    same = household == pool[0].household
    assert (snapshot(moved, CRITERIA).digest == snapshot(pool, CRITERIA).digest) == same


@pytest.mark.parametrize(
    "features", [{"gender": "female"}, {"gender": "female", "age": ""}, {"gender": "female", "age": "99"}]
)
def test_a_pool_with_a_blank_or_unlisted_value_is_not_frozen(features: dict[str, str]) -> None:
    good = Registrant("a" * 32, "h", {"gender": "male", "age": "45+"})
    with pytest.raises(IncompletePoolError) as refused:
        snapshot([good, Registrant("b" * 32, "h", features)], CRITERIA)
    assert (refused.value.criterion, refused.value.people) == ("age", ("b" * 32,))


steps = st.lists(st.sampled_from(["sign up", "edit", "withdraw"]), max_size=30)


@given(steps)
def test_however_people_change_their_mind_each_sign_up_and_each_withdrawal_is_said_once(course: list[str]) -> None:
    state = Registration(Status.INVITEE)
    said: list[str] = []
    for number, step in enumerate(course):
        if step == "withdraw":
            state, was_in = withdraw(state)
            said += ["withdrew"] * was_in
        else:
            state, is_new = sign_up(state, {"gender": str(number)}, "en")
            said += ["signed up"] * is_new
            assert state.answers == {"gender": str(number)}
    assert said == (["signed up", "withdrew"] * 30)[: len(said)]
    assert said.count("signed up") == state.sign_ups
    assert (state.status in TAKING_PART) == (said[-1:] == ["signed up"])
    assert state.status in TAKING_PART or not state.answers


@pytest.mark.parametrize("status", sorted({*Status} - {Status.INVITEE, Status.POOL, Status.WITHDRAWN}))
def test_nobody_drawn_erased_or_too_young_signs_up(status: Status) -> None:
    with pytest.raises(NotAllowedError):
        sign_up(Registration(status), {}, "da")


GENDER = Criterion("gender", {"da": "Køn"}, "form", (Value("female", {}), Value("male", {})))


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"gender": "male", "consent": "yes"}, []),
        ({}, [("gender", "required"), ("consent", "required")]),
        ({"gender": " ", "consent": "yes"}, [("gender", "required")]),
        ({"gender": "MALE", "consent": "yes"}, [("gender", "known value")]),
        ({"gender": "female", "consent": "no"}, [("consent", "required")]),
    ],
)
def test_a_form_is_read_and_everything_wrong_with_it_said_at_once(
    fields: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    assert read_form(fields, (GENDER,))[1] == [FormProblem(*p) for p in problems]
