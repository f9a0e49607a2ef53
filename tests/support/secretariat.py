"""The sessions service as the secretariat uses it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chassis.identity import Role
from sessions.bootstrap import build
from sessions.settings import Settings
from support.house import House, Running

ROOT = Path(__file__).parents[2]
A = "dragoer-2025"
API = f"/samling/api/assemblies/{A}"
BEFORE = datetime(2025, 2, 3, 9, tzinfo=UTC)


class Secretariat:
    """The service as the secretariat uses it."""

    def __init__(self, house: House, svc: Running) -> None:
        self.house, self.svc, self.headers = house, svc, house.headers(Role.SECRETARIAT)

    async def do(
        self, path: str, body: dict[str, Any] | None = None, *, method: str = "POST", status: int = 200
    ) -> Any:
        reply = await self.svc.http.request(method, f"{API}{path}", json=body, headers=self.headers)
        assert reply.status_code == status, reply.text
        return reply.json()

    async def page(self, path: str, lang: str = "en") -> str:
        reply = await self.svc.http.get(path, params={"sprog": lang})
        assert reply.status_code == 200, reply.text
        return reply.text


async def start(house: House, *names: str) -> Secretariat:
    folders = [ROOT / "municipalities" / name for name in names or ("dragoer",)]
    svc = await house.start(build, Settings, municipalities=folders)
    await house.move_clock(BEFORE)
    return Secretariat(house, svc)
