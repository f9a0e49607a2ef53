"""Receipts and what follows from them, in one transaction a page of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import structlog

from chassis.mongo import Document
from chassis.transaction import Transaction
from notifications.catalogue import KINDS
from notifications.channels import Receipt
from notifications.domain.heeding import Said, Standing, heed
from notifications.domain.shipment import State, Step
from notifications.repository.problems import Problem, note
from notifications.repository.shipments import SHIPMENTS, UNMATCHED
from notifications.use_cases.recording import FIELDS, Ended, Happened, move

READ = (*FIELDS, "message_uuid", "letter_uuid", "receipts")

log = structlog.get_logger()


@dataclass(slots=True)
class _Heard:
    """What is heard of one shipment."""

    document: Document
    standing: Standing
    steps: list[Step] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    reason: str | None = None
    transmission: str | None = None

    def happened(self) -> Happened:
        return Happened(
            self.document["_id"],
            tuple(self.steps),
            reason=self.reason,
            cause="receipt",
            receipts=tuple(self.receipts),
            transmission=self.transmission,
        )


async def handle(tx: Transaction, receipts: Sequence[Receipt]) -> tuple[Ended, ...]:
    """Move the shipments that receipts are about, each receipt once; keep those that are about none of ours.

    A receipt for an unknown message, and one that says the opposite of how a shipment ended, change nothing and are
    put on the list of problems.
    """
    heard = {document["_id"]: _Heard(document, _standing(document)) for document in await _about(tx, receipts)}
    by_uuid = {one.document[key]: one for one in heard.values() for key in ("message_uuid", "letter_uuid")}
    strangers = []
    for receipt in receipts:
        if one := by_uuid.get(receipt.message_uuid):
            await _take(tx, one, receipt)
        else:
            strangers.append(receipt)
    happened = {key: one.happened() for key, one in heard.items() if one.steps}
    seen = {key: one.seen for key, one in heard.items()}
    ended = await move(tx, [one.document for one in heard.values()], happened, seen)
    await _keep(tx, strangers)
    return ended


async def _about(tx: Transaction, receipts: Iterable[Receipt]) -> list[Document]:
    uuids = {receipt.message_uuid for receipt in receipts}
    shipments = tx.collection(SHIPMENTS)
    found = await shipments.find({"message_uuid": {"$in": list(uuids)}}, fields=READ)
    if left := uuids - {document["message_uuid"] for document in found}:
        known = {document["_id"] for document in found}
        letters = await shipments.find({"letter_uuid": {"$in": list(left)}}, fields=READ)
        found += [document for document in letters if document["_id"] not in known]
    return found


def _standing(document: Document) -> Standing:
    return Standing(
        State(document["state"]),
        letter=document["channel"] == "letter",
        paper=KINDS[document["template"]].paper,
        resends=document["resends"],
        transmission=document["transmission"],
        earlier=frozenset(document["earlier"]),
        seen=frozenset(document["receipts"]),
    )


async def _take(tx: Transaction, one: _Heard, receipt: Receipt) -> None:
    about: Literal["digital-post", "letter"] = (
        "letter" if receipt.message_uuid == one.document["letter_uuid"] else "digital-post"
    )
    said = Said(receipt.id, about, receipt.step, receipt.transmission)
    fresh = receipt.id not in one.standing.seen
    verdict, one.standing = heed(one.standing, said)
    if fresh:
        one.seen.append(receipt.id)
    if verdict == "counts":
        one.steps.append(receipt.step)
        one.receipts.append(receipt.id)
        one.reason = receipt.reason
        one.transmission = one.transmission or receipt.transmission
    elif verdict == "contradicts":
        about_it = {"shipment": one.document["_id"], "said": receipt.step.value, "state": one.standing.state.value}
        await note(tx, Problem("receipt-contradicts", one.document["assembly"], about_it))
        log.error("a receipt contradicts how a shipment ended", **about_it)


async def _keep(tx: Transaction, strangers: Sequence[Receipt]) -> None:
    if not strangers:
        return
    unmatched = tx.collection(UNMATCHED)
    known = await unmatched.find({"_id": {"$in": [receipt.id for receipt in strangers]}}, fields=["_id"])
    before = {document["_id"] for document in known}
    fresh = {receipt.id: receipt for receipt in strangers if receipt.id not in before}
    rows = [
        {"_id": key, "message_uuid": one.message_uuid, "step": one.step.value, "reason": one.reason, "seen_at": tx.now}
        for key, one in fresh.items()
    ]
    await unmatched.insert_many(rows)
    for uuid in sorted({receipt.message_uuid for receipt in fresh.values()}):
        await note(tx, Problem("receipt-unknown", about={"message": uuid}))
    if fresh:
        log.warning("receipts for unknown messages", receipts=len(fresh))
