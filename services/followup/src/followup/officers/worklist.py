"""The work list: what waits for whom, across all assemblies and municipalities, a page at a time."""

from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.language import N_
from chassis.mongo import Document
from contracts.base import Text
from followup.domain.commitment import Commitment
from followup.officers.desk import Case, Desk, me
from followup.officers.messages import SAVED
from followup.paths import DUTIES, TOGETHER
from followup.repository import COMMITMENTS, RECOMMENDATIONS, worklist
from followup.words import as_text

PAGE_SIZE = 50
"""Rows of a page; also how many can be changed in one stroke."""

DUE, FIRST = "frist", "frist"
TABS = {
    "mine": N_("Mine"),
    DUE: N_("Statuses due"),
    "ubesvaret": N_("Without an answer"),
    "udvalg": N_("Waiting for a committee"),
    "godkend": N_("To be approved"),
    "offentliggoer": N_("To be published"),
    "alle": N_("All recommendations"),
}
"""The tabs by their word in the address (`?vis=`)."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A status that is due soon, due or overdue; `waiting` recommendations of its assembly wait for an answer."""

    one: Commitment
    title: Text
    municipality: Text
    assembly: Text
    waiting: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Whatever it does not know is the first of its kind."""

    tab: str
    municipality: str
    assembly: str
    page: int

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """Read the address."""
        query = request.query_params
        tab, page = query.get("vis", ""), query.get("side", "")
        known = page.isascii() and page.isdigit() and len(page) <= len("9999")
        return cls(
            tab if tab in TABS else FIRST,
            query.get("kommune", "")[:64],
            query.get("samling", "")[:64],
            max(1, int(page)) if known else 1,
        )

    def address(self, **other: Any) -> str:
        """Return the address of this list with something else in it."""
        same = {"vis": self.tab, "kommune": self.municipality, "samling": self.assembly}
        return f"{DUTIES}?{urlencode({name: value for name, value in (same | other).items() if value})}"


class WorkList(Desk):
    """Where an officer's day begins."""

    def routes(self, routes: APIRouter) -> None:
        """Add the page."""
        routes.add_api_route(DUTIES, self.show, methods=["GET"])

    async def show(self, request: Request) -> HTMLResponse:
        """Show one tab of the list."""
        asked, db = Asked.of(request), self._service.db
        titles = await worklist.assemblies_of(db, asked.municipality) if asked.municipality else {}
        questions = self._questions(request, among(asked, list(titles)))
        counted = await worklist.counts(db, list(questions.values()))
        number = dict(zip(questions, counted, strict=True))
        pages = max(1, ceil(number[asked.tab] / PAGE_SIZE))
        page = min(asked.page, pages)
        rows = await self._rows(asked.tab, questions[asked.tab][1], (page - 1) * PAGE_SIZE)
        return self._render(
            request,
            "officers/worklist.html",
            asked=asked,
            tabs=[(asked.address(vis=tab), title, number[tab], tab == asked.tab) for tab, title in TABS.items()],
            statuses=asked.tab == DUE,
            rows=rows,
            page=page,
            pages=pages,
            municipalities=await self._municipalities(),
            assemblies={id_: as_text(words) for id_, words in titles.items()},
            today_is=self._today,
            together=TOGETHER,
            saved=SAVED.get(request.query_params.get("gemt", "")),
        )

    def _questions(self, request: Request, chosen: list[str] | None) -> dict[str, tuple[str, Document]]:
        wheres = {
            "mine": worklist.mine(me(request)),
            DUE: worklist.due(self._today),
            "ubesvaret": worklist.UNANSWERED,
            "udvalg": worklist.WAITING,
            "godkend": worklist.DRAFTED,
            "offentliggoer": worklist.APPROVED,
            "alle": worklist.ALL,
        }
        return {
            tab: (COMMITMENTS if tab == DUE else RECOMMENDATIONS, worklist.within(wheres[tab], chosen)) for tab in TABS
        }

    async def _rows(self, tab: str, where: Document, skip: int) -> list[Any]:
        return await (self._duties(where, skip) if tab == DUE else self._cases(where, skip))

    async def _cases(self, where: Document, skip: int) -> list[Case]:
        found = await worklist.find(self._service.db, where, skip, PAGE_SIZE)
        known = await worklist.assemblies_called(self._service.db, {one.assembly for one in found})
        # One whose assembly is not announced yet has no page to go to: its mandate's fact is on its way.
        return [Case(known[one.assembly], one) for one in found if one.assembly in known]

    async def _duties(self, where: Document, skip: int) -> list[Duty]:
        found = await worklist.find_statuses(self._service.db, where, skip, PAGE_SIZE)
        ids = {one.assembly for one in found}
        known = await worklist.assemblies_called(self._service.db, ids)
        waiting = await worklist.waiting_for_answers(self._service.db, ids)
        mandates = {id_: one.mandate for id_, one in known.items()}
        return [
            Duty(
                one,
                as_text(one.title),
                as_text(mandate.municipality),
                as_text(mandate.title),
                waiting.get(one.assembly, 0),
            )
            for one in found
            if (mandate := mandates.get(one.assembly)) is not None
        ]

    async def _municipalities(self) -> dict[str, Text]:
        return {id_: as_text(words) for id_, words in (await worklist.municipalities(self._service.db)).items()}


def among(asked: Asked, of_municipality: list[str]) -> list[str] | None:
    """Return the assemblies that are asked for; None for all."""
    if asked.assembly and (not asked.municipality or asked.assembly in of_municipality):
        return [asked.assembly]
    return of_municipality if asked.municipality else None
