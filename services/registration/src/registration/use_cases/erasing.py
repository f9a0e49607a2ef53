"""Erasure: what is held about a person is blanked and the row kept, so that no later roll brings them back."""

from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import PersonErased
from registration.domain.registration import Status
from registration.repository import CODES, PEOPLE
from registration.use_cases.signing_up import withdraw_person


async def erase(tx: Transaction, assembly: str, person: str) -> None:
    """Blank a person and say so; who takes part withdraws. NotFound for an id nobody has."""
    document = await tx.collection(PEOPLE).one({"_id": person, "assembly": assembly})
    if document is None:
        raise NotFound("nobody has this id")
    if document["status"] == Status.ERASED:
        return
    document = await withdraw_person(tx, document)
    blank = dict.fromkeys(("identity", "household", "reference", "token_hash", "fingerprint", "consent", "told"))
    gone: Document = {"features": {}, "answers": {}, "corrections": {}, "needs": []}
    erased = gone | {"status": Status.ERASED.value, "erased_at": tx.now}
    await tx.collection(PEOPLE).save(document | blank | erased)
    await tx.collection(CODES).delete({"_id": person})
    tx.say(PersonErased(assembly=assembly, person=person), once=person)
