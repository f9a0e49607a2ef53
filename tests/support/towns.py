"""A town whose people sign up by name, and the secretariat that looks at them."""

from collections.abc import Sequence
from typing import Any

from chassis import audit
from chassis.identity import Role
from contracts.sessions import Criterion
from registration.domain.people import link_token, person_id
from support.house import House
from support.registering import A, Office, office_of
from support.rolls import KEY, announced, roll, row
from support.staff import SignedIn, signed_in


class Town:
    """An assembly that takes sign-ups, and the people of its roll by name."""

    def __init__(self, office: Office, rows: Sequence[dict[str, str]]) -> None:
        self.office, self.running, self.house = office, office.running, office.house
        self.ids = {one["name"]: person_id(KEY.encode(), A, one["cpr"]) for one in rows}

    def link(self, name: str) -> str:
        return f"/tilmelding/l/{link_token(KEY.encode(), self.ids[name], 1)}"

    async def sign_up(self, *names: str, **answers: str) -> None:
        for name in names:
            assert (await self.office.sign_up(self.link(name), **answers)).status_code == 303

    async def withdraw(self, name: str) -> None:
        assert (await self.office.send(f"{self.link(name)}/frameld")).status_code == 303

    async def secretariat(self) -> SignedIn:
        return await signed_in(self.house, self.running, Role.SECRETARIAT)

    async def record(self) -> list[dict[str, Any]]:
        rows = await self.running.service.db.collection(audit.COLLECTION).find({}, sort=[("at", 1)])
        return [{name: value for name, value in one.items() if name != "_id"} for one in rows]


async def town(house: House, *rows: dict[str, str]) -> Town:
    office = await office_of(house)
    if rows:
        await office.call("PUT", "/roll", content=roll(rows))
        await office.call("POST", "/open")
        await office.call("POST", "/invitations", 202)
        await house.settle()
    return Town(office, rows)


def named(*names: str) -> list[dict[str, str]]:
    return [row(number, name=name) for number, name in enumerate(names)]


async def with_quotas(here: Town, **minima: int) -> None:
    """Announce the assembly again with these minimum seats; `soevang=5`, and a `_` for each sign an id may hold."""

    def needing(criterion: Criterion) -> Criterion:
        values = tuple(
            value.model_copy(update={"minimum": minima.get(value.id.replace("-", "_"), 0)})
            for value in criterion.values
        )
        return criterion.model_copy(update={"values": values})

    await here.house.say(announced(A, criteria=tuple(needing(criterion) for criterion in announced(A).criteria)))
    await here.house.settle()
