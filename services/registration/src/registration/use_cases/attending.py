"""Who came to a session, by opaque id: for the figures of whom the course loses on its way, and for nothing else."""

from collections.abc import Sequence

from chassis.errors import Transient
from chassis.transaction import Transaction
from registration.domain.figures import ATTENDED, CONFIRMED
from registration.domain.registration import Status
from registration.repository import ASSEMBLIES, PEOPLE
from registration.use_cases.counting import write_stages


async def note_held(tx: Transaction, assembly: str, session: str, present: Sequence[str]) -> None:
    """Note that a session was held and who was there; said again, as it is said then.

    Ids that nobody has (any more) are passed over. `present` may be empty: then it was held without a list.
    """
    assemblies, people = tx.collection(ASSEMBLIES), tx.collection(PEOPLE)
    if not await assemblies.update({"_id": assembly}, {"$pull": {"held": {"session": session}}}):
        raise Transient("the assembly is not announced yet")  # its own fact comes another way
    await assemblies.update({"_id": assembly}, {"$push": {"held": {"session": session, "listed": len(present)}}})
    gone = {"assembly": assembly, "attended": session, "_id": {"$nin": list(present)}}
    await people.update_many(gone, {"$pull": {"attended": session}, "$inc": {"version": 1}})
    here = {"_id": {"$in": list(present)}, "assembly": assembly, "status": {"$ne": Status.ERASED.value}}
    await people.update_many(here, {"$addToSet": {"attended": session}, "$inc": {"version": 1}})
    await write_stages(tx, assembly, (CONFIRMED, ATTENDED))
