"""What must fit within the council's schedule: its milestones, their reminders, and who is told of them."""

from collections.abc import Iterator, Sequence

from sessions.domain.assembly_file.draft import Draft, Problem
from sessions.domain.assembly_file.model import Escalation, Milestone


def milestones_are_counted_from_something(draft: Draft) -> Iterator[Problem]:
    """From the delivery or from a named event in months, or at the event itself."""
    for path, milestone in draft.items("milestones", Milestone):
        if milestone.months is None and milestone.event is None:
            yield Problem(path, "needs `months` (from the day of delivery) or `event`")


def only_after_has_a_window(draft: Draft) -> Iterator[Problem]:
    """A status promised within a period is late the day after it; one promised after it may have a window."""
    for path, milestone in draft.items("milestones", Milestone):
        if milestone.wording == "within" and milestone.window_days:
            yield Problem(f"{path}.window_days", "a status `within` a period has no window: only one `after` has")


def nothing_is_said_twice(draft: Draft) -> Iterator[Problem]:
    """Each reminder and each audience once in its list."""
    raw = draft.raw
    lists = [("reminder_days", raw.get("reminder_days")), ("tell", raw.get("tell"))]
    for path, milestone in draft.items("milestones", Milestone):
        lists += [(f"{path}.reminder_days", milestone.reminder_days), (f"{path}.tell", milestone.tell)]
    for path, values in lists:
        yield from _twice(path, values if isinstance(values, (list, tuple)) else ())


def escalation_goes_upward(draft: Draft) -> Iterator[Problem]:
    """Each step comes later than the one before, and tells someone who is not told already."""
    told = draft.raw.get("tell", ["officers"])
    told = told if isinstance(told, list) else []
    yield from _steps(draft.items("escalation", Escalation), told)
    for path, milestone in draft.items("milestones", Milestone):
        steps = [(f"{path}.escalation[{place}]", step) for place, step in enumerate(milestone.escalation or ())]
        yield from _steps(steps, told if milestone.tell is None else milestone.tell)


def _twice(path: str, values: Sequence[object]) -> Iterator[Problem]:
    for place, value in enumerate(values):
        if (first := values.index(value)) < place:
            yield Problem(f"{path}[{place}]", f"`{value}` stands already at {path}[{first}]")


def _steps(steps: Sequence[tuple[str, Escalation]], tell: Sequence[object]) -> Iterator[Problem]:
    told, before = set(tell), 0
    for path, step in steps:
        yield from _twice(f"{path}.tell", step.tell)
        if step.days_overdue <= before:
            yield Problem(f"{path}.days_overdue", f"{step.days_overdue} is not later than the step before, {before}")
        if told >= set(step.tell):
            yield Problem(f"{path}.tell", "tells nobody who is not told already")
        told |= set(step.tell)
        before = max(before, step.days_overdue)


ALL = (
    milestones_are_counted_from_something,
    only_after_has_a_window,
    nothing_is_said_twice,
    escalation_goes_upward,
)
