"""The JSON API. Reading is public; writing is the officers', for the answers are the council's own."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.errors import NotFound
from chassis.openapi import example
from chassis.service import Service
from followup.domain.answers import LONGEST, SHORT, Approval, Content
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment, State
from followup.paging import address
from followup.paths import API, recommendation_path, status_path
from followup.use_cases import announcing, answering, reporting
from followup.views import AssemblyView, Counts, assembly_view, assembly_views
from followup.views.listing import sorted_out

PER_PAGE, MOST_PER_PAGE = 10, 50


class AnswerBody(BaseModel):
    """An answer. Empty fields are refused by the rule they break, with its words, not by a type error."""

    model_config = example(
        answer="partly",
        reason="Vi begynder med to byer",
        action="Et forsøg i 2026",
        done_by="2026-12-31",
        unit="Kultur og Fritid",
        money=250000,
        revision=0,
    )

    answer: str = Field(default="", max_length=40, description="followed, partly or not-followed")
    reason: str = Field(default="", max_length=LONGEST, description="compulsory for all three")
    action: str | None = Field(default=None, max_length=LONGEST, description="what is done")
    done_by: date | None = Field(default=None, description="until when it is done")
    unit: str = Field(default="", max_length=SHORT, description="the responsible unit; never a person")
    money: int | None = Field(default=None, description="whole kroner set aside")
    approved_on: date | None = Field(default=None, description="the day of the meeting that approved the answer")
    approved_in: str = Field(default="", max_length=SHORT, description="that meeting")
    agenda: str = Field(default="", max_length=SHORT * 2, description="a link to its agenda item")
    revision: int | None = Field(
        default=None, ge=0, description="the revision that was read (0: none yet); 409 when another was saved since"
    )


class AnswerSaved(BaseModel):
    """The answer in force."""

    recommendation: str
    answer: str
    revision: int
    path: str


class StatusBody(BaseModel):
    """A status."""

    model_config = example(summary="Alle anbefalinger er besvaret, og fire er i gang")

    summary: str = Field(default="", max_length=LONGEST)
    edition: str | None = Field(
        default=None, description="the edition of the answers that was read; 409 when an answer was saved since"
    )


class StatusSaved(BaseModel):
    """The published status."""

    milestone: str
    due_on: date
    reported_on: date
    overdue_days: int
    path: str


class EventBody(BaseModel):
    """The day of a named event."""

    model_config = example(on="2026-06-17")

    on: date


class CommitmentMadeBody(BaseModel):
    """A commitment that follows from an event."""

    milestone: str
    due_on: date


class EventSaved(BaseModel):
    """A recorded event, and what is counted from it."""

    event: str
    on: date
    commitments: list[CommitmentMadeBody]


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["followup"])

    async def view(assembly: str) -> AssemblyView:
        found = await assembly_view(service.db, assembly, day_of(service.clock.now()))
        if found is None:
            raise NotFound(f"no assembly {assembly} is announced")
        return found

    @routes.get(API)
    async def list_assemblies(
        response: Response,
        municipality: Annotated[str, Query(max_length=SHORT, description="the id of a municipality; empty: all")] = "",
        state: Annotated[State | None, Query(description="how the follow-up stands as a whole")] = None,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = PER_PAGE,
    ) -> list[AssemblyView]:
        """List assemblies with their milestones, recommendations and answers, a page at a time, most urgent first.

        The header `Link` names the next page while there is one (RFC 8288), `X-Total-Count` how many assemblies fit.
        """
        today = day_of(service.clock.now())
        found = await sorted_out(service.db, today, municipality, state.value if state else "")
        end = page * per_page
        response.headers["X-Total-Count"] = str(len(found.ids))
        if end < len(found.ids):
            more = {"municipality": municipality, "state": state.value if state else ""}
            following = address(API, **more, page=str(page + 1), per_page=str(per_page))
            response.headers["Link"] = f'<{following}>; rel="next"'
        return await assembly_views(service.db, today, found.ids[end - per_page : end])

    @routes.get(f"{API}/{{assembly}}")
    async def show_assembly(assembly: str) -> AssemblyView:
        """Show one assembly's follow-up."""
        return await view(assembly)

    @routes.get(f"{API}/{{assembly}}/counts")
    async def show_counts(assembly: str) -> Counts:
        """Show the counts."""
        return (await view(assembly)).counts

    @routes.put(f"{API}/{{assembly}}/recommendations/{{recommendation}}/answer")
    async def answer(assembly: str, recommendation: str, body: AnswerBody) -> AnswerSaved:
        """Publish the council's answer to a recommendation, or a new version of it."""
        content = Content(body.answer, body.reason, body.action or "", body.done_by, body.unit, body.money)
        approval = Approval(body.approved_on, body.approved_in, body.agenda) if body.approved_on else None
        saved = await service.transaction(
            partial(
                answering.answer,
                assembly_id=assembly,
                recommendation_id=recommendation,
                content=content,
                read=body.revision,
                approval=approval,
            )
        )
        return AnswerSaved(
            recommendation=saved.id,
            answer=saved.answer.content.verdict if saved.answer else "",
            revision=saved.revision,
            path=recommendation_path(assembly, saved.id),
        )

    @routes.post(f"{API}/{{assembly}}/milestones/{{milestone}}/status")
    async def publish_status(assembly: str, milestone: str, body: StatusBody) -> StatusSaved:
        """Publish a status; 422 with the list of recommendations that wait for an answer."""
        saved = await service.transaction(
            partial(
                reporting.publish_status,
                assembly_id=assembly,
                milestone_id=milestone,
                summary=body.summary,
                read=body.edition,
            )
        )
        return _saved(saved)

    @routes.post(f"{API}/{{assembly}}/events/{{event}}")
    async def record_event(assembly: str, event: str, body: EventBody) -> EventSaved:
        """Record the day of an event that the mandate counts a milestone from."""
        made = await service.transaction(
            partial(announcing.record_event, assembly_id=assembly, event=event, on=body.on)
        )
        service.poke("sweep")  # a due day that has come already is said now, not at the next look
        commitments = [CommitmentMadeBody(milestone=one.milestone, due_on=one.due_on) for one in made]
        return EventSaved(event=event, on=body.on, commitments=commitments)

    return routes


def _saved(one: Commitment) -> StatusSaved:
    reported_on = one.status.reported_on if one.status else one.due_on
    return StatusSaved(
        milestone=one.milestone,
        due_on=one.due_on,
        reported_on=reported_on,
        overdue_days=one.overdue_days(reported_on),
        path=status_path(one.assembly, one.milestone),
    )
