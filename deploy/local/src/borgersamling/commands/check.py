"""`borgersamling check`: say whether a municipality's folder is fit to be announced."""

import argparse
from pathlib import Path

from sessions.domain.assembly_file import AssemblyFileError, load

REFUSED = 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="check a municipality's folder as the sessions service does")
    parser.add_argument("municipality", type=Path, nargs="+", help="folder with an assembly.yaml")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Name every problem of every folder with the path of its field."""
    status = 0
    for folder in arguments.municipality:
        try:
            plan = load(folder)
        except AssemblyFileError as error:
            print(error)
            status = REFUSED
            continue
        print(
            f"{folder} is fit: {plan.id}, {plan.panel.size} members, {len(plan.criteria)} criteria, "
            f"{len(plan.sessions)} sessions, {len(plan.milestones)} statuses"
        )
    return status
