"""The background half of inviting: one batch, one transaction, until nobody waits."""

from chassis.service import Service
from registration.repository import ASSEMBLIES, PEOPLE
from registration.use_cases import inviting


class Inviter:
    """Issues what has been asked for; two replicas may run it at once (one of them then retries its batch)."""

    def __init__(self, service: Service, key: bytes) -> None:
        self._service = service
        self._key = key

    async def issue(self) -> None:
        """Issue batch after batch until nothing is asked for."""
        while await self._service.transaction(lambda tx: inviting.issue_batch(tx, self._key)):
            pass

    async def waiting(self) -> int:
        """Count the invitations asked for and not yet issued."""
        issuing = await self._service.db.collection(ASSEMBLIES).find({"invitations.state": "issuing"}, fields=["_id"])
        people = self._service.db.collection(PEOPLE)
        return sum([await people.count(inviting.not_invited(assembly["_id"])) for assembly in issuing])
