"""Who is in a wave of invitations, drawn so that anyone with the seed can draw it again, and what can be done with one.

Everyone gets a number that follows from the wave's seed and their opaque id alone, and the lowest are in. The number is
-ln(u) / weight with u even between 0 and 1: weighted sampling without replacement by the exponential method (Efraimidis
and Spirakis, Information Processing Letters 97, 2006: A-ES). The order of the database does not matter.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registration.domain.assembly import Text


@dataclass(frozen=True, slots=True)
class Favour:
    """Over-invite a group: `factor` is the weight of people whose value of `criterion` is `value`."""

    criterion: str
    value: str
    factor: float


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned part of the invitations: a random `share` of everyone not invited yet, or everyone when it is 1."""

    id: str
    title: Text
    share: float = 1.0
    favours: tuple[Favour, ...] = ()


EVERYONE = Wave("everyone", {"da": "Alle", "en": "Everyone"})
"""What an assembly that names no waves has."""


def weight(favours: Iterable[Favour], values: Mapping[str, str]) -> float:
    """Return the weight of someone with these values: the product of the factors that apply, 1 when none does."""
    return math.prod(favour.factor for favour in favours if values.get(favour.criterion) == favour.value)


def number(seed: str, person: str, weight: float = 1.0) -> float:
    """Return someone's number in a wave, above 0: the lower, the sooner they are in."""
    digest = hashlib.sha256(f"{seed}:{person}".encode()).digest()
    # 52 bits and a half: the largest that a float tells apart from 1, so that no number is 0.
    u = ((int.from_bytes(digest[:8]) >> 12) + 0.5) / 2**52
    return -math.log(u) / weight


def size(share: float, people: int) -> int:
    """Return how many a share of so many people is."""
    return round(share * people)


def cut(numbers: Iterable[float], share: float) -> float:
    """Return the highest number that is in the wave; 0 when the share is nobody."""
    ordered = sorted(numbers)
    chosen = size(share, len(ordered))
    return ordered[chosen - 1] if chosen else 0.0


def choose(seed: str, share: float, weights: Mapping[str, float]) -> frozenset[str]:
    """Return who is in a wave, of people by their weights."""
    numbers = {person: number(seed, person, weight) for person, weight in weights.items()}
    limit = cut(numbers.values(), share)
    return frozenset(person for person, mine in numbers.items() if mine <= limit)


class State(StrEnum):
    """Where a wave stands. Who a cancelled wave did not reach is not invited, and can be in a later one."""

    PLANNED = "planned"
    ISSUING = "issuing"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


UNDER_WAY = frozenset({State.ISSUING, State.PAUSED})


class Act(StrEnum):
    """What the secretariat does with a wave."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_ACTS = {
    Act.START: (frozenset({State.PLANNED}), State.ISSUING),
    Act.PAUSE: (frozenset({State.ISSUING}), State.PAUSED),
    Act.RESUME: (frozenset({State.PAUSED}), State.ISSUING),
    Act.CANCEL: (frozenset({State.PLANNED, *UNDER_WAY}), State.CANCELLED),
}


class NotPossibleError(Exception):
    """The wave's state does not allow the act."""


def after(state: State, act: Act) -> State:
    """Return the state a wave is in after an act; one it is in already may be asked for again.

    Raises NotPossibleError for an act that the state does not allow.
    """
    allowed, reached = _ACTS[act]
    if state not in allowed | {reached}:
        raise NotPossibleError(state)
    return reached


def possible(state: State) -> tuple[Act, ...]:
    """Return what can be done with a wave in this state."""
    return tuple(act for act, (allowed, _reached) in _ACTS.items() if state in allowed)
