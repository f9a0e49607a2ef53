"""`lottery draw`: from two files to a folder with the panel and everything that proves how it was drawn."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lottery.commands.inputs import Given, add_inputs, read_inputs, read_rates
from lottery.domain.alternates import draw_alternates
from lottery.domain.prepare import PreparedDraw, prepare_draw
from lottery.domain.quotas import composition
from lottery.domain.record import Inputs, alternates_seed, chance, drawn_part, published
from lottery.files.respondents import Respondent
from lottery.files.writing import FolderTakenError, csv_bytes, json_bytes, write_folder
from lottery.standalone import FILE_NAME, standalone
from lottery.verifying.digits import digits_of_seed, panel_number
from lottery.verifying.seals import line_of
from lottery.version import code_version

DRAWN, BAD_INPUT = 0, 2


def add_draw(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `lottery draw`."""
    add_inputs(parser)
    number = parser.add_mutually_exclusive_group()
    number.add_argument("--digits", metavar="123", help="the three digits that were drawn in public")
    number.add_argument("--seed", metavar="S", help="make the digits of this text: for trying out, not for the public")
    parser.add_argument("--alternates", type=int, metavar="N", help="how many (default: a third of the panel)")
    parser.add_argument(
        "--dropout", type=Path, metavar="FILE", help="how many left earlier assemblies: feature,value,selected,left"
    )
    parser.add_argument("--name", default="assembly", help="the assembly's name in the record")
    parser.add_argument("--test", action="store_true", help="mark the record as that of a test draw")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is not there or is empty")
    parser.set_defaults(run=draw)


def draw(chosen: argparse.Namespace) -> int:
    """Seal a draw, and draw it if there are digits; the same files and digits give the same folder to the byte."""
    if chosen.digits is not None:
        try:
            panel_number(chosen.digits)
        except ValueError as error:
            print(f"--digits: {error}", file=sys.stderr)
            return BAD_INPUT
    given = read_inputs(chosen)
    for warning in given.respondents.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    wanted = -(-given.quotas.panel_size // 3) if chosen.alternates is None else chosen.alternates
    if wanted < 0:
        print("--alternates: at least 0", file=sys.stderr)
        return BAD_INPUT
    randomness = {"source": "seed", "seed": chosen.seed} if chosen.seed is not None else {"source": "digits"}
    called = "test-1" if chosen.test else "draw-1"
    inputs = Inputs(
        chosen.name,
        called,
        given.pool_digest,
        alternates=wanted,
        test=chosen.test,
        randomness=randomness,
        dropout=read_rates(chosen.dropout, given.quotas),
    )
    prepared = prepare_draw(inputs, given.pool, given.quotas, given.options, code_version=code_version())
    digits = chosen.digits if chosen.seed is None else digits_of_seed(chosen.seed)
    try:
        write_folder(chosen.out, _files(given, prepared, wanted, digits))
    except (FolderTakenError, OSError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    print(f"Sealed: {prepared.digest}")
    if digits is None:
        print("Publish this digest, draw three digits, and run the command again with --digits and another --out.")
    else:
        print(f"Drawn: panel {digits} of 000 to 999, in {chosen.out}. Check it: lottery verify {chosen.out}")
    return DRAWN


def _files(given: Given, prepared: PreparedDraw, wanted: int, digits: str | None) -> dict[str, bytes]:
    people = {one.id: one for one in given.respondents.people}
    lines = [(one.person, line_of(one.salt)) for one in given.pool]
    files: dict[str, bytes] = {}
    drawn = None
    if digits is not None:
        drawn, selected, alternates = _drawn(given, prepared, wanted, digits)
        order = {person: str(number) for number, person in enumerate(alternates, start=1)}
        remaining = people.keys() - order.keys() - set(selected)
        files["selected.csv"] = _table(given, [people[one] for one in sorted(selected)])
        files["alternates.csv"] = _table(given, [people[one] for one in sorted(order)], order)
        files["remaining.csv"] = _table(given, [people[one] for one in sorted(remaining)])
    openings = prepared.openings | {"certificate": None}
    if prepared.certificate is not None:
        files["certificate.json"] = json_bytes(prepared.certificate)
    chances = ([person, chance(value)] for person, value in sorted(prepared.chances.items()))
    panels = ([f"{number:03d}", person] for number, panel in enumerate(prepared.panels) for person in panel)
    return files | {
        "probabilities.csv": csv_bytes(["id", "probability"], chances),
        "portfolio.csv": csv_bytes(["panel", "id"], panels),
        "lines.csv": csv_bytes(["id", "line"], lines),
        "record.json": json_bytes(published(prepared.record, announced_at=None, drawn=drawn)),
        "openings.json": json_bytes(openings),
        FILE_NAME: standalone().encode(),
    }


def _drawn(
    given: Given, prepared: PreparedDraw, wanted: int, digits: str
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    pool = {one.person: one for one in given.pool}
    panel = prepared.panels[panel_number(digits)]
    seed, dropout = alternates_seed(prepared.digest, digits), prepared.record["alternates"]["dropout"]
    alternates = draw_alternates(pool, panel, given.quotas, wanted, seed, dropout)
    seats = composition([pool[person].features for person in panel], given.quotas)
    waiting = [pool[person] for person in alternates]
    return drawn_part(prepared.record, digits, waiting, seats, drawn_at=None, entered_by=0), panel, alternates


def _table(given: Given, people: Sequence[Respondent], order: Mapping[str, str] | None = None) -> bytes:
    """Return people with all their columns, the id's first and then, of alternates, their number in the order."""
    place, header = given.respondents.id_column, given.respondents.header
    others = [column for column in range(len(header)) if column != place]
    numbers = [] if order is None else ["alternate_number"]
    rows = (
        [one.id, *([] if order is None else [order[one.id]]), *(one.cells[column] for column in others)]
        for one in people
    )
    return csv_bytes([header[place], *numbers, *(header[column] for column in others)], rows)
