"""The JSON API of drafts and of the work, for the municipality's own systems: the officers' alone, like their pages.

Every answer names the `edit` or the `number` that the next change must carry: of two who save, one is told (409).
"""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.errors import NotFound
from chassis.openapi import example
from chassis.service import Service
from followup import repository
from followup.domain.answers import LONGEST, SHORT, Approval, Content
from followup.domain.recommendation import Recommendation
from followup.domain.rules import LONGEST_LINK
from followup.domain.work import Step, Work
from followup.paths import API
from followup.use_cases import answering, working

EDIT = "the edit that was read (0: none yet); 409 when another was saved since"


class ContentBody(BaseModel):
    """What an answer says. A draft may lack anything."""

    answer: str = Field(default="", max_length=40, description="followed, partly or not-followed")
    reason: str = Field(default="", max_length=LONGEST)
    action: str = Field(default="", max_length=LONGEST, description="what is done")
    done_by: date | None = Field(default=None, description="until when it is done")
    unit: str = Field(default="", max_length=SHORT, description="the responsible unit; never a person")
    money: int | None = Field(default=None, description="whole kroner set aside")


class DraftBody(ContentBody):
    """A draft to keep."""

    model_config = example(
        answer="followed", reason="Det er allerede i gang", action="To nye mødesteder", unit="Kultur og Fritid", edit=0
    )

    edit: int = Field(ge=0, description=EDIT)


class ApprovalBody(BaseModel):
    """The meeting that approved the draft."""

    model_config = example(on="2025-06-17", meeting="Kommunalbestyrelsen", link="https://dagsorden.example/7", edit=1)

    on: date
    meeting: str = Field(default="", max_length=SHORT)
    link: str = Field(default="", max_length=LONGEST_LINK, description="its agenda item")
    edit: int = Field(ge=0, description=EDIT)


class EditBody(BaseModel):
    """What was read."""

    model_config = example(edit=2)

    edit: int = Field(ge=0, description=EDIT)


class DraftView(ContentBody):
    """The answer on its way. `state` is none when there is no draft; the answer in force is in the public API."""

    recommendation: str
    edit: int
    state: Literal["none", "draft", "approved"]
    saved_at: datetime | None
    approved_on: date | None
    approved_in: str
    agenda: str
    revision: int = Field(description="of the answer in force; 0: none")


class StepBody(BaseModel):
    """One treatment in a committee; `decision` is empty while the meeting is to come."""

    committee: str = Field(default="", max_length=64, description="a committee's id in the mandate")
    on: date
    item: str = Field(default="", max_length=SHORT)
    link: str = Field(default="", max_length=LONGEST_LINK)
    decision: str = Field(default="", max_length=LONGEST)


class WorkBody(BaseModel):
    """The work as it is to stand. `committees` null: those of the delivery."""

    model_config = example(
        committees=["finance"],
        steps=[{"committee": "finance", "on": "2026-02-03", "item": "Punkt 7"}],
        progress=25,
        number=0,
    )

    committees: list[str] | None = Field(default=None, max_length=50)
    steps: list[StepBody] = Field(default=[], max_length=200)
    progress: int = Field(default=0, description="per cent of what the answer says is done")
    number: int = Field(ge=0, description="the number that was read; 409 when the work was changed since")


class WorkView(WorkBody):
    """The work as it stands."""

    recommendation: str
    taken: bool = Field(description="whether an officer has taken it")
    completed_on: date | None


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix=f"{API}/{{assembly}}/recommendations/{{recommendation}}", tags=["officers"])
    _drafts(routes, service)
    _work(routes, service)
    return routes


def _drafts(routes: APIRouter, service: Service) -> None:
    @routes.get("/draft")
    async def show_draft(assembly: str, recommendation: str) -> DraftView:
        """Show the draft of an answer."""
        return draft_view(await _known(service, assembly, recommendation))

    @routes.put("/draft")
    async def save_draft(assembly: str, recommendation: str, body: DraftBody) -> DraftView:
        """Keep a draft; one that was approved must be approved again."""
        content = Content(body.answer, body.reason, body.action, body.done_by, body.unit, body.money)
        command = partial(answering.save_draft, content=content, read=body.edit)
        return draft_view(await _do(service, command, assembly, recommendation))

    @routes.delete("/draft")
    async def withdraw_draft(
        assembly: str, recommendation: str, edit: Annotated[int, Query(ge=0, description=EDIT)]
    ) -> DraftView:
        """Lay a draft aside; the answer in force stands."""
        return draft_view(await _do(service, partial(answering.withdraw_draft, read=edit), assembly, recommendation))

    @routes.post("/draft/approval")
    async def approve_draft(assembly: str, recommendation: str, body: ApprovalBody) -> DraftView:
        """Record the meeting that approved the draft."""
        approval = Approval(body.on, body.meeting.strip(), body.link.strip())
        command = partial(answering.approve_draft, approval=approval, read=body.edit)
        return draft_view(await _do(service, command, assembly, recommendation))

    @routes.post("/draft/publication")
    async def publish_draft(assembly: str, recommendation: str, body: EditBody) -> DraftView:
        """Publish an approved draft as the answer in force."""
        return draft_view(
            await _do(service, partial(answering.publish_draft, read=body.edit), assembly, recommendation)
        )


def _work(routes: APIRouter, service: Service) -> None:
    @routes.get("/work")
    async def show_work(assembly: str, recommendation: str) -> WorkView:
        """Show the committees, their meetings and the progress."""
        return work_view(await _known(service, assembly, recommendation))

    @routes.put("/work")
    async def save_work(assembly: str, recommendation: str, body: WorkBody) -> WorkView:
        """Keep the work as it stands; who has taken it, and whether it is closed, stays as it is."""
        known = await _known(service, assembly, recommendation)
        steps = tuple(
            Step(one.committee, one.on, one.item.strip(), one.link.strip(), one.decision.strip()) for one in body.steps
        )
        committees = None if body.committees is None else tuple(dict.fromkeys(body.committees))
        held = known.work
        work = Work(committees, steps, body.progress, held.responsible, held.completed_on, body.number)
        return work_view(await _do(service, partial(working.record_work, work=work), assembly, recommendation))

    @routes.post("/work/closing")
    async def close(assembly: str, recommendation: str) -> WorkView:
        """Close a recommendation that is answered and referred to a committee; it cannot be opened again."""
        return work_view(await _do(service, working.close_recommendation, assembly, recommendation))


async def _known(service: Service, assembly: str, recommendation: str) -> Recommendation:
    known = await repository.recommendation(service.db, assembly, recommendation)
    if known is None:
        raise NotFound(f"no recommendation {recommendation} is delivered by {assembly}")
    return known


async def _do(service: Service, command: Any, assembly: str, recommendation: str) -> Recommendation:
    saved: Recommendation = await service.transaction(
        partial(command, assembly_id=assembly, recommendation_id=recommendation)
    )
    return saved


def draft_view(one: Recommendation) -> DraftView:
    """Return the draft as programs read it."""
    draft = one.draft
    content, approval = (draft.content, draft.approval) if draft else (Content(), None)
    return DraftView(
        recommendation=one.id,
        edit=one.edits,
        state=draft.state.value if draft else "none",
        saved_at=draft.saved_at if draft else None,
        answer=content.verdict,
        reason=content.reason,
        action=content.action,
        done_by=content.done_by,
        unit=content.unit,
        money=content.money,
        approved_on=approval.on if approval else None,
        approved_in=approval.meeting if approval else "",
        agenda=approval.link if approval else "",
        revision=one.revision,
    )


def work_view(one: Recommendation) -> WorkView:
    """Return the work as programs read it; who has taken it is nobody's business but the officers'."""
    work = one.work
    return WorkView(
        recommendation=one.id,
        committees=None if work.committees is None else list(work.committees),
        steps=[
            StepBody(committee=s.committee, on=s.on, item=s.item, link=s.link, decision=s.decision) for s in work.steps
        ],
        progress=work.progress,
        number=work.number,
        taken=bool(work.responsible),
        completed_on=work.completed_on,
    )
