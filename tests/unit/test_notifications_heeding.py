"""What receipts count for: whatever their order and number, a message ends in one state."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from notifications.domain.heeding import Said, Standing, Verdict, heed
from notifications.domain.shipment import BY_HAND, TERMINAL, State, Step, after, leads

SENDING = Standing(State.SENDING, letter=False, paper=True)
POST: Literal["digital-post"] = "digital-post"


def said(receipt: str, step: Step, transmission: str | None = None) -> Said:
    return Said(receipt, POST, step, transmission)


def heard(now: Standing, receipts: Sequence[Said]) -> tuple[Standing, list[Verdict]]:
    verdicts = []
    for receipt in receipts:
        verdict, now = heed(now, receipt)
        verdicts.append(verdict)
    return now, verdicts


def stands(now: Standing) -> tuple[State, bool]:
    return now.state, now.letter


@st.composite
def courses(draw: st.DrawFn) -> tuple[Said, list[Said]]:
    """The receipts of one message: one that ends it, others before, all of them doubled and in any order."""
    end = said("end", draw(st.sampled_from([Step.DELIVERED, Step.FAILED, Step.NOT_REGISTERED])))
    others = [said(f"other-{n}", Step.RECEIVED) for n in range(draw(st.integers(0, 3)))]
    again = draw(st.lists(st.sampled_from([end, *others])))
    told_twice = [replace(end, id="end-in-other-words")] if draw(st.booleans()) else []
    return end, draw(st.permutations([end, *others, *again, *told_twice]))


@given(courses(), st.booleans())
def test_receipts_in_any_order_and_number_end_in_the_same_state(course: tuple[Said, list[Said]], paper: bool) -> None:
    end, receipts = course
    start = replace(SENDING, paper=paper)
    now, verdicts = heard(start, receipts)
    assert stands(now) == stands(heed(start, end)[1])
    assert "contradicts" not in verdicts


OURS = st.sampled_from([Step.ACCEPTED, Step.TIMED_OUT, Step.NOT_TAKEN, Step.LOST, Step.OVERDUE])


@given(courses(), st.lists(st.tuples(st.integers(0, 9), OURS), max_size=6))
def test_our_own_steps_between_them_change_nothing_of_how_it_ends(
    course: tuple[Said, list[Said]], ours: list[tuple[int, Step]]
) -> None:
    end, receipts = course
    now = SENDING
    for place, receipt in enumerate(receipts):
        for step in [step for at, step in ours if at == place and not now.letter]:
            now = replace(now, state=after(now.state, step))
        now = heed(now, receipt)[1]
    assert stands(now) == stands(heed(SENDING, end)[1])


@given(st.sampled_from(sorted(TERMINAL)), st.sampled_from(sorted(set(Step) - BY_HAND)), st.booleans())
def test_a_terminal_state_is_final_whatever_a_receipt_says(state: State, step: Step, letter: bool) -> None:
    ended = Standing(state, letter=letter, paper=True)
    assert stands(heed(ended, said("late", step))[1]) == (state, letter)


@pytest.mark.parametrize(
    ("state", "step", "verdict"),
    [
        (State.DELIVERED, Step.FAILED, "contradicts"),
        (State.FAILED, Step.DELIVERED, "contradicts"),
        (State.DELIVERED, Step.NOT_REGISTERED, "contradicts"),
        (State.CANCELLED, Step.DELIVERED, "contradicts"),
        (State.DELIVERED, Step.DELIVERED, "nothing-new"),
        (State.FAILED, Step.FAILED, "nothing-new"),
        (State.FAILED, Step.NOT_REGISTERED, "nothing-new"),
        (State.DELIVERED, Step.RECEIVED, "nothing-new"),
        (State.OVERDUE, Step.DELIVERED, "counts"),
    ],
)
def test_a_receipt_that_says_the_opposite_of_how_it_ended_is_a_contradiction(
    state: State, step: Step, verdict: Verdict
) -> None:
    assert heed(Standing(state, letter=False, paper=True), said("one", step))[0] == verdict


def test_what_digital_post_says_of_what_became_a_letter_changes_nothing() -> None:
    now, verdicts = heard(SENDING, [said("1", Step.NOT_REGISTERED), said("2", Step.RECEIVED), said("3", Step.FAILED)])
    assert stands(now) == (State.CHANNEL_CHOSEN, True)
    assert verdicts == ["counts", "nothing-new", "nothing-new"]
    assert heed(now, said("4", Step.DELIVERED)) == ("contradicts", replace(now, seen=now.seen | {"4"}))
    printed = Said("5", "letter", Step.DISPATCHED)
    assert heed(replace(now, state=State.AT_PRINTER), printed)[1].state is State.DISPATCHED


def test_who_is_not_registered_and_may_not_have_a_letter_has_failed() -> None:
    assert stands(heed(replace(SENDING, paper=False), said("1", Step.NOT_REGISTERED))[1]) == (State.FAILED, False)


class SentAgain(RuleBasedStateMachine):
    """A message that fails and is sent again by hand, with everything late, doubled and in disorder."""

    def __init__(self) -> None:
        super().__init__()
        self.now = replace(SENDING, transmission="t0")
        self.waiting: dict[str, Said] = {}
        self.number = 0
        self.old: set[str] = set()

    @rule(step=st.sampled_from([Step.RECEIVED, Step.FAILED, Step.DELIVERED]))
    @precondition(lambda self: self.now.state in {State.SENDING, State.ACCEPTED, State.UNKNOWN})
    def the_provider_writes_a_receipt(self, step: Step) -> None:
        self.number += 1
        self.waiting[str(self.number)] = said(str(self.number), step, self.now.transmission)

    @rule(data=st.data())
    @precondition(lambda self: self.waiting)
    def a_receipt_comes(self, data: st.DataObject) -> None:
        one = self.waiting[data.draw(st.sampled_from(sorted(self.waiting)))]
        before = self.now
        verdict, self.now = heed(self.now, one)
        if one.id in self.old:
            assert stands(self.now) == stands(before), "a receipt of an attempt before ended the new one"
        if verdict != "counts":
            assert stands(self.now) == stands(before)

    @rule(step=st.sampled_from([Step.ACCEPTED, Step.TIMED_OUT, Step.OVERDUE]))
    @precondition(lambda self: self.now.state is not State.CREATED)  # nothing has been asked of anybody yet
    def something_happens_here(self, step: Step) -> None:
        self.now = replace(self.now, state=after(self.now.state, step))

    @rule()
    @precondition(lambda self: self.now.state is State.FAILED)
    def somebody_sends_it_again(self) -> None:
        earlier = self.now.earlier | {self.now.transmission or ""}
        resends = self.now.resends + 1
        self.now = replace(self.now, state=State.CREATED, resends=resends, earlier=earlier, transmission=None)
        self.old = set(self.waiting)

    @rule()
    @precondition(lambda self: self.now.state is State.CREATED)
    def it_goes_out(self) -> None:
        state = after(after(self.now.state, Step.CHANNEL_CHOSEN), Step.SENDING)
        self.now = replace(self.now, state=state, transmission=f"t{self.now.resends}")

    @invariant()
    def what_is_not_out_yet_has_no_end(self) -> None:
        if self.now.state is State.CREATED:
            assert leads(self.now.state, Step.CHANNEL_CHOSEN)
            assert self.now.transmission is None


TestSentAgain = SentAgain.TestCase
