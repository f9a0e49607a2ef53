"""What lies on the committees' tables, and the deadlines of several assemblies: for the council's own dashboard."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from chassis.mongo import Document
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.repository import shelves
from followup.repository.documents import Store
from followup.repository.shelves import COMMITMENTS, RECOMMENDATIONS


class Load(NamedTuple):
    """How much lies on a committee's table: recommendations that are not closed, and of these, which ask for what."""

    committee: str
    open: int
    unanswered: int
    waiting: int


async def deadlines(store: Store, assemblies: Sequence[str] | None, limit: int, skip: int = 0) -> list[Commitment]:
    """Return what is owed by these assemblies, or by all, the first due day first; `limit` and `skip` are rows."""
    sort = [("due_on", 1), ("assembly", 1), ("milestone", 1)]
    return await shelves.commitments.find(store, _owed(assemblies), sort, limit, skip)


async def count_deadlines(store: Store, assemblies: Sequence[str] | None) -> int:
    """Count what is owed by these assemblies, or by all."""
    return await store.collection(COMMITMENTS).count(_owed(assemblies))


async def loads(store: Store, assemblies: Sequence[str]) -> list[Load]:
    """Return how much lies on each committee's table, by the committee's id."""
    rows = await store.collection(RECOMMENDATIONS).aggregate(
        [
            {"$match": {"assembly": {"$in": list(assemblies)}, "work.completed_on": None}},
            {"$project": {"referred": 1, "answered": 1, "waits_for_committee": 1}},
            {"$unwind": "$referred"},
            {
                "$group": {
                    "_id": "$referred",
                    "open": {"$sum": 1},
                    "unanswered": {"$sum": {"$cond": ["$answered", 0, 1]}},
                    "waiting": {"$sum": {"$cond": ["$waits_for_committee", 1, 0]}},
                }
            },
            {"$sort": {"_id": 1}},
        ]
    )
    return [Load(row["_id"], row["open"], row["unanswered"], row["waiting"]) for row in rows]


async def on_the_table(
    store: Store, assemblies: Sequence[str], committee: str, limit: int, skip: int = 0
) -> list[Recommendation]:
    """Return what lies on a committee's table, unanswered first, then by assembly and number."""
    sort = [("answered", 1), ("assembly", 1), ("number", 1)]
    return await shelves.recommendations.find(store, _on_the_table(assemblies, committee), sort, limit, skip)


async def count_on_the_table(store: Store, assemblies: Sequence[str], committee: str) -> int:
    """Count what lies on a committee's table."""
    return await store.collection(RECOMMENDATIONS).count(_on_the_table(assemblies, committee))


def _owed(assemblies: Sequence[str] | None) -> Document:
    where: dict[str, Any] = {"reported": False}
    return where if assemblies is None else where | {"assembly": {"$in": list(assemblies)}}


def _on_the_table(assemblies: Sequence[str], committee: str) -> Document:
    return {"assembly": {"$in": list(assemblies)}, "referred": committee, "work.completed_on": None}
