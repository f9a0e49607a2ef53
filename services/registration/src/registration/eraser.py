"""The background half of retention: looks whose time is up, batch by batch, until nobody's is."""

from collections.abc import AsyncIterator
from functools import partial

from chassis.service import Service
from registration.domain.retention import Group
from registration.repository import ASSEMBLIES, ERASURES, FOLLOWERS, PEOPLE
from registration.use_cases import erasing, following, keeping

NAME = "retention"
SECONDS = 60.0


class Eraser:
    """The repeated work; two replicas may run it at once, and killed at any moment it goes on where it was."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def erase(self) -> None:
        """Erase everyone whose day has come."""
        while await self._service.transaction(erasing.erase_overdue):
            pass
        async for assembly, group in self._due():
            while await self._service.transaction(partial(keeping.erase_batch, assembly=assembly, group=group)):
                pass
            await self._forget_snapshot(assembly)
        while await self._service.transaction(following.erase_unconfirmed):
            pass
        async for assembly in self._all_told():
            while await self._service.transaction(partial(following.erase_followers, assembly=assembly)):
                pass

    async def _forget_snapshot(self, assembly: str) -> None:
        """Delete the frozen pool, which holds a row about each registrant; the lottery has drawn from it."""
        where = {"_id": assembly, "pool.event": {"$ne": None}}
        document = await self._service.db.collection(ASSEMBLIES).one(where)
        if document is not None:
            await self._service.forget_attachment(document["pool"]["event"])
            await self._service.db.collection(ASSEMBLIES).update(where, {"$set": {"pool.event": None}})

    async def waiting(self) -> int:
        """Count the people whose day has come and who are still there."""
        people = self._service.db.collection(PEOPLE)
        due = sum([await people.count(keeping.of_group(assembly, group)) async for assembly, group in self._due()])
        due += await self._service.db.collection(ERASURES).count({"at_latest": {"$lte": self._service.clock.now()}})
        followers = self._service.db.collection(FOLLOWERS)
        due += await followers.count({"expires_at": {"$lte": self._service.clock.now()}})
        return due + sum([await followers.count({"assembly": assembly}) async for assembly in self._all_told()])

    async def _due(self) -> AsyncIterator[tuple[str, Group]]:
        now = self._service.clock.now()
        for document in await self._service.db.collection(ASSEMBLIES).find({}):
            for group, day in keeping.due_of(document).items():
                if now >= day:
                    yield document["_id"], group

    async def _all_told(self) -> AsyncIterator[str]:
        now = self._service.clock.now()
        for document in await self._service.db.collection(ASSEMBLIES).find({}):
            if following.all_told(document, now):
                yield document["_id"]
