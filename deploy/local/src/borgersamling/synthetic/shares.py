"""Dividing people by shares: as whole people, and exactly as many as there are."""

from collections.abc import Mapping, Sequence

from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.assembly_file.model import Criterion

SIGNED_UP: dict[str, dict[str, float]] = {
    "gender": {"male": 0.46, "female": 0.54},
    "district": {"soevang": 0.19, "st-magleby": 0.42, "old-dragoer": 0.39},
}
"""Known shares of those who signed up in 2025, by criterion and value."""


def apportion(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Divide a whole number by shares (largest remainder; ties go to the value named first)."""
    whole = sum(shares.values())
    exact = {value: total * share / whole for value, share in shares.items()}
    counts = {value: int(amount) for value, amount in exact.items()}
    by_remainder = sorted(exact, key=lambda value: counts[value] - exact[value])
    for value in by_remainder[: total - sum(counts.values())]:
        counts[value] += 1
    return counts


def population_shares(criterion: Criterion) -> dict[str, float]:
    """Return the share of each value among the eligible residents, equal shares where the file tells none."""
    told = {value.id: value.population_share or 0.0 for value in criterion.values}
    return told if any(told.values()) else dict.fromkeys(told, 1.0)


def volunteer_shares(criterion: Criterion) -> dict[str, float]:
    """Return the share of each value among those who sign up: the known one, else half-way from people to seats."""
    population = population_shares(criterion)
    known = SIGNED_UP.get(criterion.id, {})
    if set(known) and set(known) <= set(population):
        return {value: known.get(value, 0.0) for value in population}
    whole = sum(population.values())
    seats = {value.id: value.minimum + value.maximum for value in criterion.values}
    return {v: share / whole + seats[v] / (sum(seats.values()) or 1) for v, share in population.items()}


def age_criterion(assembly: AssemblyFile) -> Criterion | None:
    """Return the criterion whose values are bands of age."""
    return next((c for c in assembly.criteria if any(v.age_from is not None for v in c.values)), None)


def roll_criteria(assembly: AssemblyFile) -> Sequence[Criterion]:
    """Return the criteria that are columns of the roll; an age is read from the CPR number."""
    return [c for c in assembly.criteria if c.source == "roll" and c is not age_criterion(assembly)]


def form_criteria(assembly: AssemblyFile) -> Sequence[Criterion]:
    """Return the criteria the sign-up form asks for."""
    return [c for c in assembly.criteria if c.source == "form"]
