"""The work on a recommendation: committees, their meetings, how far it is carried out, who has taken it."""

from chassis.transaction import Transaction
from followup import repository
from followup.domain.calendar import day_of
from followup.domain.recommendation import Recommendation
from followup.domain.work import Work
from followup.errors import house_errors
from followup.use_cases import saying
from followup.use_cases.finding import delivered


async def record_work(tx: Transaction, assembly_id: str, recommendation_id: str, work: Work) -> Recommendation:
    """Keep the work as it stands now; `work.number` is the number that was read. The same again changes nothing."""
    known = await delivered(tx, assembly_id, recommendation_id)
    with house_errors():
        worked = known.worked(work)
    return await _save(tx, known, worked)


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
    tx.say(saying.worked(changed), once=f"{changed.id}:{changed.work.number}")
    return changed
