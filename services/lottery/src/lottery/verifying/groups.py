"""What a certificate says of the pool: the groups of people who are alike, and the rows that make a panel of them.

A panel is a number of seats for each group. A row says that the seats of some groups together lie between two numbers:
the panel's size, each quota, and for each kind of household (two or more people) that no more of its people sit than
there are such households.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

CERTIFICATE: dict[str, Any] = {
    "format": str,
    "panel_size": int,
    "quotas": [{"criterion": str, "value": str, "minimum": int, "maximum": int}],
    "groups": [{"features": {str: str}, "size": int, "household": (int, None), "chance": str}],
    "households": [{"count": int, "members": [[int]]}],
    "whole_weight": str,
    "panels": [{"weight": str, "seats": [[int]]}],
    "cuts": [
        {"points": [[int]], "bound": int, "proof": ([{"split": (int, None), "seats": int, "duals": [[str]]}], None)}
    ],
    "levels": [{"level": str, "groups": [int], "duals": [[str]]}],
}
"""The certificate's shape, in JSON; `docs/architecture/lottery.md` says what each part means."""
DECIMALS = 18
"""Multipliers are decimal fractions with at most so many places, so that all sums are of whole numbers."""


class PanelRow(NamedTuple):
    """Seats of these groups together: at least, at most. Cuts have points for each seat and no minimum."""

    points: Mapping[int, int]
    minimum: int | None
    maximum: int


class Groups:
    """The groups of a certificate, in numbers."""

    def __init__(self, certificate: Mapping[str, Any]) -> None:
        self.features: list[Mapping[str, str]] = [group["features"] for group in certificate["groups"]]
        self.homes: list[int | None] = [group["household"] for group in certificate["groups"]]
        self.sizes: list[int] = [group["size"] for group in certificate["groups"]]
        self.panel_size: int = certificate["panel_size"]
        self.quotas: list[Mapping[str, Any]] = certificate["quotas"]
        self.households: list[Mapping[str, Any]] = certificate["households"]
        self.most = [min(size, self.panel_size) for size in self.sizes]
        for group, home in enumerate(self.homes):
            if home is not None and 0 <= home < len(self.households):
                self.most[group] = min(self.most[group], int(self.households[home]["count"]))
        self.rows = list(self._rows())
        self.rows_of: list[list[tuple[int, int]]] = [[] for _ in self.sizes]
        for number, row in enumerate(self.rows):
            self._index(number, row)

    def _rows(self) -> Iterator[PanelRow]:
        every = range(len(self.sizes))
        yield PanelRow(dict.fromkeys(every, 1), self.panel_size, self.panel_size)
        for quota in self.quotas:
            holders = [group for group in every if self.features[group].get(quota["criterion"]) == quota["value"]]
            yield PanelRow(dict.fromkeys(holders, 1), quota["minimum"], quota["maximum"])
        for number, home in enumerate(self.households):
            yield PanelRow(dict.fromkeys((g for g in every if self.homes[g] == number), 1), 0, home["count"])

    def _index(self, number: int, row: PanelRow) -> None:
        for group, points in row.points.items():
            self.rows_of[group].append((number, points))

    def add_cut(self, row: PanelRow) -> None:
        """Take a cut that is proven among the rows."""
        self._index(len(self.rows), row)
        self.rows.append(row)

    def flaws(self) -> Iterator[str]:
        """Say what does not fit together."""
        criteria = sorted({quota["criterion"] for quota in self.quotas})
        known = {(quota["criterion"], quota["value"]) for quota in self.quotas}
        if len(known) < len(self.quotas):
            yield "a quota is listed twice"
        alike = {(tuple(sorted(one.items())), home) for one, home in zip(self.features, self.homes, strict=True)}
        if len(alike) < len(self.features):
            yield "two groups are alike"
        for group, features in enumerate(self.features):
            if sorted(features) != criteria or any(one not in known for one in features.items()):
                yield f"group {group} has other criteria or values than the quotas"
            if self.sizes[group] < 1:
                yield f"group {group} is empty"
        for number in range(len(self.households)):
            yield from self._household_flaws(number)
        if any(home is not None and not 0 <= home < len(self.households) for home in self.homes):
            yield "a group lives in a kind of household that is not there"

    def _household_flaws(self, number: int) -> Iterator[str]:
        home = self.households[number]
        members = dict(pairs(home["members"]))
        inside = [group for group, where in enumerate(self.homes) if where == number]
        if sorted(members) != inside or len(members) < len(home["members"]):
            yield f"household {number} is not made of the groups that live there"
        elif any(self.sizes[group] != people * home["count"] for group, people in members.items()):
            yield f"household {number} does not have the people of its groups"
        elif sum(members.values()) < 2 or min(members.values()) < 1:
            yield f"household {number} is not of two people or more"

    def panel_flaw(self, seats: Mapping[int, int]) -> str | None:
        """Say what keeps these seats from being a panel."""
        if any(not (0 <= group < len(self.most) and 0 < count <= self.most[group]) for group, count in seats.items()):
            return "has seats that a group cannot fill"
        totals = [0] * len(self.rows)
        for group, count in seats.items():
            for number, points in self.rows_of[group]:
                totals[number] += points * count
        for total, row in zip(totals, self.rows, strict=True):
            if total > row.maximum or (row.minimum is not None and total < row.minimum):
                return "does not hold its size, a quota or the households"
        return None


def pairs(rows: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Read rows of two; a row of another length is refused."""
    if any(len(row) != 2 for row in rows):
        raise ValueError("a pair has two numbers")
    return [(row[0], row[1]) for row in rows]


def decimal(text: str) -> Fraction:
    """Read a decimal fraction with at most `DECIMALS` places; nothing else that Python takes for a number."""
    whole, _, places = text.removeprefix("-").partition(".")
    if not (text.isascii() and whole.isdigit() and (places.isdigit() or "." not in text) and len(places) <= DECIMALS):
        raise ValueError(f"not a decimal number with at most {DECIMALS} places")
    return Fraction(text)


def multipliers(rows: Sequence[Sequence[str]]) -> dict[int, int]:
    """Read the rows' multipliers, in units of 10 to the power of minus `DECIMALS`."""
    if any(len(row) != 2 for row in rows):
        raise ValueError("a multiplier is a row and a number")
    return {int(row): int(decimal(value) * 10**DECIMALS) for row, value in rows}
