"""The entrance of members: whichever way they showed who they are, here their sign-in begins."""

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from chassis.identity import Role
from chassis.language import LANGUAGES
from chassis.pages import COOKIE
from chassis.service import Service
from chassis.signins import Expired
from registration.use_cases import seats
from registration.use_cases.signing_in import NotAMember

HOURS = 4.0
"""How long a member stays signed in: an evening's session."""
HOME = "/samling/medlem"
"""The member's page, of another service."""

audit = structlog.get_logger(kind="audit")


async def let_in(service: Service, request: Request, person: str, assembly: str, how: str) -> Response:
    """Sign a member in and send them to their page; NotAMember when the seat was lost in the same instant."""
    await _leave(service, request)
    value = await service.sign_ins.begin(Role.MEMBER, person, hours=HOURS, assembly=assembly)
    # Whoever takes a seat ends the sign-ins after that: what began before is ended by them, and what began later is
    # seen here.
    if not await seats.still_has_seat(service.db, person):
        await service.sign_ins.end_all_of(person)
        raise NotAMember("no member")
    audit.info("signed in", role=Role.MEMBER, how=how)
    response = RedirectResponse(f"{HOME}{language(request)}", 303, {"Cache-Control": "no-store"})
    service.sign_ins.cookie.put(response, value)
    return response


def language(request: Request) -> str:
    """Return the language of this visit as a redirect passes it on: `?sprog=en`, or nothing."""
    wish = request.query_params.get(COOKIE)
    return f"?{COOKIE}={wish}" if wish in LANGUAGES else ""


async def _leave(service: Service, request: Request) -> None:
    # Whoever was signed in in this browser is not any more. Behind a personal link the doorkeeper reads no cookie.
    value = request.cookies.get(service.sign_ins.cookie.name, "")
    try:
        before = await service.sign_ins.find(value)
    except Expired:
        return
    if before:
        await service.sign_ins.end(before.sign_in)
