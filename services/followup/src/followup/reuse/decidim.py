"""The recommendations as a table with the field names of Decidim's accountability results, and the deadlines besides.

In the order of Decidim's own export. `description` is the council's answer in force, `status` one of ours: followed,
partly, not-followed or waiting.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from followup.sheet.cells import guarded
from followup.sheet.columns import DECIDIM_FIELDS
from followup.views import AssemblyView, MilestoneView, RecommendationView

WAITING = "waiting"


def write(view: AssemblyView, origin: str) -> bytes:
    """Return the file: UTF-8, parted by commas, days as 2026-03-01 and moments in UTC."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, DECIDIM_FIELDS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(view, origin):
        writer.writerow({field: guarded(value) for field, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def rows(view: AssemblyView, origin: str) -> list[dict[str, str]]:
    """Return the rows by field; `origin` is the one address."""
    return [_row(one, view, origin) for one in view.recommendations]


def _row(one: RecommendationView, view: AssemblyView, origin: str) -> dict[str, str]:
    answer = one.answer
    owed, reported = _next(view.milestones), _last(view.milestones)
    return {
        "id": f"{view.assembly}:{one.recommendation}",
        "title": one.title,
        "description": "\n\n".join(text for text in (answer.reason, answer.action) if text) if answer else "",
        "start_date": _day(view.delivered_on),
        "end_date": _day(one.completed_on or (answer.done_by if answer else None)),
        "status": answer.answer if answer else WAITING,
        "progress": str(one.progress),
        "created_at": _day(answer.answered_at) if answer else "",
        "url": f"{origin}{one.path}",
        "due_date": _day(owed.due_on) if owed else "",
        "reported_at": _day(reported.status.reported_on) if reported and reported.status else "",
        "overdue_days": str(owed.overdue_days) if owed else "0",
    }


def _next(milestones: Sequence[MilestoneView]) -> MilestoneView | None:
    return next((one for one in milestones if one.status is None and one.due_on is not None), None)


def _last(milestones: Sequence[MilestoneView]) -> MilestoneView | None:
    reported = [one for one in milestones if one.status is not None]
    return max(reported, key=lambda one: one.status.reported_on if one.status else date.min, default=None)


def _day(day: date | datetime | None) -> str:
    return day.isoformat() if day else ""
