"""What the secretariat is told of its quotas before anything is announced: can they be met, and what follows from them.

Everything here has words of its own (`str`) and the parts they are made of, for pages that speak two languages.
"""

from dataclasses import dataclass

from lottery.domain.errors import Flaw
from lottery.domain.feasibility import Conflict, InfeasibleQuotasError, Shortage, refuse_infeasible, shortages
from lottery.domain.kinds import Problem
from lottery.domain.relaxing import Relaxation, relaxations
from lottery.domain.solver import INFINITY
from lottery.domain.warnings import ForcedChance, Margin, forced_chances, margins


@dataclass(frozen=True)
class Advice:
    """The answer. `flaws`, `shortages`, `conflict` and `relaxations` are of quotas that cannot be met, the rest not."""

    feasible: bool
    flaws: tuple[Flaw, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    conflict: tuple[Conflict, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    forced: tuple[ForcedChance, ...] = ()
    margins: tuple[Margin, ...] = ()


def advise(problem: Problem, seconds: float = INFINITY) -> Advice:
    """Return all that can be said of these quotas and this pool.

    The quotas may come from `loose_quotas`: sums that miss the panel's size are a conflict like any other. Raises
    `OutOfTimeError` when one of its questions takes the solver more than `seconds`.
    """
    try:
        refuse_infeasible(problem, seconds)
    except InfeasibleQuotasError as refusal:
        short, ways = tuple(shortages(problem)), relaxations(problem, seconds=seconds)
        return Advice(False, refusal.flaws, short, refusal.conflict, ways)
    return Advice(True, forced=forced_chances(problem, seconds), margins=margins(problem, seconds=seconds))
