"""The files the secretariat may fetch, in the formats of the field's other tools: UTF-8, `,`, a header, line feeds.

A criterion is a `feature` in them. Values are the assembly's ids, in `categories.csv` and `respondents.csv` alike.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from registration.domain.assembly import Assembly
from registration.domain.figures import STAGES, Stage, passages
from registration.domain.pool import Registrant

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def categories(assembly: Assembly) -> bytes:
    """Write the quotas: `feature,value,min,max`."""
    rows = [(c.id, v.id, v.minimum, v.maximum) for c in assembly.criteria for v in c.values]
    return _csv(("feature", "value", "min", "max"), rows)


def respondents(assembly: Assembly, pool: Iterable[Registrant]) -> bytes:
    """Write the pool by id: `unique_id`, a column a criterion, `household`. A value that is not held is blank."""
    ids = [criterion.id for criterion in assembly.criteria]
    rows = [
        (one.person, *(one.features.get(criterion, "") for criterion in ids), one.household or "")
        for one in sorted(pool, key=lambda one: one.person)
    ]
    return _csv(("unique_id", *ids, "household"), rows)


def funnel(assembly: Assembly, stages: Sequence[Stage]) -> bytes:
    """Write how many of each value came as far as each stage, and their share of the population.

    Blank is what nobody knows. The first row, `all,all`, counts everyone.
    """
    totals: list[Sequence[object]] = [("all", "all", "1", *(one.people for one in stages))]
    for criterion in assembly.criteria:
        for line in passages(criterion, stages):
            share = "" if line.percents[0] is None else f"{line.percents[0] / 100:.4f}"
            totals.append((criterion.id, line.value.id, share, *("" if n is None else n for n in line.numbers)))
    return _csv(("feature", "value", "population_share", *STAGES), totals)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _harmless(cell: object) -> str:
    """Return a cell that a spreadsheet does not take for a formula (CSV injection)."""
    text = str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
