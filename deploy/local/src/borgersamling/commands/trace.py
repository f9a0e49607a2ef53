"""`borgersamling trace`: one request and everything it caused, across services."""

import argparse
from pathlib import Path

from borgersamling import trace
from borgersamling.running import REHEARSAL

NONE = 1
SIGN_UP = "POST /tilmelding/l/{token}/trin/{step}"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("trace", help="show one trace from a request to what it caused")
    parser.add_argument("--data", type=Path, default=REHEARSAL, help="data folder (default: %(default)s)")
    parser.add_argument("--begins", default=SIGN_UP, help="name of the first span (default: %(default)s)")
    parser.add_argument("--holds", default="send receipt", help="a span it must hold (default: %(default)s)")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write it to a file, a span a line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the first trace that fits; 1 when there is none."""
    found = trace.find(trace.read(arguments.data), arguments.begins, arguments.holds)
    if found is None:
        print(f"no trace under {arguments.data} begins with {arguments.begins!r} and holds {arguments.holds!r}")
        return NONE
    print(trace.draw(found))
    if arguments.export:
        trace.export(found, arguments.export)
        print(f"written to {arguments.export}")
    return 0
