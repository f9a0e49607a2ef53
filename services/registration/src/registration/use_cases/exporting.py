"""Files about the pool, each with a reason that is written down."""

from enum import StrEnum

from chassis import audit
from chassis.identity import Caller
from chassis.language import N_
from chassis.transaction import Transaction
from registration.domain import tables
from registration.domain.registration import TAKING_PART
from registration.repository import PEOPLE, assembly_from
from registration.use_cases.announcing import get_assembly
from registration.use_cases.counting import kinds_of, stages_of
from registration.use_cases.pool import registrant


class File(StrEnum):
    """What can be fetched."""

    CATEGORIES = "categories"
    RESPONDENTS = "respondents"
    FUNNEL = "funnel"


WHAT = {
    File.CATEGORIES: N_("A file with the quotas"),
    File.RESPONDENTS: N_("A file with the answers of everyone in the pool, without names"),
    File.FUNNEL: N_("A file with numbers by step and value"),
}
"""What the record says was seen."""


async def export(tx: Transaction, who: Caller, assembly_id: str, file: File, why: str) -> bytes:
    """Return a file and record that `who` fetched it and why. BadInput for a reason that is none, NotFound."""
    document = await get_assembly(tx, assembly_id)
    assembly, how_many = assembly_from(document), 0
    match file:
        case File.CATEGORIES:
            body = tables.categories(assembly)
        case File.RESPONDENTS:
            where = {"assembly": assembly_id, "status": {"$in": sorted(TAKING_PART)}, "test": {"$ne": True}}
            people = await tx.collection(PEOPLE).find(where)
            body, how_many = tables.respondents(assembly, map(registrant, people)), len(people)
        case File.FUNNEL:
            body = tables.funnel(assembly, stages_of(document, await kinds_of(tx, assembly)))
    await audit.saw(tx, who, WHAT[file], assembly=assembly_id, how_many=how_many, why=why)
    return body
