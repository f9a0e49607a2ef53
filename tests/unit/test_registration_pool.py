"""The pool's snapshot, and a registration's course."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.pool import IncompletePoolError, Registrant, snapshot
from registration.domain.registration import (
    MAY_SIGN_UP,
    TAKING_PART,
    NotAllowedError,
    Registration,
    Status,
    decline,
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


def salt(person: str) -> str:
    return f"salt of {person}"


pools = st.lists(registrants, unique_by=lambda r: r.person, max_size=20)


@given(pools, st.randoms(use_true_random=False))
def test_the_snapshot_is_the_same_in_whatever_order_the_database_returns_people(pool: list[Registrant], random) -> None:
    shuffled = list(pool)
    random.shuffle(shuffled)
    assert snapshot(shuffled, CRITERIA, salt) == snapshot(pool, CRITERIA, salt)


@given(pools)
def test_the_snapshot_lists_everyone_once_sorted_with_the_criteria_in_the_assemblys_order(
    pool: list[Registrant],
) -> None:
    frozen = snapshot(pool, CRITERIA, salt)
    header, *rows = frozen.body.decode().split("\n")[:-1]
    assert header == "person,household,salt,gender,age"
    people = [row.split(",")[0] for row in rows]
    assert people == sorted(r.person for r in pool)
    assert frozen.size == len(pool)
    assert frozen.digest == hashlib.sha256(frozen.body).hexdigest()


@given(pools.filter(len), ids)
def test_anyone_moving_house_changes_the_digest(pool: list[Registrant], household: str) -> None:
    moved = [Registrant(pool[0].person, household, pool[0].features), *pool[1:]]
    same = household == pool[0].household
    assert (snapshot(moved, CRITERIA, salt).digest == snapshot(pool, CRITERIA, salt).digest) == same


@pytest.mark.parametrize(
    "features", [{"gender": "female"}, {"gender": "female", "age": ""}, {"gender": "female", "age": "99"}]
)
def test_a_pool_with_a_blank_or_unlisted_value_is_not_frozen(features: dict[str, str]) -> None:
    good = Registrant("a" * 32, "h", {"gender": "male", "age": "45+"})
    with pytest.raises(IncompletePoolError) as refused:
        snapshot([good, Registrant("b" * 32, "h", features)], CRITERIA, salt)
    assert (refused.value.criterion, refused.value.people) == ("age", ("b" * 32,))


steps = st.lists(st.sampled_from(["sign up", "edit", "withdraw", "no"]), max_size=30)


@given(steps)
def test_however_people_change_their_mind_each_sign_up_and_each_withdrawal_is_said_once(course: list[str]) -> None:
    state = Registration(Status.INVITEE)
    said: list[str] = []
    for step in course:
        if step == "withdraw":
            state, was_in = withdraw(state)
            said += ["withdrew"] * was_in
        elif step == "no":
            if state.status in MAY_SIGN_UP:
                state = decline(state)
        else:
            state, is_new = sign_up(state)
            said += ["signed up"] * is_new
    assert said == (["signed up", "withdrew"] * 30)[: len(said)]
    assert said.count("signed up") == state.sign_ups
    assert (state.status in TAKING_PART) == (said[-1:] == ["signed up"])


@pytest.mark.parametrize("status", sorted({*Status} - {Status.POOL} - MAY_SIGN_UP))
def test_nobody_drawn_erased_or_too_young_signs_up(status: Status) -> None:
    with pytest.raises(NotAllowedError):
        sign_up(Registration(status))


@given(steps)
def test_a_trial_registration_is_never_in_the_pool_and_nothing_of_it_is_said(course: list[str]) -> None:
    state = Registration(Status.INVITEE, test=True)
    for step in course:
        if step == "withdraw":
            state, to_say = withdraw(state)
        elif step == "no":
            state, to_say = decline(state) if state.status in MAY_SIGN_UP else state, False
        else:
            state, to_say = sign_up(state)
            assert state.status is Status.TEST
        assert not to_say
        assert state.status not in TAKING_PART


@pytest.mark.parametrize("status", sorted({*Status} - MAY_SIGN_UP))
def test_who_takes_part_withdraws_and_cannot_say_no_thank_you(status: Status) -> None:
    with pytest.raises(NotAllowedError):
        decline(Registration(status))
