"""The officer's pages that move a due day and record an event's: write, check what it means, confirm.

Neither can be taken back, for both are said in public. Nothing is kept before the last step, and a refusal shows the
form again with what was written.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict, NotFound
from chassis.language import N_
from chassis.service import Service
from followup.days import NO_DAY, TypedDay
from followup.domain.answers import LONGEST, TOO_LONG
from followup.domain.assembly import LATEST_EVENT
from followup.domain.calendar import day_of, is_working_day
from followup.domain.commitment import LONGEST_EXTENSION
from followup.domain.elections import elections_within
from followup.paths import DUTIES, EVENT, EXTEND, event_path, extend_path
from followup.use_cases import announcing, deadlines
from followup.views import AssemblyView, MilestoneView, assembly_view

NO_REASON = N_("Write the reason; everyone can read it")
SHORTEN = N_("Shorten the text to at most %(longest)s characters")
NOT_LATER = N_("Choose a day later than the due day, %(due)s")
NOT_TO_COME = N_("Choose a day that is still to come")
TOO_FAR = N_("Choose a day at most %(months)s months after the due day, or after today when that is later")
BEFORE_DELIVERY = N_("Choose a day that is not before the delivery, %(delivered)s")
EVENT_TOO_FAR = N_("Choose a day at most %(years)s years after the delivery")
MOVED_SINCE = N_("A colleague has moved the day to %(due)s since you opened this page. Is another day still needed?")
RECORDED_SINCE = N_("A colleague has recorded another day since you opened this page.")
MESSAGES = {
    ("reason", "compulsory"): NO_REASON,
    ("reason", TOO_LONG): SHORTEN,
    ("to_day", "later"): NOT_LATER,
    ("to_day", "to come"): NOT_TO_COME,
    ("to_day", "not too far"): TOO_FAR,
    ("on", "not before delivery"): BEFORE_DELIVERY,
    ("on", "not too far"): EVENT_TOO_FAR,
}
"""What a rule of the domain is called at its field."""

EVENT_WORDS = {"closing": N_("the closing"), "evaluation": N_("the evaluation")}
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))

Errors = list[tuple[str, str]]


def router(service: Service) -> APIRouter:
    """Return the pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Deadlines(service)
    routes.add_api_route(EXTEND, desk.ask_to_extend, methods=["GET"])
    routes.add_api_route(EXTEND, desk.extend, methods=["POST"])
    routes.add_api_route(EVENT, desk.ask_for_event, methods=["GET"])
    routes.add_api_route(EVENT, desk.record_event, methods=["POST"])
    return routes


class Deadlines:
    """Where an officer says that a day is another, or has come."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ask_to_extend(self, request: Request, assembly: str, milestone: str) -> HTMLResponse:
        """Show the form, or what was done with it."""
        view, one = await self._milestone(assembly, milestone)
        return self._extension(request, view, one, TypedDay(), "")

    async def extend(self, request: Request, assembly: str, milestone: str) -> Response:
        """Show what a later day means; move it once that is confirmed."""
        fields = seals.fields(request)
        view, one = await self._milestone(assembly, milestone)
        to_day, reason = TypedDay.read(fields, "to_day"), fields.get("reason", "").replace("\r\n", "\n").strip()
        show = partial(self._extension, request, view, one, to_day, reason)
        if "change" in fields:
            return show()
        if to_day.day is None:
            errors = [("to_day", self._say(request, NO_DAY))]
            return show([*errors, *([] if reason else [("reason", self._say(request, NO_REASON))])], 422)
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
            return show(self._errors(request, error, view, one), 422)
        except Conflict:
            view, one = await self._milestone(assembly, milestone)
            due = self._service.pages.words(request).format_date(one.due_on) if one.due_on else ""
            errors = [("moved", self._say(request, MOVED_SINCE, due=due))]
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
        return self._render(
            request,
            "extend.html",
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
            return show([("on", self._say(request, NO_DAY))], 422)
        try:
            if fields.get("confirmed") != "yes":
                command = partial(announcing.counted_from, assembly_id=assembly, event=event, on=on.day)
                counted = await self._service.transaction(command)
                return show(counted={one.milestone: one.due_on for one in counted}, on=on.day)
            await self._service.transaction(
                partial(announcing.record_event, assembly_id=assembly, event=event, on=on.day)
            )
        except BadInput as error:
            return show(self._errors(request, error, view), 422)
        except Conflict:
            errors = [("on", self._say(request, RECORDED_SINCE))]
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
        return self._render(
            request,
            "event.html",
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

    async def _view(self, assembly: str) -> AssemblyView:
        found = await assembly_view(self._service.db, assembly, day_of(self._service.clock.now()))
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    async def _milestone(self, assembly: str, milestone: str) -> tuple[AssemblyView, MilestoneView]:
        view = await self._view(assembly)
        one = next((one for one in view.milestones if one.id == milestone), None)
        if one is None:
            raise NotFound("the mandate has no such milestone")
        return view, one

    async def _with_event(self, assembly: str, event: str) -> AssemblyView:
        view = await self._view(assembly)
        if not any(one.event == event for one in view.milestones):
            raise NotFound("the mandate counts nothing from such an event")
        return view

    def _say(self, request: Request, message: str, **values: str) -> str:
        words = self._service.pages.words(request)
        numbers = {"longest": LONGEST, "months": LONGEST_EXTENSION, "years": LATEST_EVENT // 12}
        return words.gettext(message, **{name: words.format_number(value) for name, value in numbers.items()}, **values)

    def _errors(
        self, request: Request, error: BadInput, view: AssemblyView, one: MilestoneView | None = None
    ) -> Errors:
        day = self._service.pages.words(request).format_date
        values = {
            "due": day(one.due_on) if one and one.due_on else "",
            "delivered": day(view.delivered_on) if view.delivered_on else "",
        }
        return [
            (p.field, self._say(request, MESSAGES.get((p.field, p.rule), p.message), **values)) for p in error.problems
        ]

    def _render(self, request: Request, template: str, status: int, **context: Any) -> HTMLResponse:
        words: dict[str, Any] = {"duties": DUTIES, "weekdays": WEEKDAYS, "event_words": EVENT_WORDS}
        return self._service.pages.render(request, template, status, **words, **context)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
