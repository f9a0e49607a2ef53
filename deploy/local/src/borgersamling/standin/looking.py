"""The pages for whoever wants to see what arrived: by recipient, mail and letter. They need no script and no login.

A recipient's number is in no address and on no page: a handle stands for it, a hash that says nothing.
"""

import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from borgersamling.standin.digital_post import page_asked
from borgersamling.standin.mails import opened
from borgersamling.standin.options import Options
from borgersamling.standin.reading import plain
from borgersamling.standin.store import Store

A_PAGE = 50
_LANGUAGE = re.compile(r'<html lang="([a-z]{2})"')


class Looking:
    """The pages."""

    def __init__(self, options: Options, store: Store, printed: Callable[[], list[dict[str, Any]]]) -> None:
        """`printed` returns the letters that a printer's service took, oldest first."""
        self._options, self._store, self._printed = options, store, printed
        folder = Path(__file__).with_name("pages")
        self._templates = Environment(
            loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.taken),
            Route("/people", self.people),
            Route("/people/{handle}", self.person),
            Route("/mails", self.mails),
            Route("/mails/{seq:int}", self.mail),
            Route("/mails/{seq:int}/{file:int}", self.file),
            Route("/letters", self.letters),
            Route("/letters/printed/{place:int}", self.printed),
            Route("/letters/{name}", self.letter),
        ]

    async def taken(self, _: Request) -> Response:
        """Show the counts and the faults in force."""
        counts = self._store.counts()
        kinds = counts.pop("by_code")
        totals = {name.replace("_", " "): number for name, number in counts.items()}
        described = type(self._options).model_fields
        faults = [(name, value, described[name].description or "") for name, value in self._options.in_force().items()]
        return self._show("taken.html", "/", totals=totals, kinds=kinds, faults=faults)

    async def people(self, request: Request) -> Response:
        """List who got something."""
        page, _ = page_asked(request, A_PAGE)
        kind = request.query_params.get("kind", "")
        rows, total = self._store.people(kind, A_PAGE, page * A_PAGE)
        found = [row | {"handle": self._handle(row.pop("cpr"))} for row in rows]
        kinds = list(self._store.counts()["by_code"])
        here = {"people": found, "total": total, "kind": kind, "kinds": kinds}
        return self._show("people.html", "/people", **here, **_pages(page, total))

    async def person(self, request: Request) -> Response:
        """Show what one person got."""
        handle = request.path_params["handle"]
        cpr = next((cpr for cpr in self._store.numbers() if self._handle(cpr) == handle), None)
        if cpr is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        messages = [self._message(row) for row in self._store.messages(cpr)]
        return self._show("person.html", "/people/", handle=handle, messages=messages)

    def _message(self, row: dict[str, Any]) -> dict[str, Any]:
        language = _LANGUAGE.search(row["html"])
        now = time.time()
        receipts = [one | {"there": one["ready"] <= now} for one in self._store.receipts_of(row["uuid"])]
        lines = plain(row["html"]).splitlines()
        return row | {"language": language[1] if language else "da", "lines": lines, "receipts": receipts}

    async def mails(self, request: Request) -> Response:
        """List the mails."""
        page, _ = page_asked(request, A_PAGE)
        mails = [opened(*row) for row in reversed(self._store.mails())]
        some = mails[page * A_PAGE : (page + 1) * A_PAGE]
        return self._show("mails.html", "/mails", mails=some, total=len(mails), **_pages(page, len(mails)))

    async def mail(self, request: Request) -> Response:
        """Show one mail."""
        return self._show("mail.html", "/mails/", mail=self._mail(request))

    async def file(self, request: Request) -> Response:
        """Hand out what hangs on a mail: an appointment opens in a calendar."""
        files = self._mail(request).files
        if request.path_params["file"] >= len(files):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        name, content = files[request.path_params["file"]]
        kind = "text/calendar" if name.endswith(".ics") else "text/plain"
        return Response(content, media_type=kind, headers={"Content-Disposition": "attachment"})

    def _mail(self, request: Request) -> Any:
        for row in self._store.mails():
            if row[0] == request.path_params["seq"]:
                return opened(*row)
        raise HTTPException(HTTPStatus.NOT_FOUND)

    async def letters(self, request: Request) -> Response:
        """List what lies in the print office's folder."""
        page, _ = page_asked(request, A_PAGE)
        folder = self._options.letters
        files = sorted(folder.glob("*.pdf")) if folder else []
        some = [_file(path) for path in files[page * A_PAGE : (page + 1) * A_PAGE]]
        known = {"letters": some, "total": len(files), "known": folder is not None, "printed": self._printed()}
        return self._show("letters.html", "/letters", **known, **_pages(page, len(files)))

    async def letter(self, request: Request) -> Response:
        """Hand out one letter."""
        folder, name = self._options.letters, request.path_params["name"]
        if folder is None or name not in {path.name for path in folder.glob("*.pdf")}:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return FileResponse(folder / name, media_type="application/pdf")

    async def printed(self, request: Request) -> Response:
        """Show one letter that a printer's service took."""
        printed, place = self._printed(), request.path_params["place"]
        if place >= len(printed):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._show("printed.html", "/letters/", letter=printed[place])

    def _show(self, template: str, here: str, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(here=here, **values))

    def _handle(self, cpr: str) -> str:
        return hashlib.sha256(f"{self._options.seed}|handle|{cpr}".encode()).hexdigest()[:12]


def _pages(page: int, total: int) -> dict[str, int]:
    return {"page": page, "last": max(0, -(-total // A_PAGE) - 1)}


def _file(path: Path) -> dict[str, Any]:
    seen = path.stat()
    return {
        "name": path.name,
        "size": seen.st_size,
        "created": datetime.fromtimestamp(seen.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
