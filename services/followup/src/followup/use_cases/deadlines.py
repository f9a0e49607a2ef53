"""The council's deadlines: what is owed is said once, and a day is moved only with a public reason."""

from collections.abc import Sequence
from datetime import date

from chassis.transaction import Transaction
from followup import repository
from followup.domain.assembly import owed
from followup.domain.calendar import day_of
from followup.domain.commitment import Commitment
from followup.errors import house_errors
from followup.use_cases import saying
from followup.use_cases.finding import committed


async def say_owed(tx: Transaction, assembly_id: str) -> list[Commitment]:
    """Say every crossing of an assembly whose day has come; return its commitments as they are then."""
    await say_all_owed(tx, [assembly_id])
    return await repository.commitments(tx, assembly_id)


async def say_all_owed(tx: Transaction, assemblies: Sequence[str], most: int | None = None) -> int:
    """Say every crossing of these assemblies whose day has come, in order and each once; return how many there were.

    Once, because the crossing is recorded on its commitment in the same transaction: of two replicas that sweep at the
    same moment, MongoDB lets one commit and runs the other again, which then finds nothing owed. With `most`, the
    first so many: a service that slept for years catches up in more than one transaction.
    """
    today = day_of(tx.now)
    found = {one.id: one for one in await repository.commitments_owing(tx, assemblies, today)}
    due = owed(found.values(), today)[:most]
    for commitment, crossing in due:
        # The due day is part of the key: a deadline that is moved one day crosses its lines anew.
        once = f"{commitment.milestone}:{commitment.due_on.isoformat()}:{crossing.key}"
        tx.say(saying.crossed(commitment, crossing), once=once)
        found[commitment.id] = found[commitment.id].saying(crossing, tx.now)
    changed = dict.fromkeys(commitment.id for commitment, _ in due)
    await repository.save_commitments(tx, [found[commitment_id] for commitment_id in changed])
    return len(due)


async def extended(
    tx: Transaction, assembly_id: str, milestone_id: str, to_day: date, reason: str, read: date | None = None
) -> Commitment:
    """Return the commitment as it would be with a later due day, or as it is when it has that day; nothing is kept."""
    known = await committed(tx, assembly_id, milestone_id)
    with house_errors():
        return known.extended(to_day, reason, day_of(tx.now), tx.now, read)


async def extend(
    tx: Transaction, assembly_id: str, milestone_id: str, to_day: date, reason: str, read: date | None = None
) -> Commitment:
    """Move a due day to a later one, for a written reason everyone can read; `read` is the day the officer had read.

    What is owed today is said first.
    """
    changed = await extended(tx, assembly_id, milestone_id, to_day, reason, read)
    if changed == await committed(tx, assembly_id, milestone_id):
        return changed
    await say_owed(tx, assembly_id)
    changed = await extended(tx, assembly_id, milestone_id, to_day, reason, read)
    await repository.save_commitment(tx, changed)
    tx.say(saying.extended(changed, changed.extensions[-1]), once=f"{milestone_id}:{len(changed.extensions)}")
    return changed
