"""The page that is enclosed with the council's agenda: how the follow-up stands, on one sheet of A4 (PDF/UA-1)."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from chassis.language import N_, Words
from chassis.typesetting import typeset
from followup.pages import STATE_WORDS, VERDICT_WORDS
from followup.views import AssemblyView, MilestoneView, RecommendationView

LAYOUT = Path(__file__).with_name("agenda.typ")
MOST_ROWS = 30
"""Recommendations on the page; what is beyond is counted in a line, so that the page stays one and can be read."""
MOST_MILESTONES = 10
LONGEST_TITLE = 110
"""Characters of a title on its line."""

TITLE = N_("Follow-up: %(title)s")
NEXT = N_("Next status: %(title)s, due %(date)s (%(state)s).")
NONE_OWED = N_("No status is owed now.")
ANSWERED = N_(
    "%(answered)s of %(all)s recommendations are answered: "
    "%(followed)s followed, %(partly)s partly, %(not_followed)s not followed."
)
ELECTION = N_("Council election on %(date)s: the promise binds the council that is elected.")
MADE = N_("As of %(date)s. The whole follow-up: %(url)s")
WAITS = N_("Waits for an answer")


def pdf(view: AssemblyView, today: date, words: Words, origin: str) -> bytes:
    """Return the page. To be called in a thread."""
    return typeset(json.dumps(content(view, today, words, origin)), LAYOUT)


def content(view: AssemblyView, today: date, words: Words, origin: str) -> dict[str, Any]:
    """Return what the layout reads."""
    shown = view.recommendations[:MOST_ROWS]
    more = len(view.recommendations) - len(shown)
    notes = [_say(words, ELECTION, date=words.format_date(election.on)) for election in view.elections]
    if more:
        notes.insert(0, _more(words, more))
    return {
        "language": words.lang,
        "sender": words.text(view.municipality),
        "title": _say(words, TITLE, title=words.text(view.title)),
        "lead": [_next(view, words), _answered(view, words)],
        "milestones": {
            "title": words.gettext(N_("The promised statuses")),
            "head": [words.gettext(head) for head in (N_("Status"), N_("Due"), N_("State"), N_("Published"))],
            "rows": [_milestone(one, words) for one in view.milestones[:MOST_MILESTONES]],
            "nothing": words.gettext(N_("The mandate promises no status")),
        },
        "recommendations": {
            "title": words.gettext(N_("The recommendations and the council’s answers")),
            "head": [
                words.gettext(head)
                for head in (N_("No."), N_("Recommendation"), N_("Committees"), N_("Answer"), N_("Progress"))
            ],
            "rows": [_recommendation(one, words) for one in shown],
            "nothing": words.gettext(N_("No recommendations yet")),
        },
        "notes": notes,
        "made": _say(words, MADE, date=words.format_date(today), url=f"{origin}{view.path}"),
    }


def _next(view: AssemblyView, words: Words) -> str:
    one = view.next_milestone
    if one is None or one.due_on is None:
        return words.gettext(NONE_OWED)
    state = words.gettext(STATE_WORDS[one.state])
    return _say(words, NEXT, title=words.text(one.title), date=words.format_date(one.due_on), state=state)


def _answered(view: AssemblyView, words: Words) -> str:
    given: Sequence[str] = [one.answer.answer for one in view.recommendations if one.answer]
    numbers = {"answered": len(given), "all": len(view.recommendations)}
    numbers |= {name: given.count(name.replace("_", "-")) for name in ("followed", "partly", "not_followed")}
    return _say(words, ANSWERED, **{name: words.format_number(number) for name, number in numbers.items()})


def _milestone(one: MilestoneView, words: Words) -> list[str]:
    published = words.format_date(one.status.reported_on) if one.status else ""
    state = words.gettext(STATE_WORDS[one.state])
    if one.overdue_days:
        state += f" ({words.ngettext('%(num)s day late', '%(num)s days late', one.overdue_days)})"
    return [words.text(one.title), words.format_date(one.due_on) if one.due_on else "", state, published]


def _recommendation(one: RecommendationView, words: Words) -> list[str]:
    title = one.title if len(one.title) <= LONGEST_TITLE else f"{one.title[: LONGEST_TITLE - 1].rstrip()}…"
    answer = words.gettext(VERDICT_WORDS[one.answer.answer] if one.answer else WAITS)
    committees = ", ".join(words.text(committee.title) for committee in one.committees)
    return [str(one.number), title, committees, answer, f"{one.progress} %"]


def _more(words: Words, more: int) -> str:
    return words.ngettext(
        "And %(num)s recommendation more, on the follow-up page.",
        "And %(num)s recommendations more, on the follow-up page.",
        more,
    )


def _say(words: Words, message: str, **values: str) -> str:
    return str(words.gettext(message)) % values
