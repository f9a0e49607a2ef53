"""Jobs: the shipments of one template on one occasion, which are paused, resumed and cancelled together.

What a job has come to is counted from its shipments (`notifications.counts`), never kept beside them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chassis.mongo import Collection, Document
from notifications.domain.shipment import job_id

JOBS = "jobs"
JobState = Literal["running", "paused", "stopped", "cancelled"]
"""`stopped` is by itself, because too many failed; `paused` and `cancelled` are somebody's doing."""
HELD: tuple[JobState, ...] = ("paused", "stopped")


@dataclass(frozen=True, slots=True)
class Job:
    """The job of a shipment. `occasion` is empty for what goes out day by day; `title` is the occasion's, in public."""

    assembly: str
    template: str
    occasion: str
    title: dict[str, str] | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return job_id(self.assembly, self.template, self.occasion)


def job_document(job: Job, now: datetime) -> Document:
    """Return a job as first stored."""
    return {
        "_id": job.id,
        "assembly": job.assembly,
        "template": job.template,
        "occasion": job.occasion,
        "title": job.title,
        "state": "running",
        "reason": None,
        "created_at": now,
        "changed_at": now,
    }


async def held_jobs(jobs: Collection) -> list[str]:
    """Return the jobs nothing is sent of for now."""
    return [job["_id"] for job in await jobs.find({"state": {"$in": list(HELD)}}, fields=["_id"])]
