"""Could a panel be drawn from people like these? Registration asks, while there is still time to look for more.

It is the draw's own code that answers, so that what is said early is what the draw will say.
"""

import asyncio
from contextlib import suppress

from chassis.errors import BadInput, Problem
from contracts.feasibility import CheckFeasibility, Feasibility, Kind, Shortage
from lottery.domain.errors import Flaw, FlawedInputError, OutOfTimeError
from lottery.domain.feasibility import check
from lottery.domain.kinds import counted_problem
from lottery.domain.pool import known_values, unknown_values
from lottery.domain.quotas import Quotas
from lottery.domain.relaxing import relaxations
from lottery.errors import told
from lottery.repository.store import Store
from lottery.use_cases.learning import known_assembly

SECONDS = 5.0
"""What the solver may take to answer. Whoever asks waits for ten."""
PROPOSAL_SECONDS = 1.0
"""What each program may take that looks for a way out: an answer without one is better than none."""
PROPOSALS = 2
MOST_KINDS = 10_000
"""Ten times as many as the largest pool we have."""


class Checker:
    """Answers one question at a time, as its subscription hands them over: no crowd of solvers beside a draw."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answer(self, question: CheckFeasibility) -> Feasibility:
        """Say whether the assembly's quotas can be met.

        Raises NotFound for an assembly that is not announced, BadInput for kinds with a value it does not have
        (criteria it does not have are left out, as they are of a pool) and for too many of them, Transient when it
        takes longer than SECONDS.
        """
        assembly = await known_assembly(self._store, question.assembly)
        if len(question.kinds) > MOST_KINDS:
            message = f"at most {MOST_KINDS} kinds can be asked about at a time"
            raise BadInput([Problem("question", "kinds", f"at most {MOST_KINDS}", message)])
        with told():
            return await asyncio.to_thread(checked, question.kinds, assembly.quotas)


def checked(kinds: tuple[Kind, ...], quotas: Quotas) -> Feasibility:
    """Return the answer for these quotas; raises `FlawedInputError`, or `OutOfTimeError` after SECONDS."""
    known = known_values(quotas)
    flaws = [
        Flaw(f"kind {number}", *flaw)
        for number, kind in enumerate(kinds, start=1)
        for flaw in unknown_values(kind.values, known)
    ]
    if flaws:
        raise FlawedInputError(flaws)
    problem = counted_problem(((kind.values, kind.people) for kind in kinds), quotas)
    short, others = check(problem, SECONDS)
    advice = [f"{flaw.where}: {flaw.message}" for flaw in others]
    if others:
        with suppress(OutOfTimeError):
            advice += [f"enough would be {way}" for way in relaxations(problem, PROPOSALS, PROPOSAL_SECONDS)]
    return Feasibility(
        feasible=not short and not others,
        shortages=tuple(
            Shortage(criterion=one.quota.criterion, value=one.quota.value, have=one.have, need=one.quota.minimum)
            for one in short
        ),
        advice=tuple(advice),
    )
