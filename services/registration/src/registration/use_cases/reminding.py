"""Reminders: to those invited who have not answered, in batches, each reminder once a person."""

from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.transaction import Transaction
from contracts.registration import InvitationReminded
from registration.domain.waves import State, Wave
from registration.repository import PEOPLE, WAVES, Collections
from registration.use_cases import waves
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_up import is_open

NOT_OPEN, UNDER_WAY, NOBODY = "the sign-up is not open", "a wave is under way or paused", "nobody is left to remind"
"""Why nobody can be reminded."""


async def next_number(source: Collections, assembly: str) -> int:
    """Return the number of the next reminder, from 1."""
    return 1 + await source.collection(WAVES).count({"assembly": assembly, "kind": waves.REMINDER})


async def remind(tx: Transaction, assembly: str, number: int, who: Caller) -> dict[str, int]:
    """Start reminder `number`; returns how many it has still to reach. Started already, it goes on as it is.

    Conflict while a wave is under way, when the sign-up is not open, when nobody is silent, and out of turn.
    """
    wave_id = f"_{waves.REMINDER}-{number}"
    if known := await tx.collection(WAVES).get(waves.key_of(assembly, wave_id)):
        return {"to_remind": await waves.left(tx, known)}
    document = await get_assembly(tx, assembly)
    if not is_open(document, tx.now):
        raise Conflict(NOT_OPEN)
    if await waves.under_way(tx, document):
        raise Conflict(UNDER_WAY)
    if number != await next_number(tx, assembly):
        raise Conflict("this is not the next reminder")
    to_remind = await tx.collection(PEOPLE).count(waves.silent(assembly, number))
    if not to_remind:
        raise Conflict(NOBODY)
    title = {"da": f"Påmindelse {number}", "en": f"Reminder {number}"}
    planned = waves.new_wave(tx, assembly, Wave(wave_id, title), number, waves.REMINDER) | {"number": number}
    await waves.begin(tx, planned, who, to_remind)
    return {"to_remind": to_remind}


async def remind_batch(tx: Transaction, wave_id: str, size: int) -> None:
    """Remind the next `size` people and say so; end the reminder when nobody is left, or the sign-up has closed."""
    wave = await tx.collection(WAVES).one({"_id": wave_id, "state": State.ISSUING.value})
    if wave is None:
        return
    assembly, number = wave["assembly"], wave["number"]
    if waves.is_closed(await get_assembly(tx, assembly), tx):
        await waves.end(tx, wave, closed=True)
        return
    where = waves.to_reach(wave)
    after = {"_id": {"$gt": wave["after"]}}
    people = await tx.collection(PEOPLE).find(where | after, sort=[("_id", 1)], limit=size, fields=["_id"])
    if not people:
        await waves.end(tx, wave)
        return
    ids = [person["_id"] for person in people]
    mark = {"$set": {"reminders": number}, "$inc": {"version": 1}}
    await tx.collection(PEOPLE).update_many(where | {"_id": {"$in": ids}}, mark)
    for person in ids:
        fact = InvitationReminded(assembly=assembly, person=person, reminder=number)
        tx.say(fact, once=f"{person}:{number}")
    changes = {"$set": {"after": ids[-1]}, "$inc": {"issued": len(ids)}}
    await tx.collection(WAVES).update({"_id": wave_id}, changes)
