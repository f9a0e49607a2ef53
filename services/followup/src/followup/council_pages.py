"""The council's dashboard, open to everyone: deadlines, the committees' tables, elections."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.service import Service
from followup.domain.calendar import day_of
from followup.pages import STATE_WORDS, VERDICT_WORDS
from followup.paging import address, page_asked
from followup.paths import COUNCIL
from followup.views.council import council


def router(service: Service) -> APIRouter:
    """Return the route."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get(COUNCIL)
    async def dashboard(request: Request) -> HTMLResponse:
        asked = request.query_params
        wish = {name: asked.get(name, "") for name in ("kommune", "udvalg")}
        today = day_of(service.clock.now())
        found = await council(service.db, today, wish["kommune"], wish["udvalg"], page_asked(asked))
        language = service.pages.language(request)
        return service.pages.render(
            request,
            "council.html",
            council=found,
            address=lambda committee="": address(COUNCIL, kommune=wish["kommune"], udvalg=committee, sprog=language),
            state_words=STATE_WORDS,
            verdict_words=VERDICT_WORDS,
        )

    return routes
