"""Answering a question over NATS request/reply: bodies hold personal data, so neither is logged or traced."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from nats.aio.msg import Msg
from pydantic import BaseModel

from chassis.telemetry import Telemetry

log = structlog.get_logger()


def answering(
    telemetry: Telemetry, subject: str, question: type[Any], handler: Callable[[Any], Awaitable[BaseModel]]
) -> Callable[[Msg], Awaitable[None]]:
    """Return a NATS callback that reads the question, lets `handler` answer and replies; an error is said as one."""

    async def answer(message: Msg) -> None:
        headers = message.headers or {}
        with telemetry.span(f"answer {subject}", parent=headers.get("traceparent"), kind="server"):
            try:
                reply = await handler(question.model_validate_json(message.data))
            except Exception as error:  # noqa: BLE001 - the asker must not wait for its time-out
                log.warning("a question could not be answered", subject=subject, error=type(error).__name__)
                await _refuse(message, error)
                return
            await message.respond(reply.model_dump_json().encode())

    return answer


async def _refuse(message: Msg, error: Exception) -> None:
    client = message._client  # noqa: SLF001 - Msg.respond cannot send headers
    await client.publish(message.reply, b"", headers={"error": type(error).__name__})
