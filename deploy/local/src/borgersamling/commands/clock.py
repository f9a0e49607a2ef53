"""`borgersamling clock`: the time the services go by, and in a rehearsal moving it for all of them at once."""

import argparse
import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import nats

from borgersamling.running import PREFIXES, NotRunningError, RunningSystem
from chassis import clock
from chassis.topology import ADMIN

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its two ways."""
    parser = commands.add_parser("clock", help="show the services' clock, or move it in a rehearsal")
    parser.add_argument("--data", type=Path, help="data folder of the running system")
    ways = parser.add_subparsers(required=True, metavar="WAY")
    ways.add_parser("show", help="the time of each service").set_defaults(run=show)
    way = ways.add_parser("move", help="move the clock of a system that runs with the rehearsal clock")
    way.add_argument("to", type=_time, metavar="TIME", help="ISO 8601; without a zone it is Danish time")
    way.set_defaults(run=move)


def show(arguments: argparse.Namespace) -> int:
    """Print a line a service."""
    system = RunningSystem.find(arguments.data)
    for service, prefix in PREFIXES.items():
        now = datetime.fromisoformat(system.ask("GET", f"{prefix}/ops/clock")["now"]).astimezone(COPENHAGEN)
        print(f"{service:<14} {now:%Y-%m-%d %H:%M:%S %Z}")
    print(f"the clock is the {system.clock} clock")
    return 0


def move(arguments: argparse.Namespace) -> int:
    """Say the new time to all services."""
    system = RunningSystem.find(arguments.data)
    if system.clock != "rehearsal":
        raise NotRunningError(f"the system over {system.data} runs on the machine's clock, which nobody moves")
    asyncio.run(_move(system, arguments.to))
    return show(arguments)


async def _move(system: RunningSystem, to: datetime) -> None:
    client = await nats.connect(system.nats_url, user=ADMIN, password=system.passwords[ADMIN], connect_timeout=5)
    try:
        await clock.move(client.jetstream(timeout=10), to)
        await asyncio.sleep(0.5)  # the services follow within moments; `show` then asks each of them
    finally:
        await client.close()


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2025-04-09T17:00") from None
    return time if time.tzinfo else time.replace(tzinfo=COPENHAGEN)
