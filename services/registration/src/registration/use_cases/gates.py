"""The gates between signing up and closing the pool.

A sign-up and the closing of the pool touch different documents, so MongoDB's snapshot isolation alone would let someone
sign up, and get a receipt, in the instant after the pool was read (write skew). So every sign-up passes a gate, a
document it changes, and closing shuts them all: one of the two must then run again and see the other. Sixteen gates
because one would make all sign-ups queue.
"""

from chassis.errors import Conflict
from chassis.transaction import Transaction
from registration.repository import GATES

_GATES = "0123456789abcdef"


class SignUpClosed(Conflict):
    """The sign-up is not open (any more)."""


async def build(tx: Transaction, assembly: str) -> None:
    """Build an assembly's gates, open, unless they stand."""
    documents = [{"_id": f"{assembly}:{gate}", "assembly": assembly, "shut": False, "passed": 0} for gate in _GATES]
    await tx.collection(GATES).upsert_new(documents)


async def go_through(tx: Transaction, assembly: str, person: str) -> None:
    """Pass the person's gate; SignUpClosed when it is shut."""
    gate = {"_id": f"{assembly}:{person[0]}", "shut": False}
    if not await tx.collection(GATES).update(gate, {"$inc": {"passed": 1}}):
        raise SignUpClosed("the pool is closed")


async def shut(tx: Transaction, assembly: str) -> None:
    """Shut all gates, before the pool is read."""
    await tx.collection(GATES).update_many({"assembly": assembly}, {"$set": {"shut": True}})
