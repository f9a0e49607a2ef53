"""Quotas and pools for tests of what can and cannot be drawn."""

import csv

from hypothesis import strategies as st

from lottery.domain.kinds import Problem, as_problem
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, Quotas, loose_quotas
from support.lottery import case_folder, case_pool

Case = tuple[list[Registrant], Quotas]


def loose_problem(name: str) -> Problem:
    """Return a shared instance's problem, though its sums may miss the panel's size."""
    folder = case_folder(name)
    with (folder / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = [Quota(r["category"], r["feature"], int(r["min"]), int(r["max"])) for r in csv.DictReader(file)]
    quotas = loose_quotas(int((folder / "k.txt").read_text()), rows)
    return as_problem(case_pool(name, quotas), quotas)


@st.composite
def loose_pools(draw: st.DrawFn) -> Case:
    """Up to seven people, two criteria of two or three values, any quotas: more often than not no panel meets them."""
    criteria = {f"c{i}": draw(st.integers(2, 3)) for i in range(2)}
    pool = [
        Registrant(f"p{i}", "", {c: f"v{draw(st.integers(0, values - 1))}" for c, values in criteria.items()})
        for i in range(draw(st.integers(3, 7)))
    ]
    rows = []
    for criterion, values in criteria.items():
        for value in range(values):
            low = draw(st.integers(0, 3))
            rows.append(Quota(criterion, f"v{value}", low, draw(st.integers(low, 4))))
    return pool, loose_quotas(draw(st.integers(1, 4)), rows)
