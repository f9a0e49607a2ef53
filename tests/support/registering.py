"""The secretariat's desk at registration, with residents who are invited, sign up and are drawn."""

from datetime import UTC, date, datetime
from typing import Any

import httpx

from chassis.identity import Role
from contracts.base import Text
from contracts.lottery import PanelDrawn
from contracts.recipients import SUBJECT, Recipients, ResolveRecipients
from contracts.sessions import Condition, Exclusion, Named
from registration import bootstrap, settings
from registration.domain.people import person_id
from support import keys
from support.forms import sealed
from support.house import FORMS, House, Running
from support.rolls import ANSWERS, KEY, announced, cpr, roll, row

A = "proeve-2025"
API = f"/tilmelding/api/assemblies/{A}"
MOST_STEPS = 8
CHILD = date(2015, 6, 1)
OPEN = datetime(2025, 2, 11, 9, tzinfo=UTC)
CLOSED = datetime(2025, 3, 10, 12, tzinfo=UTC)


class Office:
    """Registration at work, the secretariat at its desk."""

    def __init__(self, house: House, running: Running) -> None:
        self.house, self.running = house, running
        self.public = running.http

    async def call(self, method: str, path: str, status: int = 200, **request: Any) -> Any:
        headers = self.house.headers(Role.SECRETARIAT)
        answer = await self.public.request(method, API + path, headers=headers, **request)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def links(self, *people: str) -> list[str]:
        return [r.link for r in (await self.resolve(*people)).recipients]

    async def resolve(self, *people: str, code_ids: tuple[str, ...] = ()) -> Recipients:
        question = ResolveRecipients(assembly=A, people=people, code_ids=code_ids)
        answer = await self.house.client.request(SUBJECT, question.model_dump_json().encode(), timeout=10)
        assert not (answer.headers or {}).get("error")
        return Recipients.model_validate_json(answer.data)

    async def sign_up(self, link: str, **answers: str) -> httpx.Response:
        """Go through the form's steps with these answers, and return what the last form sent was answered with."""
        path, _, query = link.partition("?")
        path += "/trin/om-dig"
        for _ in range(MOST_STEPS):
            answer = await self.send(f"{path}?{query}" if query else path, ANSWERS | answers)
            path = answer.headers.get("location", "").partition("?")[0]
            if "/trin/" not in path:
                return answer
        raise AssertionError("the form has no end")

    async def send(self, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Send a form as its page would."""
        return await self.public.post(path, data=sealed(self.running, path, fields))

    async def restart(self, **extra: Any) -> "Office":
        await self.running.stop()
        return await started(self.house, **extra)


async def started(house: House, **extra: Any) -> Office:
    """Start registration. `forms` in `extra` are limits that stand beside the house's own."""
    forms = {"forms": FORMS | extra.pop("forms")} if "forms" in extra else {}
    told = {"person_key": KEY, "synthetic_people": True, "invite_seconds": 0.2, "encryption": {"keys": keys.folder()}}
    told |= forms | extra
    return Office(house, await house.start(bootstrap.build, settings.Settings, **told))


async def office_of(house: House, **extra: Any) -> Office:
    """Start registration with an announced assembly, on a day its sign-up is open."""
    office = await started(house, **extra)
    await house.move_clock(OPEN)
    await house.say(announced(A))
    await house.settle()
    return office


async def whole(house: House) -> Office:
    """Start registration with an announced assembly that asks something at every step of its form."""
    office = await office_of(house)

    def both(text: str) -> Text:
        return Text(da=text, en=f"{text} (en)")

    needs = (Named(id="transport", title=both("Transport")), Named(id="diet", title=both("Særlig kost")))
    exclusion = Exclusion(id="politician", title=both("Politikere"), question=both("Jeg er folkevalgt"))
    condition = Condition(id="meals", title=both("Mad"), text=both("Der er mad."))
    await house.say(announced(A, exclusions=(exclusion,), needs=needs, conditions=(condition,)))
    await house.settle()
    return office


def ids(*numbers: int) -> list[str]:
    return [person_id(KEY.encode(), A, cpr(number)) for number in numbers]


async def invited(office: Office, residents: int = 3) -> list[str]:
    """Import, open and invite; return everyone's link, in the order of the roll."""
    await office.call("PUT", "/roll", content=roll(row(n) for n in range(residents)))
    await office.call("POST", "/open")
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    return await office.links(*ids(*range(residents)))


async def drawn(office: Office, *numbers: int) -> None:
    """Have these residents drawn; the fact comes twice, as facts may."""
    fact = PanelDrawn(
        assembly=A,
        draw="d1",
        pool_size=3,
        panel=tuple(ids(*numbers)),
        alternates=(),
        composition=(),
        record_digest="0" * 64,
    )
    for _ in range(2):
        await office.house.say(fact, event_id="6f2f1c4e-52a1-4f0e-9f5e-0d3c6d1f0b99")
    await office.house.settle()
