"""How long people are kept: three groups, each erased on a day that the assembly's own data gives.

That nobody is kept longer than needed is the principle of storage limitation (GDPR art. 5(1)(e)).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Group(StrEnum):
    """People who are erased together, in the order of their days."""

    NOT_DRAWN = "not-drawn"
    """Registrants who are neither members nor alternates."""
    ROLL = "roll"
    """Everyone else of the roll, alternates too; members stay."""
    MEMBERS = "members"
    """Everyone who is left."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Whole days a group is kept; None: until somebody erases them."""

    not_drawn_days: int | None = None
    roll_days: int | None = None
    members_days: int | None = None


FOREVER = Retention()


@dataclass(frozen=True, slots=True)
class Course:
    """The moments the days are counted from, aware UTC; None while they have not come."""

    drawn_at: datetime | None
    last_session_ends_at: datetime | None
    followed_up_at: datetime | None


def days_of(retention: Retention) -> dict[Group, int | None]:
    """Return how many days each group is kept."""
    return {
        Group.NOT_DRAWN: retention.not_drawn_days,
        Group.ROLL: retention.roll_days,
        Group.MEMBERS: retention.members_days,
    }


def due(retention: Retention, course: Course) -> dict[Group, datetime]:
    """Return when each group is to be erased; a group whose moment has not come, or has no days, is absent.

    Without a draw nobody is "not drawn", so they are erased with the roll.
    """
    counted_from = {
        Group.NOT_DRAWN: course.drawn_at,
        Group.ROLL: course.last_session_ends_at,
        Group.MEMBERS: course.followed_up_at,
    }
    return {
        group: moment + timedelta(days=days)
        for group, days in days_of(retention).items()
        if days is not None and (moment := counted_from[group]) is not None
    }
