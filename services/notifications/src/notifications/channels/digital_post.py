"""Digital Post over NgDP's own interface, `/apis/v1`: look up, send, fetch receipts.

A CPR number is in the look-up's URL, since the protocol has it so. Therefore nothing here logs a URL or lets an httpx
error out, whose text could hold one.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

import httpx
import structlog

from chassis.errors import Permanent, Transient
from notifications.channels import ChannelName, Outcome, Outgoing, Person, Receipt
from notifications.channels.answers import json_object, reason_code, refused, retry_after, without_answer
from notifications.channels.connections import Connections
from notifications.channels.memo import memo
from notifications.channels.one_by_one import each
from notifications.domain.shipment import Step
from notifications.settings import DigitalPostSettings

API = "/apis/v1"
RECEIPT_STEPS = {
    "RECEIVED": Step.RECEIVED,
    "COMPLETED": Step.DELIVERED,
    "INVALID": Step.FAILED,
    "NOT_ALLOWED": Step.FAILED,
}

log = structlog.get_logger()


class DigitalPost:
    """The channel."""

    name: ChannelName = "digital-post"

    def __init__(self, settings: DigitalPostSettings) -> None:
        self._cvr = settings.sender_cvr
        credentials = settings.credentials.get_secret_value()
        self._connections = Connections(
            settings.url.rstrip("/") + API,
            {"Authorization": f"Bearer {credentials}"},
            settings.connections,
            settings.timeout_seconds,
        )

    async def look_up(self, cpr: str) -> Literal["registered", "not-registered"]:
        """Say whether a person has Digital Post.

        Permanent, with a reason code, when the number itself is refused; Transient for all else but a definite answer.
        """
        try:
            response = await self._connections.request("GET", "/contacts/", {"cprNumber": cpr})
        except httpx.HTTPError as error:
            raise Transient(f"the look-up failed: {type(error).__name__}") from None
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise Permanent(reason_code(json_object(response).get("code")) or "http-400")
        if response.status_code != HTTPStatus.OK:
            raise Transient(f"the look-up was answered with {response.status_code}", retry_after(response))
        match json_object(response).get("publicRegistrationStatus"):
            case "REGISTERED":
                return "registered"
            case "EXEMPT" | "CLOSED":
                return "not-registered"
            case _:
                raise Transient("the look-up gave no definite answer")

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Send each message under its UUID."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, Person):
            return Outcome((Step.FAILED,), "not-a-person")
        body = memo(out, out.to, self._cvr, now)
        try:
            query = {"memo-message-uuid": out.message_uuid}
            response = await self._connections.request("POST", "/memos/", query, body)
        except httpx.HTTPError as error:
            return without_answer(error)
        return _outcome(response)

    async def receipts(self, most: int) -> list[Receipt]:
        """Return up to `most` receipts that wait. Transient when there is no answer."""
        try:
            response = await self._connections.request("GET", "/receipts/", {"size": str(most)})
        except httpx.HTTPError as error:
            raise Transient(f"no receipts: {type(error).__name__}") from None
        if response.status_code != HTTPStatus.OK:
            raise Transient(f"receipts were answered with {response.status_code}")
        return [receipt for item in response.json() if (receipt := _receipt(item)) is not None]

    async def forget(self, receipts: Sequence[Receipt]) -> None:
        """Acknowledge receipts that are handled and committed. One that could not be is handed out again."""
        await asyncio.gather(*map(self._forget_one, receipts))

    async def _forget_one(self, receipt: Receipt) -> None:
        try:
            await self._connections.request("DELETE", f"/receipts/{receipt.id}")
        except httpx.HTTPError as error:
            log.warning("a receipt was not acknowledged", receipt=receipt.id, error=type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()


def _outcome(response: httpx.Response) -> Outcome:
    answer = json_object(response)
    if response.status_code == HTTPStatus.CREATED:
        steps = (Step.ACCEPTED, Step.RECEIVED) if answer.get("receiptStatus") else (Step.ACCEPTED,)
        return Outcome(steps, transmission=answer.get("transmissionId"))
    return refused(response, answer.get("code"))


def _receipt(item: dict[str, Any]) -> Receipt | None:
    step = RECEIPT_STEPS.get(item.get("receiptStatus", ""))
    if step is None:
        log.warning("a receipt has an unknown status", receipt=item.get("transmissionId"))
        return None
    reason = (reason_code(item.get("errorCode")) or "refused") if step is Step.FAILED else None
    return Receipt(item["transmissionId"], item["messageUUID"], step, reason, item["transmissionId"])
