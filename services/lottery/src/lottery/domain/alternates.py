"""Alternates: people drawn with the panel, in an order, to take over a seat so that the quotas still hold."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quotas, SeatCounts, counts_reachable, quotas_reachable, seats
from lottery.domain.randomness import Dice

People = Mapping[str, Registrant]
Vector = tuple[str, ...]
"""A person's values in the order of the criteria."""


def draw_alternates(people: People, panel: Collection[str], quotas: Quotas, wanted: int, seed: str) -> tuple[str, ...]:
    """Draw up to `wanted` alternates, in the order in which they are asked.

    The rest of the pool is put in a fair order made of `seed`. Then the list is filled one by one: first with those
    who can replace members whom nobody on the list can replace yet, then those with one possible replacement, and so
    on; the fair order decides between equals. People who can replace nobody come last: they cannot help today, but may
    when others have left. People of a member's household come after everyone else.
    """
    members = [people[person] for person in sorted(panel)]
    households = {member.household for member in members if member.household}
    order = Dice("alternates", seed).shuffled(sorted(set(people) - set(panel)))
    # People of one type, all of them in a member's household or none, can do the same: only the first is a candidate.
    queues: dict[tuple[bool, Vector], deque[tuple[int, str]]] = {}
    for place, person in enumerate(order):
        group = (people[person].household in households, _vector(people[person], quotas))
        queues.setdefault(group, deque()).append((place, person))
    fits = _fits(sorted({vector for _, vector in queues}), members, quotas)
    covered = [0] * len(members)
    chosen: list[str] = []
    while queues and len(chosen) < wanted:
        # Each member counts half as much for every alternate that could replace them already.
        weight = [0.5**times for times in covered]
        group = min(
            queues, key=lambda one: (one[0], -sum(weight[member] for member in fits[one[1]]), queues[one][0][0])
        )
        chosen.append(queues[group].popleft()[1])
        if not queues[group]:
            del queues[group]
        for member in fits[group[1]]:
            covered[member] += 1
    return tuple(chosen)


def _vector(person: Registrant, quotas: Quotas) -> Vector:
    return tuple(person.features[criterion] for criterion in quotas.criteria)


def _fits(vectors: Sequence[Vector], members: Sequence[Registrant], quotas: Quotas) -> dict[Vector, tuple[int, ...]]:
    """Tell for each feature vector which members someone with it could replace today."""
    counts = seats([member.features for member in members], quotas)
    leaving = [_vector(member, quotas) for member in members]
    swaps = {
        (out, into): _swap_holds(out, into, counts, len(members), quotas)
        for out in sorted(set(leaving))
        for into in vectors
    }
    return {into: tuple(i for i, out in enumerate(leaving) if swaps[out, into]) for into in vectors}


def _swap_holds(out: Vector, into: Vector, counts: SeatCounts, taken: int, quotas: Quotas) -> bool:
    after = dict(counts)
    for criterion, left, joined in zip(quotas.criteria, out, into, strict=True):
        after[criterion, left] -= 1
        after[criterion, joined] += 1
    return counts_reachable(after, taken, quotas)


def next_alternate(people: People, seated: Sequence[str], waiting: Sequence[str], quotas: Quotas) -> str | None:
    """Return the first alternate in order with whom the quotas hold, or None.

    One from a seated member's household is taken only when nobody else fits. With more than one seat open the quotas
    need only be reachable: what the minima lack must fit into the seats that stay open.
    """
    features = [people[person].features for person in seated]
    households = {people[person].household for person in seated if people[person].household}
    fitting = [person for person in waiting if quotas_reachable([*features, people[person].features], quotas)]
    outside = [person for person in fitting if people[person].household not in households]
    return next(iter(outside or fitting), None)
