"""Seeing who has signed up, with a reason that is written down; their number is shown elsewhere (counting.py)."""

from dataclasses import dataclass
from datetime import datetime

from chassis import audit
from chassis.identity import Caller
from chassis.language import N_, danish_sort_key
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain.assembly import Assembly, Text
from registration.domain.registration import TAKING_PART, Status
from registration.repository import PEOPLE, address_from, assembly_from, values_of
from registration.use_cases.announcing import get_assembly

PAGE = 500
"""People on a page."""
FEWEST = 5
"""The smallest number shown of the silent, who have told us nothing; the overview of the pool is exact."""
REGISTRANTS = TAKING_PART | {Status.WITHDRAWN}
"""Who is listed. The erased are gone, and who was only invited has told us nothing."""
WHAT = N_("Names, addresses and answers of registrants")
"""What the record says was seen."""

_SHOWN = ("identity", "status", "features", "corrections", "answers", "signed_up_at", "by")


@dataclass(frozen=True, slots=True, repr=False)
class Registrant:
    """Someone on the list. No `address` when it is protected; a value is None when it is not held (any more)."""

    person: str
    name: str
    address: str | None
    values: tuple[Text | None, ...]
    status: Status
    signed_up_at: datetime
    by_phone: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of the list, by name; `total` is how many are on all its `pages`."""

    people: tuple[Registrant, ...]
    total: int
    page: int
    pages: int


async def open_list(
    tx: Transaction, vault: Vault, who: Caller, assembly_id: str, statuses: frozenset[Status], *, page: int, why: str
) -> Opened:
    """Return a page of the registrants of these statuses, and record that `who` saw it and why.

    A page past the last is the last. BadInput for a reason that is none, NotFound for an unknown assembly.
    """
    why = audit.reason(why)
    assembly = assembly_from(await get_assembly(tx, assembly_id))
    wanted = sorted(REGISTRANTS & statuses)
    where = {"assembly": assembly_id, "status": {"$in": wanted}, "test": False}
    rows = await tx.collection(PEOPLE).find(where, fields=_SHOWN)
    for row in rows:
        row["identity"] = vault.unlock(row["identity"])
    # Here and not in the database, whose order of the alphabet would need an index of its own.
    rows.sort(key=lambda row: (danish_sort_key(row["identity"]["name"]), row["_id"]))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    shown = tuple(_registrant(assembly, row) for row in rows[(page - 1) * PAGE : page * PAGE])
    await audit.saw(tx, who, WHAT, assembly=assembly_id, how_many=len(shown), why=why)
    return Opened(shown, len(rows), page, pages)


def _registrant(assembly: Assembly, row: Document) -> Registrant:
    values = ((criterion, values_of(row).get(criterion.id)) for criterion in assembly.criteria)
    return Registrant(
        person=row["_id"],
        name=row["identity"]["name"],
        address=None if row["identity"]["protected"] else address_from(row["identity"]).line,
        values=tuple(None if value is None else criterion.title_of(value) for criterion, value in values),
        status=Status(row["status"]),
        signed_up_at=row["signed_up_at"],
        by_phone=row["by"] == "phone",
    )
