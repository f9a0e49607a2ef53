"""What the tests of notifications share: people who do not exist, an assembly, messages, the stand-in on a port."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from borgersamling.standin.app import build
from borgersamling.standin.options import Options
from contracts.base import Text
from contracts.recipients import Address, Recipient, Recipients
from contracts.sessions import AssemblyAnnounced, Named
from notifications.catalogue import KINDS, Catalogue
from notifications.channels import ChannelName, Follower, Outgoing, Person, StaffMember
from notifications.domain.shipment import Shipment
from notifications.rendering import Assembly, Renderer
from notifications.repository.shipments import new_document

ASSEMBLY = "dragoer-2025"
NOW = datetime(2025, 2, 10, 8, 0, tzinfo=UTC)
LINKS = "http://127.0.0.1:8080"
CONTACT = "sekretariat@eksempel.dk"


def person_id(number: int) -> str:
    return hashlib.sha256(f"person {number}".encode()).hexdigest()[:32]


def cpr(number: int) -> str:
    return f"{61 + number // 10000:02d}{1 + number % 12:02d}{50 + number % 40:02d}{number % 10000:04d}"


def recipient(number: int, language: str = "da") -> Recipient:
    return Recipient(
        person=person_id(number),
        cpr=cpr(number),
        name=f"Åse Prøve Nr{number}",
        address=Address(street="Strandlinien", house_number=str(1 + number % 999), postcode="2791", city="Dragør"),
        link=f"/tilmelding/l/token{number:08d}",
        language="en" if language == "en" else "da",
    )


def recipients(known: Iterable[int], answered: Collection[int] = ()) -> Any:
    """Return a reply in registration's place: it knows these people and no others, and who of them has answered."""
    people = {number: recipient(number) for number in known}
    everyone = {one.person: one.model_copy(update={"answered": n in answered}) for n, one in people.items()}

    def reply(question: dict[str, Any]) -> Recipients:
        asked = question["people"]
        return Recipients(
            recipients=tuple(everyone[person] for person in asked if person in everyone),
            unknown=tuple(person for person in asked if person not in everyone),
        )

    return reply


def assembly() -> Assembly:
    return Assembly(
        id=ASSEMBLY,
        municipality={"da": "Dragør Kommune", "en": "Dragør Municipality"},
        title={"da": "Dragørs borgersamling", "en": "Dragør’s citizens’ assembly"},
        purpose={"da": "I skal rådgive om velfærden.", "en": "It advises on welfare."},
        panel_size=36,
        sign_up_closes_at=datetime(2025, 3, 10, 11, 0, tzinfo=UTC),
    )


def announced() -> AssemblyAnnounced:
    known = assembly()
    return AssemblyAnnounced(
        assembly=ASSEMBLY,
        municipality=Named(id="dragoer", title=Text(**known.municipality)),
        title=Text(**known.title),
        purpose=Text(**known.purpose),
        panel_size=known.panel_size,
        alternates=12,
        minimum_age=15,
        age_on=date(2025, 4, 9),
        sign_up_opens_at=NOW,
        sign_up_closes_at=known.sign_up_closes_at,
        criteria=(),
        sessions=(),
        themes=(),
        committees=(),
        milestones=(),
    )


TITLE = {"da": "Første møde & <åbning>", "en": "First session & <opening>"}
STARTS, ENDS = datetime(2025, 4, 9, 15, 0, tzinfo=UTC), datetime(2025, 4, 9, 19, 0, tzinfo=UTC)
SESSION = {"title": TITLE, "starts": STARTS, "ends": ENDS, "place": "Rådhuset", "session": "first", "sequence": 0}
FIELDS: dict[str, dict[str, Any]] = {
    "sign-in-code": {"code_id": "c0de" * 8, "expires": datetime(2025, 3, 20, 18, 30, tzinfo=UTC)},
    "reminder": {"expires": datetime(2025, 3, 10, 11, 0, tzinfo=UTC)},
    "session-call": SESSION,
    "session-changed": SESSION,
    "session-call-staff": SESSION,
    "session-changed-staff": SESSION,
    "minutes": {"title": TITLE, "path": "/samling/dragoer-2025/publications/minutes-1"},
    "erased": {"path": "/samling/dragoer-2025", "expires": datetime(2025, 3, 12, 8, 0, tzinfo=UTC)},
    "evaluation": {"url": f"{LINKS}/evaluering"},
    "materials": {"title": TITLE, "path": "/samling/dragoer-2025/publications/minutes-1"},
    "delivery": {"path": "/opfoelgning/dragoer-2025"},
    "job-stopped": {"title": TITLE, "failed": 40, "ended": 200, "path": "/post/job/0123456789abcdef"},
    "status-due-soon": {"title": TITLE, "due": "2025-09-17", "days": 1, "path": "/opfoelgning/dragoer-2025"},
    "status-due": {"title": TITLE, "due": "2025-09-17", "path": "/opfoelgning/dragoer-2025"},
    "status-overdue": {"title": TITLE, "due": "2025-09-17", "days": 3, "path": "/opfoelgning/dragoer-2025"},
    "status-published": {
        "title": TITLE,
        "reported": "2025-09-17",
        "followed": 3,
        "partly": 1,
        "not_followed": 2,
        "path": "/opfoelgning/dragoer-2025/status/status-3",
    },
    "follow-confirm": {"expires": datetime(2025, 2, 12, 8, 0, tzinfo=UTC)},
}
EXTENDED = {
    "title": TITLE,
    "previous": "2025-09-17",
    "due": "2025-10-17",
    "reason": "Budgettet vedtages først i oktober.",
    "path": "/opfoelgning/dragoer-2025#milestones",
}
FIELDS |= dict.fromkeys(("status-extended", "status-extended-follower", "status-extended-staff"), EXTENDED)
FIELDS["status-published-follower"] = FIELDS["status-published"]
"""What each kind of event brings to its template; the others bring nothing but the person."""


def message(template: str, language: str = "da", to: Person | StaffMember | Follower | None = None) -> Outgoing:
    """Return a message as the dispatcher would make it."""
    kind = KINDS[template]
    shipment = Shipment(
        ASSEMBLY,
        template,
        "event",
        person=None if kind.staff else person_id(1),
        role="officer" if kind.staff else None,
        fields=FIELDS.get(template, {}),
        language=language,
    )
    known = recipient(1)
    default: Person | StaffMember | Follower
    if kind.staff:
        default = StaffMember("officer@eksempel.dk")
    elif kind.follower:
        path = "/tilmelding/foelg/l/abcdefghijklmnopqrstuvwxyz"
        default = Follower("anna@eksempel.dk", path, language, f"{path}/stop")
    else:
        default = Person(known.cpr, known.name, known.address, known.link, language, "012345")
    channel: ChannelName = "digital-post" if kind.resident else "email"
    renderer = Renderer(Catalogue(), LINKS, CONTACT)
    return renderer.render(new_document(shipment, NOW, job="", bulk=False), assembly(), to or default, channel)


@dataclass
class StandIn:
    """The stand-in, running in this process on a port of its own."""

    url: str
    smtp_port: int
    options: Options

    async def counts(self) -> dict[str, Any]:
        return dict((await self._get("/standin/counts")).json())

    async def mails(self) -> list[dict[str, Any]]:
        return list((await self._get("/standin/mails")).json())

    async def inbox(self, number: int) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            return list((await http.post("/standin/inbox", json={"cpr": cpr(number)})).json())

    async def _get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            return await http.get(path)


@asynccontextmanager
async def standing_in(data: Path, tls: Mapping[str, Any] | None = None, **options: Any) -> AsyncIterator[StandIn]:
    """Run the stand-in; `options` as its environment would say them, and may be changed while it runs.

    `tls` are uvicorn's options for it; without any it speaks plain HTTP.
    """
    chosen = Options(data=data, smtp_port=0, **{"receipt_seconds": 0.0} | options)
    app = build(chosen)
    # asyncio switches Nagle's algorithm off for sockets that say they are TCP; otherwise each answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1, **(tls or {}))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield StandIn(
            f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}", app.state.smtp_port, chosen
        )
    finally:
        server.should_exit = True
        await task
        listening.close()
