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
NOT_SENT: tuple[JobState, ...] = (*HELD, "cancelled")


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
    """Return a job as first stored. `ended` are its latest ends, True for each that failed (`domain/threshold.py`)."""
    return {
        "_id": job.id,
        "assembly": job.assembly,
        "template": job.template,
        "occasion": job.occasion,
        "title": job.title,
        "state": "running",
        "reason": None,
        "log": [],
        "ended": [],
        "created_at": now,
        "changed_at": now,
    }


async def jobs_not_sent(jobs: Collection) -> dict[str, JobState]:
    """Return the jobs of which nothing is sent, with their state."""
    found = await jobs.find({"state": {"$in": list(NOT_SENT)}}, fields=["state"])
    return {job["_id"]: job["state"] for job in found}
