"""A small assembly whose panel is drawn: its pool, its draw, and what is then asked of the lottery."""

import asyncio
import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.clock import RehearsalClock
from chassis.identity import Role
from contracts.base import Text
from contracts.registration import PoolClosed
from contracts.sessions import AssemblyAnnounced, Criterion, CriterionValue, Named
from lottery import bootstrap
from lottery.settings import Settings
from support.house import House, Running
from support.lottery import salt

A = "dragoer-2025"
API = f"/lodtraekning/api/assemblies/{A}"
SECRETARIAT = House.token(Role.SECRETARIAT)
OFFICE = {"Authorization": f"Bearer {SECRETARIAT}"}
WHY = {"why": "De udtrukne skal ringes op"}
TENURE = ("owner", "tenant")
AGE = ("young", "old")


def text(words: str) -> Text:
    return Text(da=words, en=words)


def announced(minimum: int = 2, maximum: int = 4) -> AssemblyAnnounced:
    """An assembly of six, with two alternates, and two criteria of two values."""
    moment = datetime(2025, 1, 1, tzinfo=UTC)

    def criterion(name: str, values: tuple[str, ...]) -> Criterion:
        quotas = tuple(
            CriterionValue(id=value, title=text(value), minimum=minimum, maximum=maximum, population_share=0.5)
            for value in values
        )
        return Criterion(id=name, title=text(name), source="form", values=quotas)

    return AssemblyAnnounced(
        assembly=A,
        municipality=Named(id="dragoer", title=text("Dragør")),
        title=text("Borgersamling"),
        purpose=text("Formål"),
        panel_size=6,
        alternates=4,
        minimum_age=15,
        age_on=moment.date(),
        sign_up_opens_at=moment,
        sign_up_closes_at=moment,
        criteria=(criterion("tenure", TENURE), criterion("age", AGE)),
        sessions=(),
        themes=(),
        committees=(),
        milestones=(),
    )


def person(number: int) -> str:
    return hashlib.sha256(f"person {number}".encode()).hexdigest()[:32]


def snapshot(people: int = 40) -> bytes:
    """A pool of forty, a household every four people."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["person", "household", "salt", "tenure", "age"])
    for number in sorted(range(people), key=person):
        row = [person(number), f"h{number // 4}", salt(person(number))]
        table.writerow([*row, TENURE[number % 2], AGE[number % 3 == 0]])
    return out.getvalue().encode()


def closed(pool: bytes) -> PoolClosed:
    people = pool.count(b"\n") - 1
    return PoolClosed(assembly=A, invited=1000, signed_up=people, digest=hashlib.sha256(pool).hexdigest())


async def with_pool(house: House, pool: bytes | None = None, **settings: object) -> Running:
    lottery = await house.start(bootstrap.build, Settings, **settings)
    pool = snapshot() if pool is None else pool
    await house.say(announced())
    await house.say(closed(pool), attachment=pool)
    await house.settle()
    return lottery


async def do(lottery: Running, path: str, body: object = None, role: Role = Role.SECRETARIAT) -> Any:
    """Give a command to the draw, as a role's program."""
    headers = {"Authorization": f"Bearer {House.token(role)}"}
    answer = await lottery.http.post(f"{API}/draws{path}", json=body or {}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def in_an_hour(lottery: Running) -> str:
    return (lottery.service.clock.now() + timedelta(hours=1)).isoformat()


async def until_it_is_drawn(lottery: Running, draw: str = "draw-1") -> None:
    """Move the lottery's clock to the moment the draw is announced for, unless that is over."""
    standing = (await lottery.http.get(f"{API}/draws/{draw}", headers=OFFICE)).json()
    clock, moment = lottery.service.clock, datetime.fromisoformat(standing["draws_at"])
    assert isinstance(clock, RehearsalClock)
    if clock.now() < moment:
        clock.set(moment + timedelta(minutes=1), clock.machine_now())


async def prepared(lottery: Running, **plan: object) -> Any:
    """Have a draw prepared, and return how it stands when the background is through with it."""
    draw = (await do(lottery, "", {"draws_at": in_an_hour(lottery)} | plan))["draw"]
    for _ in range(2000):
        standing = (await lottery.http.get(f"{API}/draws/{draw}", headers=OFFICE)).json()
        if standing["state"] != "preparing":
            return standing
        await asyncio.sleep(0.02)
    raise AssertionError(f"{draw} is still being prepared")


async def sealed(lottery: Running, **plan: object) -> Any:
    """Have a draw prepared and announced."""
    standing = await prepared(lottery, **plan)
    assert standing["state"] == "prepared", standing["problems"]
    return await do(lottery, f"/{standing['draw']}/announce")


async def drawn(lottery: Running, digits: str = "123", **plan: object) -> Any:
    """Have a draw prepared, announced, and drawn by the secretariat and an observer."""
    return await both_type(lottery, digits, (await sealed(lottery, **plan))["draw"])


async def both_type(lottery: Running, digits: str, draw: str = "draw-1") -> Any:
    """Let the secretariat and an observer type the digits when it is time."""
    await until_it_is_drawn(lottery, draw)
    await do(lottery, f"/{draw}/digits", {"digits": digits})
    return await do(lottery, f"/{draw}/digits", {"digits": digits}, Role.OBSERVER)


async def counts(lottery: Running) -> dict[str, object]:
    return (await lottery.http.get(f"{API}/counts")).json()


async def seated(lottery: Running) -> set[str]:
    members = (await lottery.http.get(f"{API}/members", params=WHY, headers=OFFICE)).json()
    return {one["person"] for one in members if one["status"] in {"selected", "confirmed"}}


async def refused(lottery: Running, path: str, body: object, role: Role = Role.SECRETARIAT) -> str:
    """Return why a command is answered with 409."""
    headers = {"Authorization": f"Bearer {House.token(role)}"}
    answer = await lottery.http.post(f"{API}/draws{path}", json=body, headers=headers)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


async def stands(lottery: Running) -> dict[str, object]:
    """Say how the first draw stands."""
    found: dict[str, object] = (await lottery.http.get(f"{API}/draws/draw-1", headers=OFFICE)).json()
    return found
