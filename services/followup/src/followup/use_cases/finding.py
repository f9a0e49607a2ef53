"""What a command is about, or NotFound."""

from chassis.errors import Conflict, NotFound
from chassis.transaction import Transaction
from followup import repository
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.use_cases.announcing import announced


async def delivered(tx: Transaction, assembly_id: str, recommendation_id: str) -> Recommendation:
    """Return a delivered recommendation."""
    known = await repository.recommendation(tx, assembly_id, recommendation_id)
    if known is None:
        raise NotFound(f"no recommendation {recommendation_id} is delivered by {assembly_id}")
    return known


async def committed(tx: Transaction, assembly_id: str, milestone_id: str) -> Commitment:
    """Return the commitment of a milestone; Conflict while it has no date."""
    assembly = await announced(tx, assembly_id)
    if assembly.milestone(milestone_id) is None:
        raise NotFound(f"the mandate of {assembly_id} has no milestone {milestone_id}")
    known = next((c for c in await repository.commitments(tx, assembly_id) if c.milestone == milestone_id), None)
    if known is None or assembly.delivery is None:
        raise Conflict(f"the milestone {milestone_id} has no date yet: nothing is delivered, or its event is to come")
    return known
