"""The form for one treatment of a recommendation in a committee: added, changed, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict, NotFound
from followup.days import NO_DAY, TypedDay
from followup.domain.work import Step, Work
from followup.officers.desk import Case, Desk, Errors, number, text
from followup.officers.messages import SAVED_SINCE
from followup.paths import STEP, work_path
from followup.use_cases import working

NEW = "nyt"
"""In the path: a treatment that is not there yet."""


@dataclass(frozen=True, slots=True)
class StepForm:
    """What was filled in."""

    committee: str = ""
    on: TypedDay = field(default_factory=TypedDay)
    item: str = ""
    link: str = ""
    decision: str = ""

    @classmethod
    def of(cls, step: Step) -> "StepForm":
        """Return the form with a treatment in it."""
        return cls(step.committee, TypedDay.of(step.on), step.item, step.link, step.decision)

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "StepForm":
        """Take what was sent."""
        given = dict(sent)
        committee, item, link, decision = (
            text(given, name).strip() for name in ("committee", "item", "link", "decision")
        )
        return cls(committee, TypedDay.read(given, "on"), item, link, decision)

    def step(self, day: date) -> Step:
        """Return the treatment on this day."""
        return Step(self.committee, day, self.item, self.link, self.decision)


class StepDesk(Desk):
    """Where an officer notes a meeting."""

    def routes(self, routes: APIRouter) -> None:
        """Add the pages."""
        routes.add_api_route(STEP, self.ask, methods=["GET"])
        routes.add_api_route(STEP, self.save, methods=["POST"])

    async def ask(self, request: Request, assembly: str, recommendation: str, step: str) -> HTMLResponse:
        """Show the form."""
        case = await self._case(assembly, recommendation)
        place = placed(case.one.work, step)
        form = StepForm() if place is None else StepForm.of(case.one.work.steps[place])
        return self._page(request, case, place, form, case.one.work.number)

    async def save(self, request: Request, assembly: str, recommendation: str, step: str) -> Response:
        """Keep a treatment or remove it, or say what stands in the way."""
        fields = seals.fields(request)
        case = await self._case(assembly, recommendation)
        form, read = StepForm.read(fields), number(fields, "number")
        if read != case.one.work.number and not _same_click(case.one.work, form):
            return self._overtaken(request, case, step, form)
        place = placed(case.one.work, step) if read == case.one.work.number else None
        if fields.get("act") == "remove" and place is not None:
            return await self._record(request, case, place, form, None)
        if form.on.day is None:
            return self._page(request, case, place, form, read, [("on", self._say(request, NO_DAY))])
        return await self._record(request, case, place, form, form.step(form.on.day))

    async def _record(
        self, request: Request, case: Case, place: int | None, form: StepForm, step: Step | None
    ) -> Response:
        held, assembly, recommendation = case.one.work, case.assembly.id, case.one.id
        others = [one for at, one in enumerate(held.steps) if at != place]
        steps = others if step is None else [*others, step]
        work = replace(held, steps=tuple(sorted(dict.fromkeys(steps), key=lambda one: one.on)))
        command = partial(working.record_work, assembly_id=assembly, recommendation_id=recommendation, work=work)
        try:
            await self._service.transaction(command)
        except BadInput as error:
            return self._page(request, case, place, form, held.number, self._errors(request, error))
        except Conflict:
            again = await self._case(assembly, recommendation)
            return self._overtaken(request, again, NEW if place is None else str(place + 1), form)
        return self._go_on(work_path(assembly, recommendation), "trin-fjernet" if step is None else "trin")

    def _overtaken(self, request: Request, case: Case, step: str, form: StepForm) -> HTMLResponse:
        try:
            place = placed(case.one.work, step)
        except NotFound:  # a colleague has removed it: what was written can be kept as a new one
            place = None
        errors = [("theirs", self._say(request, SAVED_SINCE))]
        return self._page(request, case, place, form, case.one.work.number, errors, 409)

    def _page(
        self,
        request: Request,
        case: Case,
        place: int | None,
        form: StepForm,
        read: int,
        errors: Errors | None = None,
        status: int | None = None,
    ) -> HTMLResponse:
        return self._render(
            request,
            "officers/step.html",
            status or (422 if errors else 200),
            case=case,
            one=case.one,
            place=place,
            form=form,
            number=read,
            theirs=case.one.work.steps if status == 409 else None,
            errors=errors or [],
            action=request.url.path,
        )


def placed(work: Work, step: str) -> int | None:
    """Return where a treatment of this place in the path is; None for a new one. NotFound for a place without one."""
    if step == NEW:
        return None
    place = int(step) - 1 if step.isascii() and step.isdigit() and len(step) <= len("999") else -1
    if not 0 <= place < len(work.steps):
        raise NotFound("there is no such treatment")
    return place


def _same_click(work: Work, form: StepForm) -> bool:
    # Sent twice: what it says is there already.
    return form.on.day is not None and form.step(form.on.day) in work.steps
