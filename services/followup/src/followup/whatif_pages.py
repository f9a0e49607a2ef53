"""The page that tries out a schedule: everyone's, for it keeps nothing and says nothing that is not arithmetic."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.language import N_
from chassis.service import Service
from followup import repository
from followup.days import EVENT_WORDS, WEEKDAYS
from followup.domain.assembly import Assembly
from followup.domain.calendar import day_of
from followup.domain.elections import elections_within
from followup.domain.whatif import what_if
from followup.paths import WHAT_IF
from followup.whatif_form import DELIVERY, EVENTS, LIMITS, MOST_ROWS, WhatIfForm

COUNTED_FROM = {DELIVERY: N_("the delivery"), **EVENT_WORDS}


def router(service: Service) -> APIRouter:
    """Return the page."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get(WHAT_IF)
    async def try_out(request: Request) -> HTMLResponse:
        asked = request.query_params
        today = day_of(service.clock.now())
        found = await repository.assembly(service.db, asked.get("samling", "")[:64])
        announced = found if found and found.mandate else None
        begun = WhatIfForm.of(announced, today, service.pages.language(request))
        form = WhatIfForm.read(asked, begun.events) if "rows" in asked else begun
        shown = "rows" in asked or announced is not None
        return _page(service, request, form, announced, today, shown=shown)

    return routes


def _page(
    service: Service, request: Request, form: WhatIfForm, announced: Assembly | None, today: date, *, shown: bool
) -> HTMLResponse:
    words = service.pages.words(request)
    schedule = form.schedule() if shown else None
    milestones, delivered_on, events = schedule or ((), today, {})
    planned = what_if(milestones, delivered_on, events)
    last = max((one.due_on for one in planned if one.due_on), default=None)
    elections = elections_within(delivered_on, last) if last else ()
    promised = announced.mandate.milestones if announced and announced.mandate else ()
    limits = {name: words.format_number(value) for name, value in LIMITS.items()}
    return service.pages.render(
        request,
        "what-if.html",
        422 if form.errors else 200,
        form=form,
        announced=announced,
        counted_from=COUNTED_FROM | {name: name for name in form.events if name not in EVENTS},
        errors=[(name, words.gettext(message, **limits)) for name, message in form.errors.items()],
        planned=planned,
        calculated=schedule is not None,
        delivered_on=delivered_on,
        as_promised={one.id: one.due_on(delivered_on, events) for one in promised} if schedule else {},
        elections=elections,
        more=len(form.rows) < MOST_ROWS,
        weekdays=WEEKDAYS,
        action=WHAT_IF,
    )
