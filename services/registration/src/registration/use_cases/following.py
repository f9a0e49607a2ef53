"""People follow an assembly by e-mail: they ask, confirm, and stop. Nothing here touches the roll or the pool."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.errors import Conflict, NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from contracts.base import Language
from contracts.registration import FollowerJoined, FollowerLeft, FollowRequested
from registration.domain.following import (
    KEPT_AFTER_CLOSING,
    LIFE,
    Confirmations,
    address_digest,
    follower_token,
    token_digest,
)
from registration.repository import FOLLOWERS, Collections
from registration.use_cases.announcing import get_assembly

BATCH = 500


class FollowUpOver(Conflict):
    """The follow-up is closed: there is nothing more to be told of."""


async def ask(
    tx: Transaction,
    key: bytes,
    vault: Vault,
    assembly: str,
    email: str,
    language: Language,
    themes: Sequence[str] = (),
) -> None:
    """Have a confirmation sent to an address, unless enough were. Nothing is answered that tells who follows.

    `themes` are those they want to read of first. Who follows already gets one too, and keeps what they chose: it leads
    to what is held about them, where they can choose anew. NotFound, or FollowUpOver.
    """
    if is_over(await get_assembly(tx, assembly)):
        raise FollowUpOver("the follow-up is closed")
    digest = address_digest(key, assembly, email)
    found = await tx.collection(FOLLOWERS).one({"address_digest": digest})
    confirmations = Confirmations(tuple(found["sent"]), found["number"]) if found else Confirmations()
    if not confirmations.may_send(tx.now):
        return
    confirmations = confirmations.after_one(tx.now)
    follower = found or _new(key, vault, assembly, email, digest, tx.now)
    changed = follower | {"sent": list(confirmations.sent), "number": confirmations.number}
    if changed["joined_at"] is None:
        changed |= {"language": language, "themes": list(themes), "expires_at": tx.now + LIFE}
    await tx.collection(FOLLOWERS).save(changed)
    fact = FollowRequested(
        assembly=assembly, follower=changed["_id"], number=changed["number"], expires_at=tx.now + LIFE
    )
    tx.say(fact, once=f"{changed['_id']}:{changed['number']}")


def _new(key: bytes, vault: Vault, assembly: str, email: str, digest: str, now: datetime) -> Document:
    follower = secrets.token_hex(16)
    return {
        "_id": follower,
        "assembly": assembly,
        "email": vault.lock(assembly, {"email": email}),
        "address_digest": digest,
        "token_digest": token_digest(key, follower_token(key, follower)),
        "asked_at": now,
        "joined_at": None,
    }


async def by_token(source: Collections, key: bytes, token: str, now: datetime) -> Document:
    """Return the follower a link belongs to; NotFound when nobody's, or when it was not confirmed in time."""
    found = await source.collection(FOLLOWERS).one({"token_digest": token_digest(key, token), **_alive(now)})
    if found is None:
        raise NotFound("nobody follows by this link")
    return found


async def some(source: Collections, assembly: str, ids: list[str], now: datetime) -> dict[str, Document]:
    """Return those of these ids who follow, or may still confirm, by id."""
    where = {"_id": {"$in": ids}, "assembly": assembly, **_alive(now)}
    return {document["_id"]: document for document in await source.collection(FOLLOWERS).find(where)}


async def confirm(tx: Transaction, key: bytes, token: str) -> None:
    """Take the confirmation; asked again it changes nothing. NotFound."""
    follower = await by_token(tx, key, token, tx.now)
    if follower["joined_at"] is None:
        await tx.collection(FOLLOWERS).save(follower | {"joined_at": tx.now, "expires_at": None})
        themes = tuple(follower.get("themes", ()))
        fact = FollowerJoined(assembly=follower["assembly"], follower=follower["_id"], themes=themes)
        tx.say(fact, once=follower["_id"])


async def stop(tx: Transaction, key: bytes, token: str) -> None:
    """Erase the follower of a link at once; asked again, or of a link that nobody has, it does nothing."""
    await _erase(tx, {"token_digest": token_digest(key, token)})


async def erase_unconfirmed(tx: Transaction) -> int:
    """Erase up to BATCH of those who have not confirmed in time, and return how many."""
    return await _erase(tx, {"expires_at": {"$lte": tx.now}})


async def erase_followers(tx: Transaction, assembly: str) -> int:
    """Erase up to BATCH of an assembly's followers when all is over, and return how many."""
    if not all_told(await get_assembly(tx, assembly), tx.now):
        return 0
    return await _erase(tx, {"assembly": assembly})


def is_over(document: Mapping[str, Any]) -> bool:
    """Say whether the follow-up of a stored assembly is closed."""
    return document.get("followed_up_at") is not None


def all_told(document: Mapping[str, Any], now: datetime) -> bool:
    """Say whether a stored assembly's followers are to be erased: the last mail has had its time."""
    return is_over(document) and now >= document["followed_up_at"] + KEPT_AFTER_CLOSING


async def _erase(tx: Transaction, where: Document) -> int:
    found = await tx.collection(FOLLOWERS).find(where, sort=[("_id", 1)], limit=BATCH, fields=["assembly"])
    await tx.collection(FOLLOWERS).delete({"_id": {"$in": [one["_id"] for one in found]}})
    for one in found:
        tx.say(FollowerLeft(assembly=one["assembly"], follower=one["_id"]), once=one["_id"])
    return len(found)


def _alive(now: datetime) -> Document:
    return {"$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
