"""The public page: what is sent, as counts, while it is sent. It never shows who to."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.live import EventStream
from chassis.service import Service
from notifications.api import PREFIX
from notifications.catalogue import KINDS
from notifications.counts import count_shipments
from notifications.post_desk import Desk
from notifications.repository.known import ASSEMBLIES
from notifications.words import CHANNEL_WORDS, TEMPLATE_WORDS


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Desk(service)

    async def sent(*, following: bool) -> dict[str, Any]:
        assemblies = await service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"])
        return {
            "assemblies": [(one["title"], await count_shipments(service.db, one["_id"])) for one in assemblies],
            "order": list(KINDS),
            "template_words": TEMPLATE_WORDS,
            "channel_words": CHANNEL_WORDS,
            "now": service.clock.now(),
            "following": following,
        }

    @routes.get(PREFIX)
    @routes.get(f"{PREFIX}/")
    async def post(request: Request) -> HTMLResponse:
        return desk.render(request, "post.html", **await sent(following=False))

    @routes.get(f"{PREFIX}/live", response_class=EventStream)
    async def follow(request: Request) -> EventStream:
        return await service.live.follow(request, "post-live.html", partial(sent, following=True))

    return routes
