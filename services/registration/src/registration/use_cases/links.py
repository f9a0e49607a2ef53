"""Personal links: one that works a person, revoked when it is in wrong hands, and issued anew in a new letter.

A link ends with the sign-up's deadline for who has not signed up (410); who takes part keeps it.
"""

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import InvitationIssued
from registration.domain.people import link_token, token_hash
from registration.domain.registration import TAKING_PART, Status
from registration.repository import PEOPLE, Collections
from registration.use_cases import waves
from registration.use_cases.announcing import get_assembly

_INVITED = TAKING_PART | {Status.INVITEE, Status.DECLINED, Status.WITHDRAWN}


async def revoke(tx: Transaction, person: Document) -> Document:
    """Let a person's link lead nowhere, and return their document as saved. Without a link they get no post either.

    Conflict for someone who has none to revoke.
    """
    if person["token_hash"] is None:
        raise Conflict("the person has no link")
    old = [*person.get("old_links", ()), person["token_hash"]]
    changed = person | {"token_hash": None, "old_links": old}
    await tx.collection(PEOPLE).save(changed)
    return changed


async def reissue(tx: Transaction, key: bytes, person: Document) -> Document:
    """Give a person a new link in a new letter, and return their document as saved; the link before it is dead.

    Conflict for someone never invited, or who could not use it: the sign-up has closed and they have no part in it.
    """
    status = Status(person["status"])
    if person["invited_at"] is None or status not in _INVITED:
        raise Conflict("only who is invited can have a new link")
    if status not in TAKING_PART and waves.is_closed(await get_assembly(tx, person["assembly"]), tx):
        raise Conflict(waves.CLOSED)
    if person["token_hash"] is not None:
        person = await revoke(tx, person)
    generation = person["generation"] + 1
    token = link_token(key, person["_id"], generation)
    changed = person | {"generation": generation, "token_hash": token_hash(token)}
    await tx.collection(PEOPLE).save(changed)
    fact = InvitationIssued(assembly=person["assembly"], person=person["_id"], generation=generation)
    tx.say(fact, once=f"{person['_id']}:{generation}")
    return changed


async def is_replaced(source: Collections, token: str) -> bool:
    """Say whether a link that leads nowhere did before a newer letter was sent."""
    where = {"old_links": token_hash(token), "token_hash": {"$ne": None}}
    return await source.collection(PEOPLE).one(where) is not None
