"""Digital Post over NgDP's own interface, `/apis/v1`: look up, send one or many, fetch receipts.

Shapes are those of NgDP's own description of its interface (1.68.0, read in a client generated from it). A CPR number
is in the look-up's URL, since the protocol has it so. Therefore nothing here logs a URL or lets an httpx error out,
whose text could hold one.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Literal, TypeVar

import httpx
import structlog

from chassis.errors import Permanent, Transient
from notifications.channels import ChannelName, Outcome, Outgoing, Person, Receipt
from notifications.channels.answers import json_object, not_now, reason_code, refused, verdict, without_answer
from notifications.channels.bulk import CONTENT_TYPE, Made, containers, pack
from notifications.channels.connections import Connections
from notifications.channels.look_ups import Answer, LookUps
from notifications.channels.memo import memo
from notifications.channels.one_by_one import not_made
from notifications.domain.shipment import Step
from notifications.settings import DigitalPostSettings

API = "/apis/v1"
RECEIPT_STEPS = {
    "RECEIVED": Step.RECEIVED,
    "COMPLETED": Step.DELIVERED,
    "INVALID": Step.FAILED,
    "NOT_ALLOWED": Step.FAILED,
}
IN_QUARANTINE = "UNCONFIRMED_REGISTRATION"
"""Somebody new, who cannot get Digital Post until they log in or a time has passed."""

_AGAIN = {Step.NOT_TAKEN, Step.TIMED_OUT}
_T = TypeVar("_T")

log = structlog.get_logger()


class DigitalPost:
    """The channel. A batch goes as containers, a single message by itself."""

    name: ChannelName = "digital-post"

    def __init__(self, settings: DigitalPostSettings) -> None:
        self._settings = settings
        credentials = b64encode(settings.credentials.get_secret_value().encode()).decode()
        self._connections = Connections(
            settings.url.rstrip("/") + API,
            {"Authorization": f"Basic {credentials}"},
            settings.connections,
            settings.timeout_seconds,
            settings.context(),
        )
        self._look_ups = LookUps(self._who_has_it, settings.look_up_people)
        self._worker = ThreadPoolExecutor(1, "memos")

    async def look_up(self, cpr: str) -> Literal["registered", "not-registered"]:
        """Say whether a person has Digital Post.

        Permanent, with a reason code, when the number itself is refused; Transient for all else but a definite answer.
        """
        return await self._look_ups.look_up(cpr)

    async def _who_has_it(self, numbers: Sequence[str]) -> Mapping[str, Answer]:
        query = {"cprNumber": ",".join(numbers), "size": str(len(numbers))}
        try:
            response = await self._connections.request("GET", "/contacts/", query)
        except httpx.HTTPError as error:
            raise Transient(f"the look-up failed: {type(error).__name__}") from None
        answer = json_object(response)
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise Permanent(reason_code(answer.get("code")) or "http-400")
        if response.status_code != HTTPStatus.OK:
            raise not_now(response, "the look-up was")
        return _registrations(answer)

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Send each message under its UUID: a single one by itself, several as containers."""
        outcomes: dict[int, Outcome] = {}
        made = make(batch, self._settings.sender_cvr, now, outcomes)
        packing = containers(made, self._settings.container_messages, self._settings.container_bytes)
        # One after the other: a large file that goes to all is in memory once a message, for one container alone.
        while container := await self._in_worker(partial(next, packing, None)):
            ends = await self._send(container)
            outcomes |= {one.place: end for one, end in zip(container, ends, strict=True)}
        return [outcomes[place] for place in range(len(batch))]

    async def _send(self, some: Sequence[Made]) -> list[Outcome]:
        """Send one container. Refused as a whole, it goes again in halves, until whatever is refused is alone."""
        if len(some) == 1:
            query, content, kind = {"memo-message-uuid": some[0].uuid}, some[0].xml, "application/xml"
        else:
            query, content, kind = None, await self._in_worker(partial(pack, some)), CONTENT_TYPE
        try:
            response = await self._connections.request("POST", "/memos/", query, content, {"Content-Type": kind})
        except httpx.HTTPError as error:
            return [without_answer(error)] * len(some)
        outcome = _outcome(response, single=len(some) == 1)
        if len(some) == 1 or response.status_code == HTTPStatus.CREATED or outcome.steps[0] in _AGAIN:
            return [outcome] * len(some)
        log.warning("a container was refused, it goes again in halves", messages=len(some), reason=outcome.reason)
        half = len(some) // 2
        first, second = await asyncio.gather(self._send(some[:half]), self._send(some[half:]))
        return [*first, *second]

    async def receipts(self, most: int) -> list[Receipt]:
        """Return up to `most` receipts that wait. Transient when there is no answer."""
        found: list[Receipt] = []
        page, pages = 0, 1
        while page < pages and len(found) < most:  # more than one page only when some of a page cannot be read
            answer = await self._receipts(page, most)
            found += filter(None, map(read_receipt, answer.get("receipts") or []))
            page, pages = page + 1, int(answer.get("totalPages") or 0)
        return found[:most]

    async def _receipts(self, page: int, size: int) -> dict[str, Any]:
        try:
            query = {"page": str(page), "size": str(size)}
            response = await self._connections.request("GET", "/receipts-bulk/", query)
        except httpx.HTTPError as error:
            raise Transient(f"the receipts could not be fetched: {type(error).__name__}") from None
        if response.status_code != HTTPStatus.OK:
            raise not_now(response, "the receipts were")
        return json_object(response)

    async def forget(self, receipts: Sequence[Receipt]) -> None:
        """Acknowledge receipts that are handled and committed. One that could not be is handed out again."""
        await asyncio.gather(*map(self._forget_one, receipts))

    async def _forget_one(self, receipt: Receipt) -> None:
        try:
            await self._connections.request("DELETE", f"/receipts/{receipt.id}")
        except httpx.HTTPError as error:
            log.warning("a receipt was not acknowledged", receipt=receipt.id, error=type(error).__name__)

    async def _in_worker(self, work: partial[_T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def close(self) -> None:
        """Close the connections, and let the worker finish what it has in hand."""
        await self._look_ups.close()
        await asyncio.to_thread(self._worker.shutdown)
        await self._connections.close()


def make(batch: Sequence[Outgoing], sender_cvr: str, now: datetime, outcomes: dict[int, Outcome]) -> Iterator[Made]:
    """Yield the batch as MeMos, and put the outcomes of those that cannot be one into `outcomes` by their place."""
    for place, out in enumerate(batch):
        if not isinstance(out.to, Person):
            outcomes[place] = Outcome((Step.FAILED,), "not-a-person")
            continue
        try:
            xml = memo(out, out.to, sender_cvr, now)
        except ValueError as error:
            outcomes[place] = not_made(out, error)
        else:
            yield Made(place, out.message_uuid, xml)


def _outcome(response: httpx.Response, *, single: bool) -> Outcome:
    answer = json_object(response)
    if response.status_code != HTTPStatus.CREATED:
        return refused(response, answer.get("code"))
    # The answer to a container is about the container: each of its messages has a receipt of its own later.
    received = single and answer.get("receiptStatus") in {"RECEIVED", "COMPLETED"}
    steps = (Step.ACCEPTED, Step.RECEIVED) if received else (Step.ACCEPTED,)
    return Outcome(steps, transmission=_id(answer, "transmissionId"))


def _registrations(answer: Mapping[str, Any]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for contact in answer.get("contacts") or []:
        subscription = contact.get("mailboxSubscription") or {}
        quarantined = subscription.get("registrationStatus") == IN_QUARANTINE
        match subscription.get("publicRegistrationStatus"):
            case "REGISTERED" if not quarantined:
                found[contact.get("cprNumber", "")] = "registered"
            case "EXEMPT" | "CLOSED":
                found[contact.get("cprNumber", "")] = "not-registered"
            case _ if quarantined:
                found[contact.get("cprNumber", "")] = "not-registered"
    return found


def read_receipt(item: Mapping[str, Any]) -> Receipt | None:
    """Return a receipt as NgDP writes it, fetched or pushed; None for one that says nothing anyone could use."""
    step, receipt = RECEIPT_STEPS.get(item.get("receiptStatus", "")), _id(item, "id")
    if step is None or not receipt:
        log.warning("a receipt has no id or an unknown status, it is left where it is", receipt=receipt)
        return None
    reason = (reason_code(item.get("errorCode")) or "refused") if step is Step.FAILED else None
    # Without a message's UUID it is about none of ours that anyone could tell: it is kept as such, and seen.
    uuid = (_id(item, "messageUUID") or "").lower()
    return Receipt(receipt, uuid, verdict(reason) if reason else step, reason, _id(item, "transmissionId"))


def _id(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None
