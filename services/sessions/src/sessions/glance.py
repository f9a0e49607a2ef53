"""What the front page and the assembly's page show of an assembly, in the reader's words."""

from datetime import date, datetime
from typing import Any

from chassis.language import LOCAL, N_, Words
from sessions.domain.course import Stage, Step
from sessions.overview import Overview

ANSWERS = {
    "followed": (N_("Followed"), "success"),
    "partly": (N_("Partly followed"), "warning"),
    "not-followed": (N_("Not followed"), ""),
    None: (N_("Not answered yet"), "info"),
}
Item = dict[str, str]
"""A step or stage as the macros `ui.timeline` and `ui.strip` take it."""


def glance(found: Overview, words: Words) -> dict[str, Any]:
    """Return what `front.html` and `assembly.html` need beside the texts of the assembly's own file."""
    return {
        "a": found,
        "answers": ANSWERS,
        "stages": [_stage(found, stage, words) for stage in found.stages],
        "course": [_step(found, step, words) for step in found.steps],
        "next_session": _session(found, found.next_session, words),
        "next_open": _session(found, found.next_open, words),
        "sign_up": next(step for step in found.steps if step.kind == "sign-up"),
    }


def now(found: Overview, words: Words) -> str:
    """Return where an assembly is, in a line: what is under way, or else what comes."""
    items = [_stage(found, stage, words) for stage in found.stages]
    here = next((item for state in ("now", "next") for item in items if item["state"] == state), items[-1])
    state, stage = here["state"], here["title"]
    told = {"done": N_("Done: %(stage)s"), "now": N_("Now: %(stage)s"), "next": N_("Coming: %(stage)s")}[state]
    return words.gettext(told, stage=stage)


def _session(found: Overview, step: Step | None, words: Words) -> dict[str, Any] | None:
    session = found.plan.session(step.id) if step else None
    if step is None or session is None:
        return None
    became = found.seen.sessions.get(step.id)
    return {
        "id": step.id,
        "title": words.text(session.title),
        "when": _when(step, words),
        "place": became.place if became else session.place,
        "open": session.open,
        "now": step.state == "now",
    }


def _stage(found: Overview, stage: Stage, words: Words) -> Item:
    _, plan, steps = words.gettext, found.plan, stage.steps
    if len(steps) == 1 and stage.kind not in {"session", "status"}:
        return _step(found, steps[0], words) | {"title": _(_TITLES[stage.kind])}
    item = {"state": stage.state, "title": _(_TITLES[stage.kind]), "when": "", "text": "", "href": ""}
    if stage.kind == "session":
        first, last = steps[0].when, steps[-1].when
        item["when"] = _period(first, last, words) if first and last else ""
        item["text"] = _("%(done)s of %(total)s held", done=stage.done, total=len(steps))
        item["href"] = f"/samling/{plan.id}#programme"
        return item
    coming = next((step for step in steps if step.state != "done"), None)
    item["when"] = _when(coming, words) if coming and coming.when else ""
    late = any(step.overdue for step in steps)
    item["text"] = _(_OVERDUE) if late else _("%(done)s of %(total)s statuses given", done=stage.done, total=len(steps))
    item["href"] = f"/opfoelgning/{plan.id}"
    return item


_TITLES = {
    "announced": N_("The mandate is announced"),
    "sign-up": N_("Invitation and sign-up"),
    "draw": N_("The members are drawn by lot"),
    "session": N_("The sessions"),
    "delivery": N_("The recommendations are handed over"),
    "status": N_("The council follows up"),
}
_OVERDUE = N_("The status has not come: the council has passed its deadline.")


def _step(found: Overview, step: Step, words: Words) -> Item:
    _, plan = words.gettext, found.plan
    item: Item = {"state": step.state, "when": _when(step, words), "text": "", "href": ""}
    match step.kind:
        case "announced":
            item |= {"title": _("The assembly and its mandate are announced"), "href": f"/samling/{plan.id}"}
        case "sign-up":
            item |= {"title": _("Invitation and sign-up"), "text": _sign_up(found, words)}
        case "draw":
            item |= {"title": _("The members are drawn by lot"), "href": f"/lodtraekning/{plan.id}"}
        case "session":
            session = plan.session(step.id)
            item["title"] = words.text(session.title) if session else step.id
            attended = found.seen.sessions[step.id].attended if step.state == "done" else None
            if attended is not None:
                item["text"] = words.ngettext("%(num)s member took part.", "%(num)s members took part.", attended)
        case "delivery":
            item["title"] = _("The recommendations are handed over to the council")
        case "status":
            milestone = next(m for m in plan.milestones if m.id == step.id)
            item |= {"title": words.text(milestone.title), "href": f"/opfoelgning/{plan.id}"}
            if step.overdue:
                item["text"] = _(_OVERDUE)
    return item


def _sign_up(found: Overview, words: Words) -> str:
    if "invited" not in found.numbers:
        return ""
    return words.gettext(
        "%(invited)s invited, %(signed_up)s signed up.",
        invited=words.format_number(found.numbers["invited"]),
        signed_up=words.format_number(found.numbers["signed_up"]),
    )


def _when(step: Step, words: Words) -> str:
    if step.when is None:
        return ""
    if step.kind == "session" and isinstance(step.when, datetime) and step.until is not None:
        return f"{words.format_datetime(step.when)}–{step.until.astimezone(LOCAL):%H:%M}"
    if step.until is not None:
        return _period(step.when, step.until, words)
    if step.kind == "status" and step.state != "done":
        return words.gettext("due %(day)s", day=words.format_date(step.when))
    return words.format_date(step.when)


def _period(first: date, last: date, words: Words) -> str:
    # 9. april – 17. juni 2025: both languages write the year last, and it is said once.
    begins, ends = words.format_date(first), words.format_date(last)
    year = f" {ends.rsplit(' ', 1)[1]}"
    return ends if begins == ends else f"{begins.removesuffix(year)} – {ends}"
