"""The answers behind the lines: how many seats of each value some people make, and who is like whom."""

from collections.abc import Iterable, Mapping

from lottery.verifying.record import Json

People = Mapping[str, Json]
"""The openings' rows by their lines."""
Answers = tuple[str, ...]
"""A person's answers, in the order of the criteria's names."""


def composition_of(sealed: Json, lines: Iterable[str], people: People) -> dict[str, dict[str, int]]:
    """Count the seats of these people by criterion and value."""
    counts: dict[str, dict[str, int]] = {}
    for row in sealed["quotas"]:
        counts.setdefault(row["criterion"], {})[row["value"]] = 0
    for line in lines:
        for criterion, seats in counts.items():
            seats[people[line]["features"][criterion]] += 1
    return counts


def kinds_of(sealed: Json, people: People) -> dict[str, tuple[Answers, tuple[Answers, ...]]]:
    """Return what makes people alike, by line: their answers, and those of all in their household, them included.

    Without the household rule everyone counts as living alone, and so does who has no household.
    """
    criteria = sorted({row["criterion"] for row in sealed["quotas"]})
    answers = {line: tuple(row["features"][criterion] for criterion in criteria) for line, row in people.items()}
    homes: dict[str, list[str]] = {}
    for line, row in people.items():
        homes.setdefault(row["household"] if sealed["household_rule"] and row["household"] else line, []).append(line)
    return {
        line: (answers[line], tuple(sorted(answers[one] for one in home))) for home in homes.values() for line in home
    }
