"""What an operator asks a service: what is left to do, what was said, what died, what time it is."""

import re
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from chassis import outbox
from chassis.asyncapi import document
from chassis.clock import RehearsalClock
from chassis.scrub import scrub_text

if TYPE_CHECKING:
    from chassis.service import Service


def router(service: "Service") -> APIRouter:
    """Return the operator's routes, under `{prefix}/ops`, and the AsyncAPI document."""
    prefix = f"{service.prefix}/ops"
    routes = APIRouter(prefix=prefix, tags=["operations"])
    public = APIRouter(tags=["documents"])

    @routes.get("/backlog")
    async def backlog() -> dict[str, Any]:
        """Return what is left to do, by name, and the sum: 0 means the service has nothing to do."""
        left = await service.work_left()
        return {"total": sum(left.values()), "left": left}

    @routes.get("/facts")
    async def facts() -> dict[str, int]:
        """Facts said by this service, by type, of the days its outbox keeps."""
        return await outbox.said(service.db)

    @routes.get("/clock")
    async def clock() -> dict[str, Any]:
        """Return the time this service goes by."""
        rehearsal = isinstance(service.clock, RehearsalClock)
        return {"now": service.clock.now(), "machine_now": service.clock.machine_now(), "rehearsal": rehearsal}

    @routes.get("/dead-letters")
    async def dead_letters() -> list[dict[str, Any]]:
        """Facts this service gave up on, oldest first."""
        return [_as_json(letter) for letter in await service.dead_letters.find()]

    @routes.get("/dead-letters/{number}")
    async def dead_letter(number: int) -> dict[str, Any]:
        """One of them, with the original, people's ids left out: who the members are is not for the operator."""
        letter, subject, headers, body = await service.dead_letters.show(number)
        return _as_json(letter) | {"subject": subject, "headers": headers, "body": _without_people(body)}

    @routes.post("/dead-letters/{number}/replay")
    async def replay(number: int) -> dict[str, Any]:
        """Handle it once more; it leaves the list when that succeeds."""
        handlers = {name: ear.replay for name, ear in service.ears.items()}
        return _as_json(await service.dead_letters.replay(number, handlers))

    @public.get(f"{service.prefix}/asyncapi.json")
    async def asyncapi() -> dict[str, Any]:
        """Return the AsyncAPI document: what this service hears and says."""
        return document(service)

    whole = APIRouter()
    whole.include_router(routes)
    whole.include_router(public)
    return whole


_OPAQUE_ID = re.compile(r"\b[0-9a-f]{32}\b")


def _without_people(body: bytes) -> str:
    return _OPAQUE_ID.sub("[person]", scrub_text(body.decode("utf-8", "replace")))


def _as_json(letter: Any) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in ("number", "at", "durable", "stream", "sequence", "why")}
