"""Invitations: asked for once, issued in batches in the background, one a person for all time."""

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import InvitationIssued
from registration.domain.people import link_token, token_hash
from registration.domain.registration import Status
from registration.repository import ASSEMBLIES, PEOPLE, assembly_from
from registration.use_cases.announcing import get_assembly

BATCH = 500


def not_invited(assembly: str) -> Document:
    """Return the filter for those still to be invited."""
    return {"assembly": assembly, "status": Status.INVITEE.value, "invited_at": None}


async def ask_for_invitations(tx: Transaction, assembly: str) -> dict[str, int]:
    """Ask that everyone eligible and not yet invited be invited; returns how many that is.

    Conflict when there is no roll, or nobody could sign up any more.
    """
    document = await get_assembly(tx, assembly)
    if document["pool"] is not None or tx.now >= assembly_from(document).closes_at:
        raise Conflict("the sign-up has closed; nobody is invited any more")
    if not await tx.collection(PEOPLE).one({"assembly": assembly}):
        raise Conflict("there is no roll to invite from; import it first")
    waiting = await tx.collection(PEOPLE).count(not_invited(assembly))
    if waiting and not is_issuing(document):
        wave = {"state": "issuing", "asked_at": tx.now}
        await tx.collection(ASSEMBLIES).update({"_id": assembly}, {"$set": {"invitations": wave}})
    return {"to_invite": waiting}


def is_issuing(document: Document) -> bool:
    """Say whether invitations are being issued."""
    return (document["invitations"] or {}).get("state") == "issuing"


async def issue_batch(tx: Transaction, key: bytes, size: int = BATCH) -> bool:
    """Invite up to `size` people and say so; False when there is nothing to issue.

    State and outbox commit together and each fact is said once a person: killed at any moment and started again,
    nobody is invited twice and nobody is left out.
    """
    document = await tx.collection(ASSEMBLIES).one({"invitations.state": "issuing"}, sort=[("_id", 1)])
    if document is None:
        return False
    assembly: str = document["_id"]
    where = not_invited(assembly)
    people = await tx.collection(PEOPLE).find(where, sort=[("_id", 1)], limit=size, fields=["generation"])
    if not people or document["pool"] is not None:
        changes = {"invitations.state": "issued" if not people else "stopped", "invitations.ended_at": tx.now}
        await tx.collection(ASSEMBLIES).update({"_id": assembly}, {"$set": changes})
        return True
    await tx.collection(PEOPLE).bulk((where | {"_id": p["_id"]}, _invite(tx, key, p)) for p in people)
    for person in people:
        tx.say(InvitationIssued(assembly=assembly, person=person["_id"]), once=person["_id"])
    return True


def _invite(tx: Transaction, key: bytes, person: Document) -> Document:
    token = link_token(key, person["_id"], person["generation"])
    return {"$set": {"invited_at": tx.now, "token_hash": token_hash(token)}, "$inc": {"version": 1}}
