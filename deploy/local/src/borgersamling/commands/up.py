"""`borgersamling up`: start the whole system and stay until Ctrl-C."""

import argparse
import signal
import threading
from pathlib import Path

from borgersamling import table
from borgersamling.processes import HOST
from borgersamling.report import Report
from borgersamling.running import SYSTEM
from borgersamling.supervisor import System


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("up", help="start the whole system on this machine and stay until Ctrl-C")
    parser.add_argument("--data", type=Path, default=SYSTEM, help="data folder, found again (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port of the one address (default: 8080, or any free one)")
    parser.add_argument(
        "--clock",
        choices=("system", "rehearsal"),
        default="system",
        help="`rehearsal` lets `borgersamling clock move` move the time, and takes synthetic residents",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start, show one line a part, and stay."""
    report = Report()
    asked_to_stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(sign, lambda *_: asked_to_stop.set())
    with System(arguments.data, port=arguments.port, clock=arguments.clock, say=report.part) as system:
        report.line(f"everything is ready at {system.url} (data in {arguments.data}); stop with Ctrl-C")
        for path, what in PLACES:
            report.line(f"  {system.url}{path:<16} {what}")
        report.line(f"  {system.url}{'/log-ind':<16} sign in {table.who_signs_in()}")
        report.line(f"  tokens of the roles: {system.data / 'secrets.json'}; NATS {system.nats_url} on {HOST}")
        asked_to_stop.wait()
        report.line("stopping")
    report.line("stopped; the data is found again on the next start")
    return 0


PLACES = (
    ("/", "the front page"),
    ("/opfoelgning/", "the council's promises and answers"),
    ("/post", "what was sent, in numbers"),
)
