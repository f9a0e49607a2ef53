"""Other ideas of a fair lottery, to choose instead of leximin or to compare with it.

`maximin`: the smallest chance of anyone is as large as the quotas allow, and nothing is said of the others. `nash`: the
product of all chances is as large as they allow, which gives up a little of the smallest chance for a little more of
many (both: Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 596, 2021, supplement). `stratified`: what is done by hand
today, seat by seat: whichever value is most urgently missing, someone of it by lot; no one computes what chances that
gives, and they differ for no reason that could be named. Here it is played a thousand times.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lottery.domain.errors import SolverError
from lottery.domain.fairest import NAME, TOLERANCE, Lottery, Progress, fairest_lottery, quietly
from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import add_panel_rows
from lottery.domain.panels import PanelFinder, Sampler
from lottery.domain.solver import INFINITY, Program, Vector
from lottery.verifying.dice import Dice

Algorithm = Literal["leximin", "maximin", "nash", "stratified"]
NASH_GAP = 1e-4
"""Largest distance of the mean logarithm of the chances from the best possible."""
TANGENTS = tuple(10.0 ** (-step / 5) for step in range(16))
"""Chances at which the logarithm is touched before anything is known: 1 down to 1/1,000."""
LOWEST = 1e-6
MOST_ROUNDS = 60
ADDED = 8
"""Panels added between two looks at their weights."""
MOST_PANELS = 5_000
STRATIFIED_PANELS = 1_000
MOST_TRIES = 500
"""Dead ends of the stratified rule, a panel, before it is given up."""


def lottery_by(problem: Problem, algorithm: Algorithm, *, progress: Progress = quietly) -> tuple[str, Lottery]:
    """Return the algorithm's name as the sealed record has it, and its lottery of a feasible problem."""
    name, find = ALGORITHMS[algorithm]
    return name, find(problem, progress=progress)


def maximin_lottery(problem: Problem, *, progress: Progress = quietly) -> Lottery:
    """Return a lottery with the largest smallest chance among those whom the quotas can seat at all.

    Column generation: a program over the panels known so far says whose chance holds the smallest one down, an integer
    program finds the panel that helps them most, until that panel proves that nothing can. `shortfall` is what is left.
    """
    sizes, seatable = _sizes(problem), _seatable(problem)
    finder = PanelFinder(problem)
    program = Program([0.0], [1.0], integer=False, maximise=True)
    program.cost([1.0])
    held_down = [((0,), (-1.0,)) if can else ((), ()) for can in seatable]
    program.add_rows(np.zeros(len(sizes)), np.full(len(sizes), INFINITY), held_down)
    whole = program.add_row(1.0, 1.0, (), ())
    panels: list[Counts] = []
    best, level, weights = 1.0, 0.0, np.zeros(0)
    duals = np.where(seatable, 1.0, 0.0) / sizes.sum()
    while len(panels) < MOST_PANELS:
        panel, most = finder.best(duals / sizes)
        if panels:
            best = min(best, most / duals[seatable].sum())
        if best - level <= TOLERANCE or panel in panels:
            break
        panels.append(panel)
        used = [i for i, count in enumerate(panel) if count]
        entries = [*(panel[i] / sizes[i] for i in used), 1.0]
        program.add_columns([0.0], [INFINITY], [([*used, whole], entries)])
        solution = program.solved()
        level, weights = solution.value, np.maximum(solution.x[1:], 0.0)
        duals = np.abs(np.where(seatable, solution.duals[:whole], 0.0))
        progress("chances", level / best if best else 1.0)
    return _lottery(problem, panels, weights, max(0.0, best - level))


def nash_lottery(problem: Problem, *, progress: Progress = quietly) -> Lottery:
    """Return a lottery whose mean logarithm of everyone's chance is within `NASH_GAP` of the best possible.

    First over fractions of panels, then over panels near that point, to which those that gain most are added until none
    gains enough: what the best panel would gain bounds how far away the best lottery can be. People whom no panel can
    seat are left out. `shortfall` is that bound.
    """
    sizes, seatable = _sizes(problem), _seatable(problem)
    people = np.where(seatable, sizes, 0.0)
    whole = Program(np.zeros(len(sizes)), problem.most, integer=False, maximise=True)
    add_panel_rows(whole, problem)
    point = _most_logarithms(whole, people, np.diag(1.0 / sizes)).columns
    finder = PanelFinder(problem)
    sampler = Sampler(finder, point)
    panels = sorted({sampler.next() for _ in range(2 * len(sizes))})
    while True:
        mixed = Program(np.zeros(len(panels)), np.full(len(panels), INFINITY), integer=False, maximise=True)
        mixed.add_row(1.0, 1.0, range(len(panels)), [1.0] * len(panels))
        found = _most_logarithms(mixed, people, np.array(panels, float) / sizes)
        prices, most = found.prices / sizes, 0.0
        for _ in range(ADDED):
            panel, weight = finder.best(prices)
            most = most or weight  # of the first, which has the true prices
            if panel in panels:
                break
            panels.append(panel)
            prices = np.where(np.array(panel) > 0, 0.7, 1.0) * prices  # the next one helps others
        # No mixture of panels gains more than the heaviest one; one that is known gains what is paid for being known.
        gap = (found.above + max(0.0, most - found.paid)) / people.sum()
        progress("chances", min(1.0, NASH_GAP / gap) if gap > 0 else 1.0)
        if gap <= NASH_GAP or len(panels) > MOST_PANELS:
            return _lottery(problem, panels[: len(found.columns)], found.columns, max(0.0, gap))


class _Logarithms(NamedTuple):
    """A program's columns and the chances they make; how far its value lies above the logarithms of those.

    `prices`: what a little more of each type's chance is worth; `paid`: what the program's first row costs.
    """

    columns: Vector
    chances: Vector
    above: float
    prices: Vector
    paid: float


def _most_logarithms(program: Program, people: Vector, parts: NDArray[np.float64]) -> _Logarithms:
    """Maximise the sum of people x logarithm of their type's chance.

    `parts` says what of each chance the program's columns make up. The logarithm is approached from above by its
    tangents: some to begin with, and more where the answer lies, until they say hardly more than the logarithm itself.
    """
    kinds, first = np.flatnonzero(people), len(parts)
    program.add_columns(np.zeros(len(kinds)), np.ones(len(kinds)), [((), ())] * len(kinds))
    program.add_columns(np.full(len(kinds), -INFINITY), np.zeros(len(kinds)), [((), ())] * len(kinds))
    program.cost(np.concatenate([np.zeros(first + len(kinds)), people[kinds]]))
    made_of = [np.flatnonzero(parts[:, kind]) for kind in kinds]
    rows = [
        ((first + place, *of.tolist()), (-1.0, *parts[of, kind].tolist()))
        for place, (kind, of) in enumerate(zip(kinds, made_of, strict=True))
    ]
    made = program.add_rows(np.zeros(len(kinds)), np.zeros(len(kinds)), rows)

    def touch(at: Vector) -> None:
        entries = [
            ((first + len(kinds) + place, first + place), (1.0, -1.0 / float(value))) for place, value in enumerate(at)
        ]
        program.add_rows(np.full(len(at), -INFINITY), np.log(at) - 1.0, entries)

    for tangent in TANGENTS:
        touch(np.full(len(kinds), tangent))
    for _ in range(MOST_ROUNDS):
        answer = program.solved()
        chances = np.maximum(answer.x[first : first + len(kinds)], LOWEST)
        above = answer.value - float(people[kinds] @ np.log(chances))
        if above <= NASH_GAP / 10 * people.sum():
            break
        touch(chances)
    every, prices = np.zeros(len(people)), np.zeros(len(people))
    every[kinds], prices[kinds] = chances, np.abs(answer.duals[made : made + len(kinds)])
    return _Logarithms(answer.x[:first], every, above, prices, abs(float(answer.duals[0])))


def stratified_lottery(problem: Problem, *, progress: Progress = quietly) -> Lottery:
    """Return what the stratified rule gives when it is played `STRATIFIED_PANELS` times with the same dice.

    `shortfall` is 1: nothing is known of how far it is from any idea of fairness. Raises `SolverError` when the rule
    runs into a dead end `MOST_TRIES` times in a row, as it does with tight quotas.
    """
    dice = Dice("stratified", *(f"{kind.size}:{sorted(kind.features.items())}" for kind in problem.types))
    panels = []
    for number in range(STRATIFIED_PANELS):
        panels.append(_one_stratified(problem, dice))
        progress("chances", number / STRATIFIED_PANELS)
    return _lottery(problem, panels, np.full(len(panels), 1 / len(panels)), 1.0)


def _one_stratified(problem: Problem, dice: Dice) -> Counts:
    for _ in range(MOST_TRIES):
        if panel := _try_stratified(problem, dice):
            return panel
    raise SolverError("the stratified rule found no panel in these quotas; draw by leximin")


def _try_stratified(problem: Problem, dice: Dice) -> Counts | None:
    """Fill seat by seat: from the value with the largest need among those left, someone by lot."""
    left = [kind.size for kind in problem.types]
    seats = [0] * len(left)
    everyone, *rows = problem.rows
    for _ in range(everyone.maximum):
        taken = [sum(seats[i] for i in row.types) for row in rows]
        for row, count in zip(rows, taken, strict=True):
            if count == row.maximum:  # nobody more of a value, or of a household, that is full
                for i in row.types:
                    left[i] = 0
        needs = [
            (max(0, row.minimum - count) / people, row.types)
            for row, count in zip(rows, taken, strict=True)
            if (people := sum(left[i] for i in row.types))
        ]
        if not needs:
            return None
        urgency, of_value = max(needs, key=lambda need: need[0])  # the first of equals
        among = of_value if urgency > 0 else everyone.types
        lot = dice.below(sum(left[i] for i in among))
        for i in among:
            lot -= left[i]
            if lot < 0:
                left[i], seats[i] = left[i] - 1, seats[i] + 1
                break
    met = all(row.minimum <= sum(seats[i] for i in row.types) <= row.maximum for row in rows)
    return tuple(seats) if met else None


def _sizes(problem: Problem) -> Vector:
    return np.array([kind.size for kind in problem.types], float)


def _seatable(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each type whether any panel holds one of it."""
    finder = PanelFinder(problem)
    seen = np.zeros(len(problem.types), bool)
    while True:
        panel, _ = finder.best(np.where(seen, 0.0, 1.0))
        if not any(count and not known for count, known in zip(panel, seen, strict=True)):
            return seen
        seen |= np.array(panel) > 0


def _lottery(problem: Problem, panels: Sequence[Counts], weights: Vector, shortfall: float) -> Lottery:
    together: dict[Counts, float] = {}
    for panel, weight in zip(panels, weights, strict=True):
        if weight > 1e-12:
            together[panel] = together.get(panel, 0.0) + float(weight)
    total = sum(together.values())
    used = tuple((panel, weight / total) for panel, weight in sorted(together.items()))
    chances = tuple(
        min(1.0, sum(weight * panel[i] for panel, weight in used) / kind.size) for i, kind in enumerate(problem.types)
    )
    # A plain number: the record is written as JSON, which knows none of the solver's.
    return Lottery(used, chances, chances, float(shortfall), (), None)


ALGORITHMS: dict[Algorithm, tuple[str, Callable[..., Lottery]]] = {
    "leximin": (NAME, fairest_lottery),
    "maximin": ("maximin-types-1", maximin_lottery),
    "nash": ("nash-types-1", nash_lottery),
    "stratified": ("stratified-types-1", stratified_lottery),
}
