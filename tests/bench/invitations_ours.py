"""Measures our job: when its facts were issued, its shipments made, all out and all ended, and what each part used."""

import time
from typing import Any

from processor import used

from support.inviting import Invitations, Progress, Verdict

LOOK_SECONDS = 0.5
PARTS = ("registration", "notifications", "digital-post", "mongod", "nats-server")
"""Those with anything to do."""


def run(job: Invitations, kills: int = 0, patience: float = 900.0) -> tuple[dict[str, Any], Verdict]:
    """Order it, kill notifications at as many moments spread over it, and wait until everything has ended."""
    before = processor(job)
    began = time.monotonic()
    job.order()
    reached: dict[str, float] = {}
    killed = 0
    while True:
        seen = job.progress()
        for name, there in milestones(seen).items():
            if there:
                reached.setdefault(name, round(time.monotonic() - began, 1))
        if seen.done or time.monotonic() - began > patience:
            break
        if killed < kills and seen.out >= seen.people * (killed + 1) / (kills + 1):
            job.kill("notifications")
            killed += 1
        time.sleep(LOOK_SECONDS)
    seconds = time.monotonic() - began
    spent = {name: round(now - before[name], 1) for name, now in processor(job).items()}
    figures: dict[str, Any] = {
        "seconds": round(seconds, 1),
        "a_second": round(seen.ended / seconds, 1),
        "reached": reached,
        "ended": seen.ended,
        "killed": killed,
    }
    if not kills:  # who was killed took its own count with it
        figures |= {"processor_seconds": round(sum(spent.values()), 1), "of_it": spent}
    return figures, job.verdict()


def milestones(seen: Progress) -> dict[str, bool]:
    """Return which are reached."""
    return {
        "facts issued": seen.facts >= seen.people,
        "shipments made": seen.shipments >= seen.people,
        "all out": seen.out >= seen.people,
        "all ended": seen.ended >= seen.people,
    }


def processor(job: Invitations) -> dict[str, float]:
    """Return the seconds of processor each part has used."""
    return {name: used([job.system.part(name).pid]) for name in PARTS}
