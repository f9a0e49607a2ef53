"""Two pages every service has for the municipality's own: operations for IT, and who saw what for its DPO.

Neither shows anything personal: the operator sees facts and counts, the data protection officer opaque ids.
"""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis import audit, outbox
from chassis.errors import HouseError
from chassis.language import N_

if TYPE_CHECKING:
    from chassis.service import Service

TITLES: dict[str, str] = {
    "/tilmelding": N_("Sign-up"),
    "/lodtraekning": N_("Lottery"),
    "/samling": N_("The assembly"),
    "/opfoelgning": N_("Follow-up"),
    "/post": N_("Post"),
}
"""What the service behind a path is called; one that is not here goes by its path."""

OUTCOMES = {
    "ja": ("success", N_("The fact is handled"), N_("It has left the list.")),
    "nej": ("error", N_("The fact could not be handled"), N_("It stays on the list. The service’s log says why.")),
}


def router(service: "Service") -> APIRouter:
    """Return the routes of both pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    render, prefix = service.pages.render, service.prefix
    title = TITLES.get(prefix, prefix)

    def siblings(request: Request, page: str) -> list[tuple[str, str]]:
        """Return the same page of every service, from the table."""
        say = service.pages.words(request).gettext
        found = [row.path.removesuffix(page) for row in service.access if row.path.endswith(page)]
        return [(say(TITLES.get(where, where)), f"{where}{page}") for where in found]

    @routes.get(f"{prefix}/drift")
    async def operations(request: Request) -> HTMLResponse:
        left = await service.work_left()
        return render(
            request,
            "operations.html",
            service_title=title,
            siblings=siblings(request, "/drift"),
            waiting=sorted((name, count) for name, count in left.items() if count),
            queues=len(left),
            said=sorted((await outbox.said(service.db)).items()),
            letters=await service.dead_letters.find(),
            action=f"{prefix}/drift/dead-letters/",
            outcome=OUTCOMES.get(request.query_params.get("behandlet", "")),
            now=service.clock.now(),
        )

    @routes.post(f"{prefix}/drift/dead-letters/{{number}}")
    async def replay(number: int) -> RedirectResponse:
        handlers = {name: ear.replay for name, ear in service.ears.items()}
        try:
            await service.dead_letters.replay(number, handlers)
        except HouseError:
            return RedirectResponse(f"{prefix}/drift?behandlet=nej", 303)
        return RedirectResponse(f"{prefix}/drift?behandlet=ja", 303)

    @routes.get(f"{prefix}/indsigt")
    async def who_saw_what(request: Request, side: int = Query(1, ge=1, le=100_000)) -> HTMLResponse:
        return render(
            request,
            "audit.html",
            service_title=title,
            siblings=siblings(request, "/indsigt"),
            record=await audit.read(service.db, side),
        )

    return routes
