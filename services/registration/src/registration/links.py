"""What a personal link answers that leads nowhere."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from chassis.service import Service
from registration.use_cases.links import is_replaced


async def leads_nowhere(service: Service, request: Request) -> HTMLResponse:
    """Say that a newer letter has been sent, where one has, and else that nobody knows the link."""
    replaced = await is_replaced(service.db, request.path_params["token"])
    return service.pages.render(request, "replaced.html" if replaced else "unknown.html", status=404)
