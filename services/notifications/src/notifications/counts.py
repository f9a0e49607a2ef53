"""Counts of shipments: public, since they are about nobody."""

from pydantic import BaseModel

from chassis.mongo import Database
from notifications.domain.shipment import State
from notifications.repository.shipments import SHIPMENTS

_FAILED = (State.FAILED.value, State.RECALLED.value)


class Counts(BaseModel):
    """How many shipments there are, and where they stand. `waiting` is everything that has not ended."""

    total: int = 0
    delivered: int = 0
    letters_dispatched: int = 0
    failed: int = 0
    cancelled: int = 0
    waiting: int = 0

    @property
    def ended(self) -> int:
        """How many have ended, one way or the other."""
        return self.total - self.waiting


class TemplateCounts(Counts):
    """The counts of one template: how many people it went to, and by which channels."""

    people: int = 0
    by_channel: dict[str, int] = {}
    by_state: dict[str, int] = {}


class AssemblyCounts(BaseModel):
    """The counts of one assembly."""

    shipments: Counts
    by_template: dict[str, TemplateCounts]


async def count_shipments(db: Database, assembly: str) -> AssemblyCounts:
    """Count an assembly's shipments; all zero for one that nothing was sent for."""
    shipments = db.collection(SHIPMENTS)
    groups = await shipments.aggregate(
        [
            {"$match": {"assembly": assembly}},
            {"$group": {"_id": {"t": "$template", "s": "$state", "c": "$channel"}, "n": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
    )
    people = await shipments.aggregate(
        [
            {"$match": {"assembly": assembly, "person": {"$ne": None}}},
            {"$group": {"_id": {"t": "$template", "p": "$person"}}},
            {"$group": {"_id": "$_id.t", "n": {"$sum": 1}}},
        ]
    )
    distinct = {row["_id"]: row["n"] for row in people}
    total = Counts()
    by_template: dict[str, TemplateCounts] = {}
    for row in groups:
        template, state, channel = row["_id"]["t"], row["_id"]["s"], row["_id"]["c"]
        one = by_template.setdefault(template, TemplateCounts(people=distinct.get(template, 0)))
        one.by_state[state] = one.by_state.get(state, 0) + row["n"]
        if channel:
            one.by_channel[channel] = one.by_channel.get(channel, 0) + row["n"]
        for counts in (total, one):
            _add(counts, state, row["n"])
    return AssemblyCounts(shipments=total, by_template=by_template)


def _add(counts: Counts, state: str, number: int) -> None:
    counts.total += number
    if state == State.DELIVERED:
        counts.delivered += number
    elif state == State.DISPATCHED:
        counts.letters_dispatched += number
    elif state in _FAILED:
        counts.failed += number
    elif state == State.CANCELLED:
        counts.cancelled += number
    else:
        counts.waiting += number
