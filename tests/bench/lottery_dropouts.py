"""How often the quotas are kept when members drop out: alternates by the rule beside alternates drawn at random.

Simulated courses (see `support.courses`) on panels of the portfolio, of a shared instance and of a generated town. Of
the courses that could have ended well, how many did: `of pool` where people of the rest of the pool could have filled
what is open at the end, and with --hindsight `of list` where, knowing beforehand who would drop out, those on the list
could have filled every seat. `imagined` is what the rule itself expects before anyone drops out.

    PYTHONPATH=tests python tests/bench/lottery_dropouts.py [--courses N] [--rate R] [--alternates 12 24] [--hindsight]
"""

import argparse
import time
from collections.abc import Sequence
from functools import partial

from lottery.domain.alternates import coverage
from lottery.domain.dropping_out import DropOut
from lottery.domain.fairest import fairest_lottery
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel, make_portfolio
from lottery.domain.quotas import Quotas
from lottery.verifying.alternates import USUAL_RATE
from support.courses import at_random, by_rule, generated_town, simulate
from support.lottery import case_pool, case_quotas

CASE = "dragor_240_36"
EVERY = 50
"""Every so many panels of the portfolio one is tried: twenty panels."""


def panels_of(pool: Sequence[Registrant], quotas: Quotas) -> tuple[Panel, ...]:
    """Return some of the portfolio's panels."""
    problem = as_problem(pool, quotas)
    return make_portfolio(problem, fairest_lottery(problem), "drop-outs").panels[::EVERY]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--courses", type=int, default=1000)
    options.add_argument("--rate", default=USUAL_RATE)
    options.add_argument("--alternates", type=int, nargs="+", default=[12, 24, 36, 48])
    options.add_argument("--hindsight", action="store_true")
    given = options.parse_args()
    rates = DropOut(given.rate)
    case_rules = case_quotas(CASE)
    towns = {CASE: (case_pool(CASE, case_rules), case_rules), "generated 400/40": generated_town(400, 40)}
    print(f"{given.courses} courses, {given.rate} drop out")
    print(f"{'':17} alternates {'chosen':9} {'left':>5} {'imagined':>8} {'kept':>7} {'of pool':>8} {'of list':>8}   s")
    for name, (pool, quotas) in towns.items():
        panels = panels_of(pool, quotas)
        people = {one.person: one for one in pool}
        imagined = coverage(people, panels, quotas, max(given.alternates), rates)
        for wanted in given.alternates:
            for chosen, rule in (
                ("by rule", partial(by_rule, quotas, wanted, rates)),
                ("at random", partial(at_random, wanted)),
            ):
                begun = time.perf_counter()
                tally = simulate(pool, quotas, panels, rule, rates, given.courses, hindsight=given.hindsight)
                expected = f"{imagined[wanted]:8.1%}" if chosen == "by rule" else " " * 8
                listed = f"{tally.of_listed:8.1%}" if given.hindsight else " " * 8
                print(
                    f"{name:17} {wanted:10} {chosen:9} {tally.left / tally.courses:5.1f} {expected} "
                    f"{tally.kept / tally.courses:7.1%} {tally.of_pooled:8.1%} {listed} "
                    f"{time.perf_counter() - begun:3.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
