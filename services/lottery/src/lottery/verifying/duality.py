"""Bounds by weak duality, in whole numbers.

Multiply each row by a number: below 0 only its minimum counts, above 0 its maximum. Added up, the rows say of every
mixture of panels how much any weighing of the seats is at most. No solver is needed to add up, and no rounding is done:
multipliers that a solver found are only good or bad, never wrong.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lottery.verifying.groups import DECIMALS, Groups, PanelRow, multipliers, pairs

UNIT = 10**DECIMALS


def rows_bound(rows: Sequence[PanelRow], duals: Mapping[int, int]) -> int:
    """Return what the multiplied rows add up to at most, in units."""
    total = 0
    for number, dual in duals.items():
        if not 0 <= number < len(rows):
            raise ValueError("there is no such row")
        row = rows[number]
        if dual < 0 and row.minimum is None:
            raise ValueError("a cut has no minimum")
        total += dual * (row.maximum if dual > 0 or row.minimum is None else row.minimum)
    return total


def weight_of(groups: Groups, duals: Mapping[int, int], group: int) -> int:
    """Return what a seat of the group weighs in the multiplied rows, in units."""
    return sum(duals[row] * points for row, points in groups.rows_of[group] if row in duals)


def cut_flaw(groups: Groups, cut: Mapping[str, Any]) -> str | None:
    """Say why the proof does not show that no panel has more points than the bound; None when it does.

    The nodes come in the order of a walk: a split (at most so many seats of a group; more), all below its first side,
    all below its second. Points are whole numbers, so that a leaf may lie below the next whole number.
    """
    points, bound, proof = dict(pairs(cut["points"])), cut["bound"], cut["proof"]
    if proof is None:
        return "the certificate has no proof of it"
    if any(not 0 <= group < len(groups.most) for group in points):
        return "it is about a group that is not there"
    boxes = [([0] * len(groups.most), groups.most)]
    for node in proof:
        if not boxes:
            return "its proof goes on after the last leaf"
        lower, upper = boxes.pop()
        group = node["split"]
        if group is not None:
            if not 0 <= group < len(groups.most):
                return "its proof splits by a group that is not there"
            first, second = list(upper), list(lower)
            first[group], second[group] = min(upper[group], node["seats"]), max(lower[group], node["seats"] + 1)
            boxes += [(second, upper), (lower, first)]
        elif all(low <= high for low, high in zip(lower, upper, strict=True)):
            duals = multipliers(node["duals"])
            total = rows_bound(groups.rows, duals)
            for one, (low, high) in enumerate(zip(lower, upper, strict=True)):
                rest = points.get(one, 0) * UNIT - weight_of(groups, duals, one)
                total += rest * (high if rest > 0 else low)
            if total // UNIT > bound:
                return "a leaf of its proof does not hold"
    return "its proof lacks a leaf" if boxes else None


def level_flaw(
    groups: Groups, step: Mapping[str, Any], chances: Sequence[Fraction], settled: set[int], tolerance: Fraction
) -> str | None:
    """Say why the multipliers do not show that a level cannot be raised; None when they do.

    Shown is, of every lottery that gives those who are settled at least their chances here: somebody of the others has
    no more than the level; and where none of them has less, nobody who is settled now has more. Who could have more
    must not be settled yet: a later level might be raised at their cost.
    """
    rising = [group for group in range(len(chances)) if group not in settled]
    now = step["groups"]
    if not now or len(set(now)) < len(now) or any(group not in rising for group in now):
        return "it settles a group twice, none, or one that is not there"
    duals = multipliers(step["duals"])
    left = Fraction(rows_bound(groups.rows, duals))
    weights = {}
    for group, most in enumerate(groups.most):
        weight = weight_of(groups, duals, group)
        if weight < 0:  # what the rows give too little is made up by what a panel can hold of the group
            left -= weight * most
        weights[group] = max(0, weight)
        if group in settled:
            left -= weights[group] * groups.sizes[group] * chances[group]
    level = min(chances[group] for group in rising)
    together = sum(weights[group] * groups.sizes[group] for group in rising)
    ceilings = {group: Fraction(groups.most[group], groups.sizes[group]) for group in rising}
    proven = min(ceilings.values())
    if together:
        proven = min(proven, left / together)
    if proven > level + tolerance:
        return f"the level is proven only up to {float(proven):.9f}"
    spare = left - level * together
    for group in now:
        weight = weights[group] * groups.sizes[group]
        highest = min(ceilings[group], level + spare / weight) if weight else ceilings[group]
        if highest > level + tolerance:
            return f"group {group} might have up to {float(highest):.9f}"
    return None
