"""What happened to shipments, in one transaction a batch, with the facts that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.notifications import Channel, LetterDispatched, ShipmentDelivered, ShipmentFailed
from notifications.domain.shipment import TERMINAL, TO_SEND, State, Step, after
from notifications.repository.shipments import SHIPMENTS

DELAYS = (2, 5, 10, 30, 60, 120, 300, 600)
"""Seconds before an attempt that came to nothing is made again; the last for ever: nobody is given up in silence."""

FIELDS = (
    *("assembly", "template", "person", "role", "channel", "state", "attempts", "reason", "taken_at", "resends"),
    "transmission",
)


@dataclass(frozen=True, slots=True)
class Happened:
    """Steps of one shipment. Without steps it is put off: nothing has been tried on the channel yet.

    `cause` is what its history says of them: `sending`, `receipt`, `clock`, `person`, `fact`. `receipts` are the ids of
    the receipts that brought them, `transmission` the provider's id of what it took.
    """

    shipment: str
    steps: tuple[Step, ...] = ()
    channel: Channel | None = None
    reason: str | None = None
    retry_after: float | None = None
    cause: str = "sending"
    receipts: tuple[str, ...] = ()
    transmission: str | None = None
    template_version: int | None = None


async def record(
    tx: Transaction, happened: Sequence[Happened], machine_now: datetime, lease: str | None = None
) -> set[str]:
    """Move shipments on, say what has ended, and return the ids of those that were moved.

    With a `lease`, those no longer under it are left alone: someone else has them, or a receipt was faster.
    """
    by_id = {one.shipment: one for one in happened}
    where: Document = {"_id": {"$in": list(by_id)}} | ({"lease": lease} if lease else {})
    found = await tx.collection(SHIPMENTS).find(where, fields=FIELDS)
    changes = []
    for document in found:
        one = by_id[document["_id"]]
        changed, passed = _changed(document, one, tx.now, machine_now)
        update: Document = {"$set": changed}
        if passed:
            update["$push"] = {"history": {"$each": passed}}
        if one.receipts:
            update["$addToSet"] = {"receipts": {"$each": list(one.receipts)}}
        changes.append(({"_id": document["_id"], "state": document["state"]}, update))
        _say(tx, document, document | changed)
    await tx.collection(SHIPMENTS).bulk(changes)
    return {document["_id"] for document in found}


def _changed(
    document: Document, one: Happened, now: datetime, machine_now: datetime
) -> tuple[dict[str, Any], list[Document]]:
    before = State(document["state"])
    passed = _passed(before, one, now)
    state = State(passed[-1]["state"]) if passed else before
    changes: dict[str, Any] = {"state": state.value} | _known_now(document, one)
    if state not in TO_SEND:
        changes |= {"lease": None, "next_at": None}
        if document["taken_at"] is None:
            changes["taken_at"] = machine_now
    elif Step.SENDING in one.steps:
        changes["attempts"] = document["attempts"] + 1
    else:
        delay = one.retry_after or DELAYS[min(document["attempts"], len(DELAYS) - 1)]
        changes |= {"lease": None, "next_at": machine_now + timedelta(seconds=delay)}
        if not one.steps:
            changes["attempts"] = document["attempts"] + 1
    if passed:
        changes["changed_at"] = now
    if before not in TERMINAL:
        changes["reason"] = one.reason
    return changes, passed


def _passed(state: State, one: Happened, now: datetime) -> list[Document]:
    passed = []
    for step in one.steps:
        earlier, state = state, after(state, step)
        if state is not earlier:
            passed.append({"step": step.value, "state": state.value, "at": now, "cause": one.cause})
    return passed


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
    if state is State.DELIVERED:
        tx.say(ShipmentDelivered(**said, channel=channel, person=now["person"]), once=once)
    elif state is State.DISPATCHED:
        if now["person"]:  # erased in the meantime: there is nobody left to say it of
            tx.say(LetterDispatched(**said, person=now["person"]), once=once)
    else:
        reason = (now["reason"] if state is State.FAILED else None) or state.value
        tx.say(ShipmentFailed(**said, channel=channel, reason=reason, person=now["person"]), once=once)
