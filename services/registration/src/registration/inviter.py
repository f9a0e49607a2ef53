"""The background half of inviting: one step, one transaction, until no wave has anything left to do."""

from chassis.service import Service
from registration.domain.waves import State
from registration.repository import WAVES
from registration.use_cases import choosing, inviting, reminding, waves

NAME = "invite"
_ISSUING = {"state": State.ISSUING.value}


class Inviter:
    """Issues what has been asked for; two replicas may run it at once (one of them then retries its batch)."""

    def __init__(self, service: Service, key: bytes, batch: int) -> None:
        self._service, self._key, self._batch = service, key, batch

    async def issue(self) -> None:
        """Take step after step until no wave is being issued."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """Take one step of one wave; False when none is being issued."""
        wave = await self._service.db.collection(WAVES).one(_ISSUING, sort=[("_id", 1)])
        if wave is None:
            return False
        run, wave_id = self._service.transaction, wave["_id"]
        if wave["kind"] == waves.REMINDER:
            await run(lambda tx: reminding.remind_batch(tx, wave_id, self._batch))
        elif wave["chosen_at"] is not None:
            await run(lambda tx: inviting.issue_batch(tx, self._key, wave_id, self._batch))
        elif wave["cut"] is not None:
            await run(lambda tx: choosing.mark_batch(tx, wave_id, self._batch))
        else:
            found = await choosing.find_cut(self._service.db, wave)
            await run(lambda tx: choosing.note_cut(tx, wave_id, found))
        return True

    async def waiting(self) -> int:
        """Count the invitations and reminders asked for and not yet issued; a wave under way counts until it ends."""
        under_way = await self._service.db.collection(WAVES).find(_ISSUING)
        return sum([max(1, await waves.left(self._service.db, wave)) for wave in under_way])
