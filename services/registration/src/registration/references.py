"""Who has this reference number: answered to notifications alone (held by NATS's permissions), nothing kept of it."""

from chassis.mongo import Database
from chassis.vault import Vault
from contracts.references import FindReference, Found, Holder
from registration.domain.people import typed_reference
from registration.repository import PEOPLE
from registration.use_cases.cases import candidate


class References:
    """Answers with opaque ids, and with where people live as far as that may be shown."""

    def __init__(self, db: Database, vault: Vault) -> None:
        self._db, self._vault = db, vault

    async def find(self, question: FindReference) -> Found:
        """Answer who of an assembly has the number; the erased have none any more."""
        number = typed_reference(question.typed)
        if number is None:
            return Found(readable=False)
        where = {"assembly": question.assembly, "reference": number}
        people = await self._db.collection(PEOPLE).find(where, sort=[("_id", 1)], fields=["identity"])
        found = (candidate(self._vault, person) for person in people)
        holders = tuple(Holder(person=one.person, postcode=one.postcode, street=one.street) for one in found)
        return Found(readable=True, holders=holders)
