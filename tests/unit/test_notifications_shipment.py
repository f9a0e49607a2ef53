"""A shipment's states: what leads forward, what changes nothing, what is final."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.shipment import (
    BY_HAND,
    TERMINAL,
    TO_SEND,
    Shipment,
    State,
    Step,
    after,
    shipment_id,
    uuid_from,
)

states, steps = st.sampled_from(list(State)), st.sampled_from(sorted(set(Step) - BY_HAND))


def walk(state: State, *taken: Step) -> State:
    for step in taken:
        state = after(state, step)
    return state


def test_a_message_goes_from_created_to_delivered() -> None:
    taken = (Step.CHANNEL_CHOSEN, Step.SENDING, Step.ACCEPTED, Step.RECEIVED, Step.DELIVERED)
    passed = [walk(State.CREATED, *taken[: n + 1]) for n in range(len(taken))]
    assert passed == [State.CHANNEL_CHOSEN, State.SENDING, State.ACCEPTED, State.RECEIVED, State.DELIVERED]


def test_a_letter_ends_when_it_is_dispatched_for_nobody_learns_more() -> None:
    taken = (Step.CHANNEL_CHOSEN, Step.SENDING, Step.ACCEPTED, Step.AT_PRINTER, Step.DISPATCHED)
    assert walk(State.CREATED, *taken) is State.DISPATCHED


def test_a_time_out_is_unknown_until_it_is_sent_again_or_a_receipt_comes() -> None:
    unknown = walk(State.CREATED, Step.CHANNEL_CHOSEN, Step.SENDING, Step.TIMED_OUT)
    assert unknown is State.UNKNOWN
    assert walk(unknown, Step.SENDING, Step.ACCEPTED) is State.ACCEPTED
    assert walk(unknown, Step.DELIVERED) is State.DELIVERED


def test_a_receipt_that_overtakes_our_own_note_of_the_sending_counts() -> None:
    assert walk(State.SENDING, Step.DELIVERED, Step.ACCEPTED) is State.DELIVERED


def test_an_overdue_shipment_is_mended_by_a_late_receipt() -> None:
    overdue = walk(State.ACCEPTED, Step.OVERDUE)
    assert overdue is State.OVERDUE
    assert walk(overdue, Step.RECEIVED, Step.DELIVERED) is State.DELIVERED


def test_whoever_died_while_sending_leaves_a_doubt_and_not_a_second_sending() -> None:
    lost = walk(State.SENDING, Step.LOST)
    assert lost is State.UNKNOWN
    assert walk(lost, Step.RECEIVED) is State.RECEIVED


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN, State.ACCEPTED, State.DELIVERED])
def test_what_may_have_been_taken_cannot_be_cancelled(state: State) -> None:
    assert after(state, Step.CANCELLED) is state


def test_a_failure_somebody_has_looked_at_is_sent_again_and_nothing_else_is() -> None:
    assert after(State.FAILED, Step.RESENT) is State.CREATED
    for state in set(State) - {State.FAILED}:
        assert after(state, Step.RESENT) is state


def test_who_turns_out_not_to_be_registered_gets_a_letter() -> None:
    assert walk(State.RECEIVED, Step.NOT_REGISTERED) is State.CHANNEL_CHOSEN
    assert walk(State.DELIVERED, Step.NOT_REGISTERED) is State.DELIVERED


def test_nothing_is_sent_before_a_channel_is_chosen() -> None:
    assert after(State.CREATED, Step.SENDING) is State.CREATED


@given(st.sampled_from(sorted(TERMINAL)), st.lists(steps))
def test_a_terminal_state_is_final_whatever_comes(state: State, taken: list[Step]) -> None:
    assert walk(state, *taken) is state


@given(
    st.sampled_from([Step.DELIVERED, Step.FAILED]),
    st.lists(st.sampled_from([Step.ACCEPTED, Step.RECEIVED]), max_size=5),
    st.integers(1, 3),
    st.randoms(),
)
def test_receipts_in_any_order_and_number_end_in_the_same_state(
    end: Step, others: list[Step], times: int, random: Random
) -> None:
    receipts = [*others, *[end] * times]
    random.shuffle(receipts)
    start = walk(State.CREATED, Step.CHANNEL_CHOSEN, Step.SENDING)
    assert walk(start, *receipts) is walk(start, end)


@given(states, steps)
def test_the_same_step_twice_is_as_once(state: State, step: Step) -> None:
    assert walk(state, step, step) is walk(state, step)


@given(st.lists(st.sampled_from([Step.ACCEPTED, Step.RECEIVED, Step.DELIVERED, Step.OVERDUE]), min_size=1))
def test_what_was_taken_once_is_never_sent_again(taken: list[Step]) -> None:
    state = walk(State.SENDING, Step.ACCEPTED, *taken, Step.SENDING, Step.NOT_TAKEN, Step.TIMED_OUT)
    assert state not in TO_SEND


def test_one_event_recipient_and_template_is_one_shipment() -> None:
    one = Shipment("dragoer-2025", "receipt", "event-1", "a" * 32)
    again = Shipment("dragoer-2025", "receipt", "event-1", "a" * 32, fields={"x": 1}, traceparent="00-1")
    assert one.id == again.id
    assert one.message_uuid == again.message_uuid


@pytest.mark.parametrize(
    "other",
    [
        ("greve-2023", "event-1", "p", "receipt"),
        ("dragoer-2025", "event-2", "p", "receipt"),
        ("dragoer-2025", "event-1", "q", "receipt"),
        ("dragoer-2025", "event-1", "p", "drawn"),
    ],
)
def test_any_difference_makes_another_shipment(other: tuple[str, str, str, str]) -> None:
    assert shipment_id(*other) != shipment_id("dragoer-2025", "event-1", "p", "receipt")


@given(st.text())
def test_a_messages_uuid_has_the_shape_of_version_4(part: str) -> None:
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(pattern, uuid_from("message", part.encode(errors="replace").decode()))
