"""The page where the secretariat fetches files about the pool; a reason comes first, as before seeing the list."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import audit, seals
from chassis.errors import BadInput
from chassis.identity import caller
from chassis.service import Service
from registration.registrants import CHOOSE, OVERVIEW
from registration.repository import assembly_from
from registration.use_cases.announcing import get_assembly
from registration.use_cases.exporting import WHAT, File, export

FILES = "/tilmelding/{assembly}/udtraek"


def router(service: Service) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    counter = Counter(service)
    routes.add_api_route(FILES, counter.ask, methods=["GET"])
    routes.add_api_route(FILES, counter.fetch, methods=["POST"])
    return routes


class Counter:
    """Where files are handed out."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ask(self, request: Request, assembly: str) -> Response:
        """Ask for which file, and why."""
        return await self._asked(request, assembly, {}, refused=False)

    async def fetch(self, request: Request, assembly: str) -> Response:
        """Hand a file out, or ask again."""
        fields = seals.fields(request)
        choice, why = fields.get("file", ""), fields.get("why", "")
        if choice not in set(File):
            return await self._asked(request, assembly, fields, refused=True)
        try:
            body = await self._service.transaction(lambda tx: export(tx, caller(request), assembly, File(choice), why))
        except BadInput:
            return await self._asked(request, assembly, fields, refused=True)
        name = f"{assembly}-{choice}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    async def _asked(self, request: Request, assembly: str, fields: dict[str, str], *, refused: bool) -> HTMLResponse:
        announced = assembly_from(await get_assembly(self._service.db, assembly))
        choice, why = fields.get("file", ""), fields.get("why", "")
        return self._service.pages.render(
            request,
            "files.html",
            422 if refused else 200,
            assembly=announced,
            choose=CHOOSE,
            home=OVERVIEW.format(assembly=assembly),
            action=FILES.format(assembly=assembly),
            files=[(file.value, WHAT[file]) for file in File],
            choice=choice,
            why=why,
            wrong={"file": refused and choice not in set(File), "why": refused and not _is_reason(why)},
            shortest=audit.SHORTEST_WHY,
            longest=audit.LONGEST_WHY,
        )


def _is_reason(text: str) -> bool:
    try:
        audit.reason(text)
    except BadInput:
        return False
    return True
