"""The council's statuses, and the end of its duty."""

from dataclasses import replace

from chassis.transaction import Transaction
from contracts.followup import FollowupClosed
from followup import repository
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment
from followup.domain.recommendation import edition, unanswered
from followup.domain.rules import Broken, RulesBroken, Untimely
from followup.errors import house_errors
from followup.use_cases import saying
from followup.use_cases.announcing import announced
from followup.use_cases.deadlines import say_owed
from followup.use_cases.finding import committed


async def publish_status(
    tx: Transaction, assembly_id: str, milestone_id: str, summary: str, read: str | None = None
) -> Commitment:
    """Publish the council's status at a milestone.

    Refused while a recommendation waits for its answer, with the list of them; and when the answers are another
    edition than `read`, the one the officer checked. What is owed today is said first, so that the record never depends
    on whether the sweep or the officer was quicker this morning.
    """
    known = await committed(tx, assembly_id, milestone_id)
    assembly = await announced(tx, assembly_id)
    recommendations = await repository.recommendations(tx, assembly_id)
    handed_over = assembly.delivery.recommendations if assembly.delivery else ()
    with house_errors():
        if known.status is None and (waiting := unanswered(handed_over, recommendations)):
            raise RulesBroken(*waiting, *_no_summary(summary))
        if known.status is None and read is not None and read != edition(recommendations):
            raise Untimely("an answer was saved since the answers were read")
        today = day_of(tx.now)
        published = known.reported(summary, recommendations, today, tx.now)
    if published is known:
        return known
    said = {one.id: one for one in await say_owed(tx, assembly_id)}
    published = replace(said.get(known.id, known), status=published.status)
    await repository.save_commitment(tx, published)
    earlier = [one.status for one in await repository.commitments(tx, assembly_id) if one.id != known.id and one.status]
    before = max(earlier, key=lambda status: status.published_at, default=None)
    completed = {one.id for one in recommendations if one.work.completed_on is not None}
    tx.say(saying.published(published, today, before, assembly.mandate, completed), once=milestone_id)
    await close_when_done(tx, assembly_id)
    return published


def _no_summary(summary: str) -> tuple[Broken, ...]:
    # Beside the unanswered recommendations, so that an officer learns of both at once.
    if summary.strip():
        return ()
    return (Broken("status", "summary", "compulsory", "write what the status says, in a few lines"),)


async def close_when_done(tx: Transaction, assembly_id: str) -> None:
    """Close the follow-up when every milestone is reported and every recommendation answered."""
    assembly = await repository.assembly(tx, assembly_id)
    if assembly is None or assembly.closed_on is not None:
        return
    commitments = await repository.commitments(tx, assembly_id)
    if assembly.is_done(commitments, await repository.recommendations(tx, assembly_id)):
        assembly = replace(assembly, closed_on=day_of(tx.now))
        tx.say(FollowupClosed(assembly=assembly_id, statuses=len(commitments)), once="closed")
    # Saved also when it is not done: of two officers who finish the last two pieces at once, neither sees the other's,
    # and both would leave the assembly open. Writing the same document makes MongoDB run one of them again.
    await repository.save_assembly(tx, assembly)
