"""Seeing what was sent to one person: opened with a reason, by whoever then alone can see it (`chassis.cases`)."""

from datetime import datetime

from chassis import audit
from chassis.cases import find_case, open_case
from chassis.errors import Conflict, NotFound
from chassis.identity import Caller
from chassis.language import N_
from chassis.mongo import Database, Document
from chassis.transaction import Transaction
from notifications.repository.shipments import SHIPMENTS

WHAT = N_("What was sent to one person, and their name")
WHAT_WHICH = N_("Postcode and street of people who share a number, to tell them apart")
WHAT_PROOF = N_("A file that proves what was sent to one person")
"""What the record says was seen."""


async def tell_apart(tx: Transaction, who: Caller, assembly: str, people: int, *, why: str) -> None:
    """Record that `who` is shown where people live who share a number. BadInput for a reason that is none."""
    await audit.saw(tx, who, WHAT_WHICH, assembly=assembly, how_many=people, why=why)


async def open_person(
    tx: Transaction, who: Caller, assembly: str, person: str, *, why: str, machine_now: datetime
) -> str:
    """Open what was sent to a person and return the case's id. BadInput for a reason that is none."""
    return await open_case(tx, who, WHAT, person=person, assembly=assembly, why=why, machine_now=machine_now)


async def open_shipment(tx: Transaction, who: Caller, shipment: str, *, why: str, machine_now: datetime) -> str:
    """Open the person that a shipment was to, as `open_person` does.

    NotFound for an unknown shipment, Conflict for one that leads to nobody: to staff, or to somebody erased.
    """
    found = await tx.collection(SHIPMENTS).get(shipment)
    if found is None:
        raise NotFound("there is no such shipment")
    if not found["person"]:
        raise Conflict("this shipment leads to nobody")
    return await open_person(tx, who, found["assembly"], found["person"], why=why, machine_now=machine_now)


async def post_of(
    source: Database | Transaction, who: Caller, case: str, machine_now: datetime
) -> tuple[Document, list[Document]]:
    """Return a case with all that was made for its person, the newest first. CaseClosed when `who` has it not."""
    found = await find_case(source, who, case, machine_now)
    theirs = {"assembly": found["assembly"], "person": found["person"]}
    return found, await source.collection(SHIPMENTS).find(theirs, sort=[("created_at", -1), ("_id", 1)])


async def hand_out(tx: Transaction, who: Caller, case: str, machine_now: datetime) -> tuple[Document, list[Document]]:
    """Return the same to be taken away as a file, and record that."""
    found, shipments = await post_of(tx, who, case, machine_now)
    await audit.saw(tx, who, WHAT_PROOF, assembly=found["assembly"], how_many=1, why=found["why"])
    return found, shipments
