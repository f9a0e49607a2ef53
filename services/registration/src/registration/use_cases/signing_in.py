"""A member's one-time code: asked for, sent, used once."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import SignInCodeIssued
from registration.domain import sign_in_code as rules
from registration.domain.people import person_id
from registration.domain.sign_in_code import Code, State
from registration.repository import ASSEMBLIES, CODES, Collections, assembly_from, code_from
from registration.use_cases.seats import has_seat, still_has_seat
from registration.use_cases.signing_up import by_link


class NotAMember(Conflict):
    """The person has no seat (any more)."""


class TooManyCodes(Conflict):
    """The hour's codes are used up; another can be had at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("too many codes within an hour")
        self.again_at = again_at


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a code typed in. `right` signs `person` in; otherwise `state` and the tries left say why not."""

    right: bool
    state: State | None
    person: str
    assembly: str
    tries_left: int = 0


async def member_by_link(source: Collections, token: str) -> Document:
    """Return the member a link belongs to; NotFound for an unknown link, NotAMember for anyone else's."""
    person = await by_link(source, token)
    if not has_seat(person):
        raise NotAMember("no member")
    return person


async def member_by_cpr(source: Collections, key: bytes, cpr: str) -> tuple[str, str]:
    """Return the id and the assembly of the member with this CPR number (ten digits); NotAMember when there is none.

    Ids are asked for, never numbers. Who is a member of several assemblies is let into the latest.
    """
    latest_first = sorted(
        map(assembly_from, await source.collection(ASSEMBLIES).find({})), key=lambda a: a.closes_at, reverse=True
    )
    for assembly in latest_first:
        person = person_id(key, assembly.id, cpr)
        if await still_has_seat(source, person):
            return person, assembly.id
    raise NotAMember("no member")


async def issue(tx: Transaction, token: str, machine_now: datetime) -> None:
    """Have a new code sent to the holder of a link; the code before it ends.

    NotFound, NotAMember, or TooManyCodes. `machine_now` is what the row's retention counts from.
    """
    person = await member_by_link(tx, token)
    document = await tx.collection(CODES).get(person["_id"])
    issued = rules.recent(document["issued"] if document else [], tx.now)
    if len(issued) >= rules.MOST_AN_HOUR:
        raise TooManyCodes(issued[0] + rules.HOUR)
    code = Code(secrets.token_hex(16), tx.now)
    fresh = {
        "_id": person["_id"],
        "assembly": person["assembly"],
        "code_id": code.id,
        "issued_at": code.issued_at,
        "tries": 0,
        "used": False,
        "undelivered": False,
        "issued": [*issued, code.issued_at],
        "at": machine_now,
    }
    await tx.collection(CODES).save(fresh | ({"version": document["version"]} if document else {}))
    fact = SignInCodeIssued(
        assembly=person["assembly"], person=person["_id"], code_id=code.id, expires_at=code.expires_at
    )
    tx.say(fact, once=code.id)


async def try_code(tx: Transaction, key: bytes, token: str, given: str) -> Tried:
    """Try six digits against the latest code of the holder of a link: used up when right, a try less when not.

    Reading and using up are one transaction: of two posts at once one waits for the other. NotFound or NotAMember.
    """
    person = await member_by_link(tx, token)
    who, assembly = person["_id"], person["assembly"]
    document = await tx.collection(CODES).get(who)
    if document is None:
        return Tried(right=False, state=None, person=who, assembly=assembly)
    state = code_from(document).state(tx.now)
    if state is not State.LIVE:
        return Tried(right=False, state=state, person=who, assembly=assembly)
    right = rules.matches(key, who, document["code_id"], given)
    changed = document | ({"used": True} if right else {"tries": document["tries"] + 1})
    await tx.collection(CODES).save(changed)
    after = code_from(changed)
    return Tried(right=right, state=after.state(tx.now), person=who, assembly=assembly, tries_left=after.tries_left)


async def note_undelivered(tx: Transaction, person: str, said_at: datetime) -> None:
    """Note that the message with someone's code did not reach them, so that the page can say so.

    A failure said before the latest code was asked for is about an earlier one.
    """
    changes = {"$set": {"undelivered": True}, "$inc": {"version": 1}}
    await tx.collection(CODES).update({"_id": person, "issued_at": {"$lte": said_at}}, changes)
