"""The roll by API: handed in, checked and written in one request, or looked after by its import's id."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.errors import BadInput, Conflict, Problem
from chassis.identity import caller
from chassis.mongo import Document
from chassis.service import Service
from registration.importing.importer import Importer
from registration.repository import IMPORTS
from registration.use_cases import imports
from registration.use_cases.imports import State, Then, Wish

LOOK_SECONDS = 0.1


class Imported(BaseModel):
    """What a roll changed, or with `dry_run` would change.

    `eligible` of its rows can be invited. `missing` are held and not in the file, `leaving` are those who can no longer
    be invited and are blanked, by why; `to_judge` have signed up and are not touched: their ids are in the report.
    """

    id: str
    rows: int
    eligible: int
    new: int
    changed: int
    unchanged: int
    missing: int
    changed_columns: dict[str, int]
    ineligible: dict[str, int]
    leaving: dict[str, int]
    to_judge: int
    encoding: str
    delimiter: str
    dry_run: bool


class Judged(BaseModel):
    """Someone who has signed up, and why they could not be invited any more (`gone`: not in the file)."""

    person: str
    why: str


class Found(BaseModel):
    """What is wrong with a row; 0 is the file as a whole. Never what stood there."""

    row: int
    column: str
    rule: str
    message: str


class Import(BaseModel):
    """How far an import has got. The first hundred problems are listed, and the first 5,000 people to judge."""

    id: str
    state: State
    started_at: datetime
    checked_at: datetime | None
    finished_at: datetime | None
    bytes: int
    row: int
    encoding: str
    delimiter: str
    report: dict[str, Any] | None
    judged: list[Judged]
    problems: list[Found]
    problem_count: int


def router(service: Service, importer: Importer) -> APIRouter:
    """Return the routes, to be mounted under an assembly's."""
    routes = APIRouter()

    async def take(wish: Wish, request: Request) -> Any:
        job = await _begun(service, importer, wish)
        await importer.receive(job, wish.assembly, request.stream())
        document = await _ended(service, wish.assembly, job)
        if document["state"] == State.REFUSED:
            raise BadInput(_problems(document))
        told = {name: document[name] for name in ("encoding", "delimiter")}
        return {**document["report"], **told, "id": job, "dry_run": wish.then is Then.DISCARD}

    @routes.put("/roll", response_model=Imported)
    async def put_roll(assembly: str, request: Request, *, dry_run: bool = False) -> Any:
        """Import the roll of residents (text/csv); nothing is imported when any row is wrong."""
        return await take(Wish(assembly, _then(dry_run=dry_run), caller(request).subject), request)

    @routes.put("/exclusions/{exclusion}", response_model=Imported)
    async def put_exclusions(assembly: str, exclusion: str, request: Request, *, dry_run: bool = False) -> Any:
        """Keep out those on a list (text/csv with the column `cpr`); nothing happens when any row is wrong."""
        return await take(Wish(assembly, _then(dry_run=dry_run), caller(request).subject, exclusion), request)

    @routes.get("/imports/{job}", response_model=Import)
    async def get_import(assembly: str, job: str) -> Any:
        """Say how far an import has got."""
        document = await imports.get_import(service.db, assembly, job)
        report = dict(document["report"] or {})
        judged = report.pop("judged", [])
        problems = [
            Found(row=p.row, column=p.column, rule=p.rule, message=p.message) for p in imports.problems_of(document)
        ]
        return document | {"id": job, "report": report or None, "judged": judged, "problems": problems}

    return routes


def _then(*, dry_run: bool) -> Then:
    return Then.DISCARD if dry_run else Then.WRITE


async def _begun(service: Service, importer: Importer, wish: Wish) -> str:
    """Begin when what ends by itself has ended, such as the same file handed in before an answer was lost."""
    asks = imports.under_way(wish.assembly) | {"then": Then.ASK.value}
    while True:
        try:
            return await importer.begin(wish)
        except Conflict:
            if await service.db.collection(IMPORTS).one(asks):
                raise
            await asyncio.sleep(LOOK_SECONDS)


async def _ended(service: Service, assembly: str, job: str) -> Document:
    while True:
        document = await imports.get_import(service.db, assembly, job)
        if document["state"] in imports.ENDED:
            return document
        await asyncio.sleep(LOOK_SECONDS)


def _problems(document: Document) -> list[Problem]:
    found = [Problem(p.where, p.column, p.rule, p.message) for p in imports.problems_of(document)]
    if document["problem_count"] > len(found):
        message = f"{document['problem_count']} problems in all; the first {len(found)} are listed"
        found.append(Problem("file", "", "all problems", message))
    return found
