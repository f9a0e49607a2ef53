"""The waves of an assembly as the secretariat's pages show them: read from the database, nothing changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from chassis.mongo import Database, Document
from registration.domain import waves as rules
from registration.domain.assembly import Assembly, Text
from registration.domain.registration import Status
from registration.domain.waves import UNDER_WAY, Act, State, Wave
from registration.repository import PEOPLE, WAVES, assembly_from, wave_from
from registration.use_cases import reminding, waves
from registration.use_cases.announcing import get_assembly
from registration.use_cases.seeing import FEWEST
from registration.use_cases.signing_up import is_open


@dataclass(frozen=True, slots=True)
class Shown:
    """A wave as it stands. `chosen` and `population` are None where nobody had to be chosen, or not yet."""

    id: str
    kind: str
    wave: Wave
    seed: str
    state: State
    choosing: bool
    closed: bool
    population: int | None
    chosen: int | None
    issued: int
    left: int
    not_reached: int
    started_at: datetime | None
    ended_at: datetime | None
    acts: tuple[Act, ...]
    log: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """All waves of an assembly, and what can be done besides.

    `problem` says why nobody can be invited now, `no_reminder` why nobody can be reminded: a word for the template, or
    empty. `more`: everyone who is not invited yet can be a wave of their own.
    """

    assembly: Assembly
    waves: tuple[Shown, ...]
    waiting: int
    silent: int
    next_reminder: int
    problem: str
    no_reminder: str
    more: bool

    def find(self, wave: str) -> Shown | None:
        """Return a wave by its id."""
        return next((one for one in self.waves if one.id == wave), None)


async def standing(db: Database, assembly_id: str, now: datetime) -> Standing:
    """Return how an assembly's waves stand; NotFound when it is not announced."""
    document = await get_assembly(db, assembly_id)
    assembly = assembly_from(document)
    documents = await db.collection(WAVES).find({"assembly": assembly_id}, sort=[("planned_at", 1), ("place", 1)])
    waiting = await db.collection(PEOPLE).count(waves.not_invited(assembly_id))
    number = await reminding.next_number(db, assembly_id)
    silent = await db.collection(PEOPLE).count(waves.silent(assembly_id, number))
    busy = [one for one in documents if one["state"] in UNDER_WAY]
    problem = await _problem(db, document, waiting, now)
    planned = [one["_id"] for one in documents if one["state"] == State.PLANNED]
    free = not problem and not busy
    later = waiting - sum([await waves.left(db, one) for one in busy if one["kind"] == waves.INVITATIONS])
    shown = [await _shown(db, one, later, next_up=free and planned[:1] == [one["_id"]]) for one in documents]
    no_reminder = "" if is_open(document, now) else "not-open"
    no_reminder = no_reminder or ("under-way" if busy else "" if silent else "nobody")
    more = free and not planned
    return Standing(assembly, tuple(shown), waiting, silent, number, problem, no_reminder, more)


async def _problem(db: Database, document: Document, waiting: int, now: datetime) -> str:
    if document["pool"] is not None or now >= assembly_from(document).closes_at:
        return "closed"
    if not await db.collection(PEOPLE).one({"assembly": document["_id"]}):
        return "no-roll"
    return "" if waiting else "nobody"


async def _shown(db: Database, one: Document, later: int, *, next_up: bool) -> Shown:
    """Return a wave as it stands; `later` are those a planned one is chosen from."""
    state, wave = State(one["state"]), wave_from(one)
    choosing = state in UNDER_WAY and one["chosen_at"] is None
    acts = tuple(act for act in rules.possible(state) if act is not Act.START or next_up)
    left = rules.size(wave.share, later) if state is State.PLANNED else await waves.left(db, one)
    return Shown(
        id=one["id"],
        kind=one["kind"],
        wave=wave,
        seed=one["seed"],
        state=state,
        choosing=choosing,
        closed=one.get("closed", False),
        population=one["population"],
        chosen=one["chosen"] if wave.share != 1 and one["chosen_at"] else None,
        issued=one["issued"],
        left=left,
        not_reached=one["not_reached"],
        started_at=one.get("started_at"),
        ended_at=one.get("ended_at"),
        acts=acts,
        log=tuple(one["log"]),
    )


@dataclass(frozen=True, slots=True)
class Eligibility:
    """How many people of the roll can be invited, and how many cannot by why; the erased are neither."""

    eligible: int
    ineligible: int
    reasons: tuple[tuple[str, int], ...]


async def eligibility(db: Database, assembly: str) -> Eligibility:
    """Count who is eligible, in one pass."""
    not_erased = {"assembly": assembly, "status": {"$ne": Status.ERASED.value}, "test": {"$ne": True}}
    group = {"_id": {"status": "$status", "why": "$why"}, "people": {"$sum": 1}}
    rows = await db.collection(PEOPLE).aggregate([{"$match": not_erased}, {"$group": group}])
    reasons: Counter[str] = Counter()
    eligible = 0
    for row in rows:
        if row["_id"]["status"] == Status.INELIGIBLE:
            reasons[row["_id"].get("why") or ""] += row["people"]
        else:
            eligible += row["people"]
    return Eligibility(eligible, reasons.total(), tuple(sorted(reasons.items())))


async def silent_by_criterion(db: Database, standing: Standing) -> list[tuple[Text, Text, int | None]]:
    """Count whom the next reminder would reach by what the roll knows of them; None for fewer than FEWEST."""
    where = waves.silent(standing.assembly.id, standing.next_reminder)
    found: list[tuple[Text, Text, int | None]] = []
    for criterion in standing.assembly.roll_criteria:
        group = {"_id": f"$features.{criterion.id}", "people": {"$sum": 1}}
        rows = await db.collection(PEOPLE).aggregate([{"$match": where}, {"$group": group}])
        counted = {row["_id"]: row["people"] for row in rows}
        counts = ((value.title, counted.get(value.id, 0)) for value in criterion.values)
        found += [(criterion.title, title, count if count >= FEWEST else None) for title, count in counts]
    return found
