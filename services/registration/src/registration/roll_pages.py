"""The secretariat's pages of the roll: what a file must look like, handing it in, and what follows from it.

Nothing is written before someone has seen what it changes and said so. No page of these names anyone.
"""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals, uploads
from chassis.identity import caller
from chassis.language import LOCAL
from chassis.live import EventStream
from chassis.service import Service
from registration import roll_words
from registration.domain.assembly import Assembly
from registration.domain.example import example
from registration.domain.resident import RollRules
from registration.importing.importer import ASKED_HOURS, Importer
from registration.repository import IMPORTS, assembly_from
from registration.use_cases import imports
from registration.use_cases.announcing import get_assembly
from registration.use_cases.imports import State, Then, Wish

ROLL = "/tilmelding/{assembly}/borgerliste"
EXAMPLE = f"{ROLL}/eksempel.csv"
EXCLUSION = f"{ROLL}/fritagelse/{{exclusion}}"
IMPORT = f"{ROLL}/{{job}}"
SHOWN = 20
"""How many earlier imports are listed."""
SHOWN_JUDGED = 200
"""How many people to judge the page lists; closing the pool asks about each of them anyway."""
MARK_GONE = "mark_gone"


def router(service: Service, importer: Importer) -> APIRouter:
    """Return the pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Desk(service, importer)
    routes.add_api_route(ROLL, desk.front, methods=["GET"])
    routes.add_api_route(ROLL, desk.take, methods=["POST"])
    routes.add_api_route(EXAMPLE, desk.example, methods=["GET"])
    routes.add_api_route(EXCLUSION, desk.take_exclusions, methods=["POST"])
    routes.add_api_route(IMPORT, desk.show, methods=["GET"])
    routes.add_api_route(f"{IMPORT}/live", desk.follow, methods=["GET"])
    for word, act in (("bekraeft", desk.confirm), ("kasser", desk.discard)):
        routes.add_api_route(f"{IMPORT}/{word}", partial(desk.ask, word), methods=["GET"])
        routes.add_api_route(f"{IMPORT}/{word}", act, methods=["POST"])
    return routes


class Desk:
    """Where the roll is handed in."""

    def __init__(self, service: Service, importer: Importer) -> None:
        self._service, self._importer = service, importer

    async def front(self, request: Request, assembly: str) -> HTMLResponse:
        """Say what a file must look like, take one, and list those there were."""
        document = await get_assembly(self._service.db, assembly)
        announced = assembly_from(document)
        jobs = await self._service.db.collection(IMPORTS).find(
            {"assembly": assembly}, sort=[("started_at", -1)], limit=SHOWN
        )
        under_way = next((job for job in jobs if job["state"] in imports.UNDER_WAY), None)
        words = self._service.pages.words(request)
        return self._service.pages.render(
            request,
            "roll.html",
            assembly=announced,
            columns=roll_words.columns(words, announced, self._rules(announced)),
            jobs=jobs,
            under_way=under_way,
            state_words=roll_words.STATE_WORDS,
            paths=Paths(assembly),
        )

    async def example(self, assembly: str) -> Response:
        """Give a file to fill in."""
        announced = assembly_from(await get_assembly(self._service.db, assembly))
        body = example(announced, self._rules(announced))
        headers = {"Content-Disposition": f'attachment; filename="borgerliste-{assembly}.csv"'}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    async def take(self, request: Request, assembly: str) -> Response:
        """Take a roll and go on to where it is looked after."""
        return await self._take(request, Wish(assembly, Then.ASK, caller(request).subject))

    async def take_exclusions(self, request: Request, assembly: str, exclusion: str) -> Response:
        """Take a list of those an exclusion keeps out, and go on to where it is looked after."""
        return await self._take(request, Wish(assembly, Then.ASK, caller(request).subject, exclusion))

    async def _take(self, request: Request, wish: Wish) -> Response:
        job = await self._importer.take(wish, uploads.incoming(request).chunks)
        return self._to(request, Paths(wish.assembly).job(job))

    async def show(self, request: Request, assembly: str, job: str) -> HTMLResponse:
        """Say how an import stands."""
        return self._service.pages.render(request, "roll-import.html", **await self._standing(request, assembly, job))

    async def follow(self, request: Request, assembly: str, job: str) -> EventStream:
        """Say it again whenever it has changed."""
        context = partial(self._standing, request, assembly, job, following=True)
        return await self._service.live.follow(request, "roll-live.html", context)

    async def ask(self, word: str, request: Request, assembly: str, job: str) -> Response:
        """Ask once more before it is written, or thrown away."""
        found = await imports.get_import(self._service.db, assembly, job)
        if word == "bekraeft" and found["state"] != State.CHECKED:
            return self._to(request, Paths(assembly).job(job))
        if word == "kasser" and found["state"] not in imports.DISCARDABLE:
            return self._to(request, Paths(assembly).job(job))
        standing = await self._standing(request, assembly, job)
        return self._service.pages.render(request, f"roll-{word}.html", **standing)

    async def confirm(self, request: Request, assembly: str, job: str) -> Response:
        """Have it written."""
        mark_gone = seals.fields(request).get(MARK_GONE) == "yes"
        await self._service.transaction(lambda tx: imports.confirm(tx, assembly, job, mark_gone=mark_gone))
        self._importer.wake()
        return self._to(request, Paths(assembly).job(job))

    async def discard(self, request: Request, assembly: str, job: str) -> Response:
        """Throw it away."""
        await self._service.transaction(lambda tx: imports.discard(tx, assembly, job))
        self._importer.wake()
        return self._to(request, Paths(assembly).job(job))

    async def _standing(self, request: Request, assembly: str, job: str, *, following: bool = False) -> dict[str, Any]:
        found = await imports.get_import(self._service.db, assembly, job)
        # As it was when the file came, so that its report stays what it was.
        announced = assembly_from({"_id": assembly, "announced": found["announced"]})
        words = self._service.pages.words(request)
        return {
            "assembly": announced,
            "exclusion": next((one for one in announced.exclusions if one.id == found["exclusion"]), None),
            "job": found,
            "state": State(found["state"]),
            "at_work": found["state"] in imports.AT_WORK,
            "state_words": roll_words.STATE_WORDS,
            "why": partial(roll_words.why_words, words, announced),
            "problems": roll_words.problem_rows(words, imports.problems_of(found)),
            "asked_hours": ASKED_HOURS,
            "shown_judged": SHOWN_JUDGED,
            "now": self._service.clock.now(),
            "following": following,
            "paths": Paths(assembly),
        }

    def _rules(self, assembly: Assembly) -> RollRules:
        today = self._service.clock.now().astimezone(LOCAL).date()
        return RollRules.of(assembly, today, synthetic_allowed=True)

    def _to(self, request: Request, path: str) -> Response:
        return RedirectResponse(f"{path}?sprog={self._service.pages.language(request)}", 303)


class Paths:
    """Where an assembly's pages of the roll are."""

    def __init__(self, assembly: str) -> None:
        self.roll = ROLL.format(assembly=assembly)
        self.example = EXAMPLE.format(assembly=assembly)
        self.overview = f"/tilmelding/{assembly}/overblik"
        self._assembly = assembly

    def exclusion(self, exclusion: str) -> str:
        """Where the list of an exclusion is sent."""
        return EXCLUSION.format(assembly=self._assembly, exclusion=exclusion)

    def job(self, job: str) -> str:
        """Where an import is looked after."""
        return IMPORT.format(assembly=self._assembly, job=job)

    def confirm(self, job: str) -> str:
        """Where it is confirmed."""
        return f"{self.job(job)}/bekraeft"

    def discard(self, job: str) -> str:
        """Where it is discarded."""
        return f"{self.job(job)}/kasser"

    def live(self, job: str) -> str:
        """What follows it."""
        return f"{self.job(job)}/live"
