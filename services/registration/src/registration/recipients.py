"""Who is behind these ids: the one question answered, for notifications alone (held by NATS's permissions).

The answer is made from one read, given, and forgotten: nothing of it is stored, logged or traced.
"""

from chassis.errors import BadInput, Problem
from chassis.mongo import Database, Document
from contracts.recipients import MAX_BATCH, Address, Recipient, Recipients, ResolveRecipients
from registration.domain.people import link_token
from registration.repository import PEOPLE, address_from


class Resolver:
    """Answers with addresses and personal links; the links are derived here: the database holds their hashes."""

    def __init__(self, db: Database, key: bytes) -> None:
        self._db = db
        self._key = key

    async def resolve(self, question: ResolveRecipients) -> Recipients:
        """Answer for up to MAX_BATCH ids; erased, never invited and unknown ids are listed as unknown."""
        if len(question.people) > MAX_BATCH:
            message = f"at most {MAX_BATCH} people can be asked for at a time"
            raise BadInput([Problem("question", "people", f"at most {MAX_BATCH}", message)])
        wanted = list(dict.fromkeys(question.people))
        where = {"_id": {"$in": wanted}, "assembly": question.assembly, "token_hash": {"$ne": None}}
        fields = ["identity", "generation", "language"]
        found = {d["_id"]: d for d in await self._db.collection(PEOPLE).find(where, fields=fields) if d["identity"]}
        return Recipients(
            recipients=tuple(self._recipient(found[person]) for person in wanted if person in found),
            unknown=tuple(person for person in wanted if person not in found),
        )

    def _recipient(self, document: Document) -> Recipient:
        identity = document["identity"]
        address = address_from(identity)
        token = link_token(self._key, document["_id"], document["generation"])
        return Recipient(
            person=document["_id"],
            cpr=identity["cpr"],
            name=identity["name"],
            address=Address(
                street=address.street,
                house_number=address.house_number,
                floor=address.floor,
                door=address.door,
                postcode=address.postcode,
                city=address.city,
            ),
            link=f"/tilmelding/l/{token}",
            language=document["language"],
        )
