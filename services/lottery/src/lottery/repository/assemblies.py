"""The announced assemblies, and what is public of their closed pools."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from chassis.mongo import Document
from lottery.domain.quotas import Quota, Quotas
from lottery.repository.store import ASSEMBLIES, Store, versioned


@dataclass(frozen=True)
class PoolFacts:
    """What is public of the closed pool."""

    digest: str
    invited: int
    signed_up: int
    closed_at: datetime


@dataclass
class Assembly:
    """What the lottery knows of an assembly. `criteria` are as announced, with titles, quotas and population shares."""

    id: str
    title: dict[str, str]
    panel_size: int
    alternates: int
    criteria: list[dict[str, Any]]
    answer_days: int = 7
    """How long who is offered a seat has to answer, in whole days."""
    answer_reminder_days: int = 2
    pool: PoolFacts | None = None
    version: int | None = None

    @property
    def quotas(self) -> Quotas:
        rows = [
            Quota(
                criterion["id"],
                value["id"],
                value["minimum"],
                value["maximum"],
                # Announced before there were flexible bounds, a value has none.
                value.get("min_flex"),
                value.get("max_flex"),
            )
            for criterion in self.criteria
            for value in criterion["values"]
        ]
        return Quotas(self.panel_size, tuple(sorted(rows)))


async def assembly(store: Store, assembly_id: str) -> Assembly | None:
    """Return what is known of the assembly."""
    found = await store.collection(ASSEMBLIES).get(assembly_id)
    return None if found is None else _assembly(found)


async def assemblies(store: Store) -> list[Assembly]:
    """Return all assemblies, by id."""
    return [_assembly(found) for found in await store.collection(ASSEMBLIES).find({}, sort=[("_id", 1)])]


def _assembly(found: Document) -> Assembly:
    pool = PoolFacts(**found["pool"]) if found["pool"] else None
    asked = found["title"], found["panel_size"], found["alternates"], found["criteria"]
    days = {name: found[name] for name in ("answer_days", "answer_reminder_days") if name in found}
    return Assembly(found["_id"], *asked, **days, pool=pool, version=found["version"])


async def save_assembly(store: Store, one: Assembly) -> None:
    """Store the assembly; Conflict when someone was first."""
    document = asdict(one)
    await store.collection(ASSEMBLIES).save(versioned({"_id": document.pop("id"), **document}))
