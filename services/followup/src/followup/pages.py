"""The public pages: the assemblies, an assembly's dashboard, a published status."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.errors import NotFound
from chassis.language import N_, Words
from chassis.service import Service
from followup.domain.calendar import day_of
from followup.domain.commitment import State
from followup.paging import address, page_asked
from followup.paths import COUNCIL, PREFIX, RECOMMENDATION
from followup.timeline import timeline
from followup.views import AssemblyView, assembly_view
from followup.views.choosing import Wish, by_answer, choices, wish_of
from followup.views.listing import listing
from followup.views.story import story

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

WHAT_WORDS = {
    "reason": N_("new reason"),
    "action": N_("new about what is done"),
    "done_by": N_("new day it is done by"),
    "unit": N_("new responsible unit"),
    "money": N_("new amount"),
}
"""What is new of an answer, beside its verdict and the progress, which are told with what they were."""
ALL = N_("All recommendations")


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    words: dict[str, Any] = {"state_words": STATE_WORDS, "verdict_words": VERDICT_WORDS, "what_words": WHAT_WORDS}

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
            request,
            "assemblies.html",
            listing=found,
            wish=wish,
            more=more,
            standing_words=STANDING_WORDS,
            council=COUNCIL,
            **words,
        )

    @routes.get(f"{PREFIX}/{{assembly}}")
    async def dashboard(request: Request, assembly: str) -> HTMLResponse:
        one = await view(assembly)
        elections = [election.on for election in one.elections]
        today = day_of(service.clock.now())
        drawing = timeline(one.delivered_on, one.milestones, today, elections) if one.delivered_on else None
        wish = wish_of(request.query_params)
        return service.pages.render(
            request,
            "dashboard.html",
            assembly=one,
            timeline=drawing,
            wish=wish,
            shown=wish.among(one.recommendations),
            choices=choices(one.recommendations),
            figures=_figures(service.pages.words(request), one),
            **words,
        )

    @routes.get(RECOMMENDATION)
    async def recommendation(request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        whole = await view(assembly)
        one = next((one for one in whole.recommendations if one.recommendation == recommendation), None)
        if one is None:
            raise NotFound("no such recommendation is delivered")
        told = story(whole, one, day_of(service.clock.now()))
        return service.pages.render(request, "recommendation.html", assembly=whole, one=one, story=told, **words)

    @routes.get(f"{PREFIX}/{{assembly}}/status/{{milestone}}")
    async def status(request: Request, assembly: str, milestone: str) -> HTMLResponse:
        one = await view(assembly)
        published = next((m for m in one.milestones if m.id == milestone and m.status is not None), None)
        if published is None:
            raise NotFound("this status is not published")
        new = published.status.changes if published.status else ()
        first = bool(new) and all(change.verdict_before is None for change in new)
        return service.pages.render(request, "status.html", assembly=one, milestone=published, first=first, **words)

    return routes


def _figures(words: Words, assembly: AssemblyView) -> list[tuple[str, list[int]]]:
    """Return how all recommendations and each theme's are answered, in the order of the chart."""
    rows = [(words.gettext(ALL), by_answer(assembly.recommendations))]
    themes = choices(assembly.recommendations).themes
    if len(themes) > 1:
        rows += [
            (words.text(title), by_answer(Wish(theme=id_).among(assembly.recommendations))) for id_, title in themes
        ]
    return rows
