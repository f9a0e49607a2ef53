"""What followup keeps, found and saved. See `shelves` for what is stored, `upgrades` for how it was stored before."""

from collections.abc import Sequence
from datetime import date

from chassis.mongo import Document
from followup.domain.assembly import Assembly
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.repository import shelves
from followup.repository.documents import Store
from followup.repository.shelves import ASSEMBLIES, COMMITMENTS, RECOMMENDATIONS

HELD = (ASSEMBLIES, RECOMMENDATIONS, COMMITMENTS)
"""The collections that hold what was promised and done."""

__all__ = ["ASSEMBLIES", "COMMITMENTS", "HELD", "RECOMMENDATIONS", "Store"]


async def assembly(store: Store, assembly_id: str) -> Assembly | None:
    """Return what is known of the assembly."""
    return await shelves.assemblies.get(store, assembly_id)


async def assemblies(store: Store) -> list[Assembly]:
    """Return all assemblies whose mandate is known, latest delivery first, those not delivered last."""
    return await shelves.assemblies.find(store, {"mandate": {"$ne": None}}, [("delivery.on", -1), ("_id", 1)])


async def save_assembly(store: Store, one: Assembly) -> None:
    """Store the assembly; Conflict when someone was first."""
    await shelves.assemblies.save(store, one)


async def recommendation(store: Store, assembly_id: str, recommendation_id: str) -> Recommendation | None:
    """Return one recommendation."""
    return await shelves.recommendations.get(store, f"{assembly_id}:{recommendation_id}")


async def recommendations(store: Store, assembly_id: str) -> list[Recommendation]:
    """Return an assembly's recommendations by number."""
    return await shelves.recommendations.find(store, {"assembly": assembly_id}, [("number", 1), ("id", 1)])


async def save_recommendation(store: Store, one: Recommendation) -> None:
    """Store the recommendation; Conflict when someone was first."""
    await shelves.recommendations.save(store, one)


async def commitments(store: Store, assembly_id: str) -> list[Commitment]:
    """Return an assembly's commitments in due order."""
    return await shelves.commitments.find(store, {"assembly": assembly_id}, [("due_on", 1), ("milestone", 1)])


async def save_commitment(store: Store, one: Commitment) -> None:
    """Store the commitment; Conflict when someone was first."""
    await shelves.commitments.save(store, one)


async def save_commitments(store: Store, changed: Sequence[Commitment]) -> None:
    """Store commitments that were read before; Conflict when someone was first with one of them."""
    await shelves.commitments.save_all(store, changed)


def _owing(today: date) -> Document:
    return {"next_on": {"$lte": today.isoformat()}}  # a text: a commitment that owes nothing more has none


async def assemblies_owing(store: Store, today: date) -> list[str]:
    """Return the ids of the assemblies for which a crossing is owed on `today`, the longest owed first."""
    rows = await store.collection(COMMITMENTS).aggregate(
        [
            {"$match": _owing(today)},
            {"$group": {"_id": "$assembly", "since": {"$min": "$next_on"}}},
            {"$sort": {"since": 1, "_id": 1}},
        ]
    )
    return [row["_id"] for row in rows]


async def commitments_owing(store: Store, assemblies_: Sequence[str], today: date) -> list[Commitment]:
    """Return the commitments of these assemblies for which a crossing is owed on `today`."""
    return await shelves.commitments.find(store, {"assembly": {"$in": list(assemblies_)}} | _owing(today), None)


async def count_owing(store: Store, today: date) -> int:
    """Count the commitments with a crossing that is owed on `today`."""
    return await store.collection(COMMITMENTS).count(_owing(today))


async def add_all(
    store: Store,
    new_assemblies: Sequence[Assembly],
    new_recommendations: Sequence[Recommendation],
    new_commitments: Sequence[Commitment],
) -> None:
    """Store all that an empty database is to hold."""
    await shelves.assemblies.add_all(store, new_assemblies)
    await shelves.recommendations.add_all(store, new_recommendations)
    await shelves.commitments.add_all(store, new_commitments)
