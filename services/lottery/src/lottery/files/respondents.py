"""The people of a pool from a file: a row a person, a column a criterion."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.quotas import Quotas
from lottery.files.tables import Row, Table, plain, read_table

ID_COLUMNS = ("unique_id", "external_id", "nationbuilder_id", "id")
SALT = "salt"


@dataclass(frozen=True)
class Respondent:
    """A person: their id, household (blank when alone), answers as the quotas spell them, salt (or none), and row."""

    id: str
    household: str
    features: dict[str, str]
    salt: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Respondents:
    """Everyone, sorted by id, with the file's header; and what was passed over."""

    header: tuple[str, ...]
    id_column: int
    people: tuple[Respondent, ...]
    warnings: tuple[str, ...]


def read_respondents(
    content: bytes, name: str, quotas: Quotas, *, id_column: str | None = None, household: Sequence[str] = ()
) -> Respondents:
    """Read the people; `household` are the columns whose cells together say where someone lives.

    A row without an id is passed over with a warning, and so is one that repeats another in every cell. Raises
    `FlawedInputError` with the row, column and rule of all that is broken; it never says what someone answered.
    """
    table = read_table(content, name)
    columns = _columns(table, quotas, id_column, household)
    people: dict[str, Respondent] = {}
    flaws: list[Flaw] = []
    warnings: list[str] = []
    known = {c: {plain(row.value): row.value for row in quotas.of(c)} for c in quotas.criteria}
    for row in table.rows:
        person = row.cells[columns["id"]]
        if not person:
            warnings.append(f"{table.where(row)}: passed over, the id is blank")
            continue
        if person in people:
            if people[person].cells == row.cells:
                warnings.append(f"{table.where(row)}: passed over, it repeats an earlier row")
            else:
                message = "an earlier row has the same id and other data"
                flaws.append(Flaw(table.where(row), table.header[columns["id"]], "an id a person", message))
            continue
        flaws += _broken(table, row, columns, known)
        people[person] = _respondent(row, person, columns, known, [columns[f"household {one}"] for one in household])
        if household and not people[person].household:
            warnings.append(f"{table.where(row)}: taken to live alone, {' or '.join(household)} is blank")
    flaws += _people_flaws(table, people)
    if flaws:
        raise FlawedInputError(flaws)
    return Respondents(table.header, columns["id"], tuple(people[one] for one in sorted(people)), tuple(warnings))


def _columns(table: Table, quotas: Quotas, id_column: str | None, household: Sequence[str]) -> dict[str, int]:
    """Return the places of the columns that are needed: `id`, `salt` if there is one, each criterion's, each key's."""
    ids = (id_column,) if id_column else ID_COLUMNS
    wanted = {"id": table.column(*ids), SALT: table.column(SALT)}
    wanted |= {f"criterion {criterion}": table.column(criterion) for criterion in quotas.criteria}
    wanted |= {f"household {column}": table.column(column) for column in household}
    names = {"id": " or ".join(ids)} | {key: key.partition(" ")[2] for key in wanted if " " in key}
    flaws = [
        Flaw(
            table.where(1),
            ids[0] if key == "id" else names[key],
            "column present",
            f"the column {names[key]} is missing",
        )
        for key, place in wanted.items()
        if place is None and key != SALT
    ]
    if flaws:
        raise FlawedInputError(flaws)
    return {key: place for key, place in wanted.items() if place is not None}


def _broken(table: Table, row: Row, columns: dict[str, int], known: dict[str, dict[str, str]]) -> Iterator[Flaw]:
    for criterion, values in known.items():
        place = columns[f"criterion {criterion}"]
        if not row.cells[place]:
            yield Flaw(table.where(row), table.header[place], "not blank", "the value is blank")
        elif plain(row.cells[place]) not in values:
            message = f"the value is none of the categories': {', '.join(sorted(values.values()))}"
            yield Flaw(table.where(row), table.header[place], "a listed value", message)
    if SALT in columns and not row.cells[columns[SALT]]:
        yield Flaw(table.where(row), SALT, "not blank", "the salt is blank")


def _people_flaws(table: Table, people: dict[str, Respondent]) -> Iterator[Flaw]:
    if not people:
        yield Flaw(table.where(2), "id", "at least one person", "there is nobody")
    salts = [one.salt for one in people.values() if one.salt]
    if len(set(salts)) < len(salts):
        yield Flaw(table.name, SALT, "a salt a person", "two people have the same salt")


def _respondent(
    row: Row, person: str, columns: dict[str, int], known: dict[str, dict[str, str]], household: Sequence[int]
) -> Respondent:
    features = {
        criterion: values.get(plain(row.cells[columns[f"criterion {criterion}"]]), "")
        for criterion, values in known.items()
    }
    salt = row.cells[columns[SALT]] if SALT in columns else ""
    return Respondent(person, household_key([row.cells[place] for place in household]), features, salt, row.cells)


def household_key(cells: Sequence[str]) -> str:
    """Return an address as addresses are compared: letters and numbers in their order, and nothing between them.

    `Strandvej 12, 2.tv` and `strandvej 12  2 TV` are one; blank where a part is missing: such people live alone.
    """
    parts = [re.findall(r"[0-9]+|[^\W0-9_]+", unicodedata.normalize("NFKC", cell).casefold()) for cell in cells]
    return "" if not all(parts) else "|".join(" ".join(part) for part in parts)
