"""The people of the pools: a row each, blanked when they leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from chassis.mongo import Document
from lottery.domain.pool import Registrant
from lottery.repository.store import PEOPLE, Store

POOL = "pool"


def person_key(assembly_id: str, person: str) -> str:
    return f"{assembly_id}:{person}"


def person_row(assembly_id: str, one: Registrant) -> Document:
    """Return the row of someone in the pool."""
    return {
        "_id": person_key(assembly_id, one.person),
        "assembly": assembly_id,
        "person": one.person,
        "household": one.household,
        "salt": one.salt,
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
    return {row["person"]: Registrant(row["person"], row["household"], row["features"], row["salt"]) for row in rows}


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
        person_key(assembly_id, person): {"status": how, "left_at": at, "household": "", "salt": "", "features": None}
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


async def count(store: Store, assembly_id: str) -> int:
    """Count who is in the pool and has not left."""
    return await store.collection(PEOPLE).count({"assembly": assembly_id, "status": POOL})


async def hold(store: Store, assembly_id: str, people: Sequence[str]) -> None:
    """Write on the rows of those who are drawn, so that nobody leaves unseen at the very moment of the draw.

    Who leaves writes there too: of the two transactions one is tried again, and then sees what the other did.
    """
    rows = [person_key(assembly_id, person) for person in people]
    await store.collection(PEOPLE).update_many({"_id": {"$in": rows}}, {"$set": {"drawn": True}})
