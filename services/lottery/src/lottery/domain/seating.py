"""From seats of types to people: who of a type sits on which panel.

People of a type take turns, so that none of them sits on more than one panel more than another. Where at most one of a
household may sit, the turns go round the households: for every kind of household the seats of all panels are the edges
of a bipartite graph (panels on one side, on the other each type as often as its seats go round the households), and
the households are its colours. Edges that meet have different colours, so nobody meets a household twice; a graph of
degree d can be coloured with d colours (König 1916), so that the turns are always exact.
"""

from collections.abc import Mapping, Sequence

from lottery.domain.kinds import Counts, HouseholdKind, Problem
from lottery.verifying.dice import Dice

NOBODY = -1


def seat_people(problem: Problem, panels: Sequence[Counts], dice: Dice) -> list[tuple[str, ...]]:
    """Return the people of each panel, sorted; the dice decide who of a type sits with whom, never how often."""
    seated: list[list[str]] = [[] for _ in panels]
    shared = {i for kind in problem.households for i in kind.types}
    for i, kind in enumerate(problem.types):
        if i in shared:
            continue
        roster, turn = dice.shuffled(kind.people), 0
        for people, panel in zip(seated, panels, strict=True):
            people += [roster[(turn + place) % len(roster)] for place in range(panel[i])]
            turn += panel[i]
    type_of = {person: i for i in shared for person in problem.types[i].people}
    for home in problem.households:
        _seat_households(home, type_of, panels, dice, seated)
    return [tuple(sorted(people)) for people in seated]


def _seat_households(
    kind: HouseholdKind,
    type_of: Mapping[str, int],
    panels: Sequence[Counts],
    dice: Dice,
    seated: Sequence[list[str]],
) -> None:
    households = dice.shuffled(kind.households)
    edges: list[tuple[int, int]] = []
    types: list[int] = []
    rounds = 0
    for i in kind.types:
        seats = [number for number, panel in enumerate(panels) for _ in range(panel[i])]
        edges += [(number, rounds + place // len(households)) for place, number in enumerate(seats)]
        rounds += len(seats) // len(households) + 1
        types += [i] * len(seats)
    members = [{i: [person for person in people if type_of[person] == i] for i in kind.types} for people in households]
    turns = [dict.fromkeys(kind.types, 0) for _ in households]
    for (number, _), i, home in zip(edges, types, edge_colours(edges, len(households)), strict=True):
        alike = members[home][i]
        seated[number].append(alike[turns[home][i] % len(alike)])
        turns[home][i] += 1


def edge_colours(edges: Sequence[tuple[int, int]], colours: int) -> list[int]:
    """Colour a bipartite graph's edges so that no two that meet are alike; no node may have more edges than colours."""
    left: dict[int, list[int]] = {}
    right: dict[int, list[int]] = {}
    colour_of = [NOBODY] * len(edges)
    for edge, (one, other) in enumerate(edges):
        here, there = left.setdefault(one, [NOBODY] * colours), right.setdefault(other, [NOBODY] * colours)
        free = next((c for c in range(colours) if here[c] == there[c] == NOBODY), NOBODY)
        if free == NOBODY:
            free, second = here.index(NOBODY), there.index(NOBODY)
            # Swap the two colours along the path that starts there: it cannot come here, where the first is free.
            path, node, on_right, colour = list[int](), other, True, free
            while (step := (right if on_right else left)[node][colour]) != NOBODY:
                path.append(step)
                node, on_right = edges[step][0 if on_right else 1], not on_right
                colour = second if colour == free else free
            for step in path:
                for side, end in ((left, edges[step][0]), (right, edges[step][1])):
                    side[end][colour_of[step]] = NOBODY
            for step in path:
                colour_of[step] = second if colour_of[step] == free else free
                for side, end in ((left, edges[step][0]), (right, edges[step][1])):
                    side[end][colour_of[step]] = step
        colour_of[edge] = free
        here[free] = there[free] = edge
    return colour_of
