"""What all pages of the staff at the post share: where they are, and what they are rendered with."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.service import Service
from notifications import words
from notifications.api import PREFIX

JOBS = f"{PREFIX}/job"
JOB = f"{JOBS}/{{job}}"
FAILED = f"{PREFIX}/fejl"
SHIPMENT = f"{FAILED}/{{shipment}}"
PROBLEMS = f"{PREFIX}/problemer"
PERSON = f"{PREFIX}/person"
CASE = f"{PERSON}/{{case}}"


class Desk:
    """Where the post is looked after."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def render(self, request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Render a page."""
        return self.service.pages.render(request, template, status, **self.around(), **context)

    def around(self) -> dict[str, Any]:
        """Return what stands on every page, and on every part that follows along."""
        return {"says": words, "jobs_path": JOBS, "failed_path": FAILED, "problems_path": PROBLEMS, "find_path": PERSON}

    def to(self, request: Request, path: str) -> RedirectResponse:
        """Go on to a page, in the language of this one."""
        return self.service.pages.go_on(request, path)
