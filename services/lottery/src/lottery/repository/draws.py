"""The draws of an assembly, real ones and tests, and what is sealed with them.

`draws` holds what pages read often. The sealed record and the panels behind it are apart, because they are large.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chassis.mongo import Document
from lottery.domain.ceremony import Entry, Plan, State
from lottery.domain.figures import Figures, Group
from lottery.domain.portfolio import Panel
from lottery.domain.prepare import PreparedDraw
from lottery.repository.store import DRAWS, PORTFOLIOS, RECORDS, Store, versioned
from lottery.verifying.seals import canonical


@dataclass
class Job:
    """How far the preparing is. `holder` has it until `lease_until`; `share` is from 0 to 1."""

    stage: str = ""
    share: float = 0.0
    holder: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True)
class Act:
    """Who did what in the course of a draw. `subject` is opaque: the municipality's provider knows whose it is."""

    at: datetime
    what: str
    role: str
    subject: str


@dataclass(frozen=True)
class Sealed:
    """What is known of a draw once it is prepared."""

    digest: str
    pool_digest: str
    pool_size: int
    left_since: int
    asked: str
    """Digest of the quotas it was prepared with: those of the assembly may change until it is announced."""
    exact: bool
    figures: Figures


@dataclass
class Draw:
    """One draw. Compositions are seats by criterion and value, as drawn."""

    assembly: str
    id: str
    test: bool
    number: int
    state: State
    plan: Plan
    begun_at: datetime
    job: Job = field(default_factory=Job)
    problems: list[dict[str, str]] = field(default_factory=list)
    sealed: Sealed | None = None
    announced_at: datetime | None = None
    entries: tuple[Entry, ...] = ()
    differed: int = 0
    """How often the two who typed the digits have typed different ones."""
    digits: str | None = None
    drawn_at: datetime | None = None
    panel_digest: str | None = None
    public: dict[str, Any] | None = None
    """What the public record says of the draw once it is drawn: lines, never ids."""
    composition: dict[str, dict[str, int]] = field(default_factory=dict)
    voided_at: datetime | None = None
    voided_why: str = ""
    log: list[Act] = field(default_factory=list)
    version: int | None = None

    @property
    def drawn(self) -> bool:
        return self.state is State.DRAWN

    @property
    def seal(self) -> Sealed:
        """What is sealed. LookupError before it is prepared."""
        if self.sealed is None:
            raise LookupError(f"{self.id} is not prepared")
        return self.sealed


def key(assembly_id: str, draw_id: str) -> str:
    return f"{assembly_id}:{draw_id}"


async def draw(store: Store, assembly_id: str, draw_id: str) -> Draw | None:
    """Return one draw of the assembly."""
    found = await store.collection(DRAWS).get(key(assembly_id, draw_id))
    return None if found is None else _draw(found)


async def draws(store: Store, assembly_id: str, *, test: bool | None = None) -> list[Draw]:
    """Return the assembly's draws, the latest first; the real ones or the tests alone when asked."""
    where: dict[str, Any] = {"assembly": assembly_id} | ({} if test is None else {"test": test})
    return [_draw(found) for found in await store.collection(DRAWS).find(where, sort=[("begun_at", -1), ("_id", -1)])]


async def latest(store: Store, assembly_id: str, *, test: bool = False) -> Draw | None:
    """Return the draw with the highest number."""
    where = {"assembly": assembly_id, "test": test}
    found = await store.collection(DRAWS).one(where, sort=[("number", -1)])
    return None if found is None else _draw(found)


async def standing(store: Store, assembly_id: str) -> Draw | None:
    """Return the real draw that is announced or drawn: the one the public follows."""
    found = await latest(store, assembly_id)
    return found if found is not None and found.state in {State.ANNOUNCED, State.DRAWN} else None


async def latest_public(store: Store, assembly_id: str) -> Draw | None:
    """Return the last real draw that was announced, also when it is void by now."""
    where = {"assembly": assembly_id, "test": False, "announced_at": {"$ne": None}}
    found = await store.collection(DRAWS).one(where, sort=[("number", -1)])
    return None if found is None else _draw(found)


async def save_draw(store: Store, one: Draw) -> None:
    """Store the draw; Conflict when someone was first."""
    await store.collection(DRAWS).save(versioned(asdict(one) | {"_id": key(one.assembly, one.id)}))


def _draw(found: Document) -> Draw:
    data = {name: value for name, value in found.items() if name != "_id"}
    data["state"] = State(data["state"])
    data["plan"] = Plan(**data["plan"])
    data["job"] = Job(**data["job"])
    data["entries"] = tuple(Entry(**one) for one in data["entries"])
    data["log"] = [Act(**one) for one in data["log"]]
    if data["sealed"] is not None:
        numbers = data["sealed"]["figures"]
        groups = tuple(Group(**one) for one in numbers["groups"])
        data["sealed"] = Sealed(**data["sealed"] | {"figures": Figures(**numbers | {"groups": groups})})
    return Draw(**data)


async def save_sealed(store: Store, one: Draw, computed: PreparedDraw, lines: Mapping[str, str]) -> None:
    """Store the sealed record, its certificate, and the panels: the people once, with their lines, then by place."""
    document = {"assembly": one.assembly, "draw": one.id}
    where = {"_id": key(one.assembly, one.id)}
    texts = {
        "sealed": canonical(computed.record).decode(),
        "certificate": canonical(computed.certificate).decode(),
    }
    await store.collection(RECORDS).update(where, {"$set": document | texts}, upsert=True)
    people = sorted({person for panel in computed.panels for person in panel})
    places = {person: place for place, person in enumerate(people)}
    portfolio = {
        "people": people,
        "lines": [lines[person] for person in people],
        "panels": [[places[person] for person in panel] for panel in computed.panels],
    }
    await store.collection(PORTFOLIOS).update(where, {"$set": document | portfolio}, upsert=True)


async def record(store: Store, one: Draw) -> dict[str, Any]:
    """Return the sealed record."""
    found: dict[str, Any] = json.loads((await _stored(store, one))["sealed"])
    return found


async def certificate(store: Store, one: Draw) -> dict[str, Any] | None:
    """Return the certificate that is sealed with the record; None where the algorithm has none."""
    found: dict[str, Any] | None = json.loads((await _stored(store, one))["certificate"])
    return found


async def _stored(store: Store, one: Draw) -> Document:
    found = await store.collection(RECORDS).get(key(one.assembly, one.id))
    if found is None:
        raise LookupError(f"{one.id} of {one.assembly} is prepared and has no record")
    return found


async def panel(store: Store, one: Draw, number: int) -> Panel:
    """Return the people of the panel with this number."""
    found = await _portfolio(store, one)
    return tuple(found["people"][place] for place in found["panels"][number])


async def lines(store: Store, one: Draw) -> dict[str, str]:
    """Return the lines under which the people of the portfolio stand in the public record."""
    found = await _portfolio(store, one)
    return dict(zip(found["people"], found["lines"], strict=True))


async def _portfolio(store: Store, one: Draw) -> Document:
    found = await store.collection(PORTFOLIOS).get(key(one.assembly, one.id))
    if found is None:
        raise LookupError(f"{one.id} of {one.assembly} has no portfolio")
    return found


async def forget_portfolio(store: Store, one: Draw) -> None:
    """Delete who stands behind the lines of a draw that will not be drawn any more, or was a test."""
    await store.collection(PORTFOLIOS).delete({"_id": key(one.assembly, one.id)})


async def panels_with(store: Store, assembly_id: str, person: str) -> dict[str, int]:
    """Count the panels that someone sits on, by draw; draws that are over as tests or voided are not among them."""
    counts = {}
    for found in await store.collection(PORTFOLIOS).find({"assembly": assembly_id}, sort=[("_id", 1)]):
        if person in found["people"]:
            place = found["people"].index(person)
            counts[found["draw"]] = sum(place in panel for panel in found["panels"])
    return counts
