"""The secretariat at the pages of the texts, and what was sent in their words."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from chassis.identity import Role
from chassis.mongo import Document
from contracts.recipients import SUBJECT
from contracts.registration import InvitationIssued
from notifications.bootstrap import build
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support import posting
from support.forms import sealed_upload
from support.house import House, Running
from support.notifying import ASSEMBLY, StandIn, announced, person_id, recipients
from support.staff import SignedIn, signed_in

ROOT = f"/post/skabeloner/{ASSEMBLY}"
INVITATION = f"{ROOT}/invitation/da"
SUBJECT_LINE, BODY = "Kom og vær med, {name}", "Kære {name}\n\nVi **glæder** os.\n\n[Meld dig til]({link})"


class Writer:
    """Somebody of the secretariat who writes texts."""

    def __init__(self, house: House, running: Running, staff: SignedIn) -> None:
        self.house, self.running, self.staff = house, running, staff

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        return await self.staff.send(path, fields)

    async def save(self, subject: str = SUBJECT_LINE, body: str = BODY, *, seen: int, path: str = INVITATION) -> int:
        """Save a text, and return the status."""
        answer = await self.post(path, subject=subject, body=body, version=str(seen), act="gem")
        return answer.status_code

    async def page(self, path: str, status: int = 200) -> str:
        """Return what a page says in English, without its markup."""
        answer = await self.staff.get(f"{path}{'&' if '?' in path else '?'}sprog=en")
        assert answer.status_code == status, answer.text
        return said(answer)

    async def enclose(self, title: str, content: bytes, *, seen: int, path: str = INVITATION) -> httpx.Response:
        """Send a file."""
        return await sealed_upload(
            self.running,
            f"{path}/bilag",
            {"title": title, "version": str(seen)},
            content,
            self.staff.visitor.holder,
            name="folder.pdf",
            headers=self.staff.visitor.cookies,
        )

    async def invite(self, *numbers: int) -> list[Document]:
        """Invite people, and return their shipments when they have got their letters."""
        for number in numbers:
            await self.house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(number)))
        await self.house.settle()
        people = [person_id(number) for number in numbers]
        found = await self.running.service.db.collection(SHIPMENTS).find({"person": {"$in": people}})
        return sorted(found, key=lambda one: people.index(one["person"]))

    async def problems(self) -> list[Document]:
        """Return the list of problems."""
        return await self.running.service.db.collection(PROBLEMS).find({}, sort=[("kind", 1)])


def said(answer: httpx.Response) -> str:
    """Return what a page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") : answer.text.index("</main")])
    return unescape(" ".join(text.split()))


async def at_the_desk(house: House, standin: StandIn | None, tmp_path: Path, people: int = 10, **extra: Any) -> Writer:
    """Start the service with an assembly announced, and sign somebody in."""
    await house.answer(SUBJECT, recipients(range(people)))
    running = await (posting.start(house, standin, tmp_path, **extra) if standin else house.start(build, Settings))
    await house.say(announced())
    await house.settle()
    return Writer(house, running, await signed_in(house, running, Role.SECRETARIAT))
