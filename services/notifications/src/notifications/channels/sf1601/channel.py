"""The two channels over SF1601: Digital Post, and letters by Fjernprint. And the look-up that chooses between them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Literal

import httpx
import structlog

from chassis.errors import Permanent, Transient
from notifications.channels import ChannelName, Outcome, Outgoing, Person, Receipt
from notifications.channels.addresses import refusal
from notifications.channels.answers import json_object, not_now, reason_code, refused, verdict, without_answer
from notifications.channels.letter import Press, too_large
from notifications.channels.memo import memo
from notifications.channels.one_by_one import each
from notifications.channels.sf1601.client import Client, Service
from notifications.channels.sf1601.fjernprint import forsendelse
from notifications.channels.sf1601.kombi import Choice, enveloped, read_reply, refusal_code
from notifications.channels.sf1601.token import NoToken
from notifications.domain.shipment import Step

log = structlog.get_logger()

KOMBI = "/service/KombiPostAfsend_1/kombi"
LOOK_UP = "/service/PostForespoerg_1/digitalpost"


async def send(client: Client, choice: Choice, content: bytes) -> Outcome:
    """Send one message or letter, and say what became of it."""
    try:
        response = await client.call(Service.SEND, "POST", KOMBI, content=enveloped(choice, content))
    except NoToken:
        return Outcome((Step.NOT_TAKEN,), "no-token")
    except httpx.HTTPError as error:
        return without_answer(error)
    if response.status_code != HTTPStatus.OK:
        return refused(response, _code(response))
    try:
        reply = read_reply(response.content)
    except ValueError:
        # A success that says nothing: it may have been taken.
        return Outcome((Step.TIMED_OUT,), "no-reply")
    if reply.accepted:
        return Outcome((Step.ACCEPTED,), transmission=reply.transmission)
    reason = reply.reason or "not-accepted"
    return Outcome((verdict(reason),), reason)


def _code(response: httpx.Response) -> object:
    """Return a refusal's code. Its form is not documented where we could read it: JSON or XML, whatever is there."""
    return json_object(response).get("code") or refusal_code(response.content)


class DigitalPost:
    """Digital Post over SF1601, and the look-up. Receipts are pushed (`post_status`): none waits to be fetched."""

    name: ChannelName = "digital-post"

    def __init__(self, client: Client, sender_cvr: str) -> None:
        self._client, self._cvr = client, sender_cvr

    async def look_up(self, cpr: str) -> Literal["registered", "not-registered"]:
        """Say whether a person has Digital Post.

        Permanent, with a reason code, when the number itself is refused; Transient for all else but a definite answer.
        """
        try:
            response = await self._client.call(Service.LOOK_UP, "GET", LOOK_UP, {"cprNumber": cpr})
        except httpx.HTTPError as error:
            raise Transient(f"the look-up failed: {type(error).__name__}") from None
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise Permanent(reason_code(_code(response)) or "http-400")
        if response.status_code != HTTPStatus.OK:
            raise not_now(response, "the look-up was")
        match json_object(response).get("result"):
            case True:
                return "registered"
            case False:
                return "not-registered"
            case _:
                raise Transient("the look-up gave no definite answer")

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Send each message under its UUID."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, Person):
            return Outcome((Step.FAILED,), "not-a-person")
        return await send(self._client, "Digital Post", memo(out, out.to, self._cvr, now))

    async def receipts(self, most: int) -> Sequence[Receipt]:  # noqa: ARG002 - a ReceiptBox's
        """Return none."""
        return ()

    async def forget(self, receipts: Sequence[Receipt]) -> None:
        """There is nothing to forget."""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


class Fjernprint:
    """Letters over SF1601: printed, enveloped and posted by the municipality's print provider, told of by receipts.

    `press` makes the PDF. The identifier is the message's UUID: the same on every attempt, and receipts name it.
    """

    name: ChannelName = "letter"

    def __init__(self, client: Client, press: Press, kind: int | None) -> None:
        self._client, self._press, self._kind = client, press, kind

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Typeset and send each letter."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, Person):
            return Outcome((Step.FAILED,), "not-a-person")
        if reason := refusal(out.to.name, out.to.address):
            return Outcome((Step.FAILED,), reason)
        try:
            pdf = await self._press.pdf(out, out.to, now)
        except RuntimeError as error:  # typst's own: the letter cannot be set as an accessible PDF
            log.warning("a letter could not be typeset", shipment=out.shipment, error=type(error).__name__)
            return Outcome((Step.FAILED,), "not-typeset")
        if too_large(pdf, out):
            return Outcome((Step.FAILED,), "attachment-too-large")
        letter = forsendelse(out.message_uuid, out.to, out.message.subject, pdf, out.attachments, self._kind)
        return await send(self._client, "Fysisk Post", letter)

    async def close(self) -> None:
        """Let the letter in hand be finished, and close the connections, which are Digital Post's too."""
        await self._press.close()
        await self._client.close()
