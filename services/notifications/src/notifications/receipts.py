"""Fetches receipts: handle and commit first, acknowledge after. The other way round a crash would lose them."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog

from chassis.errors import Transient
from chassis.service import Service
from notifications.channels import Receipt, ReceiptBox
from notifications.channels.answers import RefusedUs
from notifications.domain.shipment import State, Step
from notifications.repository.problems import note
from notifications.repository.shipments import SHIPMENTS, history_entry
from notifications.use_cases.heeding import handle
from notifications.use_cases.recording import credentials_refused
from notifications.watching import Watch

PAGE = 500
LIVELY_SECONDS, SOON_SECONDS = 10.0, 0.3
"""While something was taken so lately, receipts are asked for so soon again: most come within a moment."""

log = structlog.get_logger()


class Receipts:
    """Brings receipts to their shipments."""

    def __init__(self, service: Service, box: ReceiptBox, watch: Watch, overdue_seconds: float) -> None:
        self._service = service
        self._watch = watch
        self._box = box
        self._overdue_seconds = overdue_seconds
        self._one_at_a_time = asyncio.Lock()

    async def follow(self) -> None:
        """Take receipts until none waits, and come back soon while more are expected."""
        await self.fetch()
        if await self._expects():
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._service.poke, "receipts")

    async def fetch(self) -> bool:
        """Take receipts until none waits, and say whether that is so: False when the other side did not answer."""
        async with self._one_at_a_time:
            while True:
                try:
                    receipts = await self._box.receipts(PAGE)
                except RefusedUs as error:
                    log.warning("receipts could not be fetched, trying again", why=str(error))
                    await self._service.transaction(partial(note, problem=credentials_refused(error.reason)))
                    return False
                except Transient as error:
                    log.warning("receipts could not be fetched, trying again", why=str(error))
                    return False
                if not receipts:
                    return True
                await self.take(receipts)
                await self._box.forget(receipts)
                if len(receipts) < PAGE:
                    return True

    async def take(self, receipts: Sequence[Receipt]) -> None:
        """Handle receipts, fetched or pushed. They are committed when it returns, and may be acknowledged."""
        with self._service.telemetry.span("handle receipts", attributes={"receipts": len(receipts)}):
            ended = await self._service.transaction(partial(handle, receipts=receipts))
        await self._watch.see(ended)

    async def find_overdue(self) -> None:
        """Mark what has had no receipt for too long. A late receipt still counts."""
        now, machine_now = self._service.clock.now(), self._service.clock.machine_now()
        taken = [State.ACCEPTED.value, State.RECEIVED.value, State.AT_PRINTER.value]
        too_old = {"state": {"$in": taken}, "taken_at": {"$lt": machine_now - timedelta(seconds=self._overdue_seconds)}}
        late = await self._service.db.collection(SHIPMENTS).update_many(
            too_old,
            {
                "$set": {"state": State.OVERDUE.value, "changed_at": now},
                "$push": {"history": history_entry(Step.OVERDUE.value, State.OVERDUE, now, "clock")},
            },
        )
        if late:
            log.error("shipments have had no receipt for too long", shipments=late)

    async def _expects(self) -> bool:
        lately = self._service.clock.machine_now() - timedelta(seconds=LIVELY_SECONDS)
        open_ones = [State.ACCEPTED.value, State.RECEIVED.value]
        shipments = self._service.db.collection(SHIPMENTS)
        return await shipments.one({"state": {"$in": open_ones}, "taken_at": {"$gt": lately}}) is not None
