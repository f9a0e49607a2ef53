"""The secretariat helps one person: the number on the letter, the case, what is done in it."""

from collections.abc import Sequence
from typing import Any

import httpx

from chassis import audit
from chassis.identity import Role
from chassis.mongo import Document
from contracts.base import Text
from contracts.sessions import Exclusion, Named, Wave
from registration.domain.people import reference, spoken_reference
from support.house import House
from support.registering import OPEN as SOME_DAY
from support.registering import A, Office, ids, invited, started
from support.rolls import KEY, announced, roll
from support.staff import SignedIn, signed_in

LOOK_UP = f"/tilmelding/{A}/sag"
WHY = "Ringer for at få hjælp"
COMMENT = "Ringede og sagde det"


def both(text: str) -> Text:
    return Text(da=text, en=f"{text} (en)")


EXCLUSIONS = (Exclusion(id="politician", title=both("Folkevalgte"), question=both("Jeg er folkevalgt")),)
NEEDS = (Named(id="hearing", title=both("Teleslynge")),)
WAVES = (Wave(id="everyone", title=both("Alle")),)


class Desk:
    """Someone of the secretariat, with the telephone in the hand."""

    def __init__(self, office: Office, staff: SignedIn) -> None:
        self.office, self.staff, self.house = office, staff, office.house
        self.db = office.running.service.db

    async def look_up(self, number: str, why: str = WHY, **more: str) -> httpx.Response:
        return await self.staff.send(LOOK_UP, {"reference": number, "why": why, **more})

    async def open(self, resident: int = 0) -> str:
        """Open a resident's case and return its address."""
        return await self.open_number(number_of(resident))

    async def open_number(self, number: str) -> str:
        answer = await self.look_up(number)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def act(self, case: str, action: str, comment: str = COMMENT, **fields: str) -> httpx.Response:
        return await self.staff.send(f"{case}/{action}", {"comment": comment, **fields})

    async def person(self, resident: int = 0) -> Document:
        found = await self.db.collection("people").get(ids(resident)[0])
        assert found is not None
        return found

    async def record(self) -> list[Document]:
        return await self.db.collection(audit.COLLECTION).find({}, sort=[("at", 1)])

    async def changes(self, resident: int = 0) -> list[str]:
        """What was done by hand for a resident, the first first, openings aside."""
        rows = await self.db.collection("changes").find({"person": ids(resident)[0]}, sort=[("at", 1)])
        return [one["what"] for one in rows if one["what"] != "aabnet"]


def number_of(resident: int) -> str:
    """The number on a resident's letter, as it is read out."""
    return spoken_reference(reference(KEY.encode(), ids(resident)[0]))


async def office_with(house: House, rows: Sequence[dict[str, str]] | None = None, **extra: Any) -> Office:
    """Start registration with an assembly that has exclusions and needs, and residents who are invited."""
    office = await started(house, **extra)
    await house.move_clock(SOME_DAY)
    await house.say(announced(A, exclusions=EXCLUSIONS, needs=NEEDS, waves=WAVES))
    await house.settle()
    if rows is None:
        await invited(office)
        return office
    await office.call("PUT", "/roll", content=roll(rows))
    await office.call("POST", "/open")
    await office.call("POST", "/invitations", 202)
    await house.settle()
    return office


async def desk_of(house: House, rows: Sequence[dict[str, str]] | None = None, **extra: Any) -> Desk:
    office = await office_with(house, rows, **extra)
    return Desk(office, await signed_in(house, office.running, Role.SECRETARIAT))
