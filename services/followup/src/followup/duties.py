"""The officer's pages: what the council owes, the form for an answer, the form that publishes a status.

The same commands as the JSON API. What an officer wrote is never lost: every refusal shows the form again with it.
"""

import re
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict, NotFound
from chassis.language import N_
from chassis.service import Service
from followup.domain.answers import LONGEST, TOO_LONG, Content
from followup.domain.calendar import day_of
from followup.domain.commitment import State
from followup.pages import STATE_WORDS, VERDICT_WORDS
from followup.paths import ANSWER, DUTIES, PUBLISH, answer_path, publish_path
from followup.use_cases import answering, reporting
from followup.views import AssemblyView, MilestoneView, RecommendationView, assembly_view, assembly_views

BADGES = {
    State.UPCOMING: "info",
    State.DUE_SOON: "warning",
    State.DUE: "warning",
    State.OVERDUE: "error",
    State.REPORTED: "success",
    State.REPORTED_LATE: "warning",
}
"""The colour of a state's badge, beside its word; a state that is not here has none."""

SAVED = {
    "svar": (N_("The answer is published"), N_("Everyone can read it on the follow-up page.")),
    "status": (N_("The status is published"), N_("Everyone can read it on the follow-up page.")),
}
"""What `?gemt=` says above the list."""

CHOOSE = N_("Choose whether the recommendation is followed")
NO_REASON = N_("Write the reason, also when the recommendation is followed")
NO_SUMMARY = N_("Write what the status says, in a few lines")
SHORTEN = N_("Shorten the text to at most %(longest)s characters")
NOT_CHECKED = N_("Tick that you have checked the status; it cannot be changed afterwards")
ANSWERED_SINCE = N_("Someone else has published an answer since you opened this page. Compare the two.")
CHANGED_SINCE = N_("An answer has been changed since you opened this page. Read the answers again.")
MESSAGES = {("answer", "one of three"): CHOOSE, ("reason", "compulsory"): NO_REASON} | {
    (field, TOO_LONG): SHORTEN for field in ("reason", "action", "summary")
}
"""What a rule of the domain is called at its field."""

Errors = list[tuple[str, str]]
_REVISION = re.compile(r"\d{1,6}", re.ASCII)


def router(service: Service) -> APIRouter:
    """Return the officer's pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Desk(service)
    routes.add_api_route(DUTIES, desk.duties, methods=["GET"])
    routes.add_api_route(ANSWER, desk.ask_for_answer, methods=["GET"])
    routes.add_api_route(ANSWER, desk.answer, methods=["POST"])
    routes.add_api_route(PUBLISH, desk.ask_for_status, methods=["GET"])
    routes.add_api_route(PUBLISH, desk.publish, methods=["POST"])
    return routes


class Desk:
    """Where an officer writes what the council has decided."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def duties(self, request: Request) -> HTMLResponse:
        """List what the council owes, assembly by assembly."""
        views = await assembly_views(self._service.db, day_of(self._service.clock.now()))
        saved = SAVED.get(request.query_params.get("gemt", ""))
        return self._render(request, "duties.html", 200, assemblies=views, saved=saved, badges=BADGES)

    async def ask_for_answer(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show the form, with the answer in force when there is one."""
        view, one = await self._recommendation(assembly, recommendation)
        held = one.answer
        values = {"answer": held.answer, "reason": held.reason, "action": held.action} if held else {}
        return self._answer_form(request, view, one, values)

    async def answer(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Publish an answer, or say what stands in its way."""
        fields = seals.fields(request)
        values = {name: _text(fields, name) for name in ("answer", "reason", "action")}
        revision = fields.get("revision", "")
        read = int(revision) if _REVISION.fullmatch(revision) else 0
        content = Content(values["answer"], values["reason"], values["action"])
        command = partial(
            answering.answer, assembly_id=assembly, recommendation_id=recommendation, content=content, read=read
        )
        try:
            await self._service.transaction(command)
        except BadInput as error:
            view, one = await self._recommendation(assembly, recommendation)
            return self._answer_form(request, view, one, values, self._errors(request, error), read=read)
        except Conflict:
            view, one = await self._recommendation(assembly, recommendation)
            errors = [("newer", self._say(request, ANSWERED_SINCE))]
            return self._answer_form(request, view, one, values, errors, status=409)
        return RedirectResponse(f"{DUTIES}?gemt=svar", 303)

    def _answer_form(
        self,
        request: Request,
        view: AssemblyView,
        one: RecommendationView,
        values: dict[str, str],
        errors: Errors | None = None,
        *,
        status: int | None = None,
        read: int | None = None,
    ) -> HTMLResponse:
        return self._render(
            request,
            "answer.html",
            status or (422 if errors else 200),
            assembly=view,
            one=one,
            values=values,
            errors=errors or [],
            revision=one.revision if read is None else read,
            newer=status == 409,
            action=answer_path(view.assembly, one.recommendation),
        )

    async def ask_for_status(self, request: Request, assembly: str, milestone: str) -> HTMLResponse:
        """Show what would be published, or why it cannot be yet."""
        view, one = await self._milestone(assembly, milestone)
        return self._status_form(request, view, one)

    async def publish(self, request: Request, assembly: str, milestone: str) -> Response:
        """Publish a status that was checked, or say what stands in its way."""
        fields = seals.fields(request)
        summary, status = _text(fields, "summary"), 422
        errors = [] if summary.strip() else [("summary", self._say(request, NO_SUMMARY))]
        if fields.get("checked") != "yes":
            errors.append(("checked", self._say(request, NOT_CHECKED)))
        if not errors:
            command = partial(
                reporting.publish_status,
                assembly_id=assembly,
                milestone_id=milestone,
                summary=summary,
                read=fields.get("edition", ""),
            )
            try:
                await self._service.transaction(command)
            except BadInput as error:
                errors = self._errors(request, error)
            except Conflict:
                errors, status = [("answers", self._say(request, CHANGED_SINCE))], 409
            else:
                return RedirectResponse(f"{DUTIES}?gemt=status", 303)
        view, one = await self._milestone(assembly, milestone)
        return self._status_form(request, view, one, summary, errors, status)

    def _status_form(
        self,
        request: Request,
        view: AssemblyView,
        one: MilestoneView,
        summary: str = "",
        errors: Errors | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        possible = one.status is None and one.due_on is not None and not view.unanswered and not view.on_their_way
        return self._render(
            request,
            "publish.html",
            status,
            assembly=view,
            milestone=one,
            summary=summary,
            errors=(errors or []) if possible else [],
            possible=possible,
            action=publish_path(view.assembly, one.id),
        )

    async def _view(self, assembly: str) -> AssemblyView:
        found = await assembly_view(self._service.db, assembly, day_of(self._service.clock.now()))
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    async def _recommendation(self, assembly: str, recommendation: str) -> tuple[AssemblyView, RecommendationView]:
        view = await self._view(assembly)
        one = next((one for one in view.recommendations if one.recommendation == recommendation), None)
        if one is None:
            raise NotFound("no such recommendation is delivered")
        return view, one

    async def _milestone(self, assembly: str, milestone: str) -> tuple[AssemblyView, MilestoneView]:
        view = await self._view(assembly)
        one = next((one for one in view.milestones if one.id == milestone), None)
        if one is None:
            raise NotFound("the mandate has no such milestone")
        return view, one

    def _say(self, request: Request, message: str) -> str:
        words = self._service.pages.words(request)
        return words.gettext(message, longest=words.format_number(LONGEST))

    def _errors(self, request: Request, error: BadInput) -> Errors:
        return [(p.field, self._say(request, MESSAGES.get((p.field, p.rule), p.message))) for p in error.problems]

    def _render(self, request: Request, template: str, status: int, **context: Any) -> HTMLResponse:
        paths: dict[str, Any] = {"answer_path": answer_path, "publish_path": publish_path, "duties": DUTIES}
        words: dict[str, Any] = {"state_words": STATE_WORDS, "verdict_words": VERDICT_WORDS}
        return self._service.pages.render(request, template, status, **words, **paths, **context)


def _text(fields: dict[str, str], name: str) -> str:
    # Browsers send the line ends of a text area as CRLF; the API takes what programs send, LF.
    return fields.get(name, "").replace("\r\n", "\n")
