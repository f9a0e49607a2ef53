"""Documents <-> domain.

`assemblies`: what an announced assembly asks for. `people`: a row a person of the pool, blanked when they leave (the
opaque id stays, so that nobody can be counted twice). `draws`: one an assembly, with its public record and the board.
`portfolios`: the thousand panels behind a draw, apart because they are large and never public.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from chassis.mongo import Collection, Document
from lottery.domain.board import Board, Status
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel
from lottery.domain.quotas import Quota, Quotas

ASSEMBLIES, PEOPLE, DRAWS, PORTFOLIOS = "assemblies", "people", "draws", "portfolios"
POOL = "pool"


class Store(Protocol):
    """Where documents are: a transaction, or the database for reading."""

    def collection(self, name: str) -> Collection:
        """Return the collection."""


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
    pool: PoolFacts | None = None
    version: int | None = None

    @property
    def quotas(self) -> Quotas:
        rows = [
            Quota(criterion["id"], value["id"], value["minimum"], value["maximum"])
            for criterion in self.criteria
            for value in criterion["values"]
        ]
        return Quotas(self.panel_size, tuple(sorted(rows)))


@dataclass
class Draw:
    """A sealed draw, and the board once it is drawn. Compositions are seats by criterion and value."""

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
    board: Board = field(default_factory=lambda: Board({}, {}))
    composition: dict[str, dict[str, int]] = field(default_factory=dict)
    version: int | None = None

    @property
    def drawn(self) -> bool:
        return self.digits is not None

    @property
    def pool_size(self) -> int:
        return int(self.record["pool"]["size"])


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
    return Assembly(found["_id"], *asked, pool, found["version"])


async def save_assembly(store: Store, one: Assembly) -> None:
    """Store the assembly; Conflict when someone was first."""
    document = asdict(one)
    await store.collection(ASSEMBLIES).save(_versioned({"_id": document.pop("id"), **document}))


def person_key(assembly_id: str, person: str) -> str:
    return f"{assembly_id}:{person}"


def person_row(assembly_id: str, one: Registrant) -> Document:
    """Return the row of someone in the pool."""
    return {
        "_id": person_key(assembly_id, one.person),
        "assembly": assembly_id,
        "person": one.person,
        "household": one.household,
        "features": dict(one.features),
        "status": POOL,
        "left_at": None,
        "signed_up": True,
    }


async def pool(store: Store, assembly_id: str, people: Sequence[str] | None = None) -> dict[str, Registrant]:
    """Return who is in the pool and has not left, by id in order; of `people` alone when they are given."""
    where: dict[str, Any] = {"assembly": assembly_id, "status": POOL}
    if people is not None:
        where["_id"] = {"$in": [person_key(assembly_id, person) for person in people]}
    rows = await store.collection(PEOPLE).find(where, sort=[("_id", 1)])
    return {row["person"]: Registrant(row["person"], row["household"], row["features"]) for row in rows}


async def fill_pool(store: Store, assembly_id: str, registrants: Sequence[Registrant], closed_at: datetime) -> None:
    """Store a closed pool, without those who are known to have left it since, or were erased at any time.

    Two facts of one stream may be heard in any order: someone may leave a pool that is not heard of yet. Who withdrew
    before the pool closed and is in it has signed up again.
    """
    people = store.collection(PEOPLE)
    gone = await people.find({"assembly": assembly_id}, fields=["person", "status", "left_at"])
    stays_away = {row["person"] for row in gone if row["status"] == "erased" or row["left_at"] >= closed_at}
    back = {row["person"] for row in gone} - stays_away
    rows = [person_row(assembly_id, one) for one in registrants if one.person not in stays_away]
    await people.upsert_new([row for row in rows if row["person"] not in back])
    await people.bulk(({"_id": row["_id"]}, {"$set": row}) for row in rows if row["person"] in back)
    left = [one.person for one in registrants if one.person in stays_away]
    await people.bulk(({"_id": person_key(assembly_id, one)}, {"$set": {"signed_up": True}}) for one in left)


async def count_left(store: Store, assembly_id: str) -> int:
    """Count who is in the snapshot of the closed pool and has left since."""
    return await store.collection(PEOPLE).count({"assembly": assembly_id, "status": {"$ne": POOL}, "signed_up": True})


async def blank(
    store: Store, assembly_id: str, left: Mapping[str, datetime], how: Literal["withdrawn", "erased"]
) -> None:
    """Keep of those who left nothing but the id, and that and when they left; also of people never heard of."""
    people = store.collection(PEOPLE)
    gone = {
        person_key(assembly_id, person): {"status": how, "left_at": at, "household": "", "features": None}
        for person, at in left.items()
    }
    rows = zip(left, gone.items(), strict=True)
    await people.upsert_new(
        [
            {"_id": key, "assembly": assembly_id, "person": person, "signed_up": False, **blanked}
            for person, (key, blanked) in rows
        ]
    )
    # Nothing comes after erasure.
    await people.bulk(({"_id": key, "status": {"$ne": "erased"}}, {"$set": blanked}) for key, blanked in gone.items())


async def draw(store: Store, assembly_id: str) -> Draw | None:
    """Return the assembly's draw."""
    found = await store.collection(DRAWS).get(assembly_id)
    if found is None:
        return None
    data = {key: value for key, value in found.items() if key not in {"_id", "board", "draw"}}
    board = found["board"]
    members = {row["person"]: Status(row["status"]) for row in board["members"]}
    alternates = {row["person"]: Status(row["status"]) for row in board["alternates"]}
    return Draw(id=found["draw"], assembly=found["_id"], board=Board(members, alternates, board["open_seats"]), **data)


async def save_draw(store: Store, one: Draw) -> None:
    """Store the draw; Duplicate when the assembly has one already, Conflict when someone was first."""
    document = {key: value for key, value in vars(one).items() if key not in {"assembly", "id", "board"}} | {
        "_id": one.assembly,
        "draw": one.id,
        "board": {
            "members": _rows(one.board.members),
            "alternates": _rows(one.board.alternates),
            "open_seats": one.board.open_seats,
        },
    }
    await store.collection(DRAWS).save(_versioned(document))


def _rows(statuses: dict[str, Status]) -> list[dict[str, str]]:
    return [{"person": person, "status": status.value} for person, status in statuses.items()]


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


def _versioned(document: Document) -> Document:
    # `save` inserts what has no version yet.
    return document if document["version"] is not None else {k: v for k, v in document.items() if k != "version"}
