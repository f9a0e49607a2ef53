"""Registration as a process of its own, so that it can be killed and its memory measured."""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from borgersamling.programs import Program
from chassis.identity import Role
from support import keys
from support.house import FORMS_KEY, House
from support.registering import API
from support.rolls import COLUMNS, KEY, row
from support.servers import Servers

MARGIN = 900
"""Different synthetic CPR numbers of one day of birth that `support.rolls.cpr` gives, with some to spare."""


class Registrar(Program):
    """A registration process over a database; several may stand over one."""

    def __init__(self, servers: Servers, database: str, folder: Path, **settings: str) -> None:
        self._servers, self._database, self._settings = servers, database, settings
        super().__init__("registration", folder, self._told)

    def _told(self, _: int) -> dict[str, str]:
        return {
            "NATS__URL": self._servers.nats_url,
            "NATS__USER": "registration",
            "NATS__PASSWORD": self._servers.password("registration"),
            "MONGO__URI": self._servers.mongo_uri,
            "MONGO__DATABASE": self._database,
            "CLOCK__MODE": "rehearsal",
            "IDENTITY__TOKENS": json.dumps({Role.SECRETARIAT.value: House.token(Role.SECRETARIAT)}),
            "FORMS__KEY": FORMS_KEY,
            "TOPOLOGY": str(self._servers.topology_file),
            "PERSON_KEY": KEY,
            "SYNTHETIC_PEOPLE": "true",
            "ENCRYPTION__KEYS": str(keys.folder()),
            **self._settings,
        }

    async def call(self, method: str, path: str, content: Any = None, seconds: float = 60) -> httpx.Response:
        """Call the secretariat's API."""
        headers = {"Authorization": f"Bearer {House.token(Role.SECRETARIAT)}"}
        async with httpx.AsyncClient(base_url=self.url, timeout=seconds, trust_env=False) as http:
            return await http.request(method, API + path, content=content, headers=headers)

    def peak_megabytes(self) -> float:
        """Return the most memory the process has had resident."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


def many(residents: int) -> Iterator[dict[str, str]]:
    """Yield rows of as many different residents, all grown up."""
    for n in range(residents):
        day, number = divmod(n, MARGIN)
        born = date(1930, 1, 1) + timedelta(days=day)
        yield row(number, born, house_number=str(n % 900 + 1), street=f"Prøvevej {n // 900 % 997}")


async def as_file(rows: Iterable[dict[str, str]], at_once: int = 500) -> AsyncIterator[bytes]:
    """Yield the rows as a file that is never held whole."""
    held = [";".join(COLUMNS)]
    for one in rows:
        held.append(";".join(one[column] for column in COLUMNS))
        if len(held) >= at_once:
            yield ("\n".join(held) + "\n").encode()
            held = []
    if held:
        yield ("\n".join(held) + "\n").encode()
