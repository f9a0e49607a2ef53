"""The population's shares from a file, of which quotas are made."""

from decimal import Decimal, InvalidOperation

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.files.categories import SPELLINGS
from lottery.files.tables import Row, Table, plain, read_table

SHARES = ("share", "population")


def read_shares(content: bytes, name: str) -> dict[str, dict[str, Decimal | None]]:
    """Read `feature,value,share`: a share, a percentage or a number of residents, by criterion and value.

    A blank share is that of a value nobody knows the share of. Raises `FlawedInputError` with row, column and rule.
    """
    table = read_table(content, name)
    names = next((pair for pair in SPELLINGS if all(table.column(one) is not None for one in pair)), SPELLINGS[0])
    places = [table.column(names[0]), table.column(names[1]), table.column(*SHARES)]
    missing = [column for column, place in zip((*names, SHARES[0]), places, strict=True) if place is None]
    if missing:
        words = "the column {} is missing"
        raise FlawedInputError(
            [Flaw(table.where(1), column, "feature,value,share", words.format(column)) for column in missing]
        )
    found: dict[str, dict[str, Decimal | None]] = {}
    spelling: dict[str, str] = {}
    flaws: list[Flaw] = []
    for row in table.rows:
        feature, value, share = (row.cells[place] for place in places if place is not None)
        shares = found.setdefault(spelling.setdefault(plain(feature), feature), {})
        flaws += _broken(table, row, names, value in shares)
        shares[value] = _share(share)
    if flaws or not found:
        none = Flaw(table.where(2), names[0], "at least one share", "there are no shares")
        raise FlawedInputError(flaws or [none])
    return found


def _broken(table: Table, row: Row, names: tuple[str, str], again: bool) -> list[Flaw]:
    feature, value = (row.cells[table.column(name) or 0] for name in names)
    flaws = [
        Flaw(table.where(row), name, "not blank", f"the {name} is blank")
        for name, cell in zip(names, (feature, value), strict=True)
        if not cell
    ]
    if again:
        flaws.append(Flaw(table.where(row), names[1], "listed once", "the value is listed twice"))
    share = row.cells[table.column(*SHARES) or 0]
    if share and _share(share) is None:
        flaws.append(Flaw(table.where(row), SHARES[0], "a number, at least 0", f"{share} is no share"))
    return flaws


def _share(cell: str) -> Decimal | None:
    """Return a number that is written with a point, or None for anything else."""
    try:
        share = Decimal(cell) if cell.isascii() else None
    except InvalidOperation:
        return None
    return share if share is not None and share.is_finite() and 0 <= share < 10**12 else None
