"""The pool: closed once."""

from datetime import datetime
from typing import Any

from chassis.errors import BadInput, Conflict, Problem
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import PoolClosed
from registration.domain import pool as rules
from registration.domain.draw_code import draw_code, salt
from registration.domain.figures import INVITED, POPULATION, SIGNED_UP
from registration.domain.registration import Status
from registration.repository import ASSEMBLIES, PEOPLE, as_stored, assembly_from, values_of
from registration.use_cases import gates
from registration.use_cases.announcing import get_assembly
from registration.use_cases.counting import write_stages


async def close(
    tx: Transaction, key: bytes, assembly: str, *, early: bool, review: Document | None = None
) -> dict[str, Any]:
    """Freeze the pool for the lottery and say so; asked again, answer the same. `review` is kept with it.

    Conflict before the closing time unless `early` is asked for; BadInput when a registrant lacks a value that the
    lottery needs (the assembly's criteria were changed after people signed up).
    """
    document = await get_assembly(tx, assembly)
    if document["pool"] is not None:
        return _report(document["pool"])
    data = assembly_from(document)
    if tx.now < data.closes_at and not early:
        raise Conflict('the sign-up is open until its closing time; close it before with {"early": true}')
    await gates.shut(tx, assembly)
    people = await tx.collection(PEOPLE).find({"assembly": assembly, "status": Status.POOL.value, "test": False})
    try:
        frozen = rules.snapshot(
            (registrant(p) for p in people),
            {c.id: c.value_ids for c in data.criteria},
            lambda person: salt(draw_code(key, person)),
        )
    except rules.IncompletePoolError as error:
        raise BadInput([_incomplete(error.criterion, person) for person in error.people[:100]]) from None
    invited = await tx.collection(PEOPLE).count({"assembly": assembly, "invited_at": {"$ne": None}, "test": False})
    pool = {"closed_at": as_stored(tx.now), "early": early, "invited": invited}
    pool |= {"signed_up": frozen.size, "digest": frozen.digest, "review": review}
    fact = PoolClosed(assembly=assembly, invited=invited, signed_up=frozen.size, digest=frozen.digest)
    pool["event"] = tx.say(fact, once="close", attachment=frozen.body)
    await tx.collection(ASSEMBLIES).update({"_id": assembly, "pool": None}, {"$set": {"pool": pool}})
    await write_stages(tx, assembly, (POPULATION, INVITED, SIGNED_UP))
    return _report(pool)


def registrant(person: Document) -> rules.Registrant:
    """Return someone of the pool as the lottery sees them."""
    return rules.Registrant(person["_id"], person["household"], values_of(person))


def _incomplete(criterion: str, person: str) -> Problem:
    message = "the registrant has no value that the assembly knows; ask them to edit their sign-up"
    return Problem(f"person {person}", criterion, "known value", message)


def _report(pool: Document) -> dict[str, Any]:
    closed_at: datetime = pool["closed_at"]
    return {"closed_at": closed_at, **{name: pool[name] for name in ("signed_up", "invited", "digest")}}
