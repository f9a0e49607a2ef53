"""What the dashboards ask of many assemblies at once: one indexed question each, of as little as they need."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from followup.domain.assembly import Assembly
from followup.domain.commitment import Commitment
from followup.domain.mandate import Words
from followup.domain.recommendation import Recommendation
from followup.repository import shelves
from followup.repository.documents import Store
from followup.repository.shelves import ASSEMBLIES, COMMITMENTS, RECOMMENDATIONS


class Head(NamedTuple):
    """What lists are made from: an announced assembly's municipality, delivery, and whether it is closed."""

    id: str
    municipality: str
    municipality_title: Words
    delivered_on: date | None
    closed: bool


class Due(NamedTuple):
    """An assembly's next due day while a status is owed, and the day from which it is due soon."""

    due_on: date
    soon_on: date


_HEAD = ("mandate.municipality", "mandate.municipality_id", "delivery.on", "closed_on")


async def heads(store: Store) -> list[Head]:
    """Return the head of every announced assembly, latest delivery first, those not delivered last."""
    found = await store.collection(ASSEMBLIES).find(
        {"mandate": {"$ne": None}}, sort=[("delivery.on", -1), ("_id", 1)], fields=_HEAD
    )
    return [
        Head(
            one["_id"],
            one["mandate"].get("municipality_id", ""),
            one["mandate"]["municipality"],
            date.fromisoformat(one["delivery"]["on"]) if one.get("delivery") else None,
            one.get("closed_on") is not None,
        )
        for one in found
    ]


async def next_dues(store: Store, assemblies: Sequence[str] | None = None) -> dict[str, Due]:
    """Return what is owed next by each assembly that owes a status with a day; `assemblies` are those asked about."""
    where: dict[str, Any] = {"reported": False}
    if assemblies is not None:
        where["assembly"] = {"$in": list(assemblies)}
    rows = await store.collection(COMMITMENTS).aggregate(
        [
            {"$match": where},
            {"$group": {"_id": "$assembly", "due_on": {"$min": "$due_on"}, "soon_on": {"$min": "$soon_on"}}},
        ]
    )
    # Without the day it is due soon: a document that was written before that day was kept, and is not rewritten yet.
    days = {row["_id"]: (row["due_on"], row["soon_on"] or row["due_on"]) for row in rows}
    return {
        id_: Due(date.fromisoformat(due_on), date.fromisoformat(soon_on)) for id_, (due_on, soon_on) in days.items()
    }


async def verdicts(store: Store, assemblies: Sequence[str]) -> Mapping[str, Counter[str]]:
    """Count each assembly's recommendations by the answer in force; the empty answer: none yet."""
    rows = await store.collection(RECOMMENDATIONS).aggregate(
        [
            {"$match": {"assembly": {"$in": list(assemblies)}}},
            {"$group": {"_id": {"assembly": "$assembly", "verdict": "$verdict"}, "count": {"$sum": 1}}},
        ]
    )
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counted[row["_id"]["assembly"]][row["_id"].get("verdict") or ""] += row["count"]
    return counted


async def assemblies_of(store: Store, ids: Sequence[str]) -> list[Assembly]:
    """Return these assemblies in the order asked for; one that is not there is left out."""
    found = {one.id: one for one in await shelves.assemblies.find(store, {"_id": {"$in": list(ids)}}, None)}
    return [found[id_] for id_ in ids if id_ in found]


async def commitments_of(store: Store, assemblies: Sequence[str]) -> dict[str, list[Commitment]]:
    """Return the commitments of these assemblies, each in due order."""
    found: dict[str, list[Commitment]] = {one: [] for one in assemblies}
    sort = [("assembly", 1), ("due_on", 1), ("milestone", 1)]
    for one in await shelves.commitments.find(store, {"assembly": {"$in": list(assemblies)}}, sort):
        found[one.assembly].append(one)
    return found


async def recommendations_of(store: Store, assemblies: Sequence[str]) -> dict[str, list[Recommendation]]:
    """Return the recommendations of these assemblies, each by number."""
    found: dict[str, list[Recommendation]] = {one: [] for one in assemblies}
    sort = [("assembly", 1), ("number", 1), ("id", 1)]
    for one in await shelves.recommendations.find(store, {"assembly": {"$in": list(assemblies)}}, sort):
        found[one.assembly].append(one)
    return found
