"""What becomes of a drawn panel: simulated courses in which members and alternates drop out, and the board goes on.

Half of those who drop out say no, one after the other, and each is replaced at once; the other half let the deadline
pass, and their seats are given on together. An alternate who is asked drops out as often as a member like them.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from lottery.domain.alternates import People, draw_alternates
from lottery.domain.board import Board, Status
from lottery.domain.dropping_out import DropOut
from lottery.domain.feasibility import panel_program
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quotas, quotas_hold
from lottery.domain.shares import quotas_from_shares
from lottery.verifying.alternates import leaving_rate
from lottery.verifying.dice import Dice

DrawList = Callable[[People, Collection[str], str], Sequence[str]]
"""Alternates for a panel, by a seed."""


@dataclass
class Tally:
    """How courses ended. `listed` and `pooled` count those that could have ended well, kept or not."""

    courses: int = 0
    with_drop_outs: int = 0
    left: int = 0
    kept: int = 0
    listed: int = 0
    """In hindsight, the alternates on the list who would have come could have filled every seat."""
    pooled: int = 0
    """As it stood at the end, people of the rest of the pool could have filled every open seat."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))

    @property
    def of_listed(self) -> float:
        return self.kept / self.listed

    @property
    def of_pooled(self) -> float:
        return self.kept / self.pooled


def simulate(
    pool: Sequence[Registrant],
    quotas: Quotas,
    panels: Sequence[Collection[str]],
    draw_list: DrawList,
    rates: DropOut,
    courses: int,
    *,
    hindsight: bool = False,
    could: bool = True,
) -> Tally:
    """Run so many courses, in turn on each of the panels, and count how they ended.

    `listed` is only counted with `hindsight`, and `pooled` not without `could`: both ask the solver.
    """
    people = {one.person: one for one in pool}
    leaving = {one.person: leaving_rate(one.features, rates.written()) for one in pool}
    lists = [draw_list(people, panel, f"list {number}") for number, panel in enumerate(panels)]
    tally = Tally()
    for number in range(courses):
        which = number % len(panels)
        # The same people drop out whichever list is tried.
        dice = random.Random(f"course {number}")
        gone = frozenset(person for person in sorted(people) if dice.randrange(1_000_000) < leaving[person])
        tally += _course(people, quotas, sorted(panels[which]), lists[which], gone, dice, hindsight, could)
    return tally


def _course(
    people: People,
    quotas: Quotas,
    panel: Sequence[str],
    alternates: Sequence[str],
    gone: frozenset[str],
    dice: random.Random,
    hindsight: bool,
    could: bool,
) -> Tally:
    board = Board(dict.fromkeys(panel, Status.SELECTED), dict.fromkeys(alternates, Status.WAITING))
    leavers = [person for person in panel if person in gone]
    dice.shuffle(leavers)
    half = len(leavers) // 2
    for said_no in leavers[:half]:
        board.decline(said_no)
        _fill(board, people, quotas, gone)
    for silent in leavers[half:]:
        board.decline(silent)
    _fill(board, people, quotas, gone)
    kept = not board.open_seats and quotas_hold([people[person].features for person in board.seated], quotas)
    stayed = [person for person in panel if person not in gone]
    would_come = [person for person in alternates if person not in gone]
    rest = [person for person in people if person not in gone and person not in board.members]
    return Tally(
        courses=1,
        with_drop_outs=bool(leavers),
        left=len(leavers),
        kept=kept,
        listed=hindsight and (kept or can_be_filled(people, quotas, stayed, would_come)),
        pooled=could and (kept or can_be_filled(people, quotas, board.seated, rest)),
    )


def _fill(board: Board, people: People, quotas: Quotas, gone: frozenset[str]) -> None:
    """Let alternates join until every seat is filled or nobody fits; those who drop out do when they are asked."""
    while joined := [one.joined for one in board.fill(people, quotas)]:
        for person in joined:
            if person in gone:
                board.decline(person)


def can_be_filled(
    people: Mapping[str, Registrant], quotas: Quotas, seated: Sequence[str], others: Sequence[str]
) -> bool:
    """Tell whether a panel of all who are seated and some of the others, none of their households, keeps the quotas."""
    homes = {people[person].household for person in seated} - {""}
    outside = [people[person] for person in others if people[person].household not in homes]
    problem = as_problem([*(people[person] for person in seated), *outside], quotas)
    if problem.most_seats < quotas.panel_size:
        return False
    program = panel_program(problem)
    here = frozenset(seated)
    taken = [float(sum(person in here for person in kind.people)) for kind in problem.types]
    program.bounds(taken, [float(kind.size) for kind in problem.types])
    return program.solve() is not None


def by_rule(
    quotas: Quotas, wanted: int, rates: DropOut, people: People, panel: Collection[str], seed: str
) -> Sequence[str]:
    """Draw the list as the draw does."""
    return draw_alternates(people, panel, quotas, wanted, seed, rates)


def at_random(wanted: int, people: People, panel: Collection[str], seed: str) -> Sequence[str]:
    """Draw a list of as many without looking at anyone."""
    return Dice("at random", seed).shuffled(sorted(set(people) - set(panel)))[:wanted]


SHARES: dict[str, dict[str, float | None]] = {
    "gender": {"female": 0.51, "male": 0.49, "unsaid": None},
    "age": {"15-29": 0.18, "30-49": 0.27, "50-66": 0.29, "67+": 0.26},
    "education": {"primary": 0.22, "secondary": 0.12, "vocational": 0.32, "short": 0.22, "long": 0.12},
    "district": {"north": 0.45, "middle": 0.35, "south": 0.20},
    "tenure": {"owner": 0.6, "tenant": 0.4},
}
EAGER = {"67+": 1.6, "50-66": 1.3, "15-29": 0.6, "long": 1.7, "primary": 0.6, "owner": 1.3, "unsaid": 1.0}
"""Who signs up more or less often than others."""


def generated_town(size: int, panel: int, seed: int = 1) -> tuple[list[Registrant], Quotas]:
    """Return a made-up pool, a fifth of it in households of two, with quotas of the population's shares."""
    dice = random.Random(seed)
    pool = []
    for number in range(size):
        features = {}
        for criterion, shares in SHARES.items():
            weights = [(share or 0.01) * EAGER.get(value, 1.0) for value, share in shares.items()]
            features[criterion] = dice.choices(list(shares), weights)[0]
        pool.append(Registrant(f"r{number:05d}", f"h{number // 2}" if number % 10 < 2 else "", features))
    return pool, quotas_from_shares(panel, SHARES)
