"""What the council promised, and what was handed over: learnt in any order; whichever comes last makes commitments."""

from dataclasses import replace
from datetime import date

from chassis.errors import NotFound
from chassis.transaction import Transaction
from contracts.followup import EventDated
from followup import repository
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.errors import house_errors
from followup.use_cases import saying


async def learn_mandate(tx: Transaction, assembly_id: str, mandate: Mandate) -> None:
    """Take the mandate as announced; make the commitments if the delivery is known already."""
    known = await repository.assembly(tx, assembly_id) or Assembly(assembly_id)
    await _save_and_commit(tx, replace(known, mandate=mandate))


async def complete_delivery(tx: Transaction, assembly_id: str, delivery: Delivery) -> None:
    """Take the day of delivery, from which the promises are counted. The first one stands: it was said in public."""
    known = await repository.assembly(tx, assembly_id) or Assembly(assembly_id)
    if known.delivery is None:
        await _save_and_commit(tx, replace(known, delivery=delivery))


async def receive_recommendation(tx: Transaction, delivered: Recommendation) -> None:
    """Take a delivered recommendation, or its corrected public data; what the council wrote is kept."""
    known = await repository.recommendation(tx, delivered.assembly, delivered.id)
    if known is not None:
        delivered = known.redelivered(delivered)
    if delivered != known:
        await repository.save_recommendation(tx, delivered)


async def with_event(tx: Transaction, assembly_id: str, event: str, on: date) -> Assembly:
    """Return the assembly as it would be with an event's day; NotFound when the mandate counts nothing from it."""
    assembly = await announced(tx, assembly_id)
    if not assembly.names_event(event):
        raise NotFound(f"the mandate of {assembly_id} counts nothing from an event {event}")
    with house_errors():
        return assembly.with_event(event, on)


async def counted_from(tx: Transaction, assembly_id: str, event: str, on: date) -> tuple[Commitment, ...]:
    """Return the commitments that an event's day would make; nothing is kept."""
    assembly = await with_event(tx, assembly_id, event, on)
    made = [one.milestone for one in await repository.commitments(tx, assembly_id)]
    return assembly.new_commitments(made, day_of(tx.now))


async def record_event(tx: Transaction, assembly_id: str, event: str, on: date) -> list[Commitment]:
    """Record the day of an event the mandate counts from; return the commitments counted from it."""
    changed = await with_event(tx, assembly_id, event, on)
    if changed != await announced(tx, assembly_id):
        tx.say(EventDated(assembly=assembly_id, event=event, on=on), once=event)
        await _save_and_commit(tx, changed)
    milestones = {m.id for m in (changed.mandate.milestones if changed.mandate else ()) if m.event == event}
    return [one for one in await repository.commitments(tx, assembly_id) if one.milestone in milestones]


async def announced(tx: Transaction, assembly_id: str) -> Assembly:
    """Return the assembly; NotFound before its mandate is known."""
    assembly = await repository.assembly(tx, assembly_id)
    if assembly is None or assembly.mandate is None:
        raise NotFound(f"no assembly {assembly_id} is announced")
    return assembly


async def make_commitments(tx: Transaction, assembly: Assembly) -> int:
    """Make the commitments that can be made and are not made yet; return how many."""
    made = [one.milestone for one in await repository.commitments(tx, assembly.id)]
    new = assembly.new_commitments(made, day_of(tx.now))
    for one in new:
        await repository.save_commitment(tx, one)
        tx.say(saying.made(one), once=one.milestone)
    return len(new)


async def _save_and_commit(tx: Transaction, assembly: Assembly) -> None:
    await repository.save_assembly(tx, assembly)
    await make_commitments(tx, assembly)
