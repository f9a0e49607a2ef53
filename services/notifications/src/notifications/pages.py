"""The public page: what is sent, as counts, while it is sent. It never shows who to."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from contracts.notifications import SIGN_IN_CODE
from notifications.api import PREFIX
from notifications.catalogue import KINDS
from notifications.counts import count_shipments
from notifications.repository.known import ASSEMBLIES

TEMPLATE_WORDS = {
    "invitation": N_("Invitations"),
    "reminder": N_("Reminders of the invitation"),
    "receipt": N_("Sign-up confirmations"),
    "drawn": N_("Notices to those drawn"),
    "alternate": N_("Notices to alternates"),
    "not-drawn": N_("Thanks to those not drawn"),
    SIGN_IN_CODE: N_("Sign-in codes to members"),
    "seat-taken-over": N_("Seats taken over"),
    "seat-reminder": N_("Reminders to answer about a seat"),
    "seat-returned": N_("Seats given back after a mistake"),
    "seat-not-free": N_("Seats that were not free after all"),
    "session-call": N_("Calls to sessions"),
    "session-changed": N_("Changes of sessions"),
    "session-call-staff": N_("Sessions for the secretariat’s calendar"),
    "session-changed-staff": N_("Changes of sessions for the secretariat’s calendar"),
    "materials": N_("New material"),
    "minutes": N_("New minutes"),
    "evaluation": N_("Questions about taking part"),
    "delivery": N_("Delivery of the recommendations"),
    "status-due-soon": N_("Reminders to officers"),
    "status-due": N_("Status due, to officers"),
    "status-overdue": N_("Status overdue, to officers"),
    "status-published": N_("Statuses to members"),
    "follow-confirm": N_("Confirmations to who asked to follow"),
    "status-published-follower": N_("Statuses to followers"),
}
CHANNEL_WORDS = {"digital-post": N_("Digital Post"), "letter": N_("Letter"), "email": N_("E-mail")}


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

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
        return service.pages.render(request, "post.html", **await sent(following=False))

    @routes.get(f"{PREFIX}/live", response_class=EventStream)
    async def follow(request: Request) -> EventStream:
        return await service.live.follow(request, "post-live.html", partial(sent, following=True))

    return routes
