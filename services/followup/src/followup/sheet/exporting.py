"""Fills the spreadsheet: what the officers may write, as it stands now, and beside it what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.language import Words
from followup.domain.answers import Content
from followup.domain.assembly import Mandate
from followup.domain.recommendation import Recommendation
from followup.domain.work import Step
from followup.pages import VERDICT_WORDS
from followup.sheet.cells import Cell, Row
from followup.sheet.columns import COLUMNS, SHEETS, STATES, Column, Committees, Kind, state_of


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the sheet's title, its columns and its rows, without the headings."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def id_of(one: Recommendation) -> str:
    """Return what a row is found again by: the assembly and the recommendation, so that no file is another's."""
    return f"{one.assembly}:{one.id}"


def content_of(one: Recommendation) -> Content:
    """Return the answer an officer goes on with: the draft, else the answer in force, else an empty one."""
    if one.draft is not None:
        return one.draft.content
    return one.answer.content if one.answer else Content()


def committees_of(mandate: Mandate, recommendations: Sequence[Recommendation]) -> Committees:
    """Return the committees that may stand in the sheet."""
    steps = (step.committee for one in recommendations for step in one.work.steps)
    return Committees(mandate, dict.fromkeys((*(id_ for one in recommendations for id_ in one.referred), *steps)))


def tables(mandate: Mandate, recommendations: Sequence[Recommendation], words: Words) -> tuple[Table, Table]:
    """Return both tables. A recommendation that is in no committee yet has one row among the steps, to fill in."""
    known = committees_of(mandate, recommendations)
    answers = [answer_row(one, mandate, known, words) for one in recommendations]
    steps = [step_row(one, step, known, words) for one in recommendations for step in (one.work.steps or (None,))]
    rows = {Kind.RECOMMENDATIONS: answers, Kind.STEPS: steps}
    first, second = (
        Table(kind, words.gettext(SHEETS[kind]), COLUMNS[kind], tuple(_in_order(kind, row) for row in rows[kind]))
        for kind in rows
    )
    return first, second


def answer_row(
    one: Recommendation, mandate: Mandate, known: Committees, words: Words, content: Content | None = None
) -> dict[str, Cell]:
    """Return a recommendation's cells by column; with another answer where `content` is given."""
    content = content or content_of(one)
    theme = mandate.themes.get(one.theme)
    return _which(one) | {
        "theme": words.text(theme) if theme else one.theme,
        "status": words.gettext(STATES[state_of(one)]),
        "answer": words.gettext(VERDICT_WORDS[content.verdict]) if content.verdict else "",
        "reason": content.reason,
        "action": content.action,
        "done_by": content.done_by,
        "unit": content.unit,
        "money": content.money,
        "committees": "; ".join(known.label(id_, words) for id_ in one.referred),
        "progress": one.work.progress,
        "edit": one.edits,
        "work": one.work.number,
    }


def step_row(one: Recommendation, step: Step | None, known: Committees, words: Words) -> dict[str, Cell]:
    """Return the cells of a step, or of the place where the first one goes."""
    empty: dict[str, Cell] = dict.fromkeys(("committee", "on", "item", "link", "decision"))
    filled: dict[str, Cell] = {
        "committee": known.label(step.committee, words), "on": step.on, "item": step.item,
        "link": step.link, "decision": step.decision,
    } if step else empty  # fmt: skip
    return _which(one) | filled | {"work": one.work.number}


def shown(cell: Cell, words: Words) -> str:
    """Return a cell as people read it on a page."""
    if isinstance(cell, date):
        return words.format_date(cell)
    if isinstance(cell, int):
        return words.format_number(cell)
    return cell if isinstance(cell, str) else ""


def _which(one: Recommendation) -> dict[str, Cell]:
    return {"id": id_of(one), "number": one.number, "title": one.title}


def _in_order(kind: Kind, row: Mapping[str, Cell]) -> Row:
    return tuple(row[column.key] for column in COLUMNS[kind])
