"""The `borgersamling` command: the whole system on one machine, its rehearsal, and an operator's tools."""

import argparse
import sys
from collections.abc import Sequence

from borgersamling.commands import check, clock, dead_letters, privacy, rehearse, trace, up
from borgersamling.processes import StartError
from borgersamling.running import NotRunningError

COMMANDS = (up, rehearse, check, dead_letters, clock, privacy, trace)
FAILED = 1


def parser() -> argparse.ArgumentParser:
    """Return the command line; each command's module adds its own part."""
    whole = argparse.ArgumentParser(prog="borgersamling", description=__doc__)
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return whole


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 called wrongly or input refused."""
    arguments = parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (StartError, NotRunningError) as error:
        sys.stderr.write(f"{error}\n")
        status = FAILED
    except KeyboardInterrupt:
        status = 128 + 2
    raise SystemExit(status)


if __name__ == "__main__":
    main()
