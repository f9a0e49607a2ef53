"""The pool: everyone who signed up, as the snapshot of the closed pool gives them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.quotas import Quotas


@dataclass(frozen=True)
class Registrant:
    """One person of the pool: an opaque id, an opaque household key (or none), a value of each criterion.

    `salt` is what hides their line in the draw's record, and leads whoever has their code to it.
    """

    person: str
    household: str
    features: Mapping[str, str]
    salt: str = ""


def read_pool(snapshot: bytes, quotas: Quotas) -> tuple[Registrant, ...]:
    """Read the snapshot (UTF-8 CSV: `person,household,salt` and a column per criterion), sorted by person.

    Raises `FlawedInputError` with every row and column that breaks a rule; a pool is read whole or not at all. Columns
    that no quota asks for are left out: the lottery holds what it draws by and nothing more.
    """
    try:
        text = snapshot.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FlawedInputError([Flaw("file", "encoding", "UTF-8", f"byte {error.start} is not UTF-8")]) from error
    table = csv.DictReader(io.StringIO(text, newline=""))
    wanted = ("person", "household", "salt", *quotas.criteria)
    missing = [column for column in wanted if column not in (table.fieldnames or ())]
    if missing:
        flaws = [Flaw("row 1", column, "column present", f"the column {column} is missing") for column in missing]
        raise FlawedInputError(flaws)
    known = known_values(quotas)
    registrants: dict[str, Registrant] = {}
    flaws = []
    for number, row in enumerate(table, start=2):
        flaws += [Flaw(f"row {number}", *flaw) for flaw in _broken_rules(row, known, registrants)]
        features = {criterion: row[criterion] for criterion in quotas.criteria}
        registrants[row["person"]] = Registrant(row["person"], row["household"], features, row["salt"])
    if flaws:
        raise FlawedInputError(flaws)
    return tuple(registrants[person] for person in sorted(registrants))


def known_values(quotas: Quotas) -> dict[str, set[str]]:
    """Return the values of each criterion."""
    return {criterion: {row.value for row in quotas.of(criterion)} for criterion in quotas.criteria}


def unknown_values(features: Mapping[str, str | None], known: Mapping[str, set[str]]) -> Sequence[tuple[str, str, str]]:
    """Return field, rule and words of every criterion of which these features hold no value that it has."""
    return [
        (criterion, "a value of the criterion", "the value is blank or not one of the criterion's")
        for criterion in known
        if features.get(criterion) not in known[criterion]
    ]


def _broken_rules(
    row: Mapping[str, str | None], known: Mapping[str, set[str]], read: Mapping[str, Registrant]
) -> Sequence[tuple[str, str, str]]:
    if None in row or None in row.values():
        return [("row", "a cell per column", "the row has more or fewer cells than the header")]
    broken = []
    if not row["person"]:
        broken.append(("person", "not blank", "the id is blank"))
    elif row["person"] in read:
        broken.append(("person", "a row a person", "the id stands in an earlier row too"))
    if not row["salt"]:
        broken.append(("salt", "not blank", "the salt is blank"))
    return [*broken, *unknown_values(row, known)]
