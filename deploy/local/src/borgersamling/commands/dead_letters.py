"""`borgersamling dead-letters`: the facts a service gave up on. They hold ids and public data alone."""

import argparse
import json
from pathlib import Path

from borgersamling.running import PREFIXES, RunningSystem


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its three ways."""
    parser = commands.add_parser("dead-letters", help="list, show and replay the facts a service gave up on")
    parser.add_argument("--data", type=Path, help="data folder of the running system")
    ways = parser.add_subparsers(required=True, metavar="WAY")
    ways.add_parser("list", help="all of them, oldest first").set_defaults(run=listed)
    for name, help_text, run in (("show", "one with its original", show), ("replay", "handle one once more", replay)):
        way = ways.add_parser(name, help=help_text)
        way.add_argument("service", choices=sorted(PREFIXES))
        way.add_argument("number", type=int, help="its number in the list")
        way.set_defaults(run=run)


def listed(arguments: argparse.Namespace) -> int:
    """Print one line each, and how many there are."""
    system = RunningSystem.find(arguments.data)
    count = 0
    for service, prefix in PREFIXES.items():
        for letter in system.ask("GET", f"{prefix}/ops/dead-letters"):
            count += 1
            print(f"{service:<14} {letter['number']:>6}  {letter['at']}  {letter['durable']}: {letter['why']}")
    print(f"{count} dead letters")
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Print one as JSON."""
    system = RunningSystem.find(arguments.data)
    found = system.ask("GET", f"{PREFIXES[arguments.service]}/ops/dead-letters/{arguments.number}")
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0


def replay(arguments: argparse.Namespace) -> int:
    """Have one handled again; it leaves the list when that succeeds."""
    system = RunningSystem.find(arguments.data)
    letter = system.ask("POST", f"{PREFIXES[arguments.service]}/ops/dead-letters/{arguments.number}/replay")
    print(f"handled: {letter['durable']}, number {letter['number']} has left the list")
    return 0
