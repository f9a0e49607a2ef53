"""A person's way through registration: invitee > pool > selected > confirmed, or declined, withdrawn, or erased."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    """Where a person of the roll stands (the field's own words)."""

    INELIGIBLE = "ineligible"
    INVITEE = "invitee"
    DECLINED = "declined"
    POOL = "pool"
    SELECTED = "selected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    TEST = "test"


TAKING_PART = frozenset({Status.POOL, Status.SELECTED, Status.CONFIRMED})
MEMBERS = frozenset({Status.SELECTED, Status.CONFIRMED})
"""Those with a seat."""
SIGNED_UP = frozenset({Status.POOL, Status.TEST})
"""Those whose sign-up can be changed; `test` is a trial that the draw never sees."""
MAY_SIGN_UP = frozenset({Status.INVITEE, Status.DECLINED, Status.WITHDRAWN})


class NotAllowedError(Exception):
    """The person's status does not allow the command."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How far a person has come. `sign_ups` counts how often they signed up: each is said once.

    A `test` person is nobody: nothing of theirs is ever said, and they are never in the pool.
    """

    status: Status
    sign_ups: int = 0
    test: bool = False


def sign_up(before: Registration) -> tuple[Registration, bool]:
    """Sign up, or edit a sign-up; the flag says whether it is a new sign-up, which is to be said.

    Raises NotAllowedError for someone who is drawn already, erased or not eligible.
    """
    signed_up = Status.TEST if before.test else Status.POOL
    if before.status is signed_up:
        return before, False
    if before.status not in MAY_SIGN_UP:
        raise NotAllowedError(before.status)
    return replace(before, status=signed_up, sign_ups=before.sign_ups + 1), not before.test


def withdraw(before: Registration) -> tuple[Registration, bool]:
    """Withdraw; the flag says whether there was anything to withdraw from, which is to be said."""
    if before.status is Status.TEST:
        return replace(before, status=Status.WITHDRAWN), False
    if before.status not in TAKING_PART:
        return before, False
    return replace(before, status=Status.WITHDRAWN), True


def decline(before: Registration) -> Registration:
    """Say "no thank you". Raises NotAllowedError for someone who takes part, who withdraws instead, or is not asked."""
    if before.status not in MAY_SIGN_UP:
        raise NotAllowedError(before.status)
    return replace(before, status=Status.DECLINED)
