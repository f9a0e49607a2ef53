"""`borgersamling rehearse`: the whole course of an assembly, played on the real system with invented residents."""

import argparse
from pathlib import Path

from borgersamling import rehearsal
from borgersamling.rehearsal.course import STAGES
from borgersamling.running import REHEARSAL


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("rehearse", help="play the whole course of an assembly with invented residents")
    parser.add_argument("municipality", type=Path, help="folder of the assembly, such as municipalities/dragoer")
    parser.add_argument(
        "--residents", type=_positive, default=11_752, help="how many can be invited (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another panel (default: %(default)s)")
    parser.add_argument("--until", choices=STAGES, help="stop the course after this stage, to look at it midway")
    parser.add_argument("--exit", action="store_true", dest="leave", help="end by itself instead of staying up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was counted to a file")
    parser.add_argument("--data", type=Path, default=REHEARSAL, help="data folder, emptied (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port of the one address (default: 8080, or any free one)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play it."""
    return rehearsal.run(
        arguments.municipality,
        data=arguments.data,
        residents=arguments.residents,
        seed=arguments.seed,
        leave=arguments.leave,
        json=arguments.json,
        port=arguments.port,
        until=arguments.until,
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
