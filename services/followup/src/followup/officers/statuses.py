"""What the council owes one assembly, and the form that publishes a status."""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from followup.officers.desk import Desk, Errors, text
from followup.officers.messages import CHANGED_SINCE, NO_SUMMARY, NOT_CHECKED, SAVED
from followup.paths import ASSEMBLY_DUTIES, PUBLISH, assembly_duties_path, publish_path
from followup.use_cases import reporting
from followup.views import AssemblyView, MilestoneView


class StatusDesk(Desk):
    """Where an officer publishes what the council says at a milestone."""

    def routes(self, routes: APIRouter) -> None:
        """Add the pages."""
        routes.add_api_route(ASSEMBLY_DUTIES, self.owed, methods=["GET"])
        routes.add_api_route(PUBLISH, self.ask, methods=["GET"])
        routes.add_api_route(PUBLISH, self.publish, methods=["POST"])

    async def owed(self, request: Request, assembly: str) -> HTMLResponse:
        """List what the council owes one assembly: its statuses and its answers."""
        saved = SAVED.get(request.query_params.get("gemt", ""))
        return self._render(request, "officers/assembly.html", assembly=await self._view(assembly), saved=saved)

    async def ask(self, request: Request, assembly: str, milestone: str) -> HTMLResponse:
        """Show what would be published, or why it cannot be yet."""
        view, one = await self._milestone(assembly, milestone)
        return self._form(request, view, one)

    async def publish(self, request: Request, assembly: str, milestone: str) -> Response:
        """Publish a status that was checked, or say what stands in its way."""
        fields = seals.fields(request)
        summary, status = text(fields, "summary"), 422
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
                return RedirectResponse(f"{assembly_duties_path(assembly)}?gemt=status", 303)
        view, one = await self._milestone(assembly, milestone)
        return self._form(request, view, one, summary, errors, status)

    def _form(
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
            "officers/publish.html",
            status,
            assembly=view,
            milestone=one,
            summary=summary,
            errors=(errors or []) if possible else [],
            possible=possible,
            action=publish_path(view.assembly, one.id),
        )
