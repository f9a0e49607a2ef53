"""A file as an assembly wants it, with two residents who do not exist."""

import csv
import io

from registration.domain.assembly import Assembly
from registration.domain.resident import RollRules

_PEOPLE: tuple[dict[str, str], ...] = (
    # 60 added to the day: numbers that nobody has, and that an installation for real people refuses.
    {
        "cpr": "610170-0001",
        "name": "Anna Eksempel",
        "house_number": "12B",
        "floor": "2",
        "door": "tv",
        "protected": "no",
    },
    {"cpr": "910160-0002", "name": "Bent Eksempel", "house_number": "7", "protected": "yes"},
)


def example(assembly: Assembly, rules: RollRules) -> bytes:
    """Return the file: UTF-8 with its mark and `;`, as spreadsheets in Denmark read it."""
    columns = list(rules.table.columns)
    postcode = min(assembly.postcodes, default="2791")
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=";", restval="")
    writer.writeheader()
    for n, person in enumerate(_PEOPLE):
        home = {"street": "Eksempelvej", "postcode": postcode, "city": "Eksempelby"}
        values = {c.id: c.values[n % len(c.values)].id for c in assembly.roll_criteria if not c.is_age}
        writer.writerow(person | home | values)
    return out.getvalue().encode("utf-8-sig")
