"""The officer's page that records the day of a named event: write, check what is counted from it, confirm."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict, NotFound
from followup.days import NO_DAY, TypedDay
from followup.officers.deadlines import RECORDED_SINCE, DayDesk
from followup.officers.desk import Errors
from followup.paths import EVENT, event_path
from followup.use_cases import announcing
from followup.views import AssemblyView


class EventDesk(DayDesk):
    """Where an officer records when something happened, or will."""

    def routes(self, routes: APIRouter) -> None:
        """Add the page."""
        routes.add_api_route(EVENT, self.ask_for_event, methods=["GET"])
        routes.add_api_route(EVENT, self.record_event, methods=["POST"])

    async def ask_for_event(self, request: Request, assembly: str, event: str) -> HTMLResponse:
        """Show the form, or the day on record."""
        return self._event(request, await self._with_event(assembly, event), event, TypedDay())

    async def record_event(self, request: Request, assembly: str, event: str) -> Response:
        """Show what is counted from a day; record it once that is confirmed."""
        fields = seals.fields(request)
        view = await self._with_event(assembly, event)
        on = TypedDay.read(fields, "on")
        show = partial(self._event, request, view, event, on)
        if "change" in fields:
            return show()
        if on.day is None:
            return show([("on", self._tell(request, NO_DAY))], 422)
        try:
            if fields.get("confirmed") != "yes":
                command = partial(announcing.counted_from, assembly_id=assembly, event=event, on=on.day)
                counted = await self._service.transaction(command)
                return show(counted={one.milestone: one.due_on for one in counted}, on=on.day)
            await self._service.transaction(
                partial(announcing.record_event, assembly_id=assembly, event=event, on=on.day)
            )
        except BadInput as error:
            return show(self._wrong(request, error, view), 422)
        except Conflict:
            errors = [("on", self._tell(request, RECORDED_SINCE))]
            return self._event(request, await self._with_event(assembly, event), event, on, errors, 409)
        self._service.poke("sweep")  # a due day that has come already is said now, not at the next look
        return RedirectResponse(f"{event_path(assembly, event)}?gemt=ja", 303)

    def _event(
        self,
        request: Request,
        view: AssemblyView,
        event: str,
        typed: TypedDay,
        errors: Errors | None = None,
        status: int = 200,
        counted: Mapping[str, date] | None = None,
        on: date | None = None,
    ) -> HTMLResponse:
        return self._page(
            request,
            "officers/event.html",
            status,
            assembly=view,
            event=event,
            milestones=[one for one in view.milestones if one.event == event],
            typed=typed.typed,
            errors=errors or [],
            recorded=view.events.get(event),
            possible=view.delivered_on is not None and event not in view.events,
            counted=counted,
            on=on,
            saved=request.query_params.get("gemt") == "ja" and event in view.events,
            action=event_path(view.assembly, event),
        )

    async def _with_event(self, assembly: str, event: str) -> AssemblyView:
        view = await self._view(assembly)
        if not any(one.event == event for one in view.milestones):
            raise NotFound("the mandate counts nothing from such an event")
        return view
