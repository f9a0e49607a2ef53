"""The secretariat's hands on the waves of invitations, with steps that a test takes one at a time."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chassis.identity import Caller, Role
from chassis.mongo import Document
from contracts.sessions import Favour, Wave
from registration.domain.waves import Act
from registration.inviter import NAME as INVITING
from registration.inviter import Inviter
from registration.repository import PEOPLE, WAVES
from registration.use_cases import links, reminding, waves
from support.house import House
from support.registering import A, Office, office_of
from support.rolls import KEY, announced, cpr, roll, row

STAFF = Caller(Role.SECRETARIAT, "secretariat-1")
INVITED, REMINDED = "registration.invitation-issued.v1", "registration.invitation-reminded.v1"


class Desk:
    """Registration with its waves, and an inviter that works when it is told to."""

    def __init__(self, office: Office, batch: int) -> None:
        self.office, self.house = office, office.house
        self.service = office.running.service
        poke = self.service.poke

        def except_inviting(name: str) -> None:
            if name != INVITING:
                poke(name)

        self.service.poke = except_inviting  # type: ignore[method-assign]  # steps are taken by hand alone
        self.inviter = Inviter(self.service, KEY.encode(), batch)

    async def import_people(self, number: int) -> None:
        await self.office.call("PUT", "/roll", content=people_of(number))

    async def start(self, wave: str | None = None) -> int:
        answer = await self.service.transaction(lambda tx: waves.start(tx, A, STAFF, wave))
        return answer["to_invite"]

    async def tell(self, wave: str, act: Act) -> dict[str, Any]:
        return await self.service.transaction(lambda tx: waves.control(tx, A, wave, act, STAFF))

    async def remind(self, number: int = 1) -> int:
        answer = await self.service.transaction(lambda tx: reminding.remind(tx, A, number, STAFF))
        return answer["to_remind"]

    async def steps(self, number: int) -> None:
        """Take so many steps: a cut, a batch of marks, a batch of invitations or reminders, an end."""
        for _ in range(number):
            await self.inviter.step()

    async def wave(self, wave: str) -> Document:
        found = await self.service.db.collection(WAVES).get(f"{A}:{wave}")
        assert found is not None
        return found

    async def person(self, person: str) -> Document:
        found = await self.service.db.collection(PEOPLE).get(person)
        assert found is not None
        return found

    async def reissue(self, person: str) -> Document:
        document = await self.person(person)
        return await self.service.transaction(lambda tx: links.reissue(tx, KEY.encode(), dict(document)))

    async def revoke(self, person: str) -> Document:
        document = await self.person(person)
        return await self.service.transaction(lambda tx: links.revoke(tx, dict(document)))

    async def told(self, fact: str) -> list[Any]:
        """Return what the stream holds of a type of fact, as people with their generation or reminder."""
        await self.house.settle()
        part = {INVITED: "generation", REMINDED: "reminder"}[fact]
        return [(one["person"], one[part]) for one in await self.house.heard(fact)]


async def desk_of(house: House, *plans: Wave, batch: int = 10) -> Desk:
    """Start registration with an assembly of these waves; its own inviter sleeps."""
    office = await office_of(house, invite_seconds=3600)
    if plans:
        await house.say(announced(A, waves=plans))
        await house.settle()
    return Desk(office, batch)


def wave(name: str, share: float = 1.0, *favours: Favour) -> Wave:
    return Wave.model_validate({"id": name, "title": {"da": name, "en": name}, "share": share, "favours": favours})


def people_of(number: int) -> bytes:
    """Return a roll of so many residents."""
    return roll(row(n % 900, _born(n)) for n in range(number))


def cprs(number: int) -> Iterable[str]:
    return (cpr(n % 900, _born(n)) for n in range(number))


def _born(number: int) -> date:
    return date(1950 + number // 900, 1 + number % 12, 1)
