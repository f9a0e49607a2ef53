"""The council's answer to a recommendation: drafted, approved in a meeting, published; and all its versions."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from followup.days import NO_DAY, TypedDay
from followup.domain.answers import Approval, Content, DraftState
from followup.officers.desk import Case, Desk, Errors, number, text
from followup.officers.form import AnswerForm, changes, differing
from followup.officers.messages import NOT_CONFIRMED, NOT_NOW, SAVED_SINCE
from followup.paths import ANSWER, APPROVE, LAY_ASIDE, PUBLISH_ANSWER, VERSIONS, work_path
from followup.use_cases import answering


class AnswerDesk(Desk):
    """Where an officer writes what the council answers."""

    def routes(self, routes: APIRouter) -> None:
        """Add the pages."""
        routes.add_api_route(ANSWER, self.ask, methods=["GET"])
        routes.add_api_route(ANSWER, self.save, methods=["POST"])
        routes.add_api_route(APPROVE, self.ask_for_approval, methods=["GET"])
        routes.add_api_route(APPROVE, self.approve, methods=["POST"])
        routes.add_api_route(PUBLISH_ANSWER, self.ask_to_publish, methods=["GET"])
        routes.add_api_route(PUBLISH_ANSWER, self.publish, methods=["POST"])
        routes.add_api_route(LAY_ASIDE, self.ask_to_lay_aside, methods=["GET"])
        routes.add_api_route(LAY_ASIDE, self.lay_aside, methods=["POST"])
        routes.add_api_route(VERSIONS, self.versions, methods=["GET"])

    # Drafting

    async def ask(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show the form, with the draft, or else the answer in force."""
        case = await self._case(assembly, recommendation)
        return self._form(request, case, AnswerForm.of(held(case)), case.one.edits)

    async def save(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Keep a draft, or say what stands in its way."""
        fields = seals.fields(request)
        form, edit = AnswerForm.read(fields), number(fields, "edit")
        errors = [(field, self._say(request, message)) for field, message in form.errors]
        if errors:
            return self._form(request, await self._case(assembly, recommendation), form, edit, errors)
        command = partial(
            answering.save_draft,
            assembly_id=assembly,
            recommendation_id=recommendation,
            content=form.content,
            read=edit,
        )
        try:
            await self._service.transaction(command)
        except BadInput as error:
            case = await self._case(assembly, recommendation)
            return self._form(request, case, form, edit, self._errors(request, error))
        except Conflict:
            case = await self._case(assembly, recommendation)
            return self._form(request, case, form, case.one.edits, [("theirs", self._say(request, SAVED_SINCE))], 409)
        return self._go_on(work_path(assembly, recommendation), "kladde")

    def _form(
        self,
        request: Request,
        case: Case,
        form: AnswerForm,
        edit: int,
        errors: Errors | None = None,
        status: int | None = None,
    ) -> HTMLResponse:
        overtaken = status == 409
        return self._render(
            request,
            "officers/answer.html",
            status or (422 if errors else 200),
            case=case,
            one=case.one,
            form=form,
            edit=edit,
            errors=errors or [],
            theirs=held(case) if overtaken else None,
            differing=differing(held(case), form.content) if overtaken else (),
            action=request.url.path,
        )

    # Approving

    async def ask_for_approval(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show the draft as it will be approved, and ask where it was."""
        return self._approval(request, await self._case(assembly, recommendation))

    async def approve(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Note that a meeting has approved the draft, or say what stands in its way."""
        fields = seals.fields(request)
        on = TypedDay.read(fields, "approved_on")
        values = {name: text(fields, name).strip() for name in ("approved_in", "agenda")}
        again: dict[str, Any] = {"values": values | {"approved_on": on.typed}, "edit": number(fields, "edit")}
        today = self._today
        approval = Approval(on.day or today, values["approved_in"], values["agenda"])
        errors = [] if on.day else [("approved_on", self._say(request, NO_DAY))]
        command = partial(
            answering.approve_draft,
            assembly_id=assembly,
            recommendation_id=recommendation,
            approval=approval,
            read=again["edit"],
        )
        try:
            if not errors:
                await self._service.transaction(command)
                return self._go_on(work_path(assembly, recommendation), "godkendt")
        except BadInput as error:
            errors = self._errors(request, error)
        except Conflict:
            return await self._overtaken(request, assembly, recommendation, self._approval, again)
        return self._approval(request, await self._case(assembly, recommendation), errors=errors, status=422, **again)

    def _approval(
        self,
        request: Request,
        case: Case,
        *,
        values: dict[str, Any] | None = None,
        edit: int | None = None,
        errors: Errors | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        approval = case.one.draft.approval if case.one.draft else None
        noted = {"approved_on": TypedDay.of(approval.on if approval else None).typed} | {
            "approved_in": approval.meeting if approval else "",
            "agenda": approval.link if approval else "",
        }
        return self._step(request, case, "officers/approve.html", values or noted, edit, errors, status)

    # Publishing and laying aside

    async def ask_to_publish(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show what everyone will read, and what is new in it."""
        return self._publication(request, await self._case(assembly, recommendation))

    async def publish(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Publish an approved draft that was checked."""
        return await self._confirmed(
            request, assembly, recommendation, answering.publish_draft, self._publication, "svar"
        )

    def _publication(self, request: Request, case: Case, **more: Any) -> HTMLResponse:
        ready = case.one.draft is not None and case.one.draft.state is DraftState.APPROVED
        old, new = case.one.answer, case.one.draft
        words = self._service.pages.words(request)
        changed = changes(old.content, new.content, words) if old and new else []
        return self._step(request, case, "officers/publish-answer.html", ready=ready, changed=changed, **more)

    async def ask_to_lay_aside(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show what is thrown away."""
        return self._laying_aside(request, await self._case(assembly, recommendation))

    async def lay_aside(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Lay a draft aside once it is confirmed."""
        return await self._confirmed(
            request, assembly, recommendation, answering.withdraw_draft, self._laying_aside, "lagt-til-side"
        )

    def _laying_aside(self, request: Request, case: Case, **more: Any) -> HTMLResponse:
        return self._step(request, case, "officers/lay-aside.html", **more)

    async def versions(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show every version, newest first, each with what is new in it."""
        case = await self._case(assembly, recommendation)
        words, answers = self._service.pages.words(request), case.one.answers
        befores = (None, *answers)
        versions = [
            (new, changes(old.content, new.content, words) if old else [])
            for old, new in zip(befores, answers, strict=False)
        ]
        return self._render(request, "officers/versions.html", case=case, one=case.one, versions=versions[::-1])

    async def _confirmed(
        self, request: Request, assembly: str, recommendation: str, use_case: Any, page: Any, saved: str
    ) -> Response:
        """Do what the box was ticked for; or show the page again with what stands in the way."""
        fields = seals.fields(request)
        edit = number(fields, "edit")
        if fields.get("confirmed") != "yes":
            case = await self._case(assembly, recommendation)
            errors = [("confirmed", self._say(request, NOT_CONFIRMED))]
            shown: HTMLResponse = page(request, case, edit=edit, errors=errors, status=422)
            return shown
        command = partial(use_case, assembly_id=assembly, recommendation_id=recommendation, read=edit)
        try:
            await self._service.transaction(command)
        except Conflict:
            return await self._overtaken(request, assembly, recommendation, page, {})
        return self._go_on(work_path(assembly, recommendation), saved)

    async def _overtaken(
        self, request: Request, assembly: str, recommendation: str, page: Any, again: dict[str, Any]
    ) -> HTMLResponse:
        """Show the page as things stand now, to be read and decided anew."""
        case = await self._case(assembly, recommendation)
        errors = [("draft", self._say(request, NOT_NOW))]
        shown: HTMLResponse = page(request, case, **again | {"edit": case.one.edits}, errors=errors, status=409)
        return shown

    def _step(
        self,
        request: Request,
        case: Case,
        template: str,
        values: dict[str, Any] | None = None,
        edit: int | None = None,
        errors: Errors | None = None,
        status: int = 200,
        **more: Any,
    ) -> HTMLResponse:
        return self._render(
            request,
            template,
            status,
            case=case,
            one=case.one,
            values=values or {},
            edit=case.one.edits if edit is None else edit,
            errors=errors or [],
            action=request.url.path,
            **more,
        )


def held(case: Case) -> Content:
    """Return what the form starts with, and what a colleague's stands beside: the draft, or the answer in force."""
    if case.one.draft is not None:
        return case.one.draft.content
    return case.one.answer.content if case.one.answer else Content()
