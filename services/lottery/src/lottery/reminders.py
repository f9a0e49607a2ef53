"""The repeated work that reminds drawn people who have not answered."""

from functools import partial

from chassis.errors import Conflict
from chassis.service import Service
from lottery.repository import boards
from lottery.use_cases import answers


class Reminders:
    """Looks at every board now and then; a moved clock wakes it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def remind(self) -> None:
        """Remind once a person and offer, however many replicas look."""
        for assembly in await boards.drawn(self._service.db):
            try:
                await self._service.transaction(partial(answers.remind, assembly_id=assembly))
            except Conflict:
                continue  # the board changed under us: it is looked at again next time
