"""The secretariat's page of what is enclosed with a text: PDF files, put in and taken out."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import seals, uploads
from chassis.errors import NotFound
from notifications import template_words
from notifications.catalogue import KINDS
from notifications.domain.enclosing import (
    MIB,
    MOST_ON_PAPER,
    MOST_ONE,
    MOST_RAW,
    Refusal,
    Refused,
    refused_content,
    refused_size,
    refused_title,
)
from notifications.previews import on_paper
from notifications.rendering import Assembly, Key
from notifications.repository.templates import Version, load_file
from notifications.template_desk import FILE, FILES, TAKE_OUT, Desk, Paths
from notifications.use_cases.wording import digest, enclose, note_too_large, take_out

TAKES = MOST_RAW + MIB
"""Bytes of a body that are read at all, so that whoever sends too much is told how much it was."""


def add_to(routes: APIRouter, desk: Desk) -> None:
    """Add the pages, and let a file come as far as it is read."""
    desk.service.body_limits[FILES.format(assembly="[^/]+", template="[^/]+", language="[^/]+")] = TAKES
    pages = EnclosingPages(desk)
    routes.add_api_route(FILES, pages.show, methods=["GET"])
    routes.add_api_route(FILES, pages.take, methods=["POST"])
    routes.add_api_route(FILE, pages.open, methods=["GET"])
    routes.add_api_route(TAKE_OUT, pages.take_out, methods=["POST"])


class EnclosingPages:
    """The pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._service = desk, desk.service

    async def show(self, request: Request, assembly: str, template: str, language: str) -> HTMLResponse:
        """List what is enclosed, and take one more."""
        known, version = await self._desk.text((assembly, template, language))
        return self._page(request, known, version, done=request.query_params.get("gjort", ""))

    async def take(self, request: Request, assembly: str, template: str, language: str) -> Response:
        """Take a file; one that breaks a rule is kept nowhere."""
        key = (assembly, template, language)
        known, version = await self._desk.text(key)
        given = uploads.incoming(request)
        title = " ".join(given.fields.get("title", "").split())
        content, size = bytearray(), 0
        async for chunk in given.chunks:
            size += len(chunk)
            if size <= MOST_ONE:
                content += chunk
        refused = await self._refused(known, version, title, bytes(content), size)
        if refused:
            await self._service.transaction(lambda tx: note_too_large(tx, key, refused))
            return self._page(request, known, version, 422, title=title, refused=refused)
        change = self._desk.change(request, key, given.fields.get("version", ""))
        made = await self._service.transaction(lambda tx: enclose(tx, change, title, bytes(content)))
        if made.overtaken:
            return self._page(request, known, made.version, 409, title=title, overtaken=True)
        return self._desk.to(request, Paths(key).files, "vedlagt")

    async def open(self, assembly: str, template: str, language: str, file: str) -> Response:
        """Return a file that is, or was, enclosed with the text."""
        _, versions = await self._desk.versions((assembly, template, language))
        found = next((one for version in versions for one in version.enclosed if one.id == file), None)
        content = await load_file(self._service.db, file) if found else None
        if found is None or content is None:
            raise NotFound("there is no such file")
        headers = {"Content-Disposition": f'inline; filename="{found.filename}"'}
        return Response(content, media_type="application/pdf", headers=headers)

    async def take_out(self, request: Request, assembly: str, template: str, language: str, file: str) -> Response:
        """Enclose a file no more."""
        key: Key = (assembly, template, language)
        known, _ = await self._desk.text(key)
        change = self._desk.change(request, key, seals.fields(request).get("version", ""))
        made = await self._service.transaction(lambda tx: take_out(tx, change, file))
        if made.overtaken:
            return self._page(request, known, made.version, 409, overtaken=True)
        return self._desk.to(request, Paths(key).files, "fjernet")

    async def _refused(
        self, assembly: Assembly, version: Version, title: str, content: bytes, size: int
    ) -> Refused | None:
        others = sum(one.size for one in version.enclosed)
        if refused := refused_title(title, [one.title for one in version.enclosed]):
            return refused
        # Without the letter first: there is no need to set one for a file that is too large by itself.
        if refused := refused_size(size, others, None) or refused_content(content):
            return refused
        if digest(content) in {one.id for one in version.enclosed}:
            return Refused(Refusal.ENCLOSED_ALREADY)
        letter = await self._desk.previews.letter(assembly, version, self._service.clock.now())
        return refused_size(size, others, None if letter is None else len(letter))

    def _page(
        self,
        request: Request,
        assembly: Assembly,
        version: Version,
        status: int = 200,
        *,
        title: str = "",
        refused: Refused | None = None,
        overtaken: bool = False,
        done: str = "",
    ) -> HTMLResponse:
        words, kind = self._service.pages.words(request), KINDS[version.key[1]]
        return self._desk.render(
            request,
            "text-files.html",
            assembly,
            version,
            status,
            typed_title=title,
            errors=[template_words.refusal_words(words, refused)] if refused else [],
            overtaken=overtaken,
            done=done,
            most_one=MOST_ONE // MIB,
            most_together=(MOST_ON_PAPER if on_paper(kind) else MOST_RAW) // MIB,
            megabytes=lambda size: words.format_number(max(round(size / MIB, 1), 0.1)),
        )
