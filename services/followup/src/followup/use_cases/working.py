"""The work on a recommendation: committees, their meetings, how far it is carried out, who has taken it."""

from collections.abc import Collection

from chassis.transaction import Transaction
from followup import repository
from followup.domain.calendar import day_of
from followup.domain.recommendation import Recommendation
from followup.domain.rules import RulesBroken
from followup.domain.work import Work, unknown_committees
from followup.errors import house_errors
from followup.use_cases import saying
from followup.use_cases.announcing import announced
from followup.use_cases.finding import delivered


async def record_work(tx: Transaction, assembly_id: str, recommendation_id: str, work: Work) -> Recommendation:
    """Keep the work as it stands now; `work.number` is the number that was read. The same again changes nothing."""
    known = await delivered(tx, assembly_id, recommendation_id)
    committees = await known_committees(tx, assembly_id)
    with house_errors():
        worked = with_work(known, work, committees)
    return await _save(tx, known, worked)


async def known_committees(tx: Transaction, assembly_id: str) -> tuple[str, ...]:
    """Return the ids of the committees that the assembly's mandate names."""
    mandate = (await announced(tx, assembly_id)).mandate
    return tuple(mandate.committees) if mandate else ()


def with_work(known: Recommendation, work: Work, committees: Collection[str]) -> Recommendation:
    """Return the recommendation with this work. RulesBroken also for a committee that is none of these."""
    if broken := unknown_committees(known.work, work, committees, known.where):
        raise RulesBroken(*broken)
    return known.worked(work)


async def close_recommendation(tx: Transaction, assembly_id: str, recommendation_id: str) -> Recommendation:
    """Close a recommendation that is answered and referred to a committee."""
    known = await delivered(tx, assembly_id, recommendation_id)
    with house_errors():
        closed = known.closed(day_of(tx.now))
    return await _save(tx, known, closed)


async def _save(tx: Transaction, known: Recommendation, changed: Recommendation) -> Recommendation:
    if changed is known:
        return known
    await repository.save_recommendation(tx, changed)
    say_work(tx, changed)
    return changed


def say_work(tx: Transaction, changed: Recommendation) -> None:
    """Say how the work stands now."""
    tx.say(saying.worked(changed), once=f"{changed.id}:{changed.work.number}")
