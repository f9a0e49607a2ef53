"""Ends the sign-ins of people who have a seat no more. Killed at any moment, it is done again: ending is idempotent.

A sign-in that begins in the same instant is looked at by the page that begins it (`member_pages.let_in`).
"""

from chassis.service import Service
from registration.repository import ENDED_SEATS

NAME = "end sign-ins"
SECONDS = 5.0


class SignOuts:
    """The repeated work; two replicas may run it at once."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def end(self) -> None:
        """End them, and only then forget that they were to be ended."""
        ended = self._service.db.collection(ENDED_SEATS)
        for row in await ended.find({}):
            await self._service.sign_ins.end_all_of(row["_id"])
            await ended.delete({"_id": row["_id"]})

    async def waiting(self) -> int:
        """Count the people whose sign-ins are still to be ended."""
        return await self._service.db.collection(ENDED_SEATS).count({})
