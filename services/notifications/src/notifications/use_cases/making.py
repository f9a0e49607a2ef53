"""Events into shipments. Each has one id per event, recipient and template, so that nothing is ever made twice."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.errors import Transient
from chassis.transaction import Transaction
from notifications.catalogue import KINDS
from notifications.domain.shipment import Shipment
from notifications.repository.jobs import JOBS, Job, job_document
from notifications.repository.known import ASSEMBLIES, DRAWS, SESSIONS, person_key
from notifications.repository.shipments import SHIPMENTS, new_document
from notifications.use_cases import knowing


async def ship(tx: Transaction, shipments: Iterable[Shipment]) -> int:
    """Store those shipments that are not there yet and are to nobody erased, and return how many that were."""
    planned = [(one, person_key(one.assembly, one.person or "")) for one in shipments]
    erased = await knowing.erased(tx, [key for one, key in planned if one.person])
    made = [one for one, key in planned if key not in erased]
    jobs = {job.id: job for job in map(_job, made)}
    await tx.collection(JOBS).upsert_new([job_document(job, tx.now) for job in jobs.values()])
    documents = [new_document(one, tx.now, job=_job(one).id, bulk=KINDS[one.template].bulk) for one in made]
    return await tx.collection(SHIPMENTS).upsert_new(documents)


async def remind(tx: Transaction, reminders: Sequence[Shipment]) -> None:
    """Store reminders of the invitation, each good until its assembly's sign-up closes.

    Transient while an assembly is not heard of yet: nobody knows its deadline.
    """
    ids = list({one.assembly for one in reminders})
    known = await tx.collection(ASSEMBLIES).find({"_id": {"$in": ids}}, fields=["sign_up_closes_at"])
    closes = {document["_id"]: document["sign_up_closes_at"] for document in known}
    if len(closes) < len(ids):
        raise Transient("a reminder came before its assembly was heard of", retry_after=1)
    await ship(tx, [replace(one, fields={"expires": closes[one.assembly]}) for one in reminders])


async def ship_to_members(tx: Transaction, each: Shipment) -> int:
    """Make one shipment for every current member."""
    members = await knowing.members(tx, each.assembly)
    return await ship(tx, [replace(each, person=person) for person in members])


async def ship_to_followers(tx: Transaction, each: Shipment) -> int:
    """Make one shipment for everyone who follows by e-mail."""
    followers = await knowing.followers(tx, each.assembly)
    return await ship(tx, [replace(each, person=follower) for follower in followers])


async def sign_up(
    tx: Transaction, assembly: str, person: str, *, cause: str, at: datetime, language: str, traceparent: str | None
) -> None:
    """Confirm a sign-up."""
    await knowing.set_registrant(tx, assembly, person, signed_up=True, at=at)
    receipt = Shipment(assembly, "receipt", cause, person, language=language, traceparent=traceparent)
    shipments = [receipt]
    # The panel may be heard of before the last sign-up is: this one must not wait for an answer for ever.
    draw = await tx.collection(DRAWS).get(assembly)
    if draw is not None and at < draw["at"] and not await knowing.has_seat(tx, assembly, person):
        shipments.append(_not_drawn(assembly, draw["draw"], person, traceparent))
    await ship(tx, shipments)


async def draw_panel(
    tx: Transaction,
    assembly: str,
    draw: str,
    panel: Sequence[str],
    alternates: Sequence[str],
    *,
    answer_by: datetime | None,
    at: datetime,
    traceparent: str | None,
) -> None:
    """Tell everyone who signed up how the draw went, and call the members to the sessions that are scheduled."""
    cause, fields = _draw_cause(draw), _until(answer_by)
    await tx.collection(DRAWS).upsert_new([{"_id": assembly, "draw": draw, "at": at}])
    for people, seat in ((panel, knowing.MEMBER), (alternates, knowing.ALTERNATE)):
        for person in people:
            await knowing.set_seat(tx, assembly, person, seat, at=at)
    seated = {*panel, *alternates}
    others = [person for person in await knowing.registrants(tx, assembly) if person not in seated]
    await ship(
        tx,
        [
            *(Shipment(assembly, "drawn", cause, person, fields=fields, traceparent=traceparent) for person in panel),
            *(Shipment(assembly, "alternate", cause, person, traceparent=traceparent) for person in alternates),
            *(_not_drawn(assembly, draw, person, traceparent) for person in others),
        ],
    )
    for person in panel:
        await _call_to_coming_sessions(tx, assembly, person, traceparent)


async def replace_member(
    tx: Transaction,
    assembly: str,
    left: str,
    joined: str,
    *,
    answer_by: datetime | None,
    cause: str,
    at: datetime,
    traceparent: str | None,
) -> None:
    """Tell an alternate that a seat is free, and call the new member to what is still to come."""
    await knowing.set_seat(tx, assembly, left, knowing.LEFT, at=at)
    await knowing.set_seat(tx, assembly, joined, knowing.MEMBER, at=at)
    await ship(
        tx, [Shipment(assembly, "seat-taken-over", cause, joined, fields=_until(answer_by), traceparent=traceparent)]
    )
    await _call_to_coming_sessions(tx, assembly, joined, traceparent)


async def return_seat(
    tx: Transaction,
    assembly: str,
    person: str,
    instead_of: str | None,
    *,
    answer_by: datetime | None,
    cause: str,
    at: datetime,
    traceparent: str | None,
) -> None:
    """Tell someone that they have the seat again, and the alternate who was offered it that they wait again."""
    await knowing.set_seat(tx, assembly, person, knowing.MEMBER, at=at)
    shipments = [Shipment(assembly, "seat-returned", cause, person, fields=_until(answer_by), traceparent=traceparent)]
    if instead_of is not None:
        await knowing.set_seat(tx, assembly, instead_of, knowing.ALTERNATE, at=at)
        shipments.append(Shipment(assembly, "seat-not-free", cause, instead_of, traceparent=traceparent))
    await ship(tx, shipments)
    await _call_to_coming_sessions(tx, assembly, person, traceparent)


async def remind_of_seats(
    tx: Transaction, assembly: str, people: Sequence[str], *, answer_by: datetime, traceparent: str | None
) -> None:
    """Remind these people that an answer is awaited; not after the deadline, and once a person and deadline."""
    each = Shipment(
        assembly,
        "seat-reminder",
        f"seat-reminder:{answer_by.isoformat()}",
        fields=_until(answer_by) | {"expires": answer_by},
        traceparent=traceparent,
    )
    await ship(tx, [replace(each, person=person) for person in people])


async def schedule_session(
    tx: Transaction, assembly: str, session: str, fields: dict[str, Any], *, at: datetime, traceparent: str | None
) -> None:
    """Call every member to a session, and put it in the secretariat's calendar."""
    current = await knowing.set_session(tx, assembly, session, fields, at=at)
    call = _call(assembly, session, current, traceparent)
    await ship_to_members(tx, call)
    await ship(tx, [replace(call, template="session-call-staff", role="secretariat")])


async def change_session(
    tx: Transaction,
    assembly: str,
    session: str,
    fields: dict[str, Any],
    *,
    cause: str,
    at: datetime,
    traceparent: str | None,
) -> None:
    """Tell every member, and the secretariat's calendar, of the new time or place."""
    current = await knowing.set_session(tx, assembly, session, fields, at=at)
    fields = current | {"session": session}
    change = Shipment(assembly, "session-changed", cause, fields=fields, traceparent=traceparent)
    await ship_to_members(tx, change)
    await ship(tx, [replace(change, template="session-changed-staff", role="secretariat")])


async def hold_session(tx: Transaction, assembly: str, session: str, *, traceparent: str | None) -> None:
    """Call nobody to a session that took place, and after the last one ask the members what it was like."""
    await knowing.hold_session(tx, assembly, session)
    known = await tx.collection(ASSEMBLIES).get(assembly)
    if known and known.get("evaluation_link") and known["last_session"] == session:
        fields = {"url": known["evaluation_link"]}
        await ship_to_members(
            tx, Shipment(assembly, "evaluation", "evaluation", fields=fields, traceparent=traceparent)
        )


async def _call_to_coming_sessions(tx: Transaction, assembly: str, person: str, traceparent: str | None) -> None:
    if not await knowing.has_seat(tx, assembly, person, knowing.MEMBER):
        return
    coming = {"assembly": assembly, "held": False, "fields.ends": {"$gt": tx.now}}
    sessions = await tx.collection(SESSIONS).find(coming)
    calls = [_call(assembly, d["session"], d["fields"], traceparent) for d in sessions]
    await ship(tx, [replace(call, person=person) for call in calls])


def _job(one: Shipment) -> Job:
    occasion = "" if KINDS[one.template].steady else one.cause
    return Job(one.assembly, one.template, occasion, one.fields.get("title") if occasion else None)


def _call(assembly: str, session: str, fields: dict[str, Any], traceparent: str | None) -> Shipment:
    # Caused by the session, not by the fact: a member who joins later gets the same call, and nobody gets two.
    fields = fields | {"session": session}
    return Shipment(assembly, "session-call", f"session:{session}", fields=fields, traceparent=traceparent)


def _not_drawn(assembly: str, draw: str, person: str, traceparent: str | None) -> Shipment:
    return Shipment(assembly, "not-drawn", _draw_cause(draw), person, traceparent=traceparent)


def _until(answer_by: datetime | None) -> dict[str, Any]:
    return {} if answer_by is None else {"answer_by": answer_by}


def _draw_cause(draw: str) -> str:
    return f"draw:{draw}"
