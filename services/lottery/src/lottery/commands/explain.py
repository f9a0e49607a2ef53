"""`lottery explain`: what the quotas make of everyone's chance, group by group, before anything is drawn."""

import argparse
from collections.abc import Iterator, Sequence

from lottery.commands.inputs import add_inputs, read_inputs
from lottery.domain.advising import advise
from lottery.domain.feasibility import refuse_infeasible
from lottery.domain.kinds import Problem, as_problem
from lottery.domain.objectives import lottery_by
from lottery.domain.quotas import Quota


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `lottery explain`."""
    add_inputs(parser)
    parser.set_defaults(run=explain)


def explain(chosen: argparse.Namespace) -> int:
    """Print the chances, the expected composition and what to know; nothing is sealed or drawn."""
    given = read_inputs(chosen)
    problem = as_problem(given.pool, given.quotas, households=given.options.households)
    refuse_infeasible(problem)
    _, lottery = lottery_by(problem, given.options.algorithm)
    chances = lottery.chances
    for line in _lines(problem, chances):
        print(line)
    advice = advise(problem)
    for warning in (*advice.forced, *advice.margins):
        print(f"warning: {warning}")
    return 0


def _lines(problem: Problem, chances: Sequence[float]) -> Iterator[str]:
    people, seats = sum(kind.size for kind in problem.types), problem.quotas.panel_size
    yield f"{people} people for {seats} seats: {_words(seats / people)} each, if there were no quotas."
    yield f"With the quotas the smallest chance is {_words(min(chances))}, the largest {_words(max(chances))}."
    for criterion in problem.quotas.criteria:
        yield f"\n{criterion}"
        for row in problem.quotas.of(criterion):
            yield f"- {row.value}: {_group(problem, chances, row)}"
    yield ""


def _group(problem: Problem, chances: Sequence[float], row: Quota) -> str:
    of = problem.holders(row)
    people = sum(problem.types[i].size for i in of)
    quota = f"{row.minimum} to {row.maximum} seats"
    if not people:
        return f"{quota}, nobody in the pool"
    expected = sum(chances[i] * problem.types[i].size for i in of)
    least, most = min(chances[i] for i in of), max(chances[i] for i in of)
    spread = f"{_words(least)} each" if most - least < 1e-6 else f"from {_words(least)} to {_words(most)}"
    return f"{quota}, {people} in the pool; {expected:.1f} seats to be expected, chances {spread}"


def _words(chance: float) -> str:
    if chance < 1e-6:
        return "0 %"
    return f"{100 * chance:.1f} % (about 1 in {round(1 / chance)})" if chance < 0.5 else f"{100 * chance:.1f} %"
