"""The JSON API of moved deadlines. A day is moved later only, for a reason everyone can read."""

from datetime import date
from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.openapi import example
from chassis.service import Service
from followup.domain.answers import LONGEST
from followup.paths import API, dashboard_path
from followup.use_cases import deadlines


class ExtensionBody(BaseModel):
    """A later day, and why. An empty reason is refused by the rule it breaks, with its words."""

    model_config = example(to_day="2026-10-01", reason="Udvalget behandler sagen efter sommerferien")

    to_day: date = Field(description="the new last day; later than the due day and than today")
    reason: str = Field(default="", max_length=LONGEST, description="compulsory; everyone can read it")
    due_on: date | None = Field(default=None, description="the due day that was read; 409 when it was moved since")


class ExtensionSaved(BaseModel):
    """A moved deadline."""

    milestone: str
    due_on: date
    previous_due_on: date
    promised_on: date = Field(description="the day that was promised first")
    extended_on: date
    reason: str
    path: str = Field(description="where everyone can read it")


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["followup"])

    @routes.post(f"{API}/{{assembly}}/milestones/{{milestone}}/extension")
    async def extend(assembly: str, milestone: str, body: ExtensionBody) -> ExtensionSaved:
        """Move the due day of a status that is not published; the same again changes nothing."""
        saved = await service.transaction(
            partial(
                deadlines.extend,
                assembly_id=assembly,
                milestone_id=milestone,
                to_day=body.to_day,
                reason=body.reason,
                read=body.due_on,
            )
        )
        service.poke("sweep")  # the first reminder of the new day may be today's
        last = saved.extensions[-1]
        return ExtensionSaved(
            milestone=saved.milestone,
            due_on=saved.due_on,
            previous_due_on=last.from_day,
            promised_on=saved.promised_on,
            extended_on=last.extended_on,
            reason=last.reason,
            path=f"{dashboard_path(assembly)}#milestones",
        )

    return routes
