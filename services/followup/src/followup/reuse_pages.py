"""What is public, for other programs and other sites to use: feeds, calendars, a table, a page for the agenda, a frame.

All of it is open to everyone and holds nothing that the dashboard does not show. `kommune=` asks the feeds of all
assemblies for one municipality's.
"""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.errors import NotFound
from chassis.language import N_, Lang, Words
from chassis.service import Service
from followup import repository
from followup.domain.answers import VERDICTS
from followup.domain.calendar import day_of
from followup.pages import STATE_WORDS, VERDICT_WORDS
from followup.paths import (
    AGENDA,
    CALENDAR,
    CALENDAR_OF_ALL,
    EMBED,
    FEED,
    FEED_OF_ALL,
    PREFIX,
    TABLE,
    WIDGET,
    dashboard_path,
    widget_path,
)
from followup.repository import overview, recent
from followup.reuse import agenda, atom, calendars, decidim
from followup.reuse.happenings import happenings
from followup.views import AssemblyView, assembly_view

FOLLOW_UP = N_("Follow-up: %(title)s")
FOLLOW_UP_OF_ALL = N_("Follow-up of the citizens’ assemblies")
NAMES: dict[Lang, str] = {"da": "Dansk", "en": "English"}
"""The languages of the frame, each by its own name."""
MOST_OWED = 500
"""Days of the calendar of all assemblies: the next ones, which is years of one municipality's."""
KEPT = "public, max-age=300"
"""A reader that comes by more often than every five minutes is answered by its own copy."""


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False)
    feeds = Feeds(service)
    routes.add_api_route(FEED_OF_ALL, feeds.feed_of_all, methods=["GET"])
    routes.add_api_route(CALENDAR_OF_ALL, feeds.calendar_of_all, methods=["GET"])
    routes.add_api_route(FEED, feeds.feed, methods=["GET"])
    routes.add_api_route(CALENDAR, feeds.calendar, methods=["GET"])
    routes.add_api_route(TABLE, feeds.table, methods=["GET"])
    routes.add_api_route(AGENDA, feeds.agenda, methods=["GET"])
    routes.add_api_route(WIDGET, feeds.widget, methods=["GET"])
    routes.add_api_route(EMBED, feeds.embed, methods=["GET"])
    service.embeddable.add(WIDGET.format(assembly="[^/]+"))
    return routes


class _Among(NamedTuple):
    """The assemblies a feed is about: None for all of them; and what its author is called."""

    assemblies: list[str] | None
    municipality: str


class Feeds:
    """The files other programs fetch."""

    def __init__(self, service: Service) -> None:
        self._service, self._origin = service, service.settings.public_url.rstrip("/")
        self._press = ThreadPoolExecutor(1, "agendas")  # a compiler of pages is one thread's
        service.at_end(self._press.shutdown)

    async def feed(self, request: Request, assembly: str) -> Response:
        """Tell what has happened in one assembly's follow-up (Atom)."""
        view, words = await self._view(assembly), self._service.pages.words(request)
        commitments = await repository.commitments(self._service.db, assembly)
        recommendations = await repository.recommendations(self._service.db, assembly)
        title = str(words.gettext(FOLLOW_UP)) % {"title": words.text(view.title)}
        feed = self._about(request, f"{assembly}:feed", title, words.text(view.municipality), dashboard_path(assembly))
        told = happenings(commitments, recommendations, words)
        content = atom.write(feed, told, self._origin, self._service.clock.now())
        return _kept(request, content, atom.MEDIA)

    async def feed_of_all(self, request: Request) -> Response:
        """Tell what has happened last in all assemblies' follow-up, or in one municipality's (Atom)."""
        among, words = await self._among(request), self._service.pages.words(request)
        commitments = await recent.changed_commitments(self._service.db, among.assemblies, atom.MOST)
        answers = await recent.changed_answers(self._service.db, among.assemblies, atom.MOST)
        told = happenings(commitments, answers, words)[: atom.MOST]
        known = await overview.assemblies_of(self._service.db, list(dict.fromkeys(one.assembly for one in told)))
        titles = {one.id: words.text(one.mandate.title) for one in known if one.mandate}
        # The facts come in any order: what is told of an assembly whose mandate is on its way waits for its title.
        told = [one for one in told if one.assembly in titles]
        key = f"{request.query_params.get('kommune', '')}:feed-of-all"
        feed = self._about(request, key, words.gettext(FOLLOW_UP_OF_ALL), among.municipality, PREFIX)
        content = atom.write(feed, told, self._origin, self._service.clock.now(), titles)
        return _kept(request, content, atom.MEDIA)

    async def calendar(self, request: Request, assembly: str) -> Response:
        """Give one assembly's promised days (iCalendar)."""
        view, words = await self._view(assembly), self._service.pages.words(request)
        commitments = await repository.commitments(self._service.db, assembly)
        title = {"da": view.title.da, "en": view.title.en}
        name = str(words.gettext(FOLLOW_UP)) % {"title": words.text(title)}
        content = calendars.write(name, {assembly: title}, commitments, words, self._origin)
        return _kept(request, content, calendars.MEDIA, f"{assembly}-frister.ics")

    async def calendar_of_all(self, request: Request) -> Response:
        """Give the days on which the next statuses are due, in all assemblies or in one municipality's."""
        among, words = await self._among(request), self._service.pages.words(request)
        commitments = await recent.owed(self._service.db, among.assemblies, MOST_OWED)
        ids = list(dict.fromkeys(one.assembly for one in commitments))
        known = await overview.assemblies_of(self._service.db, ids)
        titles = {one.id: one.mandate.title for one in known if one.mandate}
        owed = [one for one in commitments if one.assembly in titles]
        content = calendars.write(words.gettext(FOLLOW_UP_OF_ALL), titles, owed, words, self._origin)
        return _kept(request, content, calendars.MEDIA, "frister.ics")

    async def table(self, request: Request, assembly: str) -> Response:
        """Give the recommendations as a table with Decidim's field names."""
        content = decidim.write(await self._view(assembly), self._origin)
        return _kept(request, content, "text/csv; charset=utf-8", f"{assembly}-opfoelgning.csv")

    async def agenda(self, request: Request, assembly: str) -> Response:
        """Give the page that is enclosed with the council's agenda (PDF)."""
        view, words = await self._view(assembly), self._service.pages.words(request)
        today = day_of(self._service.clock.now())
        work = partial(agenda.pdf, view, today, words, self._origin)
        content = await asyncio.get_running_loop().run_in_executor(self._press, work)
        return _kept(request, content, "application/pdf", f"{assembly}-dagsorden.pdf")

    async def widget(self, request: Request, assembly: str) -> Response:
        """Show how the follow-up stands in a frame on another site. Without a cookie, whoever asks."""
        view = await self._view(assembly)
        given = [one.answer.answer if one.answer else "" for one in view.recommendations]
        counted = [(verdict, given.count(verdict)) for verdict in (*VERDICTS, "")]
        shown = {"answers": counted, "state_words": STATE_WORDS, "verdict_words": VERDICT_WORDS}
        part = self._service.pages.part(request, "widget.html", assembly=view, **shown)
        language = self._service.pages.language(request)
        headers = {"Content-Language": language, "Cache-Control": KEPT, "Vary": "Cookie"}
        return HTMLResponse(part, headers=headers)

    async def embed(self, request: Request, assembly: str) -> Response:
        """Say how another site shows it."""
        view, widget = await self._view(assembly), widget_path(assembly)
        codes = [(name, self._code(widget, language, view)) for language, name in NAMES.items()]
        return self._service.pages.render(request, "embed.html", assembly=view, codes=codes, widget=widget)

    def _code(self, widget: str, language: Lang, view: AssemblyView) -> str:
        title = str(Words(language, "followup").gettext(FOLLOW_UP)) % {"title": getattr(view.title, language)}
        return (
            f'<iframe src="{self._origin}{widget}?sprog={language}" title="{escape(title)}"\n'
            '  width="100%" height="420" loading="lazy"></iframe>'
        )

    async def _view(self, assembly: str) -> AssemblyView:
        found = await assembly_view(self._service.db, assembly, day_of(self._service.clock.now()))
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    async def _among(self, request: Request) -> _Among:
        wanted, words = request.query_params.get("kommune", ""), self._service.pages.words(request)
        if not wanted:
            return _Among(None, words.gettext(FOLLOW_UP_OF_ALL))
        heads = [head for head in await overview.heads(self._service.db) if head.municipality == wanted]
        if not heads:
            raise NotFound("no assembly of such a municipality is announced")
        return _Among([head.id for head in heads], words.text(heads[0].municipality_title))

    def _about(self, request: Request, key: str, title: str, author: str, page: str) -> atom.Feed:
        language, path = self._service.pages.language(request), request.url.path
        query = f"?{request.url.query}" if request.url.query else ""
        return atom.Feed(key, title, author, f"{self._origin}{path}{query}", f"{self._origin}{page}", language)


def _kept(request: Request, content: bytes, media: str, file: str = "") -> Response:
    """Answer with a file that readers keep and ask for again: 304 while it is the same."""
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": KEPT, "Vary": "Cookie"}
    if file:
        headers["Content-Disposition"] = f'inline; filename="{file}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)
