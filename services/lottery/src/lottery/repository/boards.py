"""The boards: who has a seat since the draw, and who waits for one."""

from dataclasses import dataclass, field

from lottery.domain.board import Board, Status
from lottery.repository.store import BOARDS, Store, versioned


@dataclass
class Seating:
    """An assembly's board, which draw it came of, and the seats taken now by criterion and value."""

    assembly: str
    draw: str
    board: Board
    composition: dict[str, dict[str, int]] = field(default_factory=dict)
    version: int | None = None


async def seating(store: Store, assembly_id: str) -> Seating | None:
    """Return the assembly's board; None before its draw."""
    found = await store.collection(BOARDS).get(assembly_id)
    if found is None:
        return None
    members = {row["person"]: Status(row["status"]) for row in found["members"]}
    alternates = {row["person"]: Status(row["status"]) for row in found["alternates"]}
    board = Board(members, alternates, found["open_seats"])
    return Seating(found["_id"], found["draw"], board, found["composition"], found["version"])


async def save_seating(store: Store, one: Seating) -> None:
    """Store the board; Conflict when someone was first."""
    document = {
        "_id": one.assembly,
        "draw": one.draw,
        "members": _rows(one.board.members),
        "alternates": _rows(one.board.alternates),
        "open_seats": one.board.open_seats,
        "composition": one.composition,
        "version": one.version,
    }
    await store.collection(BOARDS).save(versioned(document))


def _rows(statuses: dict[str, Status]) -> list[dict[str, str]]:
    return [{"person": person, "status": status.value} for person, status in statuses.items()]
