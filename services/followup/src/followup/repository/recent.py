"""What changed last, and what is owed next, across assemblies: for feeds, by an index and a limit each."""

from collections.abc import Sequence

from chassis.mongo import Document
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.repository import shelves
from followup.repository.documents import Store


def _of(assemblies: Sequence[str] | None) -> Document:
    return {} if assemblies is None else {"assembly": {"$in": list(assemblies)}}


async def changed_commitments(store: Store, assemblies: Sequence[str] | None, most: int) -> list[Commitment]:
    """Return the commitments of these assemblies, or of all, of which something was told last."""
    return await shelves.commitments.find(store, _of(assemblies), [("changed_at", -1)], limit=most)


async def changed_answers(store: Store, assemblies: Sequence[str] | None, most: int) -> list[Recommendation]:
    """Return the recommendations of these assemblies, or of all, that were answered last."""
    return await shelves.recommendations.find(
        store, {"changed_at": {"$gt": ""}} | _of(assemblies), [("changed_at", -1)], limit=most
    )


async def owed(store: Store, assemblies: Sequence[str] | None, most: int) -> list[Commitment]:
    """Return the commitments of these assemblies, or of all, that are not reported, the first due day first."""
    return await shelves.commitments.find(
        store, {"reported": False} | _of(assemblies), [("due_on", 1), ("_id", 1)], limit=most
    )
