"""For channels that take one message at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from notifications.channels import Outcome, Outgoing
from notifications.domain.shipment import Step

log = structlog.get_logger()


class NotMade(ValueError):  # noqa: N818 - says what it is
    """A message cannot be put in the channel's form. `reason` is a code, and nothing of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def each(send_one: Callable[[Outgoing], Awaitable[Outcome]], batch: Sequence[Outgoing]) -> list[Outcome]:
    """Send each of a batch side by side, and return the outcomes in its order."""

    async def attempt(out: Outgoing) -> Outcome:
        try:
            return await send_one(out)
        except ValueError as error:  # a character that the channel's format does not have, say
            return not_made(out, error)

    return list(await asyncio.gather(*map(attempt, batch)))


def not_made(out: Outgoing, error: ValueError) -> Outcome:
    """Return the outcome of a message that could not be put in the channel's form. The error's text is not logged."""
    log.warning("a message could not be made", shipment=out.shipment, error=type(error).__name__)
    return Outcome((Step.FAILED,), error.reason if isinstance(error, NotMade) else "not-made")
