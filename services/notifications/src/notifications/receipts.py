"""Fetches receipts: handle and commit first, acknowledge after. The other way round a crash would lose them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from chassis.errors import Transient
from chassis.mongo import Document
from chassis.service import Service
from chassis.transaction import Transaction
from notifications.channels import Receipt, ReceiptBox
from notifications.domain.shipment import State, Step
from notifications.repository.shipments import SHIPMENTS, UNMATCHED
from notifications.use_cases.recording import Happened, record

PAGE = 500

log = structlog.get_logger()


class Receipts:
    """Brings receipts to their shipments."""

    def __init__(self, service: Service, box: ReceiptBox, overdue_seconds: float) -> None:
        self._service = service
        self._box = box
        self._overdue_seconds = overdue_seconds

    async def fetch(self) -> None:
        """Take receipts until none waits."""
        while await self._page():
            pass

    async def _page(self) -> bool:
        try:
            receipts = await self._box.receipts(PAGE)
        except Transient as error:
            log.warning("receipts could not be fetched, trying again", why=str(error))
            return False
        if not receipts:
            return False
        now = self._service.clock.machine_now()
        with self._service.telemetry.span("handle receipts", attributes={"receipts": len(receipts)}):
            await self._service.transaction(partial(handle, receipts=receipts, machine_now=now))
        await self._box.forget(receipts)
        return len(receipts) == PAGE

    async def find_overdue(self) -> None:
        """Mark what has had no receipt for too long. A late receipt still counts."""
        now = self._service.clock.machine_now()
        taken = [State.ACCEPTED.value, State.RECEIVED.value, State.AT_PRINTER.value]
        too_old = {"state": {"$in": taken}, "taken_at": {"$lt": now - timedelta(seconds=self._overdue_seconds)}}
        late = await self._service.db.collection(SHIPMENTS).update_many(
            too_old,
            {
                "$set": {"state": State.OVERDUE.value, "changed_at": self._service.clock.now()},
                "$push": {"history": _overdue(self._service.clock.now())},
            },
        )
        if late:
            log.error("shipments have had no receipt for too long", shipments=late)


def _overdue(now: datetime) -> Document:
    return {"step": Step.OVERDUE.value, "state": State.OVERDUE.value, "at": now, "cause": "clock"}


async def handle(tx: Transaction, receipts: Sequence[Receipt], machine_now: datetime) -> None:
    """Move the shipments that receipts are about; keep a note of a receipt that is about none of ours."""
    uuids = list({receipt.message_uuid for receipt in receipts})
    found = await tx.collection(SHIPMENTS).find({"message_uuid": {"$in": uuids}}, fields=["message_uuid"])
    ids = {document["message_uuid"]: document["_id"] for document in found}
    by_shipment: dict[str, Happened] = {}
    unmatched: dict[str, Document] = {}
    for receipt in receipts:
        shipment = ids.get(receipt.message_uuid)
        if shipment is None:
            unmatched[receipt.id] = {"_id": receipt.id, "message_uuid": receipt.message_uuid, "seen_at": tx.now}
            continue
        before = by_shipment.get(shipment, Happened(shipment))
        by_shipment[shipment] = Happened(
            shipment,
            (*before.steps, receipt.step),
            reason=receipt.reason or before.reason,
            cause="receipt",
            receipts=(*before.receipts, receipt.id),
            transmission=receipt.transmission,
        )
    await record(tx, list(by_shipment.values()), machine_now)
    if await tx.collection(UNMATCHED).upsert_new(list(unmatched.values())):
        log.warning("receipts for unknown messages", receipts=len(unmatched))
