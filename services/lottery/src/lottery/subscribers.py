"""What lottery hears, each fact turned into one command."""

from collections.abc import Sequence

from chassis.facts import Heard
from chassis.transaction import Transaction
from contracts.registration import PersonErased, PoolClosed, RegistrantWithdrew, SeatAnswered
from contracts.sessions import AssemblyAnnounced
from lottery.repository.assemblies import Assembly, PoolFacts
from lottery.use_cases import answers, learning, seats


async def assembly_announced(tx: Transaction, fact: AssemblyAnnounced, _heard: Heard) -> None:
    """Learn the panel and its quotas."""
    criteria = [criterion.model_dump(include={"id", "title", "values"}) for criterion in fact.criteria]
    announced = Assembly(
        fact.assembly,
        fact.title.model_dump(),
        fact.panel_size,
        fact.alternates,
        criteria,
        fact.answer_days,
        fact.answer_reminder_days,
    )
    await learning.learn_assembly(tx, announced)


async def pool_closed(tx: Transaction, fact: PoolClosed, heard: Heard) -> None:
    """Take the pool, whose snapshot came with the fact."""
    closed = PoolFacts(fact.digest, fact.invited, fact.signed_up, heard.time)
    await learning.close_pool(tx, fact.assembly, heard.attachment or b"", closed)


async def registrant_withdrew(tx: Transaction, fact: RegistrantWithdrew, heard: Heard) -> None:
    """Take someone out who does not take part any more."""
    await seats.people_left(tx, fact.assembly, {fact.person: heard.time}, "withdrawn")


async def seat_answered(tx: Transaction, fact: SeatAnswered, _heard: Heard) -> None:
    """Take the answer of someone drawn."""
    await answers.take_answer(tx, fact.assembly, fact.person, takes=fact.takes)


async def person_erased(tx: Transaction, batch: Sequence[tuple[PersonErased, Heard]]) -> None:
    """Blank people for good, in bulk."""
    for assembly in sorted({fact.assembly for fact, _ in batch}):
        erased = {fact.person: heard.time for fact, heard in batch if fact.assembly == assembly}
        await seats.erase(tx, assembly, erased)
