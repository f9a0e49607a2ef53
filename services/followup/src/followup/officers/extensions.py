"""The officer's page that moves a due day: write, check what it means, confirm."""

from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from followup.days import NO_DAY, TypedDay
from followup.domain.calendar import is_working_day
from followup.domain.elections import elections_within
from followup.officers.deadlines import MOVED_SINCE, NO_REASON, DayDesk
from followup.officers.desk import Errors, text
from followup.paths import EXTEND, extend_path
from followup.use_cases import deadlines
from followup.views import AssemblyView, MilestoneView


class ExtensionDesk(DayDesk):
    """Where an officer moves the day of a status."""

    def routes(self, routes: APIRouter) -> None:
        """Add the page."""
        routes.add_api_route(EXTEND, self.ask_to_extend, methods=["GET"])
        routes.add_api_route(EXTEND, self.extend, methods=["POST"])

    async def ask_to_extend(self, request: Request, assembly: str, milestone: str) -> HTMLResponse:
        """Show the form, or what was done with it."""
        view, one = await self._milestone(assembly, milestone)
        return self._extension(request, view, one, TypedDay(), "")

    async def extend(self, request: Request, assembly: str, milestone: str) -> Response:
        """Show what a later day means; move it once that is confirmed."""
        fields = seals.fields(request)
        view, one = await self._milestone(assembly, milestone)
        to_day, reason = TypedDay.read(fields, "to_day"), text(fields, "reason").strip()
        show = partial(self._extension, request, view, one, to_day, reason)
        if "change" in fields:
            return show()
        if to_day.day is None:
            errors = [("to_day", self._tell(request, NO_DAY))]
            return show([*errors, *([] if reason else [("reason", self._tell(request, NO_REASON))])], 422)
        confirmed = fields.get("confirmed") == "yes"
        command = partial(
            deadlines.extend if confirmed else deadlines.extended,
            assembly_id=assembly,
            milestone_id=milestone,
            to_day=to_day.day,
            reason=reason,
            read=_iso(fields.get("due_on", "")),
        )
        try:
            moved = await self._service.transaction(command)
        except BadInput as error:
            return show(self._wrong(request, error, view, one), 422)
        except Conflict:
            view, one = await self._milestone(assembly, milestone)
            due = self._service.pages.words(request).format_date(one.due_on) if one.due_on else ""
            errors = [("moved", self._tell(request, MOVED_SINCE, due=due))]
            return self._extension(request, view, one, to_day, reason, errors, 409)
        if not confirmed:
            return show(moves_to=moved.due_on)
        self._service.poke("sweep")
        return RedirectResponse(f"{extend_path(assembly, milestone)}?gemt=ja", 303)

    def _extension(
        self,
        request: Request,
        view: AssemblyView,
        one: MilestoneView,
        to_day: TypedDay,
        reason: str,
        errors: Errors | None = None,
        status: int = 200,
        moves_to: date | None = None,
    ) -> HTMLResponse:
        possible = one.due_on is not None and one.status is None
        # What the later day would stand after, or mean: shown before it is confirmed.
        passed = [
            m for m in view.milestones if moves_to and m.due_on and one.due_on and one.due_on < m.due_on <= moves_to
        ]
        elections = elections_within(one.due_on, moves_to) if one.due_on and moves_to else ()
        return self._page(
            request,
            "officers/extend.html",
            status,
            assembly=view,
            milestone=one,
            typed=to_day.typed,
            reason=reason,
            errors=(errors or []) if possible else [],
            possible=possible,
            moves_to=moves_to,
            free_day=moves_to is not None and not is_working_day(moves_to),
            passed=[m for m in passed if m.id != one.id and m.status is None],
            elections=elections,
            saved=request.query_params.get("gemt") == "ja" and bool(one.extensions),
            action=extend_path(view.assembly, one.id),
        )


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
