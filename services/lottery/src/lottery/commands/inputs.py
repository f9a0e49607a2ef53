"""What the command is given: quotas, people and how to draw, read from files into what the domain draws from."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from lottery.domain.dropping_out import USUAL, read_dropout
from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.objectives import Algorithm
from lottery.domain.pool import Registrant
from lottery.domain.prepare import Options
from lottery.domain.quotas import Quotas
from lottery.files.categories import read_categories
from lottery.files.respondents import Respondents, read_respondents
from lottery.verifying.seals import digest, digest_of_bytes


@dataclass(frozen=True)
class Given:
    """The inputs: the people as the file has them and as they are drawn from, the quotas, the way of drawing."""

    respondents: Respondents
    pool: tuple[Registrant, ...]
    quotas: Quotas
    options: Options

    @property
    def pool_digest(self) -> str:
        """Digest of everyone with answers, household and salt: the same for any order of the rows."""
        return digest([vars(one) | {"features": dict(one.features)} for one in self.pool])


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `read_inputs` reads."""
    parser.add_argument("--categories", type=Path, required=True, metavar="FILE", help="quotas: CSV, or criteria JSON")
    parser.add_argument("--respondents", type=Path, required=True, metavar="FILE", help="people: CSV, a row a person")
    parser.add_argument("--panel-size", type=int, required=True, metavar="K", help="how many seats")
    parser.add_argument("--id", metavar="COLUMN", help="the column of people's ids, unless it has a usual name")
    parser.add_argument(
        "--household", default="", metavar="COLUMNS",
        help="at most one of a household: the columns of the address, such as address_line1,postcode",
    )  # fmt: skip
    parser.add_argument(
        "--algorithm", default="leximin", choices=get_args(Algorithm), help="what is fair (default: leximin)"
    )
    parser.add_argument(
        "--slack", type=int, default=0, metavar="SEATS", help="how far from the targets of criteria JSON seats may be"
    )


def read_inputs(chosen: argparse.Namespace, *, loose: bool = False) -> Given:
    """Read the files; raises `FlawedInputError` with all that is wrong in a file."""
    household = tuple(column.strip() for column in chosen.household.split(",") if column.strip())
    name = chosen.categories.name
    quotas = read_categories(content_of(chosen.categories), name, chosen.panel_size, slack=chosen.slack, loose=loose)
    respondents = read_respondents(
        content_of(chosen.respondents), chosen.respondents.name, quotas, id_column=chosen.id, household=household
    )
    options = Options(chosen.algorithm, households=bool(household))
    return Given(respondents, _pool(respondents, quotas), quotas, options)


def content_of(path: Path) -> bytes:
    """Return a file's bytes; raises `FlawedInputError` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FlawedInputError([Flaw(path.name, "file", "a file that can be read", str(error.strerror))]) from error


def read_rates(path: Path | None, quotas: Quotas) -> Mapping[str, Any]:
    """Return how likely people are to drop out, as the record holds it: what is usual unless there is a file.

    Raises `FlawedInputError`, also for a feature or value that no quota knows: its rate would never be used.
    """
    if path is None:
        return USUAL.written()
    try:
        rates = read_dropout(content_of(path)).written()
    except FlawedInputError as error:
        raise FlawedInputError([replace(flaw, where=f"{path.name}, {flaw.where}") for flaw in error.flaws]) from error
    known = {(row.criterion, row.value) for row in quotas.rows}
    flaws = [
        Flaw(path.name, criterion, "a value with a quota", f"{value} is none of the categories'")
        for criterion, factors in rates["factors"].items()
        for value in factors
        if (criterion, value) not in known
    ]
    if flaws:
        raise FlawedInputError(flaws)
    return rates


def _pool(respondents: Respondents, quotas: Quotas) -> tuple[Registrant, ...]:
    """Return the people as they are drawn from. Who has no salt gets one that only whoever has the files can make."""
    people = respondents.people
    content: dict[str, Any] = {
        "people": [{"id": one.id, "household": one.household, "features": one.features} for one in people],
        "quotas": quotas.in_force(),
        "panel_size": quotas.panel_size,
    }
    files = digest(content)

    def key(kind: str, of: str) -> str:
        return digest_of_bytes(f"borgersamling-{kind}\n{files}\n{of}".encode())

    return tuple(
        Registrant(
            one.id,
            key("household", one.household)[:16] if one.household else "",
            one.features,
            one.salt or key("salt", one.id),
        )
        for one in people
    )


def told(error_flaws: Sequence[Flaw]) -> str:
    """Write flaws as the command tells them: a line each, with the place, the field, the words and the rule."""
    return "\n".join(f"{flaw.where}, {flaw.field}: {flaw.message} (rule: {flaw.rule})" for flaw in error_flaws)
