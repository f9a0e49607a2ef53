"""Someone of the staff at the pages of one service."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx

from chassis.identity import Role
from chassis.signins import SignIns
from support.five import Visitor
from support.forms import sealed
from support.house import House, Running


@dataclass
class SignedIn:
    """A visitor who stays at one service."""

    running: Running
    visitor: Visitor

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.visitor.get(self.running, path)

    async def send(self, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Send a form as its page would."""
        return await self.visitor.send(self.running, path, fields)

    async def send_as_it_is(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form whose fields hold its seal already."""
        headers = {"accept": "text/html"} | self.visitor.cookies
        return await self.running.http.post(path, data=fields, headers=headers)

    def sealed(self, path: str, fields: dict[str, str]) -> dict[str, str]:
        """Return the fields with a seal, to send more than once."""
        return sealed(self.running, path, fields, holder=self.visitor.holder)


async def signed_in(house: House, running: Running, role: Role, subject: str = "") -> SignedIn:
    """Sign someone in for eight hours. By the house's own hands: most services may only read the sign-ins."""
    hands: Any = SimpleNamespace(js=house.js)
    service = running.service
    cookie = await SignIns(hands, service.clock, service.sign_ins.cookie).begin(role, subject or f"{role}-1", hours=8)
    return SignedIn(running, Visitor(role, cookie, await service.sign_ins.find(cookie)))
