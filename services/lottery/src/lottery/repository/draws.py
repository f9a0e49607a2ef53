"""The sealed draws and the panels behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lottery.domain.portfolio import Panel
from lottery.repository.store import DRAWS, PORTFOLIOS, Store, versioned


@dataclass
class Draw:
    """A sealed draw. Compositions are seats by criterion and value; the panel's is as it was drawn."""

    assembly: str
    id: str
    record: dict[str, Any]
    record_digest: str
    announced_at: datetime
    pool_composition: dict[str, dict[str, int]]
    digits: str | None = None
    drawn_at: datetime | None = None
    panel_digest: str | None = None
    replaced_before: int = 0
    """Seats of the picked panel whose people had left between the seal and the draw."""
    composition: dict[str, dict[str, int]] = field(default_factory=dict)
    public: dict[str, Any] | None = None
    """What the public record says of the draw once it is drawn: lines, never ids."""
    version: int | None = None

    @property
    def drawn(self) -> bool:
        return self.digits is not None

    @property
    def pool_size(self) -> int:
        return int(self.record["pool"]["size"])


async def draw(store: Store, assembly_id: str) -> Draw | None:
    """Return the assembly's draw."""
    found = await store.collection(DRAWS).get(assembly_id)
    if found is None:
        return None
    data = {key: value for key, value in found.items() if key not in {"_id", "draw"}}
    return Draw(id=found["draw"], assembly=found["_id"], **data)


async def save_draw(store: Store, one: Draw) -> None:
    """Store the draw; Duplicate when the assembly has one already, Conflict when someone was first."""
    document = {key: value for key, value in vars(one).items() if key not in {"assembly", "id"}}
    await store.collection(DRAWS).save(versioned(document | {"_id": one.assembly, "draw": one.id}))


async def save_portfolio(store: Store, assembly_id: str, panels: Sequence[Panel]) -> None:
    """Store the panels: the people once, each panel by their places."""
    people = sorted({person for panel in panels for person in panel})
    places = {person: place for place, person in enumerate(people)}
    rows = [[places[person] for person in panel] for panel in panels]
    await store.collection(PORTFOLIOS).insert({"_id": assembly_id, "people": people, "panels": rows})


async def panel(store: Store, assembly_id: str, number: int) -> Panel:
    """Return the panel with this number."""
    found = await store.collection(PORTFOLIOS).get(assembly_id)
    if found is None:
        raise LookupError(f"{assembly_id} has a draw without its portfolio")
    return tuple(found["people"][place] for place in found["panels"][number])


async def panels_with(store: Store, assembly_id: str, person: str) -> int:
    """Count the panels of the portfolio that someone sits on; 0 while there is no draw."""
    found = await store.collection(PORTFOLIOS).get(assembly_id)
    if found is None or person not in found["people"]:
        return 0
    place = found["people"].index(person)
    return sum(place in panel for panel in found["panels"])
