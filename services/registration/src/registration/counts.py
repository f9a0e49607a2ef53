"""The funnel's figures, counted from the database in one pass."""

from chassis.mongo import Database, Document
from registration.domain.registration import TAKING_PART, Status
from registration.repository import ASSEMBLIES, PEOPLE


async def counts_of(db: Database, assembly: str) -> Document | None:
    """Return the counts of an assembly, or None when it is not announced."""
    document = await db.collection(ASSEMBLIES).get(assembly)
    if document is None:
        return None
    by_status = {
        "_id": "$status",
        "people": {"$sum": 1},
        "invited": {"$sum": {"$cond": [{"$gt": ["$invited_at", None]}, 1, 0]}},
    }
    groups = await db.collection(PEOPLE).aggregate([{"$match": {"assembly": assembly}}, {"$group": by_status}])
    people = {group["_id"]: group["people"] for group in groups}
    taking_part = sum(people.get(status.value, 0) for status in TAKING_PART)
    residents = sum(people.values())
    return {
        "residents": residents,
        "eligible": residents - people.get(Status.INELIGIBLE.value, 0),
        "invited": sum(group["invited"] for group in groups),
        "signed_up": document["pool"]["signed_up"] if document["pool"] else taking_part,
        "withdrew": people.get(Status.WITHDRAWN.value, 0),
        "erased": people.get(Status.ERASED.value, 0),
        "pool_closed": document["pool"] is not None,
    }
