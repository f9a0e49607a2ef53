"""What a row of the roll means for someone, given where they stand."""

from enum import StrEnum

from registration.domain.eligibility import DIED, is_excluded
from registration.domain.registration import Status


class Outcome(StrEnum):
    """What a roll does to a person."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEAVES = "leaves"
    """They can no longer be invited, have not signed up, and are blanked."""
    TO_JUDGE = "to judge"
    """They can no longer be invited, but have signed up: people judge that, not a file."""


MAY_LEAVE = frozenset({Status.INVITEE, Status.DECLINED})
"""Who leaves when the roll says so: they have not signed up."""
JUDGED = frozenset({Status.POOL, Status.SELECTED, Status.CONFIRMED, Status.WITHDRAWN})
"""Whom the secretariat decides about."""


def outcome(status: Status | None, held_why: str | None, why: str | None, *, same: bool, left: bool) -> Outcome:
    """Return what happens to someone with a `status` (None: not held) and, if ineligible, the reason `held_why`.

    The row says `why` they cannot be invited (None: they can), whether they have `left`, and whether it is the `same`
    as in the last roll. The erased stay erased, and no roll brings back whom an exclusion keeps out, or who is said to
    be dead: a register may be late, and a letter to the dead hurts those it reaches. By hand both can be taken back.
    """
    if status is None:
        return Outcome.UNCHANGED if left else Outcome.NEW
    kept_out = status is Status.INELIGIBLE and (is_excluded(held_why) or held_why == DIED)
    if kept_out or status in {Status.ERASED, Status.TEST}:
        return Outcome.UNCHANGED
    if why and status is not Status.INELIGIBLE:
        return Outcome.LEAVES if status in MAY_LEAVE else Outcome.TO_JUDGE
    return Outcome.UNCHANGED if same else Outcome.CHANGED
