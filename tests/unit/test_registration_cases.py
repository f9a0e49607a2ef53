"""What the secretariat may do for one person, and what is said of a number that was typed wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.language import Words
from registration.case_view import CHANGE_WORDS
from registration.case_words import ACTIONS, SLIPS
from registration.domain.cases import ARROWS, Action, Slip, Standing, allowed, outcome, slip_in
from registration.domain.eligibility import excluded
from registration.domain.people import reference, spoken_reference, typed_reference
from registration.domain.registration import MEMBERS, TAKING_PART, Status
from registration.status_words import STATUS_WORDS, WHY_WORDS, status_in_words
from registration.use_cases.trials import NAME

TRIED = {Status.INVITEE, Status.DECLINED, Status.TEST, Status.WITHDRAWN}
"""Where a trial can stand."""
standings = st.builds(
    Standing,
    status=st.sampled_from(Status),
    why=st.none() | st.sampled_from([*WHY_WORDS, "excluded:politician"]),
    test=st.booleans(),
    invited=st.booleans(),
    linked=st.booleans(),
    declined=st.booleans(),
    sign_ups=st.integers(0, 3),
    sign_up_open=st.booleans(),
    sign_up_over=st.booleans(),
    pool_closed=st.booleans(),
).filter(lambda s: s.status in TRIED if s.test else s.status is not Status.TEST)


def after(standing: Standing, action: Action) -> Standing:
    status, why = outcome(standing, action, "politician")
    changes = {"status": status, "why": why, "sign_ups": standing.sign_ups + (action is Action.SIGN_UP)}
    changes["declined"] = standing.declined or action is Action.DECLINE
    fields = {name: getattr(standing, name) for name in Standing.__slots__}
    return Standing(**fields | changes)


@given(standings, st.lists(st.integers(0, 99), max_size=12))
def test_no_sequence_of_actions_leaves_the_documented_arrows_or_leads_out_of_erased(
    standing: Standing, choices: list[int]
) -> None:
    for choice in choices:
        offered = allowed(standing)
        if standing.status is Status.ERASED:
            assert offered == ()
            return
        if not offered:
            return
        then = after(standing, offered[choice % len(offered)])
        assert then.status is standing.status or then.status in ARROWS[standing.status]
        standing = then


@given(standings)
def test_a_trial_never_gets_near_the_pool_and_is_never_erased_or_left_out(standing: Standing) -> None:
    if not standing.test:
        return
    offered = set(allowed(standing))
    assert not offered & {Action.ERASE, Action.EXCLUDE, Action.MOVED_OUT, Action.DIED, Action.NEW_LINK, Action.REVOKE}
    assert Action.SIGN_UP not in offered or outcome(standing, Action.SIGN_UP)[0] is Status.TEST


@given(standings)
def test_nobody_is_put_into_the_pool_but_by_signing_up_while_it_is_open(standing: Standing) -> None:
    for action in allowed(standing):
        status, _ = outcome(standing, action)
        if status in TAKING_PART and standing.status not in TAKING_PART:
            assert action is Action.SIGN_UP
            assert standing.sign_up_open
            assert standing.invited


@given(standings)
def test_a_member_loses_the_seat_by_each_action_that_changes_where_they_stand(standing: Standing) -> None:
    for action in allowed(standing):
        status, _ = outcome(standing, action)
        if standing.status in MEMBERS and status is not standing.status:
            assert status in {Status.WITHDRAWN, Status.INELIGIBLE, Status.ERASED}


@given(standings)
def test_who_is_too_young_or_lives_elsewhere_is_not_let_in_by_hand(standing: Standing) -> None:
    if standing.why in {"age", "postcode", None}:
        assert Action.READMIT not in allowed(standing)


def test_who_is_let_in_again_stands_as_before_and_is_never_put_back_into_the_pool() -> None:
    out = {"status": Status.INELIGIBLE, "why": excluded("politician")}
    assert outcome(Standing(**out), Action.READMIT) == (Status.INVITEE, None)
    assert outcome(Standing(**out, declined=True), Action.READMIT) == (Status.DECLINED, None)
    assert outcome(Standing(**out, sign_ups=1, declined=True), Action.READMIT) == (Status.WITHDRAWN, None)


@given(st.binary(min_size=4, max_size=16))
def test_a_number_that_is_read_out_is_taken_and_each_wrong_digit_found(key: bytes) -> None:
    number = reference(key, "someone")
    assert typed_reference(spoken_reference(number)) == number
    for place, digit in enumerate(number):
        wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        assert typed_reference(wrong) is None
        assert slip_in(wrong) is Slip.CHECK_DIGIT


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("", Slip.EMPTY),
        ("  - ", Slip.EMPTY),
        ("12345678O", Slip.OTHER_SIGNS),
        ("<script>", Slip.OTHER_SIGNS),
        ("١٢٣٤٥٦٧٨٩", Slip.OTHER_SIGNS),
        ("123 456 78", Slip.SHORT),
        ("1", Slip.SHORT),
        ("010170-1234", Slip.CPR),
        ("123 456 789 01", Slip.LONG),
        ("9" * 5000, Slip.LONG),
        ("123 456 789", Slip.CHECK_DIGIT),
    ],
)
def test_the_likeliest_slip_is_named(typed: str, slip: Slip) -> None:
    assert typed_reference(typed) is None
    assert slip_in(typed) is slip


def test_the_example_on_the_page_is_a_number_that_could_be() -> None:
    assert typed_reference("123 456 782") == "123456782"


def test_there_are_words_for_every_status_action_change_and_slip() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert set(ACTIONS) == set(Action)
    assert {action.value for action in Action} <= set(CHANGE_WORDS)
    assert set(SLIPS) == set(Slip)
    assert NAME == "Prøve"


@pytest.mark.parametrize(
    ("status", "why", "said"),
    [
        ("ineligible", "moved-out", "Kan ikke deltage: er flyttet"),
        ("ineligible", "excluded:politician", "Kan ikke deltage: Folkevalgte"),
        ("ineligible", "excluded:forgotten", "Kan ikke deltage: forgotten"),
        ("declined", "excluded:politician", "Har sagt nej tak: Folkevalgte"),
        ("declined", None, "Har sagt nej tak"),
        ("invitee", None, "Ikke inviteret endnu"),
        ("test", None, "Prøvetilmelding"),
    ],
)
def test_where_someone_stands_is_said_with_the_reason(status: str, why: str | None, said: str) -> None:
    words = Words("da", "registration")
    person = {"status": status, "why": why, "invited_at": None}
    assert status_in_words(words, person, {"politician": {"da": "Folkevalgte", "en": "Politicians"}}) == said
