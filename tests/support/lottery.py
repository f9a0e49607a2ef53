"""Pools for the lottery's tests, and a reference that computes fairness the slow, obvious way."""

import csv
import hashlib
import os
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from lottery.domain.kinds import Problem, as_problem
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, Quotas, checked_quotas, quotas_hold
from lottery.domain.solver import INFINITY, Program

CASES = Path(os.environ.get("LOTTERY_CASES", Path(__file__).resolve().parents[2].parent / "shared" / "lottery-cases"))
"""The shared instances lie beside the repository; they are for measuring and are not part of it."""


def case_folder(name: str) -> Path:
    """Return an instance's folder. Where it is absent the test fails, unless LOTTERY_CASES=none says it is meant."""
    if os.environ.get("LOTTERY_CASES") == "none":
        pytest.skip("LOTTERY_CASES=none: the shared instances are declared absent")
    folder = CASES / name
    if not folder.is_dir():
        pytest.fail(f"{folder} is missing; set LOTTERY_CASES to the instances' folder, or to none to do without")
    return folder


def case_quotas(name: str) -> Quotas:
    folder = case_folder(name)
    with (folder / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = [Quota(r["category"], r["feature"], int(r["min"]), int(r["max"])) for r in csv.DictReader(file)]
    return checked_quotas(int((folder / "k.txt").read_text()), rows)


def salt(of: str) -> str:
    """Return what hides someone's line in the record."""
    return hashlib.sha256(f"salt of {of}".encode()).hexdigest()


def case_pool(name: str, quotas: Quotas) -> list[Registrant]:
    with (case_folder(name) / "respondents.csv").open(encoding="utf-8", newline="") as file:
        return [
            Registrant(r["id"], r.get("address") or "", {c: r[c] for c in quotas.criteria}, salt(r["id"]))
            for r in csv.DictReader(file)
        ]


def case_problem(name: str, *, households: bool = False) -> Problem:
    quotas = case_quotas(name)
    return as_problem(case_pool(name, quotas), quotas, households=households)


@st.composite
def tiny_pools(draw: st.DrawFn) -> tuple[list[Registrant], Quotas]:
    """Up to eight people, some of them sharing a household, two or three criteria, any quotas: feasible or not."""
    criteria = {f"c{i}": draw(st.integers(2, 3)) for i in range(draw(st.integers(2, 3)))}
    people = draw(st.integers(3, 8))
    size = draw(st.integers(1, min(4, people)))
    pool = [
        Registrant(
            f"p{i}",
            draw(st.sampled_from(["", "", "h1", "h2", "h3"])),
            {c: f"v{draw(st.integers(0, values - 1))}" for c, values in criteria.items()},
        )
        for i in range(people)
    ]
    rows = []
    for criterion, values in criteria.items():
        for value in range(values):
            low = draw(st.integers(0, 2))
            rows.append(Quota(criterion, f"v{value}", low, draw(st.integers(max(low, 1), 4))))
    for criterion in criteria:
        ours = [row for row in rows if row.criterion == criterion]
        assume(sum(row.minimum for row in ours) <= size <= sum(row.maximum for row in ours))
    return pool, checked_quotas(size, rows)


def all_panels(pool: Sequence[Registrant], quotas: Quotas, *, households: bool = False) -> list[tuple[int, ...]]:
    """Enumerate every panel of this pool, as places in it; with `households` those with nobody who lives together."""
    return [
        panel
        for panel in combinations(range(len(pool)), quotas.panel_size)
        if quotas_hold([pool[place].features for place in panel], quotas)
        and not (households and live_together([pool[place] for place in panel]))
    ]


def live_together(people: Sequence[Registrant]) -> bool:
    """Tell whether two of these people share a household."""
    homes = [one.household for one in people if one.household]
    return len(set(homes)) < len(homes)


def leximin_by_enumeration(people: int, panels: Sequence[tuple[int, ...]]) -> list[float]:
    """Compute everyone's leximin chance by definition, over weights on all panels, without types, duals or cuts.

    At each level whoever cannot be raised while all others keep theirs is found by a program of their own.
    """
    fixed: dict[int, float] = {}
    while len(fixed) < people:
        open_people = [person for person in range(people) if person not in fixed]
        level = _best(people, panels, fixed, dict.fromkeys(open_people, 0.0), open_people)
        stuck = [
            person
            for person in open_people
            if _best(people, panels, fixed, dict.fromkeys(open_people, level - 1e-8), [person]) < level + 1e-6
        ]
        fixed |= dict.fromkeys(stuck or open_people, level)
    return [fixed[person] for person in range(people)]


def _best(
    people: int,
    panels: Sequence[tuple[int, ...]],
    fixed: Mapping[int, float],
    floors: Mapping[int, float],
    raised: Sequence[int],
) -> float:
    """Maximise the smallest chance of `raised`, with the others' floors kept."""
    program = Program([0.0] * len(panels) + [0.0], [INFINITY] * len(panels) + [1.0], integer=False, maximise=True)
    level = len(panels)
    program.cost([0.0] * len(panels) + [1.0])
    program.add_row(1.0, 1.0, range(len(panels)), [1.0] * len(panels))
    for person in range(people):
        sits = [place for place, panel in enumerate(panels) if person in panel]
        floor = fixed[person] - 1e-8 if person in fixed else floors[person]
        program.add_row(floor, INFINITY, sits, [1.0] * len(sits))
        if person in raised:
            program.add_row(0.0, INFINITY, [*sits, level], [*([1.0] * len(sits)), -1.0])
    return program.solved().value


def counts_hold(counts: Sequence[int], problem: Problem) -> bool:
    """Check a panel in whole numbers, without the solver: its types' sizes, its size, every quota, the households."""
    fits = all(0 <= count <= most for count, most in zip(counts, problem.most, strict=True))
    return fits and all(row.minimum <= sum(counts[i] for i in row.types) <= row.maximum for row in problem.rows)
