"""The questions of the officers' work list, each answered by an index: tens of thousands of recommendations lie here.

What is asked about is worked out when a document is saved (`shelves`).
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from chassis.mongo import Document
from followup.domain.assembly import Assembly
from followup.domain.commitment import Commitment
from followup.domain.mandate import Words
from followup.domain.recommendation import Recommendation
from followup.repository.documents import Store
from followup.repository.shelves import (
    ASSEMBLIES,
    COMMITMENTS,
    RECOMMENDATIONS,
    assemblies,
    commitments,
    recommendations,
)

INDEXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ASSEMBLIES, ("municipality", "_id")),
    (COMMITMENTS, ("reported", "soon_on", "due_on")),
    *(
        (RECOMMENDATIONS, (field, "assembly", "number"))
        for field in ("work.responsible", "answered", "waits_for_committee", "draft_state")
    ),
)
"""What the questions below are answered by."""

_ORDER: Any = [("assembly", 1), ("number", 1)]
"""As the indexes lie: with one field more, each page would sort all that fit."""


def mine(me: str) -> Document:
    """Those that this officer has taken and that are not closed."""
    return {"work.responsible": me, "work.completed_on": None}


UNANSWERED: Document = {"answered": False}
WAITING: Document = {"waits_for_committee": True}
DRAFTED: Document = {"draft_state": "draft"}
APPROVED: Document = {"draft_state": "approved"}
ALL: Document = {}


def within(where: Document, among: Collection[str] | None) -> Document:
    """Narrow a question to these assemblies; None: to none in particular."""
    return where if among is None else where | {"assembly": {"$in": sorted(among)}}


def due(today: date) -> Document:
    """The statuses whose first reminder, or whose due day, has come, and that are not published."""
    return {"reported": False, "soon_on": {"$lte": today.isoformat()}}


async def find(store: Store, where: Document, skip: int, limit: int) -> list[Recommendation]:
    """Return recommendations, by assembly and number."""
    return await recommendations.find(store, where, _ORDER, limit, skip)


async def find_statuses(store: Store, where: Document, skip: int, limit: int) -> list[Commitment]:
    """Return commitments, the longest owed first."""
    return await commitments.find(store, where, [("due_on", 1), ("_id", 1)], limit, skip)


async def counts(store: Store, questions: Sequence[tuple[str, Document]]) -> list[int]:
    """Count the documents each (collection, question) is about, side by side."""
    return await asyncio.gather(*(store.collection(name).count(where) for name, where in questions))


async def waiting_for_answers(store: Store, among: Collection[str]) -> dict[str, int]:
    """Return how many recommendations of each assembly wait for an answer; those without any are left out."""
    rows = await store.collection(RECOMMENDATIONS).aggregate(
        [{"$match": within(UNANSWERED, among)}, {"$group": {"_id": "$assembly", "waiting": {"$sum": 1}}}]
    )
    return {row["_id"]: row["waiting"] for row in rows}


async def assemblies_called(store: Store, ids: Collection[str]) -> dict[str, Assembly]:
    """Return the announced assemblies of these ids."""
    found = await assemblies.find(store, {"_id": {"$in": sorted(set(ids))}, "mandate": {"$ne": None}}, [("_id", 1)])
    return {one.id: one for one in found}


async def assemblies_of(store: Store, municipality: str) -> dict[str, Words]:
    """Return the titles of a municipality's assemblies by id."""
    found = await assemblies.find(store, {"municipality": municipality, "mandate": {"$ne": None}}, [("_id", 1)])
    return {one.id: one.mandate.title for one in found if one.mandate}


async def municipalities(store: Store) -> dict[str, Words]:
    """Return the names of the municipalities that have announced an assembly, by id."""
    rows = await store.collection(ASSEMBLIES).aggregate(
        [
            {"$match": {"municipality": {"$gt": ""}}},
            {"$group": {"_id": "$municipality", "name": {"$first": "$mandate.municipality"}}},
            {"$sort": {"_id": 1}},
        ]
    )
    return {row["_id"]: row["name"] for row in rows}
