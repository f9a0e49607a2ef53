"""The public pages: the assemblies, an assembly's dashboard, a published status."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.errors import NotFound
from chassis.language import N_
from chassis.service import Service
from followup.domain.calendar import day_of
from followup.domain.commitment import State
from followup.paging import address, page_asked
from followup.paths import PREFIX
from followup.timeline import timeline
from followup.views import AssemblyView, assembly_view
from followup.views.listing import listing

STATE_WORDS = {
    State.UNDATED: N_("Date to come"),
    State.UPCOMING: N_("Upcoming"),
    State.DUE_SOON: N_("Due soon"),
    State.DUE: N_("Due today"),
    State.OVERDUE: N_("Overdue"),
    State.REPORTED: N_("Published in time"),
    State.REPORTED_LATE: N_("Published late"),
}
STANDING_WORDS = {
    State.OVERDUE: N_("Overdue"),
    State.DUE: N_("Due today"),
    State.DUE_SOON: N_("Due soon"),
    State.UPCOMING: N_("On time"),
    State.UNDATED: N_("Waits for its day"),
    State.REPORTED: N_("Complete"),
}
"""How a whole follow-up stands, what is most urgent first."""
VERDICT_WORDS = {
    "followed": N_("Is followed"),
    "partly": N_("Is partly followed"),
    "not-followed": N_("Is not followed"),
}


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    words: dict[str, Any] = {"state_words": STATE_WORDS, "verdict_words": VERDICT_WORDS}

    async def view(assembly: str) -> AssemblyView:
        found = await assembly_view(service.db, assembly, day_of(service.clock.now()))
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    @routes.get(PREFIX)
    @routes.get(f"{PREFIX}/")
    async def assemblies(request: Request) -> HTMLResponse:
        asked = request.query_params
        wish = {name: asked.get(name, "") for name in ("kommune", "tilstand")}
        today = day_of(service.clock.now())
        found = await listing(service.db, today, wish["kommune"], wish["tilstand"], page_asked(asked))
        more = f"{address(PREFIX, **wish, sprog=service.pages.language(request))}&side="
        return service.pages.render(
            request, "assemblies.html", listing=found, wish=wish, more=more, standing_words=STANDING_WORDS, **words
        )

    @routes.get(f"{PREFIX}/{{assembly}}")
    async def dashboard(request: Request, assembly: str) -> HTMLResponse:
        one = await view(assembly)
        today = day_of(service.clock.now())
        drawing = timeline(one.delivered_on, one.milestones, today) if one.delivered_on else None
        return service.pages.render(request, "dashboard.html", assembly=one, timeline=drawing, **words)

    @routes.get(f"{PREFIX}/{{assembly}}/status/{{milestone}}")
    async def status(request: Request, assembly: str, milestone: str) -> HTMLResponse:
        one = await view(assembly)
        published = next((m for m in one.milestones if m.id == milestone and m.status is not None), None)
        if published is None:
            raise NotFound("this status is not published")
        return service.pages.render(request, "status.html", assembly=one, milestone=published, **words)

    return routes
