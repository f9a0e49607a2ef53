"""One recommendation's whole story: delivered, dealt with, answered, told in statuses, closed; and what is to come."""

from datetime import date
from typing import Literal, NamedTuple

from followup.domain.calendar import day_of
from followup.views.shapes import AnswerView, AssemblyView, MilestoneView, RecommendationView, ReportedView, StepView

Kind = Literal["delivered", "meeting", "answer", "status", "closed", "promised", "next-status"]
_ORDER: tuple[Kind, ...] = ("delivered", "meeting", "answer", "status", "closed", "promised", "next-status")


class Happening(NamedTuple):
    """Something on a day. `to_come` is what is planned or owed and has not happened; `open` what should have by now."""

    on: date
    kind: Kind
    to_come: bool = False
    open: bool = False
    step: StepView | None = None
    answer: AnswerView | None = None
    milestone: MilestoneView | None = None
    reported: ReportedView | None = None


def story(assembly: AssemblyView, one: RecommendationView, today: date) -> list[Happening]:
    """Return all that has happened and is planned, by day; what is to come stands last."""
    found = [Happening(assembly.delivered_on, "delivered")] if assembly.delivered_on else []
    found += [Happening(s.on, "meeting", not s.decision and s.on >= today, step=s) for s in one.steps]
    found += [Happening(day_of(answer.answered_at), "answer", answer=answer) for answer in one.history]
    for milestone in assembly.milestones:
        if milestone.status is None:
            continue
        told = next((a for a in milestone.status.answers if a.recommendation == one.recommendation), None)
        found.append(Happening(milestone.status.reported_on, "status", milestone=milestone, reported=told))
    if one.completed_on:
        found.append(Happening(one.completed_on, "closed"))
    elif one.answer and one.answer.done_by:
        to_come = one.answer.done_by >= today
        found.append(Happening(one.answer.done_by, "promised", to_come, open=not to_come))
    following = assembly.next_milestone
    if following is not None and following.due_on is not None:
        found.append(Happening(following.due_on, "next-status", to_come=True, milestone=following))
    return sorted(found, key=lambda one: (one.to_come, one.on, _ORDER.index(one.kind)))
