"""The answers behind the lines: how many seats of each value some people make."""

from collections.abc import Iterable, Mapping

from lottery.verifying.record import Json

People = Mapping[str, Json]
"""The openings' rows by their lines."""


def composition_of(sealed: Json, lines: Iterable[str], people: People) -> dict[str, dict[str, int]]:
    """Count the seats of these people by criterion and value."""
    counts: dict[str, dict[str, int]] = {}
    for row in sealed["quotas"]:
        counts.setdefault(row["criterion"], {})[row["value"]] = 0
    for line in lines:
        for criterion, seats in counts.items():
            seats[people[line]["features"][criterion]] += 1
    return counts
