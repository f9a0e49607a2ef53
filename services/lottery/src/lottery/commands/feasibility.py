"""`lottery feasibility`: can a panel be drawn, what stands in the way, and what would have to be loosened."""

import argparse

from lottery.commands.inputs import add_inputs, read_inputs
from lottery.domain.advising import Advice, advise
from lottery.domain.kinds import as_problem

FEASIBLE, INFEASIBLE = 0, 3


def add_feasibility(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `lottery feasibility`."""
    add_inputs(parser)
    parser.set_defaults(run=feasibility)


def feasibility(chosen: argparse.Namespace) -> int:
    """Say whether the quotas can be met."""
    advice = advice_of(chosen)
    print(in_words(advice))
    return FEASIBLE if advice.feasible else INFEASIBLE


def advice_of(chosen: argparse.Namespace) -> Advice:
    """Return what can be said of the quotas; the sums of minima and maxima may miss the panel's size here."""
    given = read_inputs(chosen, loose=True)
    return advise(as_problem(given.pool, given.quotas, households=given.options.households))


def in_words(advice: Advice) -> str:
    """Write the advice, a line a thing."""
    if advice.feasible:
        lines = ["A panel can be drawn."]
        lines += [f"warning: {one}" for one in (*advice.forced, *advice.margins)]
        return "\n".join(lines)
    lines = ["No panel can be drawn:", *(f"- {flaw.where}: {flaw.message}" for flaw in advice.flaws)]
    if advice.relaxations:
        lines += ["What would help, the smallest change first:"]
        lines += [f"{number}. {one}" for number, one in enumerate(advice.relaxations, start=1)]
    return "\n".join(lines)
