"""An import's way: receiving > received > checking > checked > writing > written; or refused, or discarded.

One at a time for an assembly. Whoever works on it holds a lease, which every step prolongs: of two replicas one goes
on, and what a killed one held is free when its lease is over.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.errors import Conflict, NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain.encoding import TextForm
from registration.domain.problems import Problems, RowProblem
from registration.repository import ASSEMBLIES, IMPORTS, Collections, assembly_from
from registration.use_cases.announcing import get_assembly


class State(StrEnum):
    """Where an import stands."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    WRITING = "writing"
    WRITTEN = "written"
    DISCARDED = "discarded"


class Then(StrEnum):
    """What follows when a file is found to be in order: someone is asked, or it is written, or it was but a trial."""

    ASK = "ask"
    WRITE = "write"
    DISCARD = "discard"


UNDER_WAY = (State.RECEIVING, State.RECEIVED, State.CHECKING, State.CHECKED, State.WRITING)
TO_DO = (State.RECEIVED, State.CHECKING, State.WRITING)
"""What the background takes up by itself."""
AT_WORK = (State.RECEIVING, *TO_DO)
"""While the program is at it, and one waits."""
DISCARDABLE = (State.RECEIVING, State.RECEIVED, State.CHECKING, State.CHECKED)
"""Nothing of it is written yet."""
ENDED = (State.REFUSED, State.WRITTEN, State.DISCARDED)


class LeaseLostError(Exception):
    """Someone else has taken the import up, or it was discarded."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone hands in: the roll, or with `exclusion` the list of those whom that exclusion keeps out."""

    assembly: str
    then: Then
    by: str
    exclusion: str = ""


async def begin(tx: Transaction, wish: Wish, today: str, lease_until: datetime) -> str:
    """Begin an import and return its id.

    Conflict while another one of the assembly is under way; NotFound for an exclusion the assembly does not have.
    """
    assembly = wish.assembly
    document = await get_assembly(tx, assembly)
    if wish.exclusion and all(one.id != wish.exclusion for one in assembly_from(document).exclusions):
        raise NotFound("the assembly has no such exclusion")
    if await tx.collection(IMPORTS).one(under_way(assembly)):
        raise Conflict("another import is under way: wait for it, confirm it or discard it")
    job = uuid.uuid4().hex
    # A change of a document both would change: of two that begin at once, one is told that it is second.
    await tx.collection(ASSEMBLIES).update({"_id": assembly}, {"$set": {"import": job}})
    await tx.collection(IMPORTS).insert(
        {
            "_id": job,
            "assembly": assembly,
            "state": State.RECEIVING.value,
            "exclusion": wish.exclusion,
            "then": wish.then.value,
            "by": wish.by,
            "announced": document["announced"],
            "today": today,
            "encoding": "",
            "delimiter": "",
            "pieces": 0,
            "bytes": 0,
            "row": 0,
            "done_row": 0,
            "done_pieces": 0,
            "mark_gone": False,
            "report": None,
            "problems": [],
            "problem_count": 0,
            "holder": None,
            "lease_until": lease_until,
            "started_at": tx.now,
            "checked_at": None,
            "finished_at": None,
            "kept": True,
        }
    )
    return job


def under_way(assembly: str) -> Document:
    """Return the filter for an assembly's import that has not ended."""
    return {"assembly": assembly, "state": {"$in": [state.value for state in UNDER_WAY]}}


async def received(tx: Transaction, job: str, form: TextForm | RowProblem) -> None:
    """Note that the whole file is here, and how it is read, or that it cannot be."""
    if isinstance(form, RowProblem):
        problems = Problems()
        problems.refuse(form)
        await _go(tx, job, (State.RECEIVING,), _refused(tx, problems))
        return
    changes = {"state": State.RECEIVED.value, "encoding": form.encoding, "delimiter": form.delimiter}
    await _go(tx, job, (State.RECEIVING,), changes | {"lease_until": None})


async def checked(tx: Transaction, job: Document, problems: Problems, report: Mapping[str, Any]) -> State:
    """Note what the check has found, and return what the import goes on to be."""
    if problems.count:
        changes = _refused(tx, problems)
    else:
        state = {Then.ASK: State.CHECKED, Then.WRITE: State.WRITING, Then.DISCARD: State.DISCARDED}[Then(job["then"])]
        changes = {"state": state.value, "report": dict(report), "checked_at": tx.now, "row": 0, "done_pieces": 0}
        if state is not State.WRITING:
            changes |= {"holder": None, "lease_until": None}
        if state is State.DISCARDED:
            changes["finished_at"] = tx.now
    await hold(tx, job, changes)
    return State(changes["state"])


async def confirm(tx: Transaction, assembly: str, job: str, *, mark_gone: bool) -> None:
    """Have a checked import written; with `mark_gone` those not in the file leave. Again, the same.

    Conflict when it was never checked, has ended otherwise, or the assembly has been announced anew since.
    """
    document = await get_import(tx, assembly, job)
    if document["state"] in {State.WRITING, State.WRITTEN}:
        return
    if document["announced"] != (await get_assembly(tx, assembly))["announced"]:
        raise Conflict("the assembly has changed since the file was checked: discard it and hand it in again")
    await _go(tx, job, (State.CHECKED,), {"state": State.WRITING.value, "mark_gone": mark_gone})


async def discard(tx: Transaction, assembly: str, job: str) -> None:
    """Give an import up before anything of it is written. Again, the same; Conflict when it is too late."""
    if (await get_import(tx, assembly, job))["state"] == State.DISCARDED:
        return
    await _go(tx, job, DISCARDABLE, {"state": State.DISCARDED.value, "finished_at": tx.now, "holder": None})


async def written(tx: Transaction, job: Document) -> None:
    """Note that everything is written."""
    await hold(tx, job, {"state": State.WRITTEN.value, "finished_at": tx.now, "holder": None, "lease_until": None})


async def hold(tx: Transaction, job: Document, changes: Document) -> None:
    """Change an import that one has the lease of; LeaseLostError when one has not (any more)."""
    where = {"_id": job["_id"], "holder": job["holder"], "state": job["state"]}
    if not await tx.collection(IMPORTS).update(where, {"$set": changes}):
        raise LeaseLostError


def to_take_up(now: datetime) -> Document:
    """Return the filter for what has to be done and nobody does."""
    free = [{"lease_until": None}, {"lease_until": {"$lt": now}}]
    return {"state": {"$in": [state.value for state in TO_DO]}, "$or": free}


def abandoned(now: datetime, asked_until: datetime) -> Document:
    """Return the filter for uploads that broke off, and for imports nobody confirmed."""
    broken = {"state": State.RECEIVING.value, "lease_until": {"$lt": now}}
    return {"$or": [broken, {"state": State.CHECKED.value, "checked_at": {"$lt": asked_until}}]}


def lease(now: datetime, seconds: float) -> datetime:
    """Return until when a step holds the import."""
    return now + timedelta(seconds=seconds)


async def get_import(source: Collections, assembly: str, job: str) -> Document:
    """Return an import; NotFound when the assembly has no such import."""
    document = await source.collection(IMPORTS).one({"_id": job, "assembly": assembly})
    if document is None:
        raise NotFound("there is no such import")
    return document


def problems_of(job: Document) -> list[RowProblem]:
    """Return the problems that are listed of a refused import."""
    return [RowProblem(**problem) for problem in job["problems"]]


def _refused(tx: Transaction, problems: Problems) -> Document:
    # The texts unfilled, so that a page can say them in its language.
    listed = [{**asdict(problem), "told": dict(problem.told)} for problem in problems.listed]
    found = {"problems": listed, "problem_count": problems.count}
    return found | {"state": State.REFUSED.value, "finished_at": tx.now, "holder": None, "lease_until": None}


async def _go(tx: Transaction, job: str, before: tuple[State, ...], changes: Document) -> None:
    where = {"_id": job, "state": {"$in": [state.value for state in before]}}
    if not await tx.collection(IMPORTS).update(where, {"$set": changes}):
        raise Conflict("the import has gone on, or has ended, in the meantime")
