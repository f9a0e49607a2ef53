"""How fast the dashboards answer for a whole country, and its deadlines are swept: real servers, one uvicorn worker.

98 municipalities with 10 assemblies of 30 recommendations each, written through the repository. First the sweep of a
morning on which every assembly owes a crossing; then every dashboard in turn, opened by people who come at their own
moments whether the service keeps up or not: a page is late from the moment someone wanted it.

    PYTHONPATH=tests python tests/bench/followup_dashboards.py [--municipalities 98] [--requests 100] [--rate 5]

Prints a line a page and PASS or FAIL; exits with 1 when a page's p99 or the sweep is not within its limit, or anything
is answered otherwise than it should be.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

import httpx

from borgersamling.programs import Program
from chassis.identity import Role
from followup import bootstrap
from followup.domain.calendar import day_of
from followup.repository import count_owing
from followup.settings import Settings
from followup.sweep import sweep
from support.country import Country, ways
from support.house import FORMS_KEY, House
from support.servers import Servers, running
from support.staff import signed_in

NOW = datetime(2026, 3, 17, 8, tzinfo=UTC)
PAGE_MS, SWEEP_MS = 300.0, 1000.0
LONG = 86_400.0
"""Seconds between the sweeps of the service itself: none comes in between."""


async def measured(servers: Servers, folder: Path, asked: argparse.Namespace) -> bool:
    """Write the country, sweep it and read it; return whether all was within its limits."""
    country = Country(asked.municipalities, asked.assemblies, asked.recommendations, day_of(NOW))
    async with House(servers) as house:
        followup = await house.start(bootstrap.build, Settings, sweep_seconds=LONG)
        await house.move_clock(NOW)
        await house.settle()
        began = time.perf_counter()
        await country.write(followup.service.db)
        said(f"{len(country.assemblies)} assemblies written in {time.perf_counter() - began:.0f} s")
        owing = await count_owing(followup.service.db, day_of(NOW))
        began = time.perf_counter()
        swept = await sweep(followup.service)
        sweep_ms = (time.perf_counter() - began) * 1000
        left = await count_owing(followup.service.db, day_of(NOW))
        whole = swept == len(country.assemblies) and owing >= swept and left == 0
        passed = said_of("sweep", sweep_ms, SWEEP_MS, f"{owing} crossings of {swept} assemblies", whole)
        officer = await signed_in(house, followup, Role.OFFICER)
        await house.settle(seconds=300)  # what the sweep said is on its way: the pages are measured on their own
        database = f"{house.name}_followup"
        with Program("followup", folder, lambda _: _told(servers, database)) as program:
            return await read(program.url, officer.visitor.cookies, asked) and passed


async def read(url: str, cookies: dict[str, str], asked: argparse.Namespace) -> bool:
    """Open every page and return whether each kind was within its limit."""
    random = Random(5)
    paths = ways(asked.municipalities, asked.assemblies, asked.recommendations, seed=3)
    kinds = len(dict.fromkeys(kind for kind, _ in islice(paths, 50)))
    took: dict[str, list[float]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    headers = {"accept": "text/html", **cookies}
    async with httpx.AsyncClient(base_url=url, timeout=60, headers=headers, trust_env=False) as http:

        async def read_one(kind: str, path: str, due: float) -> None:
            await asyncio.sleep(due - time.perf_counter())
            try:
                status = str((await http.get(path)).status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            took[kind].append((time.perf_counter() - due) * 1000)
            if status != "200":
                wrong[f"{kind} answered {status}"] += 1

        for kind, path in islice(paths, 2 * kinds):  # what is compiled and connected once is so before
            await read_one(kind, path, time.perf_counter())
        took.clear()
        due, under_way = time.perf_counter(), []
        for kind, path in islice(paths, asked.requests * kinds):
            due += random.expovariate(asked.rate)
            under_way.append(asyncio.create_task(read_one(kind, path, due)))
        await asyncio.gather(*under_way)
    for name, count in wrong.items():
        said(f"{name}: {count} times")
    passed = [page(kind, sorted(found)) for kind, found in took.items()]  # a line for each, also after one that fails
    return all(passed) and not wrong


def page(kind: str, ordered: list[float]) -> bool:
    """Print one page's line; return whether its p99 is within the limit."""
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    return said_of(kind, p99, PAGE_MS, f"p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms of {len(ordered)}")


def said_of(what: str, value: float, limit: float, more: str, whole: bool = True) -> bool:
    """Print what was measured, and return whether it is within its limit."""
    passed = value < limit and whole
    said(f"{'PASS' if passed else 'FAIL'}  {what:<20} {value:7.0f} ms (limit {limit:.0f})   {more}")
    return passed


def said(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _told(servers: Servers, database: str) -> dict[str, str]:
    return {
        "NATS__URL": servers.nats_url,
        "NATS__USER": "followup",
        "NATS__PASSWORD": servers.password("followup"),
        "MONGO__URI": servers.mongo_uri,
        "MONGO__DATABASE": database,
        "CLOCK__MODE": "rehearsal",
        "FORMS__KEY": FORMS_KEY,
        "TOPOLOGY": str(servers.topology_file),
        "SWEEP_SECONDS": str(LONG),
    }


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=98)
    parser.add_argument("--assemblies", type=int, default=10, help="of each municipality")
    parser.add_argument("--recommendations", type=int, default=30, help="of each assembly")
    parser.add_argument("--requests", type=int, default=100, help="of each page")
    parser.add_argument("--rate", type=float, default=5.0, help="requests a second")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-followup-") as folder, running(Path(folder)) as servers:
        return 0 if asyncio.run(measured(servers, Path(folder), asked)) else 1


if __name__ == "__main__":
    sys.exit(main())
