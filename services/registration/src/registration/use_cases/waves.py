"""Waves of invitations: planned from the assembly's data, started, paused, resumed and cancelled by the secretariat.

One at a time is under way in an assembly, reminders among them: `invitations` of the assembly's document names the
latest, and so is where two commands given at once meet.
"""

import secrets
from typing import Any

from chassis.errors import Conflict, NotFound
from chassis.identity import Caller
from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain import waves as rules
from registration.domain.registration import Status
from registration.domain.waves import UNDER_WAY, Act, State, Wave
from registration.repository import ASSEMBLIES, PEOPLE, WAVES, Collections, assembly_from, waves_from
from registration.use_cases.announcing import get_assembly

INVITATIONS, REMINDER = "invitations", "reminder"
"""The kinds of waves."""
MORE = "_more"
"""Instead of a wave's id: everyone who is not invited yet, once all planned waves are over. No id begins like that."""
CLOSED = "the sign-up has closed; nobody is invited any more"


def key_of(assembly: str, wave: str) -> str:
    """Return the id of a wave's document."""
    return f"{assembly}:{wave}"


def not_invited(assembly: str) -> Document:
    """Return the filter for those still to be invited."""
    return {"assembly": assembly, "status": Status.INVITEE.value, "invited_at": None, "test": {"$ne": True}}


def silent(assembly: str, number: int) -> Document:
    """Return the filter for those whom reminder `number` is for: invited, with a link that works, and no answer yet."""
    return not_invited(assembly) | {
        "invited_at": {"$ne": None},
        "token_hash": {"$ne": None},
        "reminders": {"$lt": number},
    }


def to_reach(wave: Document) -> Document:
    """Return the filter for those whom a wave, its people chosen, has still to reach."""
    if wave["kind"] == REMINDER:
        return silent(wave["assembly"], wave["number"])
    where = not_invited(wave["assembly"])
    return where if wave["share"] == 1 else where | {"wave": wave["id"]}


async def left(source: Collections, wave: Document) -> int:
    """Count whom a wave has still to reach; before its people are chosen, how many are going to be."""
    if wave["state"] in {State.DONE, State.CANCELLED}:
        return 0
    if wave["chosen_at"] is not None:
        return await source.collection(PEOPLE).count(to_reach(wave))
    if wave["size"] is not None:
        return int(wave["size"])
    return rules.size(wave["share"], await source.collection(PEOPLE).count(not_invited(wave["assembly"])))


async def get_wave(source: Collections, assembly: str, wave: str) -> Document:
    """Return a wave's document; NotFound when there is none."""
    document = await source.collection(WAVES).get(key_of(assembly, wave))
    if document is None:
        raise NotFound("the assembly has no such wave")
    return document


async def under_way(source: Collections, assembly: Document) -> Document | None:
    """Return the wave that is under way, if one is."""
    document = await source.collection(WAVES).get(assembly["invitations"]) if assembly["invitations"] else None
    return document if document and document["state"] in UNDER_WAY else None


async def plan(tx: Transaction, assembly: str) -> None:
    """Have a document for each wave the assembly names. A wave once started stays as it was started."""
    waves = waves_from(await get_assembly(tx, assembly))
    new = [new_wave(tx, assembly, wave, place) for place, wave in enumerate(waves)]
    await tx.collection(WAVES).upsert_new(new)
    planned: Document = {"assembly": assembly, "state": State.PLANNED.value}
    await tx.collection(WAVES).delete(planned | {"_id": {"$nin": [one["_id"] for one in new]}})
    as_named = ("title", "share", "favours", "place")
    changes = ((planned | {"_id": one["_id"]}, {"$set": {name: one[name] for name in as_named}}) for one in new)
    await tx.collection(WAVES).bulk(changes)


def new_wave(tx: Transaction, assembly: str, wave: Wave, place: int, kind: str = INVITATIONS) -> Document:
    """Return a wave's document, planned, with the seed that decides who is in it."""
    return {
        "_id": key_of(assembly, wave.id),
        "assembly": assembly,
        "id": wave.id,
        "kind": kind,
        "number": None,
        "place": place,
        "title": dict(wave.title),
        "share": wave.share,
        "favours": [{"criterion": f.criterion, "value": f.value, "factor": f.factor} for f in wave.favours],
        "seed": secrets.token_hex(16),
        "state": State.PLANNED.value,
        "planned_at": tx.now,
        "population": None,
        "size": None,
        "cut": None,
        "chosen": 0,
        "after": "",
        "chosen_at": None,
        "issued": 0,
        "not_reached": 0,
        "log": [],
    }


async def start(tx: Transaction, assembly: str, who: Caller, wave: str | None = None) -> dict[str, int]:
    """Start a wave, the next planned by default; returns how many it has still to reach.

    With no wave left, everyone who is not invited yet is a wave of their own. Started already, it goes on as it is.
    Conflict when there is no roll, nobody could sign up any more, or another wave is under way.
    """
    document = await get_assembly(tx, assembly)
    if is_closed(document, tx):
        raise Conflict(CLOSED)
    if not await tx.collection(PEOPLE).one({"assembly": assembly, "test": False}):
        raise Conflict("there is no roll to invite from; import it first")
    await plan(tx, assembly)
    named = await get_wave(tx, assembly, wave) if wave not in {None, MORE} else None
    if named is not None and named["state"] != State.PLANNED:
        return {"to_invite": await left(tx, named)}
    if current := await under_way(tx, document):
        if named is not None or current["kind"] == REMINDER or current["state"] == State.PAUSED:
            raise Conflict("another wave is under way or paused; let it end, or cancel it")
        return {"to_invite": await left(tx, current)}
    chosen = named or await _next(tx, assembly)
    waiting = await tx.collection(PEOPLE).count(not_invited(assembly))
    to_invite = rules.size(chosen["share"], waiting)
    if waiting:
        await begin(tx, chosen, who, to_invite)
    return {"to_invite": to_invite}


async def _next(tx: Transaction, assembly: str) -> Document:
    where = {"assembly": assembly, "kind": INVITATIONS}
    planned = await tx.collection(WAVES).one(where | {"state": State.PLANNED.value}, sort=[("place", 1)])
    if planned is not None:
        return planned
    number = await tx.collection(WAVES).count(where)
    title = {"da": "Alle, der ikke er inviteret endnu", "en": "Everyone who is not invited yet"}
    return new_wave(tx, assembly, Wave(f"{MORE}-{number}", title), number)


async def begin(tx: Transaction, wave: Document, who: Caller, waiting: int) -> None:
    """Have a wave issued in the background from now on; `waiting` are to be reached."""
    note = _note(tx, Act.START, who, wave, waiting)
    started = wave | {"state": State.ISSUING.value, "started_at": tx.now, "log": [note]}
    if wave["share"] == 1:
        started["chosen_at"] = tx.now  # nobody to choose: whoever is not invited is in it
    await tx.collection(WAVES).update({"_id": wave["_id"]}, {"$set": _without_id(started)}, upsert=True)
    await tx.collection(ASSEMBLIES).update({"_id": wave["assembly"]}, {"$set": {"invitations": wave["_id"]}})


async def control(tx: Transaction, assembly: str, wave: str, act: Act, who: Caller) -> dict[str, Any]:
    """Pause, resume or cancel a wave between two batches, and return its exact counts.

    Asked again it answers the same. Conflict for what the wave's state does not allow.
    """
    document = await get_wave(tx, assembly, wave)
    if act is Act.START:
        raise ValueError("a wave is started with `start`")
    try:
        state = rules.after(State(document["state"]), act)
    except rules.NotPossibleError:
        raise Conflict(f"a wave that is {document['state']} cannot be told to {act}") from None
    if act is Act.RESUME and is_closed(await get_assembly(tx, assembly), tx):
        raise Conflict(CLOSED)
    waiting = document["not_reached"] if document["state"] == State.CANCELLED else await left(tx, document)
    if state != document["state"]:
        changes: Document = {"state": state.value}
        if state is State.CANCELLED:
            changes |= {"ended_at": tx.now, "not_reached": waiting}
        note = _note(tx, act, who, document, waiting)
        await tx.collection(WAVES).update({"_id": document["_id"]}, {"$set": changes, "$push": {"log": note}})
    return {"state": state.value, "issued": document["issued"], "left": waiting}


async def end(tx: Transaction, wave: Document, *, closed: bool = False) -> None:
    """Write down that a wave has reached everyone, or with `closed` that the sign-up closed before it had."""
    changes: Document = {"state": State.DONE.value, "ended_at": tx.now}
    if closed:
        changes |= {"state": State.CANCELLED.value, "not_reached": await left(tx, wave), "closed": True}
    await tx.collection(WAVES).update({"_id": wave["_id"]}, {"$set": changes})


def is_closed(assembly: Document, tx: Transaction) -> bool:
    """Say whether nobody could sign up any more."""
    return assembly["pool"] is not None or tx.now >= assembly_from(assembly).closes_at


def _note(tx: Transaction, act: Act, who: Caller, wave: Document, waiting: int) -> Document:
    # Who is the opaque subject their provider knows, as in the record of who saw what.
    by = {"role": str(who.role), "subject": who.subject}
    return {"at": tx.now, "act": act.value, **by, "issued": wave["issued"], "left": waiting}


def _without_id(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "_id"}
