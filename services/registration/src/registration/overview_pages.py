"""The secretariat's overview of an assembly's registration: whom the pool has and lacks, while there is time to act.

Only counts, so no reason is asked. They are exact: the quotas are a matter of single people, and whoever sees the page
may open the list too.
"""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.language import N_
from chassis.live import EventStream
from chassis.mongo import Document
from chassis.service import Service
from registration.census import Census, Counted
from registration.domain import figures
from registration.domain.assembly import Criterion
from registration.outlook import Outlook
from registration.registrants import CHOOSE, OVERVIEW
from registration.repository import assembly_from
from registration.use_cases import counting
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_up import is_open

MOST_CORNERS = 8
"""So many empty corners are told in words; the tables hold them all."""
STAGE_WORDS = {
    figures.POPULATION: N_("Population"),
    figures.INVITED: N_("Invited"),
    figures.SIGNED_UP: N_("Signed up"),
    figures.DRAWN: N_("Drawn"),
    figures.CONFIRMED: N_("Has said yes"),
    figures.ATTENDED: N_("Has come"),
}


def router(service: Service, outlook: Outlook) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Overview(service, outlook)
    routes.add_api_route(OVERVIEW, desk.show, methods=["GET"])
    routes.add_api_route(f"{OVERVIEW}/live", desk.follow, methods=["GET"], response_class=EventStream)
    return routes


class Overview:
    """The overview and the part of it that follows along."""

    def __init__(self, service: Service, outlook: Outlook) -> None:
        self._service, self._outlook = service, outlook
        self._census = Census(service.db, service.clock)

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Show the whole of it."""
        document, counted = await self._counted(assembly)
        part, kinds = await self._part(document, counted, following=False), counted.kinds
        criteria = part["assembly"].criteria
        stages = counting.stages_of(document, kinds)
        crossed = figures.crossings(criteria, kinds, stages[0])
        reached = [one for one in stages if one.people or one.name == figures.POPULATION]
        held = document.get("held") or []
        return self._service.pages.render(
            request,
            "overview.html",
            **part,
            choose=CHOOSE,
            live=OVERVIEW.format(assembly=assembly) + "/live",
            days=await counting.days_of(self._service.db, assembly),
            crossed=crossed,
            corners=figures.emptiest(crossed, MOST_CORNERS),
            stages=reached,
            stage_words=STAGE_WORDS,
            passages=[_passed(criterion, reached) for criterion in criteria],
            held=len(held),
            listed=sum(bool(one["listed"]) for one in held),
        )

    async def follow(self, request: Request, assembly: str) -> EventStream:
        """Send what changes while people sign up."""

        async def now() -> dict[str, Any]:
            return await self._part(*await self._counted(assembly), following=True)

        return await self._service.live.follow(request, "overview-live.html", now)

    async def _counted(self, assembly: str) -> tuple[Document, Counted]:
        document = await get_assembly(self._service.db, assembly)
        return document, await self._census.of(assembly_from(document))

    async def _part(self, document: Document, counted: Counted, *, following: bool) -> dict[str, Any]:
        assembly, kinds = assembly_from(document), counted.kinds
        population = counting.stages_of(document, kinds)[0]
        profile = partial(figures.profile, kinds=kinds, population=population)
        drawn = figures.DRAWN in (document.get("stages") or {})
        counts = figures.funnel(kinds)
        return {
            "assembly": assembly,
            "counts": counts,
            "pool": document["pool"],
            "open": is_open(document, self._service.clock.now()),
            "drawn": drawn,
            "profiles": [profile(criterion) for criterion in assembly.criteria],
            "blank": figures.panel_kinds(assembly.criteria, kinds)[1],
            "outlook": await self._outlook.of(assembly, kinds) if counts.signed_up and not drawn else None,
            "titles": {c.id: {v.id: v.title for v in c.values} for c in assembly.criteria},
            "now": counted.at,
            "following": following,
        }


def _passed(
    criterion: Criterion, stages: list[figures.Stage]
) -> tuple[Criterion, tuple[figures.Passage, ...], list[int]]:
    """Return a criterion's way through the stages, and the places of those at which anything is known of it."""
    lines = figures.passages(criterion, stages)
    known = [place for place in range(len(stages)) if any(line.percents[place] is not None for line in lines)]
    return criterion, lines, known
