"""The roll of residents: a CSV file, read once from end to end in constant memory."""

from collections.abc import Callable, Iterable, Iterator

from registration.domain.encoding import TextForm
from registration.domain.problems import N_, RowProblem
from registration.domain.resident import Resident, RollRules, read_row

FirstSeen = Callable[[Resident], int]
"""Notes a resident and returns the row they were first seen in, which is their own when they are new."""


def read_roll(
    pieces: Iterable[bytes], form: TextForm, rules: RollRules, first_seen: FirstSeen
) -> Iterator[Resident | list[RowProblem]]:
    """Yield each resident of a file, or what is wrong with a row. A roll with problems is not imported, not in part."""
    empty = True
    for row in rules.table.read(pieces, form):
        empty = False
        found = row if isinstance(row, list) else read_row(*row, rules)
        if isinstance(found, Resident):
            earlier = first_seen(found)
            if earlier != found.row:
                message, told = N_("the same person as in row %(row)s"), {"row": earlier}
                found = [RowProblem(found.row, found.key_column, N_("one row a person"), message, told)]
        yield found
    if empty:
        yield [RowProblem(0, "", N_("not empty"), N_("the file has a header and no residents"))]
