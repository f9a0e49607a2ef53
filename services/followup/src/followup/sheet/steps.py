"""The rows of the committees' meetings: a row a step, and one without a step where a recommendation has none yet."""

from collections.abc import Sequence

from chassis.language import Words
from followup.domain.answers import LONGEST, SHORT, TOO_LONG, TOO_LONG_NAME
from followup.domain.work import Step, Work, flaws
from followup.sheet.cells import Cell, all_empty, day_in, required, text_in
from followup.sheet.columns import Committees
from followup.sheet.faults import Rule, Unreadable
from followup.sheet.reading import Line

_STEP = ("committee", "on", "item", "link", "decision")
_RULES = {TOO_LONG: (Rule.LONG, LONGEST), TOO_LONG_NAME: (Rule.LONG, SHORT)}


def steps_in(lines: Sequence[Line], committees: Committees, words: Words) -> tuple[Step, ...]:
    """Return the steps that the rows of one recommendation say. What is wrong is noted at its row."""
    filled = [line for line in lines if not all_empty(line.cells.get(key) for key in _STEP)]
    return tuple(step for line in filled if (step := _step(line, committees, words)) is not None)


def as_text(work: Work, committees: Committees, words: Words) -> str:
    """Return the steps as people read them, one a line."""
    lines = []
    for step in work.steps:
        parts = (words.format_date(step.on), committees.label(step.committee, words), step.item, step.link)
        lines.append(", ".join(part for part in parts if part) + (f": {step.decision}" if step.decision else ""))
    return "\n".join(lines)


def _step(line: Line, committees: Committees, words: Words) -> Step | None:
    def committee(cell: Cell) -> str:
        name = text_in(cell)
        found = committees.find(name)
        if name and found is None:
            raise Unreadable(Rule.COMMITTEE, choices=committees.choices(words))
        return found or ""

    which = line.read("committee", required(committee, Rule.NO_COMMITTEE), None)
    on = line.read("on", required(day_in, Rule.NO_DAY), None)
    item = line.read("item", required(text_in, Rule.NO_ITEM), None)
    link, decision = (line.read(key, text_in, "") for key in ("link", "decision"))
    if which is None or on is None or item is None:
        return None
    step = Step(which, on, item, link, decision)
    for broken in flaws(Work(steps=(step,)), ""):
        rule, longest = _RULES.get(broken.rule, (Rule.LINK if broken.field == "link" else Rule.OTHER, 0))
        line.fault(rule, broken.field, longest=longest)
    return step
