"""The evaluation of a follow-up: everyone reads the figures and the words; an officer publishes these once."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from chassis import seals
from chassis.errors import BadInput, Conflict, NotFound
from chassis.language import N_
from chassis.openapi import example
from chassis.service import Service
from followup.domain.answers import LONGEST, TOO_LONG
from followup.paths import API, DUTIES, EVALUATE, EVALUATION, evaluate_path
from followup.use_cases import evaluating
from followup.views.evaluation import EvaluationView, evaluation_view

NO_TEXT = N_("Write what the council has learned, in a few lines")
SHORTEN = N_("Shorten the text to at most %(longest)s characters")
NOT_CHECKED = N_("Tick that you have checked the evaluation; it cannot be changed afterwards")
MESSAGES = {("text", "compulsory"): NO_TEXT, ("text", TOO_LONG): SHORTEN}

Errors = list[tuple[str, str]]


class EvaluationBody(BaseModel):
    """What the council has learned. An empty text is refused by the rule it breaks, with its words."""

    model_config = example(text="Statusserne kom til tiden; næste gang inddrager vi udvalgene før")

    text: str = Field(default="", max_length=LONGEST, description="compulsory; everyone can read it")


def router(service: Service) -> APIRouter:
    """Return the pages, and the same as JSON."""
    desk = EvaluationDesk(service)
    routes = APIRouter(tags=["followup"])
    page: dict[str, Any] = {"include_in_schema": False, "response_class": HTMLResponse}
    routes.add_api_route(EVALUATION, desk.read, methods=["GET"], **page)
    routes.add_api_route(EVALUATE, desk.ask, methods=["GET"], **page)
    routes.add_api_route(EVALUATE, desk.publish, methods=["POST"], **page)

    @routes.get(f"{API}/{{assembly}}/evaluation")
    async def show_evaluation(assembly: str) -> EvaluationView:
        """Show the figures of a follow-up, and the council's evaluation once it is published."""
        return await desk.view(assembly)

    @routes.post(f"{API}/{{assembly}}/evaluation")
    async def publish_evaluation(assembly: str, body: EvaluationBody) -> EvaluationView:
        """Publish the evaluation; 409 while a status with a day is not published, or when another text is."""
        await service.transaction(partial(evaluating.evaluate, assembly_id=assembly, text=body.text))
        return await desk.view(assembly)

    return routes


class EvaluationDesk:
    """Where it is read and written."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def view(self, assembly: str) -> EvaluationView:
        """Return the evaluation; NotFound for an assembly nobody has announced."""
        found = await evaluation_view(self._service.db, assembly)
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    async def read(self, request: Request, assembly: str) -> HTMLResponse:
        """Show the figures, and what the council wrote."""
        one = await self.view(assembly)
        return self._service.pages.render(request, "evaluation.html", one=one, write=evaluate_path(assembly))

    async def ask(self, request: Request, assembly: str) -> HTMLResponse:
        """Show the form, or what the evaluation waits for."""
        return self._form(request, await self.view(assembly))

    async def publish(self, request: Request, assembly: str) -> Response:
        """Publish what was checked, or say what stands in its way; what was written is never lost."""
        fields = seals.fields(request)
        text, status = fields.get("text", "").replace("\r\n", "\n"), 422
        errors: Errors = [] if text.strip() else [("text", self._say(request, NO_TEXT))]
        if fields.get("checked") != "yes":
            errors.append(("checked", self._say(request, NOT_CHECKED)))
        if not errors:
            try:
                await self._service.transaction(partial(evaluating.evaluate, assembly_id=assembly, text=text))
            except BadInput as error:
                found = [(p.field, MESSAGES.get((p.field, p.rule), p.message)) for p in error.problems]
                errors = [(field, self._say(request, message)) for field, message in found]
            except Conflict:
                status = 409  # what stands in its way is on the page
            else:
                view = await self.view(assembly)
                return RedirectResponse(f"{view.path}?gemt=ja", 303)
        return self._form(request, await self.view(assembly), text, errors, status)

    def _form(
        self,
        request: Request,
        one: EvaluationView,
        written: str = "",
        errors: Errors | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        action = evaluate_path(one.assembly)
        shown = errors if errors and one.possible else []
        return self._service.pages.render(
            request, "evaluate.html", status, one=one, written=written, errors=shown, action=action, duties=DUTIES
        )

    def _say(self, request: Request, message: str) -> str:
        words = self._service.pages.words(request)
        return words.gettext(message, longest=words.format_number(LONGEST))
