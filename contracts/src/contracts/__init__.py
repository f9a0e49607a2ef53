"""What the five services say to each other."""

from contracts import followup, lottery, notifications, registration, sessions
from contracts.base import Fact

ALL_FACTS: tuple[type[Fact], ...] = (
    *sessions.SAYS,
    *registration.SAYS,
    *lottery.SAYS,
    *followup.SAYS,
    *notifications.SAYS,
)
"""Every fact that exists, in the order of the course."""
