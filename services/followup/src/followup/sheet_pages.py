"""The officer's pages of the spreadsheet: taken out, handed in, checked, looked through, and only then written.

A file with a fault is kept nowhere and changes nothing. One without is kept until it is confirmed, at most a day, and
checked anew when it is: what somebody saved in between is told, row by row.
"""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import uploads
from chassis.errors import NotFound
from chassis.language import N_, Words
from chassis.service import Service
from followup import repository
from followup.domain.assembly import Mandate
from followup.domain.calendar import day_of
from followup.domain.recommendation import Recommendation
from followup.paths import (
    SHEET,
    SHEET_CHECKED,
    SHEET_FILE,
    sheet_checked_path,
    sheet_file_path,
    sheet_path,
)
from followup.reuse import decidim
from followup.sheet import csv_files, workbooks
from followup.sheet.checking import Checked, check
from followup.sheet.columns import Kind
from followup.sheet.exporting import tables
from followup.sheet.faults import MESSAGES, STANDING, Fault
from followup.use_cases.together import Overtaken, Wanted, change_together
from followup.views import assembly_view

SHEETS = "sheets"
"""The files that are checked and wait to be confirmed: nothing of the council's, and gone after KEPT_SECONDS."""
KEPT_SECONDS = 24 * 3600
MOST_BYTES = 8 * 1024 * 1024
SHOWN_FAULTS = 200

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FILES: dict[str, Kind | None] = {
    "anbefalinger.xlsx": None,
    "anbefalinger.csv": Kind.RECOMMENDATIONS,
    "udvalg.csv": Kind.STEPS,
}
"""The files that are taken out, and the table each holds; the workbook holds both."""

NOTHING_CHANGED = N_("The sheet has faults. Nothing is changed.")
_COUNT = re.compile(r"\d{1,5}", re.ASCII)


def router(service: Service) -> APIRouter:
    """Return the pages, and let a sheet come as far as it is read."""
    service.index(SHEETS, [("at", 1)], expire_after=KEPT_SECONDS)
    service.body_limits[SHEET.format(assembly="[^/]+")] = MOST_BYTES
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = SheetDesk(service)
    routes.add_api_route(SHEET, desk.show, methods=["GET"])
    routes.add_api_route(SHEET, desk.take, methods=["POST"])
    routes.add_api_route(SHEET_FILE, desk.file, methods=["GET"])
    routes.add_api_route(SHEET_CHECKED, desk.look_through, methods=["GET"])
    routes.add_api_route(SHEET_CHECKED, desk.confirm, methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class _Now:
    """What a sheet is about, as it stands now."""

    assembly: str
    mandate: Mandate
    recommendations: list[Recommendation]


class SheetDesk:
    """Where an officer takes the sheet out and hands it in."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Say what the sheet is for, give it out and take one in."""
        changed = request.query_params.get("gemt", "")
        return self._page(request, await self._now(assembly), changed=int(changed) if _COUNT.fullmatch(changed) else 0)

    async def file(self, request: Request, assembly: str, file: str) -> Response:
        """Give the sheet out, in the page's language."""
        if file not in FILES:
            raise NotFound("there is no such file")
        now, words, kind = await self._now(assembly), self._service.pages.words(request), FILES[file]
        both = tables(now.mandate, now.recommendations, words)
        if kind is None:
            content, media = await asyncio.to_thread(workbooks.write, both, words), XLSX
        else:
            content, media = csv_files.write(next(table for table in both if table.kind is kind), words), CSV
        stem, _, extension = file.partition(".")
        headers = {"Content-Disposition": f'attachment; filename="{assembly}-{stem}.{extension}"'}
        return Response(content, media_type=media, headers=headers)

    async def take(self, request: Request, assembly: str) -> Response:
        """Check a sheet; keep it when it has no fault and changes something, and show what."""
        content = b"".join([chunk async for chunk in uploads.incoming(request).chunks])
        now = await self._now(assembly)
        checked = await self._check(request, now, content)
        if checked.faults:
            return self._page(request, now, 422, faults=checked.faults)
        if not checked.wanted:
            return self._page(request, now, unchanged=True)
        sheet = secrets.token_hex(16)
        kept = {"_id": sheet, "assembly": assembly, "content": content, "at": self._service.clock.machine_now()}
        await self._service.db.collection(SHEETS).insert(kept)
        return self._service.pages.go_on(request, sheet_checked_path(assembly, sheet))

    async def look_through(self, request: Request, assembly: str, sheet: str) -> Response:
        """Show every change, old beside new."""
        now = await self._now(assembly)
        return self._checked(request, now, sheet, await self._check(request, now, await self._kept(assembly, sheet)))

    async def confirm(self, request: Request, assembly: str, sheet: str) -> Response:
        """Write what the sheet says, all or nothing."""
        content = await self._kept(assembly, sheet)
        now = await self._now(assembly)
        checked = await self._check(request, now, content)
        if checked.faults:
            return self._checked(request, now, sheet, checked)
        wanted = [Wanted(assembly, one.one.id, one.content, one.edit, one.work) for one in checked.wanted]
        try:
            changed = await self._service.transaction(lambda tx: change_together(tx, wanted))
        except Overtaken:  # in the moment between our look and our write: the next look says by which rows
            now = await self._now(assembly)
            return self._checked(request, now, sheet, await self._check(request, now, content))
        await self._service.db.collection(SHEETS).delete({"_id": sheet})
        language = self._service.pages.language(request)
        return RedirectResponse(f"{sheet_path(assembly)}?gemt={len(changed)}&sprog={language}", 303)

    async def _now(self, assembly: str) -> _Now:
        known = await repository.assembly(self._service.db, assembly)
        if known is None or known.mandate is None:
            raise NotFound("no such assembly is announced")
        return _Now(assembly, known.mandate, await repository.recommendations(self._service.db, assembly))

    async def _kept(self, assembly: str, sheet: str) -> bytes:
        found = await self._service.db.collection(SHEETS).get(sheet)
        if found is None or found["assembly"] != assembly:
            raise NotFound("there is no such sheet: it is taken in already, or was kept for a day")
        return bytes(found["content"])

    async def _check(self, request: Request, now: _Now, content: bytes) -> Checked:
        # In a thread: a large workbook takes seconds to read, and everyone else waits for none of them.
        words, today = self._service.pages.words(request), day_of(self._service.clock.now())
        view = await assembly_view(self._service.db, now.assembly, today)
        public = decidim.rows(view, self._service.settings.public_url.rstrip("/")) if view else []
        return await asyncio.to_thread(check, content, now.mandate, now.recommendations, words, public)

    def _page(
        self, request: Request, now: _Now, status: int = 200, faults: tuple[Fault, ...] = (), **more: Any
    ) -> HTMLResponse:
        said = {"unchanged": False, "changed": 0} | more
        return self._render(request, "sheet.html", now, status, faults=faults, **said)

    def _checked(self, request: Request, now: _Now, sheet: str, checked: Checked) -> HTMLResponse:
        path = sheet_checked_path(now.assembly, sheet)
        status = 409 if checked.faults else 200
        return self._render(
            request, "sheet-checked.html", now, status, action=path, checked=checked, faults=checked.faults
        )

    def _render(
        self, request: Request, template: str, now: _Now, status: int, faults: tuple[Fault, ...], **context: Any
    ) -> HTMLResponse:
        words = self._service.pages.words(request)
        return self._service.pages.render(
            request,
            template,
            status,
            title_of=now.mandate.title,
            recommendations=now.recommendations,
            sheet=sheet_path(now.assembly),
            files={file: sheet_file_path(now.assembly, file) for file in FILES},
            faults=[fault_row(fault, words) for fault in faults[:SHOWN_FAULTS]],
            faults_in_all=len(faults),
            errors=[("sheet", words.gettext(NOTHING_CHANGED))] if faults else [],
            **context,
        )


def fault_row(fault: Fault, words: Words) -> tuple[str, str, str, str]:
    """Return what a page says of a fault: the sheet, the row, the column, and what to do about it."""
    filled = {
        name: words.format_number(value) if isinstance(value, int) else value
        for name, value in (STANDING.get(fault.rule, {}) | dict(fault.values)).items()
    }
    return fault.sheet, str(fault.row or ""), fault.column, words.gettext(MESSAGES[fault.rule], **filled)
