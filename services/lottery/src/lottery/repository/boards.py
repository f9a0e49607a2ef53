"""The boards: who has a seat since the draw, and who waits for one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chassis.mongo import Document
from lottery.domain.board import Board, Change, Status
from lottery.repository.store import BOARDS, Store, versioned


@dataclass(frozen=True)
class Deed:
    """What the secretariat did by hand, for whom by their line. `subject` is opaque: the provider knows whose it is."""

    at: datetime
    what: str
    role: str
    subject: str
    line: str


@dataclass
class Seating:
    """An assembly's board, which draw it came of, and the seats taken now by criterion and value."""

    assembly: str
    draw: str
    board: Board
    composition: dict[str, dict[str, int]] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    version: int | None = None


async def seating(store: Store, assembly_id: str) -> Seating | None:
    """Return the assembly's board; None before its draw."""
    found = await store.collection(BOARDS).get(assembly_id)
    if found is None:
        return None
    rows = [*found["members"], *found["alternates"]]
    board = Board(
        members={row["person"]: Status(row["status"]) for row in found["members"]},
        alternates={row["person"]: Status(row["status"]) for row in found["alternates"]},
        open_seats=found["open_seats"],
        answer_by=_known(rows, "answer_by"),
        reminded=[row["person"] for row in rows if row.get("reminded")],
        successors=_known(rows, "successor"),
        lines=_known(rows, "line"),
        log=[Change(**one) for one in found.get("log", ())],
    )
    deeds = [Deed(**one) for one in found.get("deeds", ())]
    return Seating(found["_id"], found["draw"], board, found["composition"], deeds, found["version"])


async def drawn(store: Store) -> list[str]:
    """Return the assemblies whose panel is drawn."""
    return [row["_id"] for row in await store.collection(BOARDS).find({}, sort=[("_id", 1)], fields=["_id"])]


async def save_seating(store: Store, one: Seating) -> None:
    """Store the board; Conflict when someone was first."""
    document = {
        "_id": one.assembly,
        "draw": one.draw,
        "members": _rows(one.board, one.board.members),
        "alternates": _rows(one.board, one.board.alternates),
        "open_seats": one.board.open_seats,
        "log": [asdict(change) for change in one.board.log],
        "composition": one.composition,
        "deeds": [asdict(deed) for deed in one.deeds],
        "version": one.version,
    }
    await store.collection(BOARDS).save(versioned(document))


def _rows(board: Board, statuses: Mapping[str, Status]) -> list[Document]:
    return [
        {
            "person": person,
            "status": status.value,
            "answer_by": board.answer_by.get(person),
            "reminded": person in board.reminded,
            "successor": board.successors.get(person),
            "line": board.lines.get(person),
        }
        for person, status in statuses.items()
    ]


def _known(rows: list[Document], what: str) -> dict[str, Any]:
    return {row["person"]: row[what] for row in rows if row.get(what) is not None}
