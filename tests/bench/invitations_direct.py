"""The same number of ready-made messages, posted straight to the stand-in: what a fair user of httpx gets.

One `AsyncClient` with as many kept connections as messages under way, the messages made before the clock starts. A few
numbers of connections are tried on a part of the messages, and the best one is used for all.
"""

import asyncio
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import httpx
from processor import used

from borgersamling.synthetic import Person as Resident
from notifications.channels import Person
from notifications.channels.memo import memo
from support.notifying import NOW, message, recipient

AT_ONCE = (2, 4, 8, 16, 32, 100)
"""Connections that are tried; 100 is what httpx opens if it is told nothing."""
TRIED = 1500
"""Messages in a trial."""
CREDENTIALS = {"Authorization": "Bearer local-system", "Content-Type": "application/xml"}

Ready = tuple[str, bytes]
"""A message's UUID and its MeMo."""


def ready_made(people: Iterable[Resident]) -> list[Ready]:
    """Make one invitation for each, with our own code, so that they are as large as those we send."""
    known = recipient(1)
    found = []
    for person in people:
        to = Person(person.cpr, person.name, known.address, known.link, "da")
        out = replace(message("invitation", to=to), message_uuid=str(uuid.uuid4()))
        found.append((out.message_uuid, memo(out, to, "00000000", NOW)))
    return found


async def post(url: str, messages: Sequence[Ready], at_once: int) -> float:
    """Post them all and return the messages a second; RuntimeError when one is not taken."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    waiting = iter(messages)
    async with httpx.AsyncClient(base_url=url, headers=CREDENTIALS, limits=limits, trust_env=False) as http:

        async def one_after_the_other() -> None:
            for message_uuid, xml in waiting:
                answer = await http.post("/apis/v1/memos/", params={"memo-message-uuid": message_uuid}, content=xml)
                if answer.status_code != httpx.codes.CREATED:
                    raise RuntimeError(f"the stand-in answered {answer.status_code}")

        began = time.perf_counter()
        await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
        return len(messages) / (time.perf_counter() - began)


async def measured(url: str, stand_in: int, people: Sequence[Resident]) -> dict[str, Any]:
    """Try, and post all with the best; `stand_in` is its process."""
    tried = {}
    for at_once in AT_ONCE:
        tried[at_once] = await post(url, ready_made(people[:TRIED]), at_once)
    best = max(tried, key=lambda at_once: tried[at_once])
    messages = ready_made(people)
    before = time.process_time() + used([stand_in])
    rate = await post(url, messages, best)
    spent = time.process_time() + used([stand_in]) - before
    return {
        "messages": len(people),
        "seconds": round(len(people) / rate, 1),
        "a_second": round(rate, 1),
        "processor_seconds": round(spent, 1),
        "connections": best,
        "tried": {str(at_once): round(found, 1) for at_once, found in tried.items()},
    }
