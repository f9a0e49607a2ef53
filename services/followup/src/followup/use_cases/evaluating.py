"""The council evaluates its own follow-up, in public, when the last status that has a day is published."""

from chassis.transaction import Transaction
from contracts.followup import FollowupEvaluated
from followup import repository
from followup.domain.assembly import Assembly
from followup.domain.calendar import day_of
from followup.domain.evaluation import evaluated, figures
from followup.errors import house_errors
from followup.paths import evaluation_path
from followup.use_cases.announcing import announced


async def evaluate(tx: Transaction, assembly_id: str, text: str) -> Assembly:
    """Publish the evaluation; the same text again changes nothing. NotFound, BadInput, Conflict."""
    known = await announced(tx, assembly_id)
    commitments = await repository.commitments(tx, assembly_id)
    today = day_of(tx.now)
    with house_errors():
        changed = evaluated(known, commitments, text, today, tx.now)
    if changed is known or changed.evaluation is None:
        return known
    counted = figures(changed, commitments, await repository.recommendations(tx, assembly_id))
    await repository.save_assembly(tx, changed)
    fact = FollowupEvaluated(
        assembly=assembly_id,
        evaluated_on=today,
        text=changed.evaluation.text,
        in_time=counted.in_time,
        late=counted.late,
        path=evaluation_path(assembly_id),
    )
    tx.say(fact, once="evaluated")
    return changed
