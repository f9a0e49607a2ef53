"""The public pages: the front page of the one address, the assembly, its recommendations and publications."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.errors import NotFound
from chassis.language import LOCAL, Words
from chassis.pages import N_
from chassis.service import Service
from sessions.api.shapes import AssemblyPath, SlugPath
from sessions.domain.course import Step
from sessions.overview import Overview, all_announced, overview

ANSWERS = {
    "followed": (N_("Followed"), "success"),
    "partly": (N_("Partly followed"), "warning"),
    "not-followed": (N_("Not followed"), ""),
    None: (N_("Not answered yet"), "info"),
}
ACTIVITIES = {
    "self-service": N_("Self-service"),
    "mastery": N_("Mastery"),
    "co-creation": N_("Co-creation"),
}
KINDS = {
    "programme": N_("Programme"),
    "minutes": N_("Minutes"),
    "presentation": N_("Presentation"),
    "material": N_("Material"),
}


def router(service: Service) -> APIRouter:
    """Return the pages' routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _top(routes, service)
    _assembly(routes, service)
    return routes


def _top(routes: APIRouter, service: Service) -> None:
    """Serve the addresses that belong to no assembly."""
    render, words = service.pages.render, service.pages.words

    @routes.get("/")
    async def front(request: Request) -> HTMLResponse:
        found = await all_announced(service.db, service.clock.now())
        if len(found) == 1:
            return render(request, "front.html", **glance(found[0], words(request)))
        return render(request, "assemblies.html", assemblies=found)

    @routes.get("/samling")
    @routes.get("/samling/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/")

    @routes.get("/was")
    async def accessibility(request: Request) -> HTMLResponse:
        found = await all_announced(service.db, service.clock.now())
        return render(request, "was.html", contacts=[assembly.plan.contact for assembly in found])


def _assembly(routes: APIRouter, service: Service) -> None:
    """Serve an assembly's own pages."""
    render, words = service.pages.render, service.pages.words

    @routes.get("/samling/{assembly}")
    async def assembly(request: Request, assembly: AssemblyPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        return render(request, "assembly.html", kinds=KINDS, **glance(found, words(request)))

    @routes.get("/samling/{assembly}/anbefalinger/{recommendation}")
    async def recommendation(request: Request, assembly: AssemblyPath, recommendation: SlugPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        delivered = next((one for one in found.recommendations if one.id == recommendation), None)
        if delivered is None:  # a draft is answered like one that does not exist
            raise NotFound("no such recommendation is delivered")
        return render(
            request, "recommendation.html", a=found, recommendation=delivered, answers=ANSWERS, activities=ACTIVITIES
        )

    @routes.get("/samling/{assembly}/publikationer/{publication}")
    async def publication(request: Request, assembly: AssemblyPath, publication: SlugPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        published = next((one for one in found.publications if one.id == publication), None)
        if published is None:
            raise NotFound("no such publication")
        session = found.plan.session(published.session) if published.session else None
        return render(request, "publication.html", a=found, publication=published, session=session, kinds=KINDS)


def glance(found: Overview, words: Words) -> dict[str, Any]:
    """Return what `front.html` and `assembly.html` show of an assembly, in the reader's language."""
    coming = found.next_session
    return {
        "a": found,
        "answers": ANSWERS,
        "course": [_item(found, step, words) for step in found.steps],
        "next_session": _session_line(found, coming, words) if coming else None,
    }


def _session_line(found: Overview, step: Step, words: Words) -> dict[str, Any]:
    session = found.plan.session(step.id)
    assert session is not None  # noqa: S101 - steps are made from the plan's own sessions
    became = found.seen.sessions.get(step.id)
    return {
        "title": words.text(session.title),
        "when": _when(step, words),
        "place": became.place if became else session.place,
        "open": session.open,
        "scheduled": became is not None,
    }


def _item(found: Overview, step: Step, words: Words) -> dict[str, str]:
    """Return a step as the macro `timeline` takes it."""
    _, plan, home = words.gettext, found.plan, f"/samling/{found.plan.id}"
    item = {"state": step.state, "when": _when(step, words), "text": "", "href": ""}
    match step.kind:
        case "announced":
            item |= {"title": _("The assembly and its mandate are announced"), "href": home}
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
                item["text"] = _("The status has not come: the council has passed its deadline.")
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
        return f"{words.format_date(step.when)} – {words.format_date(step.until)}"
    if step.kind == "status" and step.state != "done":
        return words.gettext("due %(day)s", day=words.format_date(step.when))
    return words.format_date(step.when)
