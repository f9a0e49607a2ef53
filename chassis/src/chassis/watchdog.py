"""A deleted durable shows no error anywhere: fetches time out, ping stays true, facts are not heard. So we look."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis.topology import Durable

log = structlog.get_logger()


async def watch(
    js: JetStreamContext, durables: Sequence[Durable], fatal: Callable[[str], None], seconds: float = 15.0
) -> None:
    """Ask for each durable every `seconds`; call `fatal` when one is gone, so that the process ends and is seen."""
    while True:
        await asyncio.sleep(seconds)
        for durable in durables:
            try:
                await js.consumer_info(durable.stream, durable.name, timeout=5)
            except NotFoundError:
                log.error("a durable is missing", durable=durable.name, stream=durable.stream)  # noqa: TRY400 - no traceback: the words say it
                fatal(f"the durable {durable.name} is missing: provision the streams again")
                return
            except Exception as error:  # noqa: BLE001 - no answer is NATS being away, which readiness reports
                log.info("the watchdog had no answer", durable=durable.name, error=type(error).__name__)
