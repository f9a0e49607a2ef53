"""What happened to shipments, in one transaction a batch, with the facts that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.notifications import ERASED, Channel, LetterDispatched, PersonTold, ShipmentDelivered, ShipmentFailed
from notifications.catalogue import KINDS
from notifications.domain.shipment import TERMINAL, TO_SEND, State, Step, after, leads
from notifications.repository.shipments import AT_ONCE, SHIPMENTS

NO_DIGITAL_POST = "no-digital-post"
"""The reason of a shipment that goes by no other channel, to someone who is exempt."""

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


async def record(tx: Transaction, happened: Sequence[Happened], lease: str | None = None) -> set[str]:
    """Move shipments on, say what has ended, and return the ids of those that were moved.

    With a `lease`, those no longer under it are left alone: someone else has them, somebody has cancelled them, or a
    receipt was faster.
    """
    by_id = {one.shipment: one for one in happened}
    where: Document = {"_id": {"$in": list(by_id)}} | ({"lease": lease} if lease else {})
    found = await tx.collection(SHIPMENTS).find(where, fields=FIELDS)
    await move(tx, found, by_id)
    return {document["_id"] for document in found}


async def move(
    tx: Transaction,
    documents: Sequence[Document],
    happened: Mapping[str, Happened],
    seen: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Move shipments that this transaction has read (FIELDS). `seen`: receipts to keep by id, whatever they changed."""
    seen = seen or {}
    changes = []
    for document in documents:
        key = document["_id"]
        update: Document = {}
        if (one := happened.get(key)) is not None:
            changed, passed = _changed(document, one, tx)
            update["$set"] = changed
            if passed:
                update["$push"] = {"history": {"$each": passed}}
            _say(tx, document, document | changed)
        if seen.get(key):
            update["$addToSet"] = {"receipts": {"$each": list(seen[key])}}
        if update:
            changes.append(({"_id": key, "state": document["state"]}, update))
    await tx.collection(SHIPMENTS).bulk(changes)


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
    for place, step in enumerate(one.steps):
        if step is Step.NOT_REGISTERED:
            if document["channel"] == "letter":
                continue  # known already
            if not KINDS[document["template"]].paper:
                step, reason = Step.FAILED, NO_DIGITAL_POST  # noqa: PLW2901
        if not leads(state, step):
            continue
        state = after(state, step)
        entry: Document = {"step": step.value, "state": state.value, "at": tx.now, "cause": one.cause}
        if one.receipts:
            entry["receipt"] = one.receipts[place]
        if one.by:
            entry["by"] = one.by
        passed.append(entry)
    return passed, reason


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


def _say(tx: Transaction, before: Document, now: Document) -> None:
    state = State(now["state"])
    if State(before["state"]) in TERMINAL or state not in TERMINAL:
        return
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
