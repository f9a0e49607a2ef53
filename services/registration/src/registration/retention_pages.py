"""What is kept for how long, and what is erased: the secretariat's page, in numbers alone."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.language import N_
from chassis.service import Service
from registration.domain.following import KEPT_AFTER_CLOSING
from registration.domain.retention import Group
from registration.repository import FOLLOWERS, PEOPLE, assembly_from
from registration.use_cases import keeping
from registration.use_cases.announcing import get_assembly

PATH = "/tilmelding/{assembly}/sletning"
HEARERS = ("lottery", "notifications")
"""The services that hold anything about people and confirm that they have erased it."""

GROUP_WORDS = {
    Group.NOT_DRAWN: (N_("Registrants who were not drawn"), N_("after the draw")),
    Group.ROLL: (N_("Everyone else, but for the members"), N_("after the last session")),
    Group.MEMBERS: (N_("Members"), N_("after the council’s follow-up is closed")),
}


def router(service: Service) -> APIRouter:
    """Return the page's route."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get(PATH)
    async def retention(request: Request, assembly: str) -> HTMLResponse:
        document = await get_assembly(service.db, assembly)
        people = service.db.collection(PEOPLE)
        # Who was never invited is known to no other service, so nobody confirms them.
        gone = {"assembly": assembly, "status": "erased", "invited_at": {"$ne": None}}
        return service.pages.render(
            request,
            "retention.html",
            assembly=assembly_from(document),
            kept=await keeping.how_kept(service.db, document),
            group_words=GROUP_WORDS,
            followers=await service.db.collection(FOLLOWERS).count({"assembly": assembly, "joined_at": {"$ne": None}}),
            followers_days=KEPT_AFTER_CLOSING.days,
            erased=await people.count(gone),
            confirmed=[(hearer, await people.count(gone | {"erased_by": hearer})) for hearer in HEARERS],
        )

    return routes
