"""The five services in one house, and a visitor with any role's sign-in and token."""

from pathlib import Path
from typing import IO, Any

import httpx
from fastapi import FastAPI

import followup.bootstrap
import followup.settings
import lottery.bootstrap
import lottery.settings
import notifications.bootstrap
import notifications.settings
import registration.bootstrap
import registration.settings
import sessions.bootstrap
import sessions.settings
from chassis.identity import Caller, Role
from support import keys
from support.forms import sealed, sealed_upload
from support.house import FORMS_KEY, House, Running

ROOT = Path(__file__).parents[2]
PERSON_KEY = "a-key-for-tests-that-makes-ids-opaque"
PEOPLE: dict[str, Any] = {
    "person_key": PERSON_KEY,
    "synthetic_people": True,
    "encryption": {"keys": keys.folder()},
}
MODULES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "registration": (registration.bootstrap, registration.settings, PEOPLE),
    "lottery": (lottery.bootstrap, lottery.settings, {}),
    "sessions": (sessions.bootstrap, sessions.settings, {"municipalities": (ROOT / "municipalities/dragoer",)}),
    "followup": (followup.bootstrap, followup.settings, {}),
    "notifications": (notifications.bootstrap, notifications.settings, {}),
}


def application(name: str) -> FastAPI:
    """Return the application of one of the five, not started: its servers are nowhere."""
    module, settings, needed = MODULES[name]
    nowhere = {
        "nats": {"url": "nats://127.0.0.1:1", "user": name, "password": "none"},
        "mongo": {"uri": "mongodb://127.0.0.1:1", "database": name},
        "forms": {"key": FORMS_KEY},
        "topology": ROOT / "deploy/nats/topology.yaml",
    }
    app: FastAPI = module.build(settings.Settings(**nowhere | needed)).app()
    return app


async def start(house: House, name: str, **extra: Any) -> Running:
    """Start one of the five with what it needs to stand; nothing outside is there to talk to."""
    module, settings, needed = MODULES[name]
    return await house.start(module.build, settings.Settings, **needed | extra)


async def start_all(house: House) -> dict[str, Running]:
    """Start all five."""
    return {name: await start(house, name) for name in MODULES}


class Visitor:
    """Someone at the one address. The role's sign-in, if it has one, was begun as the sessions service begins them."""

    def __init__(self, role: Role, cookie: str, caller: Caller | None) -> None:
        self.role, self.cookie, self.caller = role, cookie, caller

    @classmethod
    async def of(cls, role: Role, doorway: Running, *, assembly: str | None = None) -> "Visitor":
        """Sign someone in at a service that may."""
        if role in {Role.PUBLIC, Role.RESIDENT}:
            return cls(role, "", None)
        store = doorway.service.sign_ins
        subject = f"{role}-1"
        cookie = await store.begin(role, subject, hours=8, assembly=assembly)
        return cls(role, cookie, await store.find(cookie))

    @property
    def cookies(self) -> dict[str, str]:
        return {"cookie": f"borgersamling={self.cookie}"} if self.cookie else {}

    @property
    def holder(self) -> str:
        """What this visitor's forms are sealed to."""
        return self.caller.sign_in if self.caller else ""

    async def get(self, running: Running, path: str) -> httpx.Response:
        """Open a page."""
        return await running.http.get(path, headers={"accept": "text/html", **self.cookies})

    async def send(self, running: Running, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Send a form as its page would."""
        headers = {"accept": "text/html", **self.cookies}
        return await running.http.post(path, data=sealed(running, path, fields, self.holder), headers=headers)

    async def upload(
        self, running: Running, path: str, fields: dict[str, str] | None = None, file: bytes | IO[bytes] = b""
    ) -> httpx.Response:
        """Send a form with a file as its page would."""
        return await sealed_upload(running, path, fields, file, self.holder, headers=self.cookies)
