"""Quotas: how many of the panel's seats each value of a criterion holds, at least and at most."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lottery.domain.errors import Flaw, FlawedInputError

Features = Mapping[str, str]
"""A person's value of each criterion."""

SeatCounts = dict[tuple[str, str], int]
"""Seats by criterion and value."""


@dataclass(frozen=True, order=True)
class Quota:
    """Seats of one value of one criterion, both ends inclusive.

    `min_flex` and `max_flex` (the field's words) say how far a proposal may loosen the bounds without asking anew;
    without them a bound is not flexible. A draw keeps minimum and maximum: flexible bounds are never used unasked.
    """

    criterion: str
    value: str
    minimum: int
    maximum: int
    min_flex: int | None = None
    max_flex: int | None = None

    @property
    def lowest(self) -> int:
        """The minimum as loose as it may become."""
        return self.minimum if self.min_flex is None else self.min_flex

    @property
    def highest(self) -> int:
        """The maximum as loose as it may become."""
        return self.maximum if self.max_flex is None else self.max_flex


@dataclass(frozen=True)
class Quotas:
    """All quotas of a panel, in canonical order; build it with `checked_quotas`."""

    panel_size: int
    rows: tuple[Quota, ...]

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        return tuple(sorted({row.criterion for row in self.rows}))

    def in_force(self) -> list[dict[str, str | int]]:
        """Return what a draw keeps, row by row, for its record: how far bounds might have flexed is not among it."""
        return [
            {"criterion": row.criterion, "value": row.value, "minimum": row.minimum, "maximum": row.maximum}
            for row in self.rows
        ]

    def of(self, criterion: str) -> tuple[Quota, ...]:
        return tuple(row for row in self.rows if row.criterion == criterion)


def checked_quotas(panel_size: int, rows: Sequence[Quota]) -> Quotas:
    """Return the quotas in canonical order, or raise `FlawedInputError` naming every rule that is broken.

    Rules (the field's, as in the peers' files): 0 <= min_flex <= minimum <= maximum <= max_flex per value; per
    criterion the sum of the minima <= panel size <= the sum of the maxima; a value is listed once.
    """
    quotas = _ordered(panel_size, rows)
    flaws = _broken_rows(quotas)
    for criterion in quotas.criteria:
        flaws += _sums(quotas, criterion)
    if flaws:
        raise FlawedInputError(flaws)
    return quotas


def loose_quotas(panel_size: int, rows: Sequence[Quota]) -> Quotas:
    """Return the quotas though their sums may miss the panel's size: what a relaxation can mend (`relaxing`).

    Raises `FlawedInputError` for every other rule of `checked_quotas`.
    """
    quotas = _ordered(panel_size, rows)
    if flaws := _broken_rows(quotas):
        raise FlawedInputError(flaws)
    return quotas


def _ordered(panel_size: int, rows: Sequence[Quota]) -> Quotas:
    bounds = sorted(rows, key=lambda row: (row.criterion, row.value, row.minimum, row.maximum, row.lowest, row.highest))
    return Quotas(panel_size, tuple(bounds))


def _broken_rows(quotas: Quotas) -> list[Flaw]:
    flaws: list[Flaw] = []
    if quotas.panel_size < 1:
        message = f"a panel of {quotas.panel_size} cannot be drawn"
        flaws.append(Flaw("panel", "panel_size", "at least 1", message))
    if not quotas.rows:
        flaws.append(Flaw("criteria", "criterion", "at least one criterion", "no criterion has a quota"))
    seen: set[tuple[str, str]] = set()
    for row in quotas.rows:
        where = f"criterion {row.criterion}, value {row.value}"
        if (row.criterion, row.value) in seen:
            flaws.append(Flaw(where, "value", "listed once", "the value is listed twice"))
        seen.add((row.criterion, row.value))
        flaws += [Flaw(where, *flaw) for flaw in _bounds(row)]
    return flaws


def _bounds(row: Quota) -> Iterator[tuple[str, str, str]]:
    if row.minimum < 0:
        yield "minimum", "at least 0", f"the minimum is {row.minimum}"
    if row.minimum > row.maximum:
        message = f"the minimum {row.minimum} is above the maximum {row.maximum}"
        yield "minimum", "minimum <= maximum", message
    if row.min_flex is not None and not 0 <= row.min_flex <= row.minimum:
        message = f"the flexible minimum {row.min_flex} is not between 0 and the minimum {row.minimum}"
        yield "min_flex", "0 <= min_flex <= minimum", message
    if row.max_flex is not None and row.max_flex < row.maximum:
        message = f"the flexible maximum {row.max_flex} is below the maximum {row.maximum}"
        yield "max_flex", "maximum <= max_flex", message


def _sums(quotas: Quotas, criterion: str) -> list[Flaw]:
    rows, size = quotas.of(criterion), quotas.panel_size
    least, most = sum(row.minimum for row in rows), sum(row.maximum for row in rows)
    where = f"criterion {criterion}"
    flaws = []
    if least > size:
        message = f"the minima add up to {least}, more than the panel's {size} seats"
        flaws.append(Flaw(where, "minimum", "sum of minima <= panel size", message))
    if most < size:
        message = f"the maxima add up to {most}, fewer than the panel's {size} seats"
        flaws.append(Flaw(where, "maximum", "panel size <= sum of maxima", message))
    return flaws


def seats(people: Sequence[Features], quotas: Quotas) -> SeatCounts:
    """Count the seats each value holds among these people."""
    counts = {(row.criterion, row.value): 0 for row in quotas.rows}
    for person in people:
        for criterion in quotas.criteria:
            counts[criterion, person[criterion]] += 1
    return counts


def composition(people: Sequence[Features], quotas: Quotas) -> dict[str, dict[str, int]]:
    """Count the seats as people read them: by criterion, then by value."""
    counts = seats(people, quotas)
    return {c: {row.value: counts[c, row.value] for row in quotas.of(c)} for c in quotas.criteria}


def quotas_hold(people: Sequence[Features], quotas: Quotas) -> bool:
    """Tell whether these people are a whole panel within every quota."""
    counts = seats(people, quotas)
    within = all(row.minimum <= counts[row.criterion, row.value] <= row.maximum for row in quotas.rows)
    return len(people) == quotas.panel_size and within


def quotas_reachable(people: Sequence[Features], quotas: Quotas) -> bool:
    """Tell whether the quotas can still hold once the open seats are filled.

    With every seat taken this is `quotas_hold`. With seats open, no maximum may be exceeded and, criterion by
    criterion, the open seats must be enough for what the minima still lack.
    """
    return counts_reachable(seats(people, quotas), len(people), quotas)


def counts_reachable(counts: SeatCounts, taken: int, quotas: Quotas) -> bool:
    """Tell the same from the seats already counted, `taken` of them in all."""
    open_seats = quotas.panel_size - taken
    lacking = dict.fromkeys(quotas.criteria, 0)
    for row in quotas.rows:
        seats_taken = counts[row.criterion, row.value]
        if seats_taken > row.maximum:
            return False
        lacking[row.criterion] += max(0, row.minimum - seats_taken)
    return max(lacking.values()) <= open_seats
