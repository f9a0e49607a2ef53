"""Commands. Each runs inside the transaction its entry point opened, and is safe to run again."""

from dataclasses import dataclass, replace
from datetime import date

from chassis.errors import NotFound
from chassis.transaction import Transaction
from contracts.followup import (
    CommitmentMade,
    FollowupClosed,
    RecommendationAnswered,
    StatusDue,
    StatusDueSoon,
    StatusOverdue,
    StatusPublished,
)
from followup import repository
from followup.domain.answers import Recommendation, edition, unanswered
from followup.domain.assembly import Assembly, Delivery, Mandate, owed
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment
from followup.domain.crossings import Crossing, Kind
from followup.domain.rules import Broken, RulesBroken, Untimely
from followup.errors import house_errors
from followup.paths import recommendation_path, status_path
from followup.words import as_text


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
    """Take a delivered recommendation, or its corrected public data; answers given are kept."""
    known = await repository.recommendation(tx, delivered.assembly, delivered.id)
    if known is not None:
        delivered = replace(delivered, answers=known.answers, version=known.version)
    if delivered != known:
        await repository.save_recommendation(tx, delivered)


async def record_event(tx: Transaction, assembly_id: str, event: str, on: date) -> list[Commitment]:
    """Record the day of an event the mandate counts from; return the commitments counted from it."""
    assembly = await _announced(tx, assembly_id)
    if not assembly.names_event(event):
        raise NotFound(f"the mandate of {assembly_id} counts nothing from an event {event}")
    with house_errors():
        changed = assembly.with_event(event, on)
    if changed is not assembly:
        await _save_and_commit(tx, changed)
    milestones = {m.id for m in (assembly.mandate.milestones if assembly.mandate else ()) if m.event == event}
    return [one for one in await repository.commitments(tx, assembly_id) if one.milestone in milestones]


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What an officer writes; `read` is the revision they had before them, None when they do not say."""

    verdict: str
    reason: str
    action: str
    read: int | None


async def answer(tx: Transaction, assembly_id: str, recommendation_id: str, given: AnswerGiven) -> Recommendation:
    """Publish an answer, or a new version of it; the same answer again changes nothing."""
    known = await repository.recommendation(tx, assembly_id, recommendation_id)
    if known is None:
        raise NotFound(f"no recommendation {recommendation_id} is delivered by {assembly_id}")
    with house_errors():
        answered = known.answered(given.verdict, given.reason, given.action, read=given.read, at=tx.now)
    if answered is known or answered.answer is None:
        return known
    await repository.save_recommendation(tx, answered)
    fact = RecommendationAnswered(
        assembly=assembly_id,
        recommendation=recommendation_id,
        answer=answered.answer.verdict,
        revision=answered.revision,
        path=recommendation_path(assembly_id, recommendation_id),
    )
    tx.say(fact, once=f"{recommendation_id}:{answered.revision}")
    await _close_when_done(tx, assembly_id)
    return answered


async def publish_status(
    tx: Transaction, assembly_id: str, milestone_id: str, summary: str, read: str | None = None
) -> Commitment:
    """Publish the council's status at a milestone.

    Refused while a recommendation waits for its answer, with the list of them; and when the answers are another
    edition than `read`, the one the officer checked. What is owed today is said first, so that the record never depends
    on whether the sweep or the officer was quicker this morning.
    """
    assembly = await _announced(tx, assembly_id)
    if assembly.milestone(milestone_id) is None:
        raise NotFound(f"the mandate of {assembly_id} has no milestone {milestone_id}")
    recommendations = await repository.recommendations(tx, assembly_id)
    with house_errors():
        known = next((c for c in await repository.commitments(tx, assembly_id) if c.milestone == milestone_id), None)
        if known is None or assembly.delivery is None:
            raise Untimely(
                f"the milestone {milestone_id} has no date yet: nothing is delivered, or its event is to come"
            )
        if known.status is None and (waiting := unanswered(assembly.delivery.recommendations, recommendations)):
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
    tx.say(_status_published(published, today), once=milestone_id)
    await _close_when_done(tx, assembly_id)
    return published


def _no_summary(summary: str) -> tuple[Broken, ...]:
    # Beside the unanswered recommendations, so that an officer learns of both at once.
    if summary.strip():
        return ()
    return (Broken("status", "summary", "compulsory", "write what the status says, in a few lines"),)


async def say_owed(tx: Transaction, assembly_id: str) -> list[Commitment]:
    """Say every crossing whose day has come, in order and each once; return the commitments as they are then.

    Once, because the crossing is recorded on its commitment in the same transaction: of two replicas that sweep at the
    same moment, MongoDB lets one commit and runs the other again, which then finds nothing owed.
    """
    found = {one.id: one for one in await repository.commitments(tx, assembly_id)}
    due = owed(found.values(), day_of(tx.now))
    for commitment, crossing in due:
        # The due day is part of the key: a deadline that is moved one day crosses its lines anew.
        once = f"{commitment.milestone}:{commitment.due_on.isoformat()}:{crossing.key}"
        tx.say(_crossing_fact(commitment, crossing), once=once)
        found[commitment.id] = found[commitment.id].saying(crossing, tx.now)
    for commitment_id in dict.fromkeys(commitment.id for commitment, _ in due):
        await repository.save_commitment(tx, found[commitment_id])
    # Read again: a save raises the version, which the next save of the same document must carry.
    return await repository.commitments(tx, assembly_id) if due else list(found.values())


def _crossing_fact(one: Commitment, crossing: Crossing) -> StatusDueSoon | StatusDue | StatusOverdue:
    title = as_text(one.title)
    if crossing.kind is Kind.DUE_SOON:
        return StatusDueSoon(
            assembly=one.assembly,
            commitment=one.id,
            milestone=one.milestone,
            title=title,
            due_on=one.due_on,
            days_left=crossing.days,
        )
    if crossing.kind is Kind.DUE:
        return StatusDue(
            assembly=one.assembly, commitment=one.id, milestone=one.milestone, title=title, due_on=one.due_on
        )
    return StatusOverdue(
        assembly=one.assembly,
        commitment=one.id,
        milestone=one.milestone,
        title=title,
        due_on=one.due_on,
        days_overdue=crossing.days,
    )


def _status_published(one: Commitment, today: date) -> StatusPublished:
    status = one.status
    if status is None:
        raise ValueError("only a published status is said to be")
    return StatusPublished(
        assembly=one.assembly,
        commitment=one.id,
        milestone=one.milestone,
        title=as_text(one.title),
        due_on=one.due_on,
        reported_on=status.reported_on,
        overdue_days=one.overdue_days(today),
        followed=status.count("followed"),
        partly=status.count("partly"),
        not_followed=status.count("not-followed"),
        path=status_path(one.assembly, one.milestone),
    )


async def _announced(tx: Transaction, assembly_id: str) -> Assembly:
    assembly = await repository.assembly(tx, assembly_id)
    if assembly is None or assembly.mandate is None:
        raise NotFound(f"no assembly {assembly_id} is announced")
    return assembly


async def _save_and_commit(tx: Transaction, assembly: Assembly) -> None:
    await repository.save_assembly(tx, assembly)
    made = [one.milestone for one in await repository.commitments(tx, assembly.id)]
    for one in assembly.new_commitments(made, day_of(tx.now)):
        await repository.save_commitment(tx, one)
        fact = CommitmentMade(
            assembly=one.assembly,
            commitment=one.id,
            milestone=one.milestone,
            title=as_text(one.title),
            due_on=one.due_on,
        )
        tx.say(fact, once=one.milestone)


async def _close_when_done(tx: Transaction, assembly_id: str) -> None:
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
