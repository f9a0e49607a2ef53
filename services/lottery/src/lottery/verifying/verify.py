"""The command that verifies a draw from its files."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from lottery.verifying.drawn import drawn_lines
from lottery.verifying.fairness import OF_THIS_POOL, PROVES, SEALED_CERTIFICATE
from lottery.verifying.folder import folder_lines
from lottery.verifying.lines import Line
from lottery.verifying.openings import BY_THE_RULE, openings_lines
from lottery.verifying.own_line import own_lines
from lottery.verifying.reading import UnreadableError, read_json
from lottery.verifying.record import Json, sealed_lines, shape_line

ABOUT = "Verify a draw from its files: what holds, what fails, and what cannot be seen from what was given."
HOLDS, FAILS, UNREADABLE = 0, 1, 2
CLOSED = (
    "the answers behind the lines are those that were committed to",
    "all panels keep all quotas",
    SEALED_CERTIFICATE,
    OF_THIS_POOL,
    PROVES,
    BY_THE_RULE,
)


def verified(record: Any, openings: Any = None, *, announced: str | None = None) -> Iterator[Line]:
    """Check a record, with its openings where they are given.

    `announced` is the digest that was published before the number was known.
    """
    shape = shape_line(record)
    yield shape
    if not shape.holds:
        return
    sealed_holds = True
    for line in sealed_lines(record):
        sealed_holds = sealed_holds and line.holds is not False
        yield line
    yield _announcement(record, announced)
    yield Line(None, "the pool is the one that closed", f"compare {record['sealed']['pool']['digest']}")
    yield Line(None, "the quotas are those that were announced with the assembly", "compare them")
    if not sealed_holds:
        return  # places in a broken portfolio lead nowhere
    yield from drawn_lines(record)
    if record["sealed"]["randomness"].get("source") == "drand" and record["drawn"] is not None:
        yield Line(None, "the beacon signed the round", "any drand client can check the signature")
    if openings is None:
        yield from (Line(None, what, "needs the openings") for what in CLOSED)
    else:
        yield from openings_lines(record, openings)


def _announcement(record: Json, announced: str | None) -> Line:
    what, found = "the digest is the one that was announced before the number was known", record["record_digest"]
    if announced is None:
        return Line(None, what, f"compare {found}")
    return Line(announced.strip().lower() == found, what, "" if announced.strip().lower() == found else found)


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    """Run the command; return 0 when nothing fails, 1 when something does, 2 when a file cannot be read."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Danish letters is no reason to fail
    parser = argparse.ArgumentParser(prog=program, description=ABOUT, epilog="Needs nothing but Python.")
    parser.add_argument("record", type=Path, metavar="RECORD", help="record.json, or the folder of a draw")
    parser.add_argument("--openings", type=Path, metavar="FILE", help="what is behind the lines: openings.json")
    parser.add_argument("--announced", metavar="DIGEST", help="the digest that was published before the draw")
    parser.add_argument("--code", help="the code on your receipt: find your own line")
    chosen = parser.parse_args(arguments)
    try:
        lines = list(_lines(chosen))
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    for line in lines:
        print(line)
    count = {word: sum(line.holds is word for line in lines) for word in (True, False, None)}
    print(f"\n{count[True]} hold, {count[False]} fail, {count[None]} not shown here.")
    return FAILS if count[False] else HOLDS


def _lines(chosen: argparse.Namespace) -> Iterator[Line]:
    folder: Path | None = chosen.record if chosen.record.is_dir() else None
    record = read_json(folder / "record.json" if folder else chosen.record)
    openings = _openings(folder, chosen.openings)
    lines = list(verified(record, openings, announced=chosen.announced))
    yield from lines
    if lines[0].holds and folder:
        yield from folder_lines(record, folder)
    if lines[0].holds and chosen.code is not None:
        yield from own_lines(record, chosen.code)


def _openings(folder: Path | None, given: Path | None) -> Any:
    """Return the openings that are given or lie in the folder; there the certificate has a file of its own."""
    if given or folder is None:
        return read_json(given) if given else None
    if not (folder / "openings.json").exists():
        return None
    openings = read_json(folder / "openings.json")
    if isinstance(openings, dict) and (folder / "certificate.json").exists():
        openings["certificate"] = read_json(folder / "certificate.json")
    return openings
