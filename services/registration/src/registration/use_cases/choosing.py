"""Choosing a wave's people: first the cut, from everybody's number, then a mark on each person below it, in batches.

The cut is written down before anyone is marked, so marking goes on where it was when the process was killed, and two
replicas mark the same people.
"""

from array import array
from dataclasses import dataclass

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain import waves as rules
from registration.domain.waves import State
from registration.repository import PEOPLE, WAVES, Collections, wave_from
from registration.use_cases.waves import not_invited


@dataclass(frozen=True, slots=True)
class Cut:
    """The highest number that is in a wave; `size` of a `population` of people not invited yet are chosen."""

    cut: float
    population: int
    size: int


async def find_cut(source: Collections, wave: Document) -> Cut:
    """Read everyone who can be chosen once and find the cut: eight bytes a person."""
    planned, numbers = wave_from(wave), array("d")
    async for person in source.collection(PEOPLE).stream(not_invited(wave["assembly"]), fields=["features"]):
        weight = rules.weight(planned.favours, person["features"])
        numbers.append(rules.number(wave["seed"], person["_id"], weight))
    return Cut(rules.cut(numbers, planned.share), len(numbers), rules.size(planned.share, len(numbers)))


async def note_cut(tx: Transaction, wave: str, found: Cut) -> None:
    """Write the cut down, the first that is found."""
    where = {"_id": wave, "state": State.ISSUING.value, "cut": None}
    changes = {"cut": found.cut, "population": found.population, "size": found.size}
    await tx.collection(WAVES).update(where, {"$set": changes})


async def mark_batch(tx: Transaction, wave_id: str, size: int) -> None:
    """Look at the next `size` people and mark those who are in the wave."""
    wave = await tx.collection(WAVES).one({"_id": wave_id, "state": State.ISSUING.value, "chosen_at": None})
    if wave is None:
        return
    planned = wave_from(wave)
    where = not_invited(wave["assembly"])
    after = {"_id": {"$gt": wave["after"]}}
    people = await tx.collection(PEOPLE).find(where | after, sort=[("_id", 1)], limit=size, fields=["features"])
    chosen = [p["_id"] for p in people if _number(wave, planned, p) <= wave["cut"]]
    mark = {"$set": {"wave": wave["id"]}, "$inc": {"version": 1}}
    await tx.collection(PEOPLE).update_many(where | {"_id": {"$in": chosen}}, mark)
    changes = {"after": people[-1]["_id"]} if people else {"after": "", "chosen_at": tx.now}
    await tx.collection(WAVES).update({"_id": wave_id}, {"$set": changes, "$inc": {"chosen": len(chosen)}})


def _number(wave: Document, planned: rules.Wave, person: Document) -> float:
    return rules.number(wave["seed"], person["_id"], rules.weight(planned.favours, person["features"]))
