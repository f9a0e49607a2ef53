"""Who is behind these ids: the one question answered, for notifications alone (held by NATS's permissions).

The answer is made from one read, given, and forgotten: nothing of it is stored, logged or traced.
"""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.errors import BadInput, Problem
from chassis.language import DEFAULT
from chassis.mongo import Database, Document
from chassis.pages import COOKIE
from chassis.vault import Vault
from contracts.recipients import MAX_BATCH, Address, Follower, Recipient, Recipients, ResolveRecipients
from registration.domain.draw_code import draw_code
from registration.domain.following import follower_token
from registration.domain.people import link_token, spoken_reference
from registration.domain.registration import TAKING_PART, Status
from registration.domain.sign_in_code import State, digits
from registration.holders import FOLLOWER
from registration.repository import CODES, PEOPLE, address_from, code_from
from registration.use_cases import following
from registration.use_cases.seats import has_seat


class Resolver:
    """Answers with addresses, personal links and one-time codes; links and codes are derived here, never stored."""

    def __init__(self, db: Database, key: bytes, vault: Vault, clock: Clock) -> None:
        self._db = db
        self._key = key
        self._vault = vault
        self._clock = clock

    async def resolve(self, question: ResolveRecipients) -> Recipients:
        """Answer for up to MAX_BATCH ids; erased, never invited and unknown ids are listed as unknown."""
        if len(question.people) > MAX_BATCH:
            message = f"at most {MAX_BATCH} people can be asked for at a time"
            raise BadInput([Problem("question", "people", f"at most {MAX_BATCH}", message)])
        wanted = list(dict.fromkeys(question.people))
        where = {"_id": {"$in": wanted}, "assembly": question.assembly, "token_hash": {"$ne": None}, "test": False}
        fields = ["identity", "generation", "language", "status", "reference"]
        found = {d["_id"]: d for d in await self._db.collection(PEOPLE).find(where, fields=fields) if d["identity"]}
        others = [person for person in wanted if person not in found]
        followers = await self._followers(question.assembly, others)
        return Recipients(
            recipients=tuple(self._recipient(found[person]) for person in wanted if person in found),
            unknown=tuple(one for one in others if one not in followers),
            followers=tuple(followers.values()),
            codes=await self._codes([d["_id"] for d in found.values() if has_seat(d)], question.code_ids),
        )

    async def _followers(self, assembly: str, ids: list[str]) -> dict[str, Follower]:
        """Return who of these ids follows the assembly by e-mail, or may still confirm it, by id."""
        if not ids:
            return {}
        found = await following.some(self._db, assembly, ids, self._clock.now())
        return {one: self._follower(document) for one, document in found.items()}

    def _follower(self, document: Document) -> Follower:
        link = FOLLOWER.format(token=follower_token(self._key, document["_id"]))
        spoken = "" if document["language"] == DEFAULT else f"?{COOKIE}={document['language']}"
        return Follower(
            follower=document["_id"],
            email=self._vault.unlock(document["email"])["email"],
            link=link + spoken,
            unsubscribe=f"{link}/stop{spoken}",
            language=document["language"],
        )

    async def _codes(self, members: list[str], code_ids: Sequence[str]) -> dict[str, str]:
        """Derive the codes that can still be used, each for the one member it was issued to."""
        if not code_ids:
            return {}
        where = {"_id": {"$in": members}, "code_id": {"$in": list(code_ids)}}
        now = self._clock.now()
        found = await self._db.collection(CODES).find(where)
        live = [document for document in found if code_from(document).state(now) is State.LIVE]
        return {document["code_id"]: digits(self._key, document["_id"], document["code_id"]) for document in live}

    def _recipient(self, document: Document) -> Recipient:
        identity = self._vault.unlock(document["identity"])
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
            reference=spoken_reference(number) if (number := document.get("reference")) else "",
            draw_code=draw_code(self._key, document["_id"]) if document["status"] in TAKING_PART else "",
            answered=document["status"] != Status.INVITEE,
        )
