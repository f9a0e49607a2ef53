"""The officer's page of one recommendation: its answer, its committees and meetings, how far it is, who has it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals
from chassis.errors import BadInput, Conflict
from followup.domain.work import Work
from followup.officers.desk import Case, Desk, Errors, me, number
from followup.officers.messages import NO_PER_CENT, NOT_CONFIRMED, NOT_NOW, SAVED, SAVED_SINCE
from followup.paths import CLOSE, TAKE, WORK, work_path
from followup.use_cases import working

TICKED = "committee-"
"""How the boxes of the committees are called; each is a field of its own."""


class WorkDesk(Desk):
    """Where an officer says what is done with a recommendation."""

    def routes(self, routes: APIRouter) -> None:
        """Add the pages."""
        routes.add_api_route(WORK, self.show, methods=["GET"])
        routes.add_api_route(WORK, self.save, methods=["POST"])
        routes.add_api_route(TAKE, self.take, methods=["POST"])
        routes.add_api_route(CLOSE, self.ask_to_close, methods=["GET"])
        routes.add_api_route(CLOSE, self.close, methods=["POST"])

    async def show(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show everything about one recommendation."""
        case = await self._case(assembly, recommendation)
        return self._page(request, case, case.one.work, saved=SAVED.get(request.query_params.get("gemt", "")))

    async def save(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Keep the committees and the progress, or say what stands in the way."""
        fields = seals.fields(request)
        case = await self._case(assembly, recommendation)
        written = fields.get("progress", "").strip()[:20]
        progress = int(written) if written.isascii() and written.isdigit() and len(written) <= len("100") else -1
        ticked = ticked_committees(fields, case)
        # The same committees as the delivery named, and nothing chosen before: nothing is chosen now either.
        unchosen = case.one.work.committees is None and ticked == case.one.committees
        work = replace(
            case.one.work,
            committees=None if unchosen else ticked,
            progress=progress,
            number=number(fields, "number"),
        )
        if progress < 0:
            errors = [("progress", self._say(request, NO_PER_CENT))]
            return self._page(request, case, work, errors=errors, progress=written)
        return await self._record(request, case, work, "arbejde", progress=written)

    async def take(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Take a recommendation, or give it back. The last one who takes it has it: that is what the button says."""
        case = await self._case(assembly, recommendation)
        taken = seals.fields(request).get("act") != "give-back"
        if not taken and case.one.work.responsible != me(request):
            errors = [("who", self._say(request, NOT_NOW))]
            return self._page(request, case, case.one.work, errors=errors, status=409)
        work = replace(case.one.work, responsible=me(request) if taken else "")
        return await self._record(request, case, work, "taget" if taken else "givet-tilbage")

    async def _record(self, request: Request, case: Case, work: Work, saved: str, progress: str = "") -> Response:
        assembly, recommendation = case.assembly.id, case.one.id
        command = partial(working.record_work, assembly_id=assembly, recommendation_id=recommendation, work=work)
        try:
            await self._service.transaction(command)
        except BadInput as error:
            return self._page(request, case, work, errors=self._errors(request, error), progress=progress)
        except Conflict:
            case = await self._case(assembly, recommendation)
            errors = [("theirs", self._say(request, SAVED_SINCE))]
            now = replace(work, number=case.one.work.number)
            return self._page(request, case, now, errors=errors, status=409, progress=progress)
        return self._go_on(work_path(assembly, recommendation), saved)

    def _page(
        self,
        request: Request,
        case: Case,
        work: Work,
        *,
        saved: tuple[str, str] | None = None,
        errors: Errors | None = None,
        status: int | None = None,
        progress: str = "",
    ) -> HTMLResponse:
        return self._render(
            request,
            "officers/work.html",
            status or (422 if errors else 200),
            case=case,
            one=case.one,
            work=work,
            chosen=case.one.committees if work.committees is None else work.committees,
            progress=progress or str(work.progress),
            overtaken=bool(errors) and errors[0][0] == "theirs" if errors else False,
            saved=saved,
            errors=errors or [],
        )

    # Closing

    async def ask_to_close(self, request: Request, assembly: str, recommendation: str) -> HTMLResponse:
        """Show what is closed, and what it still waits for."""
        return self._closing(request, await self._case(assembly, recommendation))

    async def close(self, request: Request, assembly: str, recommendation: str) -> Response:
        """Close a recommendation once it is confirmed."""
        if seals.fields(request).get("confirmed") != "yes":
            errors = [("confirmed", self._say(request, NOT_CONFIRMED))]
            return self._closing(request, await self._case(assembly, recommendation), errors)
        command = partial(working.close_recommendation, assembly_id=assembly, recommendation_id=recommendation)
        try:
            await self._service.transaction(command)
        except BadInput as error:
            case = await self._case(assembly, recommendation)
            return self._closing(request, case, self._errors(request, error))
        return self._go_on(work_path(assembly, recommendation), "lukket")

    def _closing(self, request: Request, case: Case, errors: Errors | None = None) -> HTMLResponse:
        return self._render(
            request,
            "officers/close.html",
            422 if errors else 200,
            case=case,
            one=case.one,
            errors=errors or [],
            action=request.url.path,
        )


def ticked_committees(fields: Mapping[str, str], case: Case) -> tuple[str, ...]:
    """Return the committees that are ticked, in the mandate's order, and after them those it does not name."""
    return tuple(id_ for id_ in case.offered if fields.get(f"{TICKED}{id_}") == "yes")
