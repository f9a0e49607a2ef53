"""`borgersamling privacy-check`: look for anything personal where it must not be."""

import argparse
import asyncio
from pathlib import Path

from borgersamling import privacy
from borgersamling.running import NotRunningError, RunningSystem
from chassis.topology import ADMIN

FOUND = 1
SHOWN = 50


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "privacy-check", help="look for CPR numbers, names and addresses in every stream, log line and trace"
    )
    parser.add_argument("--data", type=Path, help="data folder of a running rehearsal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look everywhere; 1 when anything is found, with the places and never the values."""
    system = RunningSystem.find(arguments.data)
    try:
        found, looked = asyncio.run(privacy.check(system.data, system.nats_url, ADMIN, system.passwords[ADMIN]))
    except FileNotFoundError:
        raise NotRunningError(
            f"{system.data / privacy.ROLL} is missing: only a rehearsal keeps the roll its residents are looked for by"
        ) from None
    for finding in found[:SHOWN]:
        print(f"{finding.where}: {finding.kind}")
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} more")
    print(f"{len(found)} findings in {looked}")
    return FOUND if found else 0
