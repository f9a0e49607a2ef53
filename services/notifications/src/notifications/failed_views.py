"""Shipments that could not be delivered, as the secretariat's list shows them: opaque, nobody named."""

from dataclasses import dataclass

from chassis.mongo import Database, Document, Sort
from notifications.domain.shipment import State
from notifications.job_views import LOST
from notifications.reason_words import Reason, reason_words
from notifications.repository.jobs import JOBS
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases.jobs import refuses_resending

PAGE = 50
"""Shipments on a page."""
_SHOWN = ("assembly", "template", "job", "person", "role", "channel", "state", "reason", "changed_at")


@dataclass(frozen=True, slots=True)
class Failed:
    """A shipment that did not arrive. `again`: it can be sent again, and that makes sense once the cause is mended."""

    document: Document
    reason: Reason
    again: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, the latest first; `total` is how many are on all its `pages`."""

    rows: tuple[Failed, ...]
    total: int
    page: int
    pages: int


def code_of(shipment: Document) -> str:
    """Return the code of why a shipment did not arrive: the reason, or what became of it."""
    return str(shipment["reason"] or shipment["state"])


def can_go_again(shipment: Document, job: Document | None) -> bool:
    """Say whether a shipment may be sent again, and whether that makes sense for its reason."""
    may = job is not None and refuses_resending(shipment, job["state"]) is None
    return may and reason_words(code_of(shipment)).again


async def failed(db: Database, job: str, page: int) -> Page:
    """Return a page of the failed ones of a job, or of all jobs. A page past the last is the last."""
    shipments, where = db.collection(SHIPMENTS), _lost(job)
    total = await shipments.count(where)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    latest: Sort = [("changed_at", -1), ("_id", 1)]
    found = await shipments.find(where, sort=latest, limit=PAGE, skip=(page - 1) * PAGE, fields=_SHOWN)
    jobs = await _jobs(db, {one["job"] for one in found})
    rows = (Failed(one, reason_words(code_of(one)), can_go_again(one, jobs.get(one["job"]))) for one in found)
    return Page(tuple(rows), total, page, pages)


async def can_all_go_again(db: Database, job: Document, reason: str) -> list[str]:
    """Return the shipments of a job that failed for this reason and may be sent again."""
    where = {"job": job["_id"], "state": State.FAILED.value, "reason": reason}
    fields = ("state", "reason", "person", "role")
    found = await db.collection(SHIPMENTS).find(where, sort=[("_id", 1)], fields=fields)
    return [one["_id"] for one in found if refuses_resending(one, job["state"]) is None]


async def jobs_with_failures(db: Database) -> list[tuple[Document, int]]:
    """Return the jobs some of whose shipments failed, the newest first, and how many did."""
    group = {"_id": "$job", "n": {"$sum": 1}}
    rows = await db.collection(SHIPMENTS).aggregate([{"$match": _lost("")}, {"$group": group}])
    numbers = {row["_id"]: row["n"] for row in rows}
    jobs = await _jobs(db, set(numbers))
    newest = sorted(jobs.values(), key=lambda one: (one["created_at"], one["_id"]), reverse=True)
    return [(one, numbers[one["_id"]]) for one in newest]


def _lost(job: str) -> Document:
    return {"state": {"$in": [state.value for state in LOST]}} | ({"job": job} if job else {})


async def _jobs(db: Database, ids: set[str]) -> dict[str, Document]:
    return {one["_id"]: one for one in await db.collection(JOBS).find({"_id": {"$in": sorted(ids)}})}
