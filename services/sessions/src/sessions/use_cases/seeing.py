"""What the other services said, remembered for the front page: one row a thing, so that no two facts ever collide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.transaction import Transaction
from sessions import repository


@dataclass(frozen=True)
class Sighting:
    """One thing seen. A later `revision` of the same thing replaces an earlier one, in whatever order they come."""

    assembly: str
    kind: str
    key: str
    data: dict[str, Any]
    at: datetime
    revision: int = 0


async def see(tx: Transaction, sighting: Sighting) -> None:
    """Remember it, unless something later is known already."""
    course = tx.collection(repository.COURSE)
    row_id = repository.key(sighting.assembly, sighting.kind, sighting.key)
    row = await course.get(row_id) or {"_id": row_id, "assembly": sighting.assembly, "revision": -1}
    if row["revision"] >= sighting.revision:
        return
    row |= {
        "kind": sighting.kind,
        "key": sighting.key,
        "data": sighting.data,
        "at": sighting.at,
        "revision": sighting.revision,
    }
    await course.save(row)
