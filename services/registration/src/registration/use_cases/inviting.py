"""Invitations are issued in batches in the background, one a person and link for all time."""

from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import InvitationIssued
from registration.domain.people import link_token, token_hash
from registration.domain.waves import State
from registration.repository import PEOPLE, WAVES
from registration.use_cases import waves
from registration.use_cases.announcing import get_assembly


async def issue_batch(tx: Transaction, key: bytes, wave_id: str, size: int) -> None:
    """Invite the next `size` people of a wave and say so; end the wave when nobody is left.

    State and outbox commit together and each fact is said once a person: killed at any moment and started again,
    nobody is invited twice and nobody is left out. The wave's own count changes in each batch, so a second replica, a
    pause or a cancellation comes before a batch or after it.
    """
    wave = await tx.collection(WAVES).one({"_id": wave_id, "state": State.ISSUING.value})
    if wave is None:
        return
    if waves.is_closed(await get_assembly(tx, wave["assembly"]), tx):
        await waves.end(tx, wave, closed=True)
        return
    where = waves.to_reach(wave)
    if wave["share"] != 1:
        where |= {"_id": {"$gt": wave["after"]}}  # or each batch would look at all those not chosen once more
    people = await tx.collection(PEOPLE).find(where, sort=[("_id", 1)], limit=size, fields=["generation"])
    if not people:
        await waves.end(tx, wave)
        return
    not_yet = waves.not_invited(wave["assembly"])
    await tx.collection(PEOPLE).bulk((not_yet | {"_id": p["_id"]}, _invite(tx, key, wave, p)) for p in people)
    for person in people:
        generation = person["generation"]
        fact = InvitationIssued(assembly=wave["assembly"], person=person["_id"], generation=generation)
        # Who moved away and came back is invited once more, by another link.
        tx.say(fact, once=person["_id"] if generation == 1 else f"{person['_id']}:{generation}")
    changes = {"$set": {"after": people[-1]["_id"]}, "$inc": {"issued": len(people)}}
    await tx.collection(WAVES).update({"_id": wave_id}, changes)


def _invite(tx: Transaction, key: bytes, wave: Document, person: Document) -> Document:
    token = link_token(key, person["_id"], person["generation"])
    changes = {"invited_at": tx.now, "token_hash": token_hash(token), "wave": wave["id"]}
    return {"$set": changes, "$inc": {"version": 1}}
