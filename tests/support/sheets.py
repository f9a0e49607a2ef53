"""Recommendations as a sheet holds them, and sheets in which someone has written."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openpyxl import load_workbook

from chassis.language import Words
from followup.domain.assembly import Mandate
from followup.domain.recommendation import Recommendation
from followup.sheet.columns import COLUMNS, Kind

A = "dragoer-2025"
AT = datetime(2026, 1, 7, 12, tzinfo=UTC)
MANDATE = Mandate(
    municipality={"da": "Dragør Kommune", "en": "Dragør Municipality"},
    title={"da": "Samlingen", "en": "The assembly"},
    purpose={"da": "At prioritere", "en": "To prioritise"},
    milestones=(),
    themes={"prevention": {"da": "Forebyggelse", "en": "Prevention"}},
    committees={
        "finance": {"da": "Økonomiudvalget", "en": "Finance committee"},
        "social": {"da": "Socialudvalget", "en": "Social committee"},
    },
)


def one(number: int) -> Recommendation:
    """Return a recommendation nobody has answered, referred to the finance committee."""
    path = f"/samling/{A}/anbefalinger/r-{number}"
    return Recommendation(f"r-{number}", A, number, "prevention", f"Flere mødesteder {number}", ("finance",), 0, path)


def sheet_as(file: bytes, words: Words, cells: Mapping[str, Any], *, row: int = 2, sheet: int = 0) -> bytes:
    """Return a workbook with other contents in some cells of a row; the keys are columns'."""
    book: Any = load_workbook(io.BytesIO(file))
    page = book.worksheets[sheet]
    headings = [cell.value for cell in page[1]]
    columns = {column.key: words.gettext(column.heading) for column in COLUMNS[list(Kind)[sheet]]}
    for key, value in cells.items():
        page.cell(row, headings.index(columns[key]) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
