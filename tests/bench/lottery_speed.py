"""How fast and how fair the lottery is on the shared instances, beside the field's reference library.

Both run as children of this process, one after the other: ours by this interpreter, the reference by one of its own
environment, which `make bench-lottery` fills and nothing of ours imports (it is GPL). Timed is what finds the lottery,
after the files are read: grouping, feasibility, leximin and its certificate on our side, its leximin on the other.

    python tests/bench/lottery_speed.py --reference .tools/reference/bin/python [--only dragor_240_36] [--limit 300]

What the reference answered is kept beside its environment and not asked for again; `--anew` asks anew. Prints a table
and what of the promises holds; exits with 1 when one does not.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from itertools import accumulate
from pathlib import Path
from typing import Any

from lottery.domain.errors import FlawedInputError
from lottery.domain.fairest import fairest_lottery
from lottery.domain.feasibility import InfeasibleQuotasError, refuse_infeasible
from lottery.domain.kinds import as_problem
from lottery.domain.portfolio import PANELS, make_portfolio
from lottery.verifying.certificate import check
from support.lottery import CASES, case_pool, case_quotas

REFERENCE = Path(__file__).with_name("reference_leximin.py")
DIFFERENT = 1e-5
"""Sums of chances further apart than this are different: the reference knows each to about a millionth."""
TIMES_FASTER = 100
LARGE, LARGE_SECONDS, LARGEST_MB = "dragor_10000_200", 10.0, 1000
CLOSE = "dragor_240_36"
"""The instance whose portfolio must be within one panel of everyone's chance, and where we must be fast for certain."""


def ours(name: str) -> dict[str, Any]:
    """Compute one instance and say what came of it."""
    start = time.perf_counter()
    try:
        quotas = case_quotas(name)
        pool = case_pool(name, quotas)
        start = time.perf_counter()
        problem = as_problem(pool, quotas)
        refuse_infeasible(problem)
    except (InfeasibleQuotasError, FlawedInputError) as error:
        return {"infeasible": [flaw.where for flaw in error.flaws], "seconds": time.perf_counter() - start}
    lottery = fairest_lottery(problem)
    seconds = time.perf_counter() - start
    chances = sorted(
        chance for kind, chance in zip(problem.types, lottery.chances, strict=True) for _ in range(kind.size)
    )
    portfolio = make_portfolio(problem, lottery, "bench")
    whole = time.perf_counter() - start
    lines = check(lottery.certificate)
    checking = time.perf_counter() - start - whole
    return {
        "people": len(pool),
        "panel": quotas.panel_size,
        "types": len(problem.types),
        "seconds": seconds,
        "whole": whole,
        "checking": checking,
        "accepted": bool(lines) and all(line.holds for line in lines),
        "refused": [line.what for line in lines if not line.holds],
        "exact": lottery.exact,
        "shortfall": lottery.shortfall,
        "deviation": portfolio.deviation,
        "panels": PANELS,
        "chances": chances,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def child(command: list[str], limit: float) -> dict[str, Any]:
    """Run one measurement and return its last line; how it ended where there is none."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return {"gave_up": f"not in {limit:.0f} s"}
    lines = run.stdout.strip().splitlines()
    if run.returncode or not lines:
        return {"gave_up": (run.stderr.strip().splitlines() or [f"exit {run.returncode}"])[-1]}
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def reference(python: Path, name: str, limit: float, *, anew: bool) -> dict[str, Any]:
    """Return what the reference says of an instance, now or when it was asked before with at least this limit."""
    kept = python.parent.parent / "answers" / f"{name}.json"
    if kept.is_file() and not anew:
        before: dict[str, Any] = json.loads(kept.read_text())
        if "chances" in before or before["limit"] >= limit:
            return before
    answer = child([str(python), str(REFERENCE), str(CASES / name)], limit) | {"limit": limit}
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(answer))
    return answer


def row(name: str, mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Return one line of the table."""
    if "infeasible" in mine:
        return f"{name:22} infeasible, explained in {mine['seconds']:.2f} s: {len(mine['infeasible'])} flaws"
    if "gave_up" in mine:
        return f"{name:22} {mine['gave_up']}"
    proof = ("exact" if mine["exact"] else f"gap {mine['shortfall']:.0e}") if mine["accepted"] else "REFUSED"
    left = (
        f"{name:22} {mine['people']:>6} {mine['panel']:>4} {mine['types']:>5} {mine['seconds']:>8.2f} "
        f"{mine['whole']:>8.2f} {mine['checking']:>7.2f} {proof:>9} {mine['megabytes']:>5.0f} "
        f"{mine['deviation']:>6.2f} {mine['chances'][0]:>9.6f}"
    )
    if "chances" not in theirs:
        return f"{left} {theirs.get('gave_up', '')[:60]}"
    ratio = theirs["seconds"] / mine["seconds"]
    differ = first_difference(mine, theirs)
    return f"{left} {theirs['seconds']:>9.2f} {theirs['chances'][0]:>9.6f} {ratio:>7.0f} {differ:>9.1e}"


def first_difference(mine: dict[str, Any], theirs: dict[str, Any]) -> float:
    """Return by how much the smallest chances add up to more with us, at the first place where the sums differ.

    Leximin is decided from below. Place by place would not do: the reference gives a few hundred people a millionth
    less than they could have and all of that to the next, and both lotteries give away the same seats.
    """
    sums = zip(accumulate(mine["chances"]), accumulate(theirs["chances"]), strict=True)
    return next((own - other for own, other in sums if abs(own - other) > DIFFERENT), 0.0)


def promises(every: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, bool]:
    """Return what was promised, each with whether it holds for what was measured."""
    drawn = {name: mine for name, (mine, _) in every.items() if "infeasible" not in mine}
    both = {name: (mine, theirs) for name, (mine, theirs) in every.items() if "chances" in mine and "chances" in theirs}
    told = {"every certificate is accepted": all(mine.get("accepted", False) for mine in drawn.values())}
    below = any(first_difference(*one) < 0 for one in both.values())
    told["where sums of the smallest chances first differ from the reference's, ours are larger"] = not below
    ratios = {name: theirs["seconds"] / mine["seconds"] for name, (mine, theirs) in both.items()}
    if ratios:
        median = statistics.median(ratios.values())
        told[f"{TIMES_FASTER} times faster in the median of {len(ratios)} ({median:.0f})"] = median >= TIMES_FASTER
    if CLOSE in ratios:
        told[f"{TIMES_FASTER} times faster on {CLOSE} ({ratios[CLOSE]:.0f})"] = ratios[CLOSE] >= TIMES_FASTER
    if CLOSE in drawn:
        told[f"{CLOSE}: everyone's share within one panel"] = drawn[CLOSE]["deviation"] <= 1.0
    if LARGE in drawn:
        told[f"{LARGE} in under {LARGE_SECONDS:.0f} s"] = drawn[LARGE]["whole"] < LARGE_SECONDS
    told[f"at most {LARGEST_MB} MB"] = all(mine.get("megabytes", LARGEST_MB) < LARGEST_MB for mine in drawn.values())
    return told


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--one", help="compute this instance in this process and print JSON")
    options.add_argument("--reference", type=Path, help="the interpreter of the reference library's environment")
    options.add_argument("--only", action="append", default=[], help="this instance; more than once for several")
    options.add_argument("--limit", type=float, default=300.0, help="seconds for the reference, an instance")
    options.add_argument("--anew", action="store_true", help="ask the reference again")
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(ours(chosen.one)))
        return
    print(
        f"{'instance':22} {'people':>6} {'k':>4} {'types':>5} {'ours s':>8} {'+panels':>8} {'check':>7} {'proof':>9} "
        f"{'MB':>5} {'deviat':>6} {'min':>9} {'ref. s':>9} {'ref. min':>9} {'ratio':>7} {'differ':>9}"
    )
    every = {}
    for folder in sorted(CASES.iterdir()):
        name = folder.name
        if not folder.is_dir() or (chosen.only and name not in chosen.only):
            continue
        mine = child([sys.executable, __file__, "--one", name], 3600)
        theirs = reference(chosen.reference, name, chosen.limit, anew=chosen.anew) if chosen.reference else {}
        every[name] = mine, theirs
        print(row(name, mine, theirs), flush=True)
    print()
    told = promises(every)
    for what, holds in told.items():
        print(f"{'holds' if holds else 'FAILS'}: {what}")
    sys.exit(not all(told.values()))


if __name__ == "__main__":
    main()
