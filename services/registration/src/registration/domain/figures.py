"""What the secretariat's overview says in numbers, worked out from how many people there are of each kind.

Everything here adds up from the same kinds, so no two figures of the page can disagree. People of a trial are in none
of them but their own count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from registration.domain.assembly import Criterion, Value
from registration.domain.registration import MEMBERS, TAKING_PART, Status

FEW = 0.5
"""A crossing lacks people when it has fewer than this part of what the population would give it."""
POPULATION, INVITED, SIGNED_UP, DRAWN, CONFIRMED, ATTENDED = STAGES = (
    "population", "invited", "signed_up", "drawn", "confirmed", "attended",
)  # fmt: skip
"""The steps of a course at which a group can fall away, in their order."""
_ANSWERED = TAKING_PART | {Status.DECLINED, Status.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Kind:
    """How many `people` share all of this; `values` by criterion, without those that nobody knows."""

    status: Status
    values: Mapping[str, str]
    people: int
    invited: bool = False
    trial: bool = False
    attended: bool = False

    def value(self, criterion: Criterion) -> str | None:
        """Return the value that counts for the draw, None when there is none that the assembly knows."""
        found = self.values.get(criterion.id)
        return found if found in criterion.value_ids else None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The course in counts. `answered`: signed up, said no, or withdrew. `signed_up` are those who take part now."""

    residents: int
    eligible: int
    invited: int
    answered: int
    signed_up: int
    declined: int
    withdrew: int
    erased: int
    trials: int


def funnel(kinds: Iterable[Kind]) -> Funnel:
    """Count where everyone of the roll stands."""
    every = list(kinds)
    people = [kind for kind in every if not kind.trial]

    def those(*statuses: Status) -> int:
        return sum(kind.people for kind in people if kind.status in statuses)

    residents = sum(kind.people for kind in people)
    return Funnel(
        residents=residents,
        eligible=residents - those(Status.INELIGIBLE),
        invited=sum(kind.people for kind in people if kind.invited),
        answered=those(*_ANSWERED),
        signed_up=those(*TAKING_PART),
        declined=those(Status.DECLINED),
        withdrew=those(Status.WITHDRAWN),
        erased=those(Status.ERASED),
        trials=sum(kind.people for kind in every if kind.trial),
    )


def of_stage(name: str, kinds: Iterable[Kind]) -> list[Kind]:
    """Return the kinds that have come as far as a stage."""
    people = [kind for kind in kinds if not kind.trial]
    if name == POPULATION:
        return [kind for kind in people if kind.status not in {Status.INELIGIBLE, Status.ERASED}]
    if name == INVITED:
        return [kind for kind in people if kind.invited]
    statuses = {SIGNED_UP: TAKING_PART, DRAWN: MEMBERS, CONFIRMED: frozenset({Status.CONFIRMED})}
    if name in statuses:
        return [kind for kind in people if kind.status in statuses[name]]
    return [kind for kind in people if kind.attended]


def counted(criterion: Criterion, kinds: Iterable[Kind]) -> Counter[str | None]:
    """Count people by a criterion's values; under None those whose value nobody knows."""
    counts: Counter[str | None] = Counter()
    for kind in kinds:
        counts[kind.value(criterion)] += kind.people
    return counts


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in numbers: by criterion and value, and `people` in all. A criterion that is not in it is not known."""

    name: str
    people: int
    counts: Mapping[str, Mapping[str, int]]


def stage(name: str, kinds: Iterable[Kind], criteria: Iterable[Criterion]) -> Stage:
    """Count a stage. What the form asks is not known of the population and the invited, who have not answered it."""
    people = of_stage(name, kinds)
    asked = name not in {POPULATION, INVITED}
    counts: dict[str, dict[str, int]] = {}
    for criterion in criteria:
        if asked or criterion.source == "roll":
            found = counted(criterion, people)
            counts[criterion.id] = {value.id: found[value.id] for value in criterion.values}
    return Stage(name, sum(kind.people for kind in people), counts)


def shares(criterion: Criterion, population: Stage) -> dict[str, float | None]:
    """Return each value's share of the population: the roll's own where it knows, else what the assembly says."""
    known = population.counts.get(criterion.id, {})
    total = sum(known.values())
    if total:
        return {value.id: known.get(value.id, 0) / total for value in criterion.values}
    return {value.id: value.population_share for value in criterion.values}


@dataclass(frozen=True, slots=True)
class Line:
    """One value in the pool of `of` people: how many have it, and its share of the population."""

    value: Value
    have: int
    of: int
    share: float | None

    @property
    def lacking(self) -> int:
        """How many the quota still lacks: its minimum is what it needs, there is no other rule."""
        return max(0, self.value.minimum - self.have)

    @property
    def percent(self) -> float:
        return 100 * self.have / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """The pool by one criterion; `blank` people have no value that the assembly knows."""

    criterion: Criterion
    lines: tuple[Line, ...]
    blank: int


def profile(criterion: Criterion, kinds: Iterable[Kind], population: Stage) -> Profile:
    """Count the pool by a criterion, beside the population."""
    counts = counted(criterion, of_stage(SIGNED_UP, kinds))
    of, share = counts.total(), shares(criterion, population)
    return Profile(
        criterion, tuple(Line(v, counts[v.id], of, share[v.id]) for v in criterion.values), of - _known(counts)
    )


def _known(counts: Counter[str | None]) -> int:
    return counts.total() - counts[None]


@dataclass(frozen=True, slots=True)
class Cell:
    """Who has both values, and how many would if the pool were as the population and the two had nothing in common."""

    row: Value
    column: Value
    have: int
    expected: float | None

    @property
    def few(self) -> bool:
        return self.expected is not None and self.expected >= 1 and self.have < FEW * self.expected


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two criteria crossed, a row of cells for each value of the first; `blank` people lack one of the two."""

    rows: Criterion
    columns: Criterion
    cells: tuple[tuple[Cell, ...], ...]
    blank: int


def crossings(criteria: Sequence[Criterion], kinds: Iterable[Kind], population: Stage) -> tuple[Crossing, ...]:
    """Cross every two criteria, so that a missing corner shows where each edge alone looks well."""
    pool = of_stage(SIGNED_UP, kinds)
    return tuple(_crossing(first, second, pool, population) for first, second in combinations(criteria, 2))


def _crossing(rows: Criterion, columns: Criterion, pool: Sequence[Kind], population: Stage) -> Crossing:
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for kind in pool:
        counts[kind.value(rows), kind.value(columns)] += kind.people
    known = sum(number for pair, number in counts.items() if None not in pair)
    down, across = shares(rows, population), shares(columns, population)

    def cell(row: Value, column: Value) -> Cell:
        margins = (down[row.id], across[column.id])
        expected = None if margins[0] is None or margins[1] is None else margins[0] * margins[1] * known
        return Cell(row, column, counts[row.id, column.id], expected)

    cells = tuple(tuple(cell(row, column) for column in columns.values) for row in rows.values)
    return Crossing(rows, columns, cells, counts.total() - known)


def emptiest(crossed: Iterable[Crossing], most: int) -> list[Cell]:
    """Return the cells that lack people, those that lack the largest part first."""
    few = [cell for crossing in crossed for row in crossing.cells for cell in row if cell.few]
    few.sort(key=lambda cell: (cell.have / (cell.expected or 1), -(cell.expected or 0)))
    return few[:most]


@dataclass(frozen=True, slots=True)
class Passage:
    """One value through the stages: how many, and their part of the stage in per cent. None where it is not known."""

    value: Value
    numbers: tuple[int | None, ...]
    percents: tuple[float | None, ...]


def passages(criterion: Criterion, stages: Sequence[Stage]) -> tuple[Passage, ...]:
    """Follow each value of a criterion through the stages, the population first."""
    return tuple(
        Passage(
            value,
            tuple(one.counts.get(criterion.id, {}).get(value.id) for one in stages),
            tuple(_percent(criterion, value, one) for one in stages),
        )
        for value in criterion.values
    )


def _percent(criterion: Criterion, value: Value, one: Stage) -> float | None:
    if one.name == POPULATION:
        share = shares(criterion, one)[value.id]
        return None if share is None else 100 * share
    known = one.counts.get(criterion.id)
    total = sum(known.values()) if known else 0
    return 100 * known.get(value.id, 0) / total if known and total else None


def panel_kinds(criteria: Sequence[Criterion], kinds: Iterable[Kind]) -> tuple[dict[tuple[str, ...], int], int]:
    """Return the pool as the lottery is asked of it, by combination of values, and how many lack a value for that."""
    whole: Counter[tuple[str, ...]] = Counter()
    blank = 0
    for kind in of_stage(SIGNED_UP, kinds):
        values = tuple(kind.value(criterion) or "" for criterion in criteria)
        if all(values):
            whole[values] += kind.people
        else:
            blank += kind.people
    return dict(sorted(whole.items())), blank
