"""An assembly is announced to us, and opened for sign-up."""

from datetime import datetime
from typing import Any

from chassis.errors import Conflict, NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import SignUpOpened
from registration.repository import ASSEMBLIES, Collections, as_stored, assembly_from
from registration.use_cases import gates


async def announce(tx: Transaction, assembly: str, announced: dict[str, Any]) -> None:
    """Take in what an assembly is; announced again, what it has become."""
    new: Document = {"_id": assembly, "announced": announced, "opened_at": None, "invitations": None, "pool": None}
    if not await tx.collection(ASSEMBLIES).upsert_new([new]):
        await tx.collection(ASSEMBLIES).update({"_id": assembly}, {"$set": {"announced": announced}})
    await gates.build(tx, assembly)


async def open_sign_up(tx: Transaction, assembly: str) -> dict[str, datetime]:
    """Open the sign-up. Conflict when its closing time has passed or its pool is closed."""
    document = await get_assembly(tx, assembly)
    closes_at = assembly_from(document).closes_at
    if document["opened_at"] is None:
        if document["pool"] is not None or tx.now >= closes_at:
            raise Conflict("the sign-up has closed and cannot be opened")
        document["opened_at"] = as_stored(tx.now)
        await tx.collection(ASSEMBLIES).update({"_id": assembly}, {"$set": {"opened_at": document["opened_at"]}})
        tx.say(SignUpOpened(assembly=assembly, closes_at=closes_at), once="open")
    return {"opened_at": document["opened_at"], "closes_at": closes_at}


async def get_assembly(source: Collections, assembly: str) -> Document:
    """Return the stored assembly; NotFound when it is not announced (to us, yet)."""
    document = await source.collection(ASSEMBLIES).get(assembly)
    if document is None:
        raise NotFound(f"no assembly {assembly} is announced")
    return document
