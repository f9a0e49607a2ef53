"""A person's case: opened with a reason, for two hours, by the one who opened it, under a random id.

So an address holds neither the person's number nor their id, and whoever opened a case is the only one who can see it:
the record (`chassis.audit`) then says of each pair of eyes why they looked.
"""

import secrets
from datetime import datetime, timedelta

from chassis import audit
from chassis.errors import NotFound
from chassis.identity import Caller
from chassis.mongo import Database, Document
from chassis.transaction import Transaction

COLLECTION = "cases"
LIFE = timedelta(hours=2)


class CaseClosed(NotFound):
    """The case's two hours are over, or it is someone else's, or there never was one."""


async def open_case(
    tx: Transaction, who: Caller, what: str, *, person: str, assembly: str, why: str, machine_now: datetime
) -> str:
    """Open a person's case, record that `who` is shown `what` and why, and return the case's id.

    BadInput for a reason that is none.
    """
    await audit.saw(tx, who, what, assembly=assembly, how_many=1, why=why)
    case = {
        "_id": secrets.token_hex(16),
        "person": person,
        "assembly": assembly,
        "opened_at": tx.now,
        "at": machine_now,
        "by": who.subject,
        "why": why,
    }
    await tx.collection(COLLECTION).insert(case)
    return str(case["_id"])


async def find_case(source: Database | Transaction, who: Caller, case: str, machine_now: datetime) -> Document:
    """Return a case; CaseClosed when `who` has no such case (any more)."""
    found = await source.collection(COLLECTION).get(case)
    if found is None or found["by"] != who.subject or machine_now >= found["at"] + LIFE:
        raise CaseClosed("there is no such case")
    return found
