"""What a receipt counts for. Receipts are late, doubled and out of order, and none says which attempt it is about."""

from dataclasses import dataclass, replace
from typing import Literal

from notifications.domain.shipment import TERMINAL, State, Step, after, leads

Verdict = Literal["counts", "nothing-new", "contradicts"]
_ENDS_WELL = frozenset({Step.DELIVERED, Step.DISPATCHED})
_SAYS_NO = frozenset({State.FAILED, State.RECALLED})


@dataclass(frozen=True, slots=True)
class Said:
    """A receipt: its id, what it is about (each way has a message UUID of its own), and what it says."""

    id: str
    about: Literal["digital-post", "letter"]
    step: Step
    transmission: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a shipment stands when a receipt comes. `paper`: whether a letter goes to who is not registered.

    `seen` are the receipts that came before; `earlier` the provider's ids of attempts before it was sent again by hand.
    """

    state: State
    letter: bool
    paper: bool
    resends: int = 0
    transmission: str | None = None
    earlier: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()


def heed(now: Standing, said: Said) -> tuple[Verdict, Standing]:
    """Return what a receipt counts for, and where the shipment stands after it.

    A receipt counts once. One about the Digital Post of a shipment that became a letter, or about an attempt before
    somebody had it sent again, changes nothing. One that says the opposite of how it ended is a contradiction that
    somebody has to look at: it changes nothing either.
    """
    if said.id in now.seen:
        return "nothing-new", now
    now = replace(now, seen=now.seen | {said.id})
    if (said.about == "letter") != now.letter:
        return ("contradicts" if said.step in _ENDS_WELL else "nothing-new"), now
    if _is_earlier(now, said):
        return "nothing-new", now
    step = Step.FAILED if said.step is Step.NOT_REGISTERED and not now.paper else said.step
    if leads(now.state, step):
        letter = now.letter or step is Step.NOT_REGISTERED
        return "counts", replace(now, state=after(now.state, step), letter=letter)
    return ("contradicts" if _is_opposite(now.state, step) else "nothing-new"), now


def _is_earlier(now: Standing, said: Said) -> bool:
    if now.resends and now.state in {State.CREATED, State.CHANNEL_CHOSEN}:
        return True  # sent again by hand, and not out yet: it can only be about what went before
    return said.transmission in now.earlier and said.transmission != now.transmission


def _is_opposite(state: State, step: Step) -> bool:
    if state not in TERMINAL:
        return False
    if step is Step.NOT_REGISTERED:
        return state is State.DELIVERED
    ends = after(State.ACCEPTED, step)
    if ends not in TERMINAL or ends is state:
        return False
    # That it failed may be said in two ways, and is one thing.
    return not (ends in _SAYS_NO and state in _SAYS_NO)
