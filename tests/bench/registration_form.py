"""How fast the sign-up form answers: real servers, registration as a process of one worker, the load beside it.

Open loop: people begin at their own moments, look at each page for a while and go on, whether the service keeps up or
not; a request is late from the moment it was due, not from when the generator got round to it. Each goes the whole
way: what it is about, every step with its real seal, and the receipt.

    PYTHONPATH=tests python tests/bench/registration_form.py [--seconds 40] [--rate 50]

Prints JSON; exits with 1 when p99 is above 200 ms, or anything is answered otherwise than it should be.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from chassis import clock
from chassis.identity import Role
from registration.domain.people import link_token, person_id
from sessions.domain.assembly_file import load
from sessions.use_cases.announcing import as_fact
from support.house import House
from support.registrar import Registrar
from support.rolls import KEY, cpr, roll, row
from support.servers import Servers, running

ROOT = Path(__file__).parents[2]
A = "dragoer-2025"
OPEN = datetime(2025, 2, 11, 9, tzinfo=UTC)
LIMIT_MS = 200.0
LOOKS = (0.5, 1.5)
"""Seconds someone looks at a page; short, so that many are under way at once."""
FULL_AFTER = 6.0
"""Seconds after which as many end their way as begin one."""
PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
REQUESTS = 10
"""Of one person's way: what it is about, four steps opened and sent, the receipt."""
SEAL = re.compile(r'name="seal" value="([^"]+)"')
CONSENT_TEXT = re.compile(r'name="consent_text" value="([^"]+)"')
ANSWERS = {
    "gender": "female",
    "education": "vocational",
    "tenure": "owner",
    "right_district": "old-dragoer",
    "correction_note": "Jeg er flyttet fra Søvang til Strandgade.",
    "need_hearing": "yes",
    "needs_text": "Jeg hører bedst foran i salen.",
    "email": "prøve@eksempel.dk",
    "telephone": "12 34 56 78",
    "consent": "yes",
}


@dataclass
class Figures:
    """What was measured: milliseconds by kind of request, and what went wrong."""

    milliseconds: dict[str, list[float]]
    errors: Counter[str]
    at: list[float]
    """When each request was due."""
    signed_up: int = 0
    steady: tuple[float, float] = (0.0, 0.0)
    """From when to when people were at every page at once; before they only begin, and after it they only end."""


class Resident:
    """Someone on the way through the form."""

    def __init__(self, http: httpx.AsyncClient, figures: Figures, link: str, rng: random.Random) -> None:
        self._http, self._figures, self._link, self._rng = http, figures, link, rng

    async def go(self) -> None:
        """Go the whole way."""
        await self._ask("begin", "GET", self._link, 200)
        path = f"{self._link}/trin/om-dig"
        while "/trin/" in path:
            step = path.rpartition("/")[2]
            page = await self._ask(f"open {step}", "GET", path, 200)
            seal = SEAL.search(page.text, max(page.text.find(f'action="{path}'), 0))
            if seal is None:
                return
            form = ANSWERS | {"seal": seal[1]}
            if text := CONSENT_TEXT.search(page.text):
                form["consent_text"] = text[1]
            path = (await self._ask(f"send {step}", "POST", path, 303, form)).headers.get("location", "")
        if path:
            await self._ask("receipt", "GET", path, 200)
            self._figures.signed_up += path.endswith("/kvittering")

    async def _ask(
        self, kind: str, method: str, path: str, expected: int, form: dict[str, str] | None = None
    ) -> httpx.Response:
        # A browser follows a redirect at once; a person looks at a page before they send it.
        look = self._rng.uniform(*LOOKS) if form else 0.0
        due = time.perf_counter() + look
        await asyncio.sleep(look)
        try:
            answer = await self._http.request(method, path, data=form)
        except httpx.HTTPError as error:
            self._figures.errors[type(error).__name__] += 1
            return httpx.Response(599)
        self._figures.milliseconds.setdefault(kind, []).append((time.perf_counter() - due) * 1000)
        self._figures.at.append(due)
        if answer.status_code != expected:
            self._figures.errors[f"{kind} answered {answer.status_code}"] += 1
        return answer


async def load_it(url: str, links: list[str], rate: float, seconds: float) -> Figures:
    """Send people through the form, so many requests a second, and return what was measured."""
    figures, rng = Figures({}, Counter(), []), random.Random(4)
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits, trust_env=False) as http:
        begin = at = time.perf_counter()
        figures.steady = (begin + FULL_AFTER, begin + seconds)
        under_way: list[asyncio.Task[None]] = []
        for link in links:
            at += rng.expovariate(rate / REQUESTS)
            if at > begin + seconds:
                break
            await asyncio.sleep(at - time.perf_counter())
            under_way.append(asyncio.create_task(Resident(http, figures, link, rng).go()))
        await asyncio.gather(*under_way)
    return figures


async def measured(servers: Servers, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Start registration, invite people and measure."""
    residents = int(1.3 * arguments.rate * arguments.seconds / REQUESTS) + 50
    async with House(servers) as house:
        database = f"{house.name}_registration"
        house._databases.add(database)
        # All come from one address here, so that its limit is no limit of theirs; the rest is as registration has it.
        with Registrar(servers, database, folder, FORMS__PER_ADDRESS="100000/minute") as program:
            await house.say(as_fact(load(ROOT / "municipalities/dragoer")))
            await clock.move(house.js, OPEN)
            people = [(n % 900, date(1950, 1, 1) + timedelta(days=n // 900)) for n in range(residents)]
            await invite(program.url, roll(row(number, born) for number, born in people))
            ids = [person_id(KEY.encode(), A, cpr(number, born)) for number, born in people]
            links = [f"/tilmelding/l/{link_token(KEY.encode(), person, 1)}" for person in ids]
            await load_it(program.url, links[:20], 20, 10)  # what is compiled and connected once is so before
            figures = await load_it(program.url, links[20:], arguments.rate, arguments.seconds)
    return report(figures, arguments.rate)


async def invite(url: str, people: bytes) -> None:
    """Import, open and invite, and wait until everyone has a link."""
    headers = {"Authorization": f"Bearer {House.token(Role.SECRETARIAT)}"}
    api = f"/tilmelding/api/assemblies/{A}"
    async with httpx.AsyncClient(base_url=url, timeout=120, headers=headers, trust_env=False) as http:
        while (await http.get(f"{api}/counts")).status_code != 200:
            await asyncio.sleep(0.1)
        (await http.put(f"{api}/roll", content=people)).raise_for_status()
        (await http.post(f"{api}/open")).raise_for_status()
        (await http.post(f"{api}/invitations")).raise_for_status()
        while True:
            counts = (await http.get(f"{api}/counts")).json()
            if counts["invited"] == counts["eligible"]:
                return
            await asyncio.sleep(0.1)


def report(figures: Figures, rate: float) -> dict[str, Any]:
    """Return what is printed."""
    every = sorted(ms for kind in figures.milliseconds.values() for ms in kind)
    begin, end = figures.steady
    sent = sum(begin <= at < end for at in figures.at) / (end - begin)
    return {
        "requests": len(every),
        "requests_a_second": {"asked": rate, "sent": round(sent, 1)},
        "signed_up": figures.signed_up,
        "milliseconds": spread(every) | {"limit": LIMIT_MS},
        "by_kind": {kind: spread(sorted(found)) for kind, found in sorted(figures.milliseconds.items())},
        "errors": dict(figures.errors),
    }


def spread(ordered: list[float]) -> dict[str, float]:
    """Return percentiles of measurements in their order (nearest rank)."""
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in PERCENTILES.items()}
    return {name: round(value, 1) for name, value in at.items()} | {"most": round(ordered[-1], 1)}


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0, help="how long people begin")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-form-") as folder, running(Path(folder)) as servers:
        figures = asyncio.run(measured(servers, Path(folder), arguments))
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0 if figures["milliseconds"]["p99"] < LIMIT_MS and not figures["errors"] else 1


if __name__ == "__main__":
    sys.exit(main())
