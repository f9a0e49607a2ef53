"""Rolls of synthetic residents, whole and broken, for tests of registration."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contracts.base import Text
from contracts.sessions import AssemblyAnnounced, Criterion, CriterionValue, Named, PlannedSession
from registration.domain.encoding import Scanner, TextForm
from registration.domain.form import CONSENT
from registration.domain.problems import Problems
from registration.domain.resident import Resident, RollRules
from registration.domain.roll import read_roll

COLUMNS = ("cpr", "name", "street", "house_number", "floor", "door", "postcode", "city", "district", "protected")
KEY = "a key for tests that is long enough to be one"
ANSWERS = {"gender": "female", "tenure": "owner", "consent": "yes", "consent_text": CONSENT}


def cpr(number: int, born: date = date(1970, 1, 1)) -> str:
    """Return the CPR number of synthetic person `number`, below 1000 a day of birth (born 1900-2036)."""
    century = "49"[number % 2] if born.year >= 2000 else "0123"[number % 4]
    return f"{born.day + 60:02}{born:%m%y}{century}{number:03}"


def row(number: int = 1, born: date = date(1970, 1, 1), **fields: str) -> dict[str, str]:
    """Return a row that keeps every rule; `fields` break or change it."""
    return {
        "cpr": cpr(number, born),
        "name": f"Prøve Person {number}",
        "street": "Strandlinien",
        "house_number": str(number % 900 + 1),
        "floor": "",
        "door": "",
        "postcode": "2791",
        "city": "Dragør",
        "district": ("soevang", "st-magleby")[number % 2],
        "protected": "no",
    } | fields


def roll(
    rows: Iterable[Mapping[str, str]],
    *,
    columns: Iterable[str] = COLUMNS,
    delimiter: str = ";",
    encoding: str = "utf-8",
) -> bytes:
    """Return the rows as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), delimiter=delimiter, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@dataclass(slots=True, repr=False)
class Roll:
    """What a file holds."""

    residents: list[Resident]
    found: Problems
    encoding: str = ""
    delimiter: str = ""

    @property
    def said(self) -> list[tuple[int, str, str, str]]:
        """What is wrong with it, in full."""
        return [(p.row, p.column, p.rule, p.message) for p in self.found.listed]


def read(body: bytes, rules: RollRules, size: int = 64 * 1024) -> Roll:
    """Read a roll as an import does, in pieces of `size` bytes."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    scanner = Scanner()
    for piece in pieces:
        scanner.feed(piece)
    form = scanner.finish()
    back = Roll([], Problems())
    if not isinstance(form, TextForm):
        back.found.refuse(form)
        return back
    back.encoding, back.delimiter = form.encoding, form.delimiter
    seen: dict[str, int] = {}

    def first_seen(resident: Resident) -> int:
        return seen.setdefault(resident.person(KEY.encode(), "proeve-2025"), resident.row)

    for found in read_roll(pieces, form, rules, first_seen):
        if isinstance(found, Resident):
            back.residents.append(found)
        else:
            back.found.refuse(*found)
    return back


def announced(assembly: str = "proeve-2025", **changes: object) -> AssemblyAnnounced:
    """Return the announcement of a small assembly: age and district from the roll, gender and tenure asked."""

    def value(name: str, **ages: int) -> CriterionValue:
        return CriterionValue(id=name, title=_both(name), minimum=0, maximum=9, **ages)

    def criterion(name: str, source: str, *values: CriterionValue) -> Criterion:
        return Criterion(id=name, title=_both(name), source=source, values=values)  # type: ignore[arg-type]

    facts: dict[str, object] = {
        "assembly": assembly,
        "municipality": Named(id="proeve", title=_both("Prøve Kommune")),
        "title": _both("Prøvesamlingen"),
        "purpose": _both("At prøve"),
        "panel_size": 9,
        "alternates": 3,
        "minimum_age": 15,
        "age_on": date(2025, 4, 9),
        "sign_up_opens_at": datetime.fromisoformat("2025-02-10T08:00:00+00:00"),
        "sign_up_closes_at": datetime.fromisoformat("2025-03-10T11:00:00+00:00"),
        "criteria": (
            criterion("gender", "form", value("female"), value("male"), value("other")),
            criterion("age", "roll", value("15-44", age_from=15, age_to=44), value("45+", age_from=45)),
            criterion("district", "roll", value("soevang"), value("st-magleby")),
            criterion("tenure", "form", value("owner"), value("tenant")),
        ),
        "sessions": (
            PlannedSession(
                id="first",
                number=1,
                title=_both("Første"),
                starts_at=datetime.fromisoformat("2025-04-09T15:00:00+00:00"),
                ends_at=datetime.fromisoformat("2025-04-09T19:00:00+00:00"),
                open=False,
            ),
        ),
        "themes": (),
        "committees": (),
        "milestones": (),
    }
    return AssemblyAnnounced.model_validate(facts | changes)


def _both(text: str) -> Text:
    return Text(da=text, en=f"{text} (en)")
