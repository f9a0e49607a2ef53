"""Jobs as the pages show them: counted from their shipments at the moment, nothing changed and nobody named."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import NotFound
from chassis.mongo import Database, Document
from notifications.catalogue import KINDS
from notifications.domain.shipment import TERMINAL, TO_SEND, State
from notifications.repository.jobs import JOBS
from notifications.repository.known import ASSEMBLIES
from notifications.repository.shipments import SHIPMENTS

RECENT = timedelta(seconds=60)
"""The pace of a job is that of so long."""
ARRIVED = frozenset({State.DELIVERED, State.DISPATCHED})
LOST = frozenset({State.FAILED, State.RECALLED})
OUT = frozenset(State) - TERMINAL - TO_SEND
"""Sent, and not known yet to have arrived."""


class Standing(StrEnum):
    """How a job stands, in one word: what somebody made of it, or else what is left to do."""

    SENDING = "sending"
    AWAITING = "awaiting"
    DONE = "done"
    READY = "ready"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


UNDER_WAY = frozenset({Standing.SENDING, Standing.AWAITING, Standing.PAUSED, Standing.STOPPED})
"""Somebody may want to follow it, or do something about it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many shipments of a job there are by state and channel, and when one of them last changed."""

    cells: Mapping[tuple[State, str], int]
    last_at: datetime | None = None

    def of(self, states: Collection[State], channel: str | None = None) -> int:
        """Count those in these states, of one channel or of all; the channel `""` is not chosen yet."""
        return sum(n for (state, by), n in self.cells.items() if state in states and channel in {None, by})

    def all(self, channel: str | None = None) -> int:
        """Count all of them."""
        return self.of(frozenset(State), channel)

    def arrived(self, channel: str | None = None) -> int:
        """Count those that reached people, or left as letters, of which nobody learns more."""
        return self.of(ARRIVED, channel)

    def awaited(self, channel: str | None = None) -> int:
        """Count those that are sent and not known yet to have arrived."""
        return self.of(OUT, channel)

    def to_send(self, channel: str | None = None) -> int:
        """Count those that we have still to send."""
        return self.of(TO_SEND, channel)

    def lost(self, channel: str | None = None) -> int:
        """Count those that did not arrive."""
        return self.of(LOST, channel)

    @property
    def ended(self) -> int:
        """Those of which nothing more is expected."""
        return self.of(TERMINAL)

    @property
    def out(self) -> int:
        """Those that have gone out, whatever became of them: no cancelling reaches them."""
        return self.all() - self.of({State.CREATED, State.CHANNEL_CHOSEN, State.CANCELLED})

    @property
    def channels(self) -> list[str]:
        """The channels it goes by, and `""` last where some have none yet."""
        return sorted({channel for _, channel in self.cells}, key=lambda channel: (not channel, channel))


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a job goes: shipments a minute, and the minutes that are left at that."""

    a_minute: int
    minutes_left: int


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it stands. `title` is the occasion's, where it has one, in both languages as `assembly_title` is."""

    id: str
    assembly: str
    assembly_title: Mapping[str, str]
    template: str
    title: Mapping[str, str] | None
    state: str
    tally: Tally
    started_at: datetime
    pace: Pace | None
    log: tuple[Document, ...]

    @property
    def steady(self) -> bool:
        """Whether it goes out day by day and so never ends."""
        return KINDS[self.template].steady

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self.state != "running":
            return Standing(self.state)
        if self.tally.to_send():
            return Standing.SENDING
        if self.tally.awaited():
            return Standing.AWAITING
        return Standing.READY if self.steady else Standing.DONE

    @property
    def ended_at(self) -> datetime | None:
        """When the last of it ended; None while there is more to come."""
        return self.tally.last_at if self.tally.ended == self.tally.all() else None

    @property
    def acts(self) -> tuple[str, ...]:
        """What can be done with it now: the last parts of the addresses."""
        if self.state == "cancelled":
            return ()
        return ("pause" if self.state == "running" else "fortsaet", "annuller")


async def jobs_of(db: Database, machine_now: datetime) -> list[tuple[Mapping[str, str], list[JobView]]]:
    """Return each assembly's title with its jobs, the newest first."""
    assemblies = await db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"])
    jobs = await db.collection(JOBS).find({}, sort=[("created_at", -1), ("_id", 1)])
    tallies = await _tallies(db, {"assembly": {"$in": sorted({one["assembly"] for one in jobs})}})
    paces = await _paces(db, machine_now)
    titles = {one["_id"]: one["title"] for one in assemblies}
    views = [_view(one, titles.get(one["assembly"]), tallies, paces) for one in jobs]
    return [(title, [view for view in views if view.assembly == assembly]) for assembly, title in titles.items()]


async def job_of(db: Database, job: str, machine_now: datetime) -> JobView:
    """Return a job as it stands; NotFound when there is none with this id."""
    found = await db.collection(JOBS).get(job)
    if found is None:
        raise NotFound("there is no such job")
    tallies = await _tallies(db, {"assembly": found["assembly"], "template": found["template"], "job": job})
    assembly = await db.collection(ASSEMBLIES).get(found["assembly"])
    return _view(found, assembly and assembly["title"], tallies, await _paces(db, machine_now))


async def reasons_of(db: Database, job: str) -> list[tuple[str, int]]:
    """Return why shipments of a job failed, and how many for each reason, the most frequent first."""
    where = {"job": job, "state": State.FAILED.value}
    rows = await db.collection(SHIPMENTS).aggregate(
        [{"$match": where}, {"$group": {"_id": "$reason", "n": {"$sum": 1}}}, {"$sort": {"n": -1, "_id": 1}}]
    )
    return [(row["_id"] or "", row["n"]) for row in rows]


def _view(
    job: Document, title: Mapping[str, str] | None, tallies: Mapping[str, Tally], paces: Mapping[str, float]
) -> JobView:
    tally = tallies.get(job["_id"], Tally({}))
    return JobView(
        id=job["_id"],
        assembly=job["assembly"],
        assembly_title=title or {"da": job["assembly"], "en": job["assembly"]},
        template=job["template"],
        title=job["title"],
        state=job["state"],
        tally=tally,
        started_at=job["created_at"],
        pace=_pace(paces.get(job["_id"], 0.0), tally) if job["state"] == "running" else None,
        log=tuple(job.get("log", ())),
    )


def _pace(a_second: float, tally: Tally) -> Pace | None:
    if not a_second or not tally.to_send():
        return None
    return Pace(max(1, round(a_second * 60)), -(-int(tally.to_send() / a_second) // 60))


async def _tallies(db: Database, where: Document) -> dict[str, Tally]:
    """Count in one pass, from an index alone (bootstrap)."""
    key = {"job": "$job", "state": "$state", "channel": "$channel"}
    group = {"_id": key, "n": {"$sum": 1}, "last": {"$max": "$changed_at"}}
    rows = await db.collection(SHIPMENTS).aggregate([{"$match": where}, {"$group": group}])
    cells: dict[str, Counter[tuple[State, str]]] = {}
    last: dict[str, datetime] = {}
    for row in rows:
        job = row["_id"]["job"]
        cells.setdefault(job, Counter())[State(row["_id"]["state"]), row["_id"]["channel"] or ""] += row["n"]
        last[job] = max(last.get(job, row["last"]), row["last"])
    return {job: Tally(counted, last[job]) for job, counted in cells.items()}


async def _paces(db: Database, machine_now: datetime) -> dict[str, float]:
    """Return how many shipments of each job were taken a second, lately; by the machine's time, as they are sent."""
    lately = {"state": {"$in": [state.value for state in State]}, "taken_at": {"$gte": machine_now - RECENT}}
    group = {"_id": "$job", "n": {"$sum": 1}, "first": {"$min": "$taken_at"}}
    rows = await db.collection(SHIPMENTS).aggregate([{"$match": lately}, {"$group": group}])
    return {row["_id"]: row["n"] / max((machine_now - row["first"]).total_seconds(), 1.0) for row in rows}
