"""The council's answers: drafted, approved in a meeting, published."""

from collections.abc import Callable

from pydantic import TypeAdapter

from chassis.transaction import Transaction
from contracts.followup import AnswerDrafted
from followup import repository
from followup.domain.answers import Approval, Content, Draft
from followup.domain.recommendation import Recommendation
from followup.errors import house_errors
from followup.use_cases import saying
from followup.use_cases.finding import delivered
from followup.use_cases.reporting import close_when_done

_DRAFT = TypeAdapter(Draft)


async def answer(
    tx: Transaction,
    assembly_id: str,
    recommendation_id: str,
    content: Content,
    read: int | None,
    approval: Approval | None = None,
) -> Recommendation:
    """Publish an answer, or a new version of it, without a draft; the same answer again changes nothing.

    For systems of the municipality that bring what was approved elsewhere.
    """
    known = await delivered(tx, assembly_id, recommendation_id)
    with house_errors():
        answered = known.answered(content, read=read, at=tx.now, approval=approval)
    return await _publish(tx, known, answered)


async def save_draft(
    tx: Transaction, assembly_id: str, recommendation_id: str, content: Content, read: int
) -> Recommendation:
    """Keep a draft; `read` is the number of the edit that was read."""
    return await _edit(tx, assembly_id, recommendation_id, lambda known: known.drafted(content, read=read, at=tx.now))


async def approve_draft(
    tx: Transaction, assembly_id: str, recommendation_id: str, approval: Approval, read: int
) -> Recommendation:
    """Record that the council, or its committee, has approved the draft."""
    return await _edit(tx, assembly_id, recommendation_id, lambda known: known.approved(approval, read=read, at=tx.now))


async def withdraw_draft(tx: Transaction, assembly_id: str, recommendation_id: str, read: int) -> Recommendation:
    """Lay a draft aside; the answer in force stands."""
    return await _edit(tx, assembly_id, recommendation_id, lambda known: known.withdrawn(read=read))


async def publish_draft(tx: Transaction, assembly_id: str, recommendation_id: str, read: int) -> Recommendation:
    """Publish an approved draft as the answer in force."""
    known = await delivered(tx, assembly_id, recommendation_id)
    with house_errors():
        answered = known.published(read=read, at=tx.now)
    return await _publish(tx, known, answered)


async def _edit(
    tx: Transaction, assembly_id: str, recommendation_id: str, change: Callable[[Recommendation], Recommendation]
) -> Recommendation:
    known = await delivered(tx, assembly_id, recommendation_id)
    with house_errors():
        edited = change(known)
    if edited is known:
        return known
    await repository.save_recommendation(tx, edited)
    say_draft(tx, edited)
    return edited


def say_draft(tx: Transaction, edited: Recommendation) -> None:
    """Say that a draft is as it is now, or withdrawn. What it says travels beside the stream: it is not public."""
    state = edited.draft.state.value if edited.draft else "withdrawn"
    fact = AnswerDrafted(assembly=edited.assembly, recommendation=edited.id, edit=edited.edits, state=state)
    body = _DRAFT.dump_json(edited.draft) if edited.draft else None
    tx.say(fact, once=f"{edited.id}:{edited.edits}", attachment=body)


async def _publish(tx: Transaction, known: Recommendation, answered: Recommendation) -> Recommendation:
    if answered is known:
        return known
    await repository.save_recommendation(tx, answered)
    tx.say(saying.answered(answered), once=f"{answered.id}:{answered.revision}")
    await close_when_done(tx, answered.assembly)
    return answered
