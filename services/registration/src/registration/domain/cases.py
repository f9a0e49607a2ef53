"""What the secretariat may do for one person, and where it leads: the arrows people move along.

```
 ineligible <──> invitee ──> pool ──> selected ──> confirmed        declined, withdrawn ──> pool
      ^            │  ^        └─────────┴────────────┴──> withdrawn
      └── from every status but erased                    every status but a trial ──> erased (and nothing leads out)
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registration.domain.eligibility import DIED, HAS_LEFT, MOVED_OUT, excluded, is_excluded
from registration.domain.registration import MEMBERS, SIGNED_UP, TAKING_PART, Status


class Action(StrEnum):
    """What staff do by hand. The value is the word in the page's address and in the record of changes."""

    SIGN_UP = "tilmeld"
    DECLINE = "nej-tak"
    WITHDRAW = "meld-fra"
    CORRECT = "ret"
    EXCLUDE = "udeluk"
    MOVED_OUT = "fraflyttet"
    DIED = "doed"
    READMIT = "tag-med-igen"
    NEW_LINK = "nyt-link"
    REVOKE = "luk-link"
    ERASE = "slet"


ARROWS: Mapping[Status, frozenset[Status]] = {
    Status.INELIGIBLE: frozenset({Status.INVITEE, Status.DECLINED, Status.WITHDRAWN, Status.ERASED}),
    Status.INVITEE: frozenset({Status.INELIGIBLE, Status.DECLINED, Status.POOL, Status.TEST, Status.ERASED}),
    Status.DECLINED: frozenset({Status.INELIGIBLE, Status.POOL, Status.TEST, Status.ERASED}),
    Status.POOL: frozenset({Status.SELECTED, Status.WITHDRAWN, Status.INELIGIBLE, Status.ERASED}),
    Status.SELECTED: frozenset({Status.POOL, Status.CONFIRMED, Status.WITHDRAWN, Status.INELIGIBLE, Status.ERASED}),
    Status.CONFIRMED: frozenset({Status.WITHDRAWN, Status.INELIGIBLE, Status.ERASED}),
    Status.WITHDRAWN: frozenset(
        {Status.DECLINED, Status.POOL, Status.SELECTED, Status.TEST, Status.INELIGIBLE, Status.ERASED}
    ),
    Status.TEST: frozenset({Status.WITHDRAWN}),
    Status.ERASED: frozenset(),
}
"""Where one may go from each status, all hands counted: the person's, the secretariat's, the lottery's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides what can be done for someone."""

    status: Status
    why: str | None = None
    test: bool = False
    invited: bool = False
    linked: bool = False
    """Whether there is a personal link that works."""
    declined: bool = False
    """Whether they once said no thank you."""
    sign_ups: int = 0
    sign_up_open: bool = False
    sign_up_over: bool = False
    """Whether nobody can sign up any more. Before the opening it is neither."""
    pool_closed: bool = False

    @property
    def set_aside_by_hand(self) -> bool:
        """Whether people said so, who can take it back; age and residence are the roll's alone."""
        return self.status is Status.INELIGIBLE and (self.why in HAS_LEFT or is_excluded(self.why))


def allowed(standing: Standing) -> tuple[Action, ...]:
    """Return what can be done for someone, in the order it is offered."""
    return tuple(action for action in Action if _may(standing, action))


def _may(s: Standing, action: Action) -> bool:
    if s.status is Status.ERASED:
        return False
    eligible = s.status is not Status.INELIGIBLE
    before_the_draw = eligible and s.status not in MEMBERS
    real = not s.test
    rules = {
        Action.SIGN_UP: before_the_draw and s.invited and s.sign_up_open,
        Action.DECLINE: s.status in {Status.INVITEE, Status.WITHDRAWN} and s.invited and s.sign_up_open,
        Action.WITHDRAW: s.status in TAKING_PART | SIGNED_UP,
        Action.CORRECT: before_the_draw and not s.pool_closed,
        Action.EXCLUDE: eligible and real,
        Action.MOVED_OUT: eligible and real,
        Action.DIED: eligible and real,
        Action.READMIT: s.set_aside_by_hand,
        Action.NEW_LINK: eligible and real and s.invited and (s.status in TAKING_PART or not s.sign_up_over),
        Action.REVOKE: eligible and real and s.linked,
        Action.ERASE: real,
    }
    return rules[action]


def outcome(standing: Standing, action: Action, exclusion: str = "") -> tuple[Status, str | None]:
    """Return the status an action leads to, and the reason that goes with it. Only for what is `allowed`."""
    ends: dict[Action, tuple[Status, str | None]] = {
        Action.SIGN_UP: (Status.TEST if standing.test else Status.POOL, None),
        Action.DECLINE: (Status.DECLINED, None),
        Action.WITHDRAW: (Status.WITHDRAWN, None),
        Action.EXCLUDE: (Status.INELIGIBLE, excluded(exclusion)),
        Action.MOVED_OUT: (Status.INELIGIBLE, MOVED_OUT),
        Action.DIED: (Status.INELIGIBLE, DIED),
        Action.READMIT: (_before_it(standing), None),
        Action.ERASE: (Status.ERASED, None),
    }
    return ends.get(action, (standing.status, standing.why))


def _before_it(standing: Standing) -> Status:
    # Who was in the pool left it, answers and consent with it: they are asked anew and not put back.
    if standing.sign_ups:
        return Status.WITHDRAWN
    return Status.DECLINED if standing.declined else Status.INVITEE


class Slip(StrEnum):
    """What is most likely wrong with a reference number that was typed."""

    EMPTY = "empty"
    OTHER_SIGNS = "other signs"
    CPR = "ten digits"
    SHORT = "too short"
    LONG = "too long"
    CHECK_DIGIT = "check digit"


def slip_in(text: str) -> Slip:
    """Say what is wrong with what `people.typed_reference` does not take."""
    bare = "".join(text.replace("-", "").split())
    if not bare:
        return Slip.EMPTY
    if not (bare.isascii() and bare.isdigit()):
        return Slip.OTHER_SIGNS
    if len(bare) == 10:
        return Slip.CPR
    if len(bare) != 9:
        return Slip.SHORT if len(bare) < 9 else Slip.LONG
    return Slip.CHECK_DIGIT
