"""Trial registrations: people who are not there, for the secretariat to try the form with. They never count.

A trial person is invited from the start and has a link, so that no wave ever takes them; `test` keeps them out of the
pool, the figures and the roll for good.
"""

import secrets

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain.people import link_token, reference, token_hash
from registration.domain.registration import Status
from registration.repository import DRAFTS, PEOPLE, Collections, assembly_from, nothing_told
from registration.use_cases.announcing import get_assembly
from registration.use_cases.cases import forget

MOST = 20
"""Trial registrations at a time."""
NAME = "Prøve"
"""What they are called, with a number: nobody's name."""


class TooMany(Conflict):
    """There are as many trial registrations as one needs."""


async def make(tx: Transaction, key: bytes, vault: Vault, assembly_id: str) -> None:
    """Make a trial person, with the first value of each criterion the roll knows. TooMany when there are MOST."""
    assembly = assembly_from(await get_assembly(tx, assembly_id))
    made = await tx.collection(PEOPLE).count({"assembly": assembly_id, "test": True})
    if made >= MOST:
        raise TooMany("there are enough trial registrations; delete them first")
    person = secrets.token_hex(16)
    document: Document = {
        "_id": person,
        "version": 1,
        "assembly": assembly_id,
        "status": Status.INVITEE.value,
        "fingerprint": None,
        "identity": vault.lock(assembly_id, _identity(made + 1)),
        "features": {c.id: c.values[0].id for c in assembly.roll_criteria if c.values},
        "household": secrets.token_hex(16),
        "reference": reference(key, person),
        **nothing_told(),
        "test": True,
        "invited_at": tx.now,
        "token_hash": token_hash(link_token(key, person, 1)),
    }
    await tx.collection(PEOPLE).insert(document)


def _identity(number: int) -> Document:
    blank = dict.fromkeys(("cpr", "floor", "door"), "")
    home = {"street": f"{NAME}vej", "house_number": str(number), "postcode": "0000", "city": NAME}
    return {"name": f"{NAME} {number}", "protected": False, **home, **blank}


async def all_of(source: Collections, assembly: str) -> list[Document]:
    """Return an assembly's trial people, the first made first; their time may be up as everyone's is."""
    where = {"assembly": assembly, "test": True, "identity": {"$ne": None}}
    return await source.collection(PEOPLE).find(where, sort=[("invited_at", 1), ("_id", 1)])


async def delete_all(tx: Transaction, assembly: str) -> int:
    """Delete an assembly's trial people for good and return how many they were. Nothing is said: nobody was there."""
    people = [person["_id"] for person in await all_of(tx, assembly)]
    await forget(tx, people)
    await tx.collection(DRAFTS).delete({"_id": {"$in": people}})
    return await tx.collection(PEOPLE).delete({"assembly": assembly, "test": True})
