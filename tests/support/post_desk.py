"""The post as its staff see it: notifications at work, registration's answers in its place, someone at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from chassis import audit
from chassis.identity import Role
from chassis.mongo import Document
from contracts import recipients as who
from contracts import references
from contracts.recipients import Recipient, Recipients
from contracts.references import Found, Holder
from contracts.registration import InvitationIssued
from notifications.domain.shipment import job_id
from notifications.repository.jobs import JOBS
from notifications.repository.shipments import SHIPMENTS
from support.house import House, Running
from support.notifying import ASSEMBLY, StandIn, announced, person_id, recipient
from support.posting import start
from support.staff import SignedIn, signed_in

WHY = "Ringer og har intet fået"
JOB = job_id(ASSEMBLY, "invitation", "invitation")
"""The job of the invitations."""


def number(resident: int) -> str:
    """Return a reference number as it is read out; its last digit is not checked here."""
    return f"100 000 {resident:03d}"


@dataclass
class PostOffice:
    """Notifications, and what registration would know of its people: `bad` have an address no printer takes."""

    house: House
    running: Running
    desk: SignedIn
    known: set[int] = field(default_factory=set)
    bad: set[int] = field(default_factory=set)
    neighbours: set[int] = field(default_factory=set)
    """Residents who all have the first one's number."""

    @property
    def db(self) -> Any:
        return self.running.service.db

    async def invite(self, numbers: Iterable[int]) -> None:
        for one in numbers:
            self.known.add(one)
            await self.house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(one)))

    async def job(self, job: str = JOB) -> Document:
        return dict(await self.db.collection(JOBS).get(job))

    async def shipment(self, resident: int) -> Document:
        found = await self.db.collection(SHIPMENTS).one({"person": person_id(resident), "template": "invitation"})
        assert found is not None
        return dict(found)

    async def record(self) -> list[Document]:
        return list(await self.db.collection(audit.COLLECTION).find({}, sort=[("at", 1)]))

    async def look_up(self, typed: str, why: str = WHY, **more: str) -> httpx.Response:
        return await self.desk.send("/post/person", {"assembly": ASSEMBLY, "reference": typed, "why": why, **more})

    async def open(self, resident: int) -> str:
        """Open a resident's post and return its address."""
        answer = await self.look_up(number(resident))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]

    def _recipient(self, resident: int) -> Recipient:
        one = recipient(resident)
        address = one.address.model_copy(update={"house_number": "12-14-16"}) if resident in self.bad else one.address
        return one.model_copy(update={"address": address, "reference": number(resident)})

    def resolve(self, question: dict[str, Any]) -> Recipients:
        everyone = {person_id(one): one for one in self.known}
        asked = question["people"]
        return Recipients(
            recipients=tuple(self._recipient(everyone[one]) for one in asked if one in everyone),
            unknown=tuple(one for one in asked if one not in everyone),
        )

    def find(self, question: dict[str, Any]) -> Found:
        typed = question["typed"]
        if not typed.replace(" ", "").isdigit():
            return Found(readable=False)
        found = [one for one in sorted(self.known) if number(one) == typed]
        found = sorted(self.neighbours) if found and found[0] in self.neighbours else found
        return Found(
            readable=True,
            holders=tuple(
                Holder(person=person_id(one), postcode="2791", street=f"Strandlinien {one}") for one in found
            ),
        )


async def post_office(house: House, standin: StandIn, tmp_path: Path, **extra: Any) -> PostOffice:
    running = await start(house, standin, tmp_path, **extra)
    office = PostOffice(house, running, await signed_in(house, running, Role.SECRETARIAT))
    await house.answer(who.SUBJECT, office.resolve)
    await house.answer(references.SUBJECT, office.find)
    await house.say(announced())
    await house.settle()
    return office
