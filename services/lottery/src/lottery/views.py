"""What the public pages show: aggregates alone, never a person."""

from dataclasses import dataclass
from typing import Any, Literal

from lottery.domain.figures import Group
from lottery.repository.assemblies import Assembly
from lottery.repository.boards import Seating
from lottery.repository.draws import Draw

Stage = Literal["sign-up", "closed", "announced", "drawn"]
FEW = 5
"""Sign-ups below this number are not shown: a criterion with so few in one value is left out as a whole, for the
missing number could be found by subtraction."""


@dataclass(frozen=True)
class Line:
    """One value of a criterion: the quota, and the shares in per cent of whoever is known."""

    title: dict[str, str]
    minimum: int
    maximum: int
    seats: int | None
    panel: float | None
    pool: float | None
    population: float | None
    group: "GroupLine | None"


@dataclass(frozen=True)
class GroupLine:
    """What those with one value can expect. `expected` is in seats; the chances are the mean and the two ends."""

    people: int
    expected: float
    mean: "Chance"
    smallest: "Chance"
    largest: "Chance"


@dataclass(frozen=True)
class Criterion:
    """A criterion's lines."""

    id: str
    title: dict[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chance:
    """A probability as people read it."""

    percent: float
    one_in: int | None


@dataclass(frozen=True)
class DrawView:
    """Where an assembly's draw is."""

    assembly: Assembly
    draw: Draw | None
    seating: Seating | None
    stage: Stage
    criteria: tuple[Criterion, ...]
    smallest: Chance | None
    largest: Chance | None


def draw_view(assembly: Assembly, draw: Draw | None, seating: Seating | None, *, exact: bool = False) -> DrawView:
    """Return what may be shown of an assembly's draw; `exact` shows small numbers too."""
    stage: Stage = "sign-up" if assembly.pool is None else "closed"
    if draw is not None:
        stage = "drawn" if draw.drawn else "announced"
    sealed = draw.sealed if draw else None
    return DrawView(
        assembly,
        draw,
        seating,
        stage,
        tuple(_criterion(criterion, draw, seating, exact) for criterion in assembly.criteria),
        chance(sealed.figures.smallest) if sealed else None,
        chance(sealed.figures.largest) if sealed else None,
    )


def chance(value: float) -> Chance:
    """Return a probability from 0 to 1 as people read it."""
    return Chance(round(100 * value, 1), round(1 / value) if value > 0 else None)


def _criterion(criterion: dict[str, Any], draw: Draw | None, seating: Seating | None, exact: bool) -> Criterion:
    drawn = seating.composition if seating else draw.composition if draw else {}
    seats = drawn.get(criterion["id"], {})
    groups = draw.sealed.figures.groups if draw and draw.sealed else ()
    held = {one.value: one for one in groups if one.criterion == criterion["id"]}
    if not exact and any(0 < one.people < FEW for one in held.values()):
        held = {}
    pool = {value: one.people for value, one in held.items()}
    lines = tuple(
        Line(
            value["title"],
            value["minimum"],
            value["maximum"],
            seats.get(value["id"]),
            _share(seats, value["id"]),
            _share(pool, value["id"]),
            None if value["population_share"] is None else round(100 * value["population_share"], 1),
            _group(held.get(value["id"])),
        )
        for value in criterion["values"]
    )
    return Criterion(criterion["id"], criterion["title"], lines)


def _group(one: Group | None) -> GroupLine | None:
    if one is None:
        return None
    expected = round(one.expected, 1)
    return GroupLine(one.people, expected, chance(one.mean), chance(one.smallest), chance(one.largest))


def _share(counts: dict[str, int], value: str) -> float | None:
    total = sum(counts.values())
    return round(100 * counts[value] / total, 1) if total else None
