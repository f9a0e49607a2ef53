"""What happened to shipments, in one transaction a batch, with the facts that follow from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.notifications import (
    ERASED,
    OUTDATED,
    Channel,
    LetterDispatched,
    PersonTold,
    ShipmentDelivered,
    ShipmentFailed,
)
from notifications.catalogue import KINDS
from notifications.channels.answers import TAKEN_BEFORE
from notifications.domain.shipment import TERMINAL, TO_SEND, State, Step, after, leads
from notifications.repository.problems import Kind as ProblemKind
from notifications.repository.problems import Problem, note
from notifications.repository.shipments import AT_ONCE, SHIPMENTS, history_entry

NO_DIGITAL_POST = "no-digital-post"
"""The reason of a shipment that goes by no other channel, to someone who is exempt."""

CREDENTIALS_REFUSED = frozenset({"http-401", "http-403", "no-token", "credentials-refused"})
NO_FAULT = frozenset({"erased", OUTDATED, NO_DIGITAL_POST})
"""Reasons of ends that say nothing of how well the sending goes."""

_ABOUT_ONE: tuple[tuple[str, ProblemKind], ...] = (
    ("address-", "address-refused"),
    ("attachment-", "attachment-too-large"),
)

FIELDS = (
    *("assembly", "template", "job", "person", "role", "channel", "state", "attempts", "reason", "taken_at", "resends"),
    *("transmission", "earlier"),
)
"""What has to be read of a shipment to move it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Steps of one shipment. Without steps it is put off: nothing has been tried on the channel yet.

    `wait` are the seconds until it may be taken up again, where there is anything left to send. `cause` is what its
    history says of the steps: `sending`, `receipt`, `clock`, `person`, `fact`; `by` who, where it was somebody.
    `receipts` are the ids of the receipts that brought the steps, one each. `transmission` is the provider's own id of
    what it took.
    """

    shipment: str
    steps: tuple[Step, ...] = ()
    channel: Channel | None = None
    reason: str | None = None
    wait: float | None = None
    cause: str = "sending"
    by: str | None = None
    receipts: tuple[str, ...] = ()
    transmission: str | None = None
    template_version: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A shipment has ended, and whether that counts as a failure of its job."""

    job: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the shipments that were there to be moved, and what has ended with it."""

    moved: frozenset[str] = frozenset()
    ended: tuple[Ended, ...] = ()


async def record(tx: Transaction, happened: Sequence[Happened], lease: str | None = None) -> Recorded:
    """Move shipments on, say what has ended, and put on the list of problems what somebody has to look at.

    With a `lease`, those no longer under it are left alone: someone else has them, somebody has cancelled them, or a
    receipt was faster.
    """
    by_id = {one.shipment: one for one in happened}
    where: Document = {"_id": {"$in": list(by_id)}} | ({"lease": lease} if lease else {})
    found = await tx.collection(SHIPMENTS).find(where, fields=FIELDS)
    return Recorded(frozenset(d["_id"] for d in found), await move(tx, found, by_id))


async def move(
    tx: Transaction,
    documents: Sequence[Document],
    happened: Mapping[str, Happened],
    seen: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Ended, ...]:
    """Move shipments that this transaction has read (FIELDS). `seen`: receipts to keep by id, whatever they changed."""
    seen = seen or {}
    changes: dict[str, tuple[Document, list[str]]] = {}
    ended: list[Ended] = []
    problems: dict[str, Problem] = {}
    for document in documents:
        key = document["_id"]
        update: Document = {}
        if (one := happened.get(key)) is not None:
            changed, passed = _changed(document, one, tx)
            update["$set"] = changed
            if passed:
                update["$push"] = {"history": {"$each": passed}}
            now = document | changed
            if State(document["state"]) not in TERMINAL and State(now["state"]) in TERMINAL:
                _say(tx, now)
                ended += _counted(now)
            if problem := problem_of(now):
                problems[problem.id] = problem
        if seen.get(key):
            update["$addToSet"] = {"receipts": {"$each": list(seen[key])}}
        if update:
            changes.setdefault(str(update), (update, []))[1].append(key)
    await _change(tx, changes.values())
    for problem in problems.values():
        await note(tx, problem)
    return tuple(ended)


async def _change(tx: Transaction, changes: Collection[tuple[Document, list[str]]]) -> None:
    """Make the changes, those that are the same for many in one stroke: a container's messages go the same way.

    By id alone: this transaction has read them, so whatever changed them since makes it start again.
    """
    shipments = tx.collection(SHIPMENTS)
    for change, ids in changes:
        if len(ids) > 1:
            await shipments.update_many({"_id": {"$in": ids}}, change)
    await shipments.bulk(({"_id": ids[0]}, change) for change, ids in changes if len(ids) == 1)


def _changed(document: Document, one: Happened, tx: Transaction) -> tuple[dict[str, Any], list[Document]]:
    before = State(document["state"])
    passed, reason = _passed(document, one, tx)
    taken = {entry["step"] for entry in passed}
    state = State(passed[-1]["state"]) if passed else before
    changes: dict[str, Any] = {"state": state.value} | _known_now(document, one)
    if Step.RESENT in taken:
        changes |= _from_the_start(document)
    elif state not in TO_SEND:
        changes |= {"lease": None, "next_at": None}
        if document["taken_at"] is None:
            changes["taken_at"] = tx.machine_now
    elif Step.NOT_REGISTERED in taken:
        changes |= {"channel": "letter", "attempts": 0, "lease": None, "next_at": tx.machine_now, "taken_at": None}
        changes["transmission"] = None
    elif Step.SENDING in one.steps:
        changes["attempts"] = document["attempts"] + 1
    else:
        changes |= {"lease": None, "next_at": tx.machine_now + timedelta(seconds=one.wait or 0.0)}
        if not one.steps:
            changes["attempts"] = document["attempts"] + 1
    if passed:
        changes["changed_at"] = tx.now
    if before not in TERMINAL:
        changes["reason"] = reason
    return changes, passed


def _passed(document: Document, one: Happened, tx: Transaction) -> tuple[list[Document], str | None]:
    """Return the history's new entries, and the reason that goes with them."""
    state, reason, passed = State(document["state"]), one.reason, []
    for place, told in enumerate(one.steps):
        step = told
        if told is Step.NOT_REGISTERED:
            if document["channel"] == "letter":
                continue  # known already
            if not KINDS[document["template"]].paper:
                step, reason = Step.FAILED, NO_DIGITAL_POST
        elif told is Step.ACCEPTED and _refused_again(document, reason):
            step = Step.FAILED
        if not leads(state, step):
            continue
        state = after(state, step)
        entry = history_entry(step.value, state, tx.now, one.cause)
        if one.receipts:
            entry["receipt"] = one.receipts[place]
        if one.by:
            entry["by"] = one.by
        passed.append(entry)
    return passed, reason


def _refused_again(document: Document, reason: str | None) -> bool:
    """Say whether "taken before" is about the attempt that failed, and not about this one: this is its first."""
    return reason in TAKEN_BEFORE and document["resends"] > 0 and document["attempts"] == 1


def _from_the_start(document: Document) -> dict[str, Any]:
    """Return what is forgotten of a failed attempt, so that nothing late of it can end the new one."""
    changes: dict[str, Any] = {"attempts": 0, "next_at": AT_ONCE, "lease": None, "taken_at": None, "reason": None}
    changes |= {"resends": document["resends"] + 1, "transmission": None}
    if document["transmission"]:
        changes["earlier"] = [*document.get("earlier", []), document["transmission"]]
    if document["reason"] == NO_DIGITAL_POST:
        changes["channel"] = None  # nothing went out: they may have Digital Post by now
    return changes


def _known_now(document: Document, one: Happened) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if one.channel and document["channel"] is None:
        known["channel"] = one.channel
    if one.transmission and document["transmission"] is None:
        known["transmission"] = one.transmission
    if one.template_version is not None:
        known["template_version"] = one.template_version
    return known


def credentials_refused(reason: str, channel: str = "digital-post") -> Problem:
    """Return the problem that a provider refuses us: one, however many wait for it."""
    return Problem("credentials-refused", about={"channel": channel, "reason": reason})


def problem_of(shipment: Document) -> Problem | None:
    """Return what somebody has to look at because of how an attempt came out. Thousands with one cause are one."""
    reason, channel = shipment["reason"] or "", shipment["channel"] or "digital-post"
    if reason in CREDENTIALS_REFUSED:
        return credentials_refused(reason, channel)
    for start, kind in _ABOUT_ONE:
        if reason.startswith(start) and shipment["state"] == State.FAILED:
            return Problem(kind, shipment["assembly"], {"shipment": shipment["_id"], "reason": reason})
    return None


def _counted(now: Document) -> list[Ended]:
    if KINDS[now["template"]].staff or now["reason"] in NO_FAULT or now["state"] == State.CANCELLED:
        return []
    return [Ended(now["job"], now["state"] in {State.FAILED, State.RECALLED})]


def _say(tx: Transaction, now: Document) -> None:
    state = State(now["state"])
    # A shipment that failed before its channel was known would have gone by the first one of its plan.
    channel = now["channel"] or ("email" if now["role"] else "digital-post")
    said: dict[str, Any] = {"assembly": now["assembly"], "shipment": now["_id"], "template": now["template"]}
    # Sent again after a failure it may end once more, which is another fact.
    once = f"{now['_id']}:{now['resends']}" if now["resends"] else now["_id"]
    if now["template"] == ERASED and now["person"]:
        tx.say(PersonTold(assembly=now["assembly"], person=now["person"]), once=now["person"])
    if state is State.DELIVERED:
        tx.say(ShipmentDelivered(**said, channel=channel, person=now["person"]), once=once)
    elif state is State.DISPATCHED:
        if now["person"]:  # erased in the meantime: there is nobody left to say it of
            tx.say(LetterDispatched(**said, person=now["person"]), once=once)
    else:
        reason = (now["reason"] if state is State.FAILED else None) or state.value
        tx.say(ShipmentFailed(**said, channel=channel, reason=reason, person=now["person"]), once=once)
