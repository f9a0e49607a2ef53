"""Alternates: people drawn with the panel, in an order, to take over a seat so that the quotas still hold."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from lottery.domain.dropping_out import USUAL, DropOut
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Features, Quotas, SeatCounts, counts_reachable, seats
from lottery.verifying.alternates import COURSES, alternates_of, chosen_alternates, leaving_rate
from lottery.verifying.seals import line_of

People = Mapping[str, Registrant]
Vector = tuple[str, ...]
"""A person's values in the order of the criteria."""

LOOKS = 1000
"""How many ways of filling the other open seats are looked at; then who is next has the benefit of the doubt."""


def draw_alternates(
    people: People,
    panel: Collection[str],
    quotas: Quotas,
    wanted: int,
    seed: str,
    dropout: DropOut | Mapping[str, Any] = USUAL,
) -> tuple[str, ...]:
    """Draw up to `wanted` alternates, in the order in which they are asked.

    The rule is the verifier's (`lottery.verifying.alternates`), who knows people by their lines: it is run on lines
    here too. `seed` is the record's digest and the digits, `dropout` are rates or the record's own writing of them.
    """
    rows, names = _as_rows(people)
    lines = {person: line for line, person in names.items()}
    seated = [lines[person] for person in panel]
    drawn = alternates_of(rows, seated, quotas.in_force(), wanted, seed, _written(dropout))
    return tuple(names[line] for line in drawn)


def coverage(
    people: People,
    panels: Sequence[Collection[str]],
    quotas: Quotas,
    most: int,
    dropout: DropOut | Mapping[str, Any] = USUAL,
) -> tuple[float, ...]:
    """Return for 0, 1, ... `most` alternates in which share of imagined courses every seat would be filled again.

    A mean over the panels that are given: before a draw a few of the portfolio's tell how many alternates to ask for.
    """
    rows, names = _as_rows(people)
    lines = {person: line for line, person in names.items()}
    rates = _written(dropout)
    total = [0.0] * (most + 1)
    for number, panel in enumerate(panels):
        nobody_leaves = math.prod(1 - leaving_rate(people[person].features, rates) / 1e6 for person in panel)
        seated = [lines[person] for person in panel]
        chosen = chosen_alternates(rows, seated, quotas.in_force(), most, f"coverage {number}", rates)
        shares = [nobody_leaves, *(mended / COURSES for _, mended in chosen)]
        shares += shares[-1:] * (most + 1 - len(shares))  # where nobody else is left in the pool
        total = [so_far + share for so_far, share in zip(total, shares, strict=True)]
    return tuple(share / len(panels) for share in total)


def _as_rows(people: People) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return the people as the verifier knows them, and who they are."""
    names = {line_of(one.salt or one.person): one.person for one in people.values()}
    rows = {
        line: {"features": people[person].features, "household": people[person].household}
        for line, person in names.items()
    }
    return rows, names


def _written(dropout: DropOut | Mapping[str, Any]) -> Mapping[str, Any]:
    return dropout.written() if isinstance(dropout, DropOut) else dropout


def next_alternate(people: People, seated: Sequence[str], waiting: Sequence[str], quotas: Quotas) -> str | None:
    """Return who takes over an open seat, or None when no alternate fits.

    Never one from a seated member's household. With one seat open the quotas must hold afterwards; with more, they must
    be reachable (what the minima lack must fit into the seats that stay open). Of those who fit, it is who brings the
    panel nearest to the middle of its quotas, so that the next who leaves can be replaced too; the order decides
    between equals. With more seats open, who leaves one that nobody who waits could fill is passed over.
    """
    households = {people[person].household for person in seated} - {""}
    outside = [person for person in waiting if people[person].household not in households]
    counts = seats([people[person].features for person in seated], quotas)
    taken = len(seated) + 1
    after = {person: _with(counts, people[person].features, quotas) for person in outside}
    fitting = [person for person in outside if counts_reachable(after[person], taken, quotas)]
    fitting.sort(key=lambda person: _from_the_middle(after[person], quotas))  # equals stay in their order
    if taken < quotas.panel_size:
        looks = iter(range(LOOKS))
        for person in fitting:
            home = people[person].household
            others = [one for one in outside if one != person and not (home and people[one].household == home)]
            vectors = Counter(tuple(people[one].features[c] for c in quotas.criteria) for one in others)
            if _fillable(after[person], taken, sorted(vectors.items()), quotas, looks):
                return person
    return next(iter(fitting), None)


def _from_the_middle(counts: SeatCounts, quotas: Quotas) -> int:
    """Return how far the seats are from the middle of their quotas: the sum of the squares, times four."""
    return sum((2 * counts[row.criterion, row.value] - row.minimum - row.maximum) ** 2 for row in quotas.rows)


def _with(counts: SeatCounts, features: Features, quotas: Quotas) -> SeatCounts:
    after = dict(counts)
    for criterion in quotas.criteria:
        after[criterion, features[criterion]] += 1
    return after


def _fillable(
    counts: SeatCounts, taken: int, vectors: Sequence[tuple[Vector, int]], quotas: Quotas, looks: Iterator[int]
) -> bool:
    """Tell whether people of these vectors can fill what is open; when the looks are used up, that it may be."""
    if taken == quotas.panel_size or next(looks, None) is None:
        return True
    for place, (vector, people) in enumerate(vectors):
        after = _with(counts, dict(zip(quotas.criteria, vector, strict=True)), quotas)
        if not counts_reachable(after, taken + 1, quotas):
            continue
        # Who was passed over is not looked at again: an order of the same people is no other way.
        rest = [(vector, people - 1), *vectors[place + 1 :]] if people > 1 else vectors[place + 1 :]
        if _fillable(after, taken + 1, rest, quotas, looks):
            return True
    return False
