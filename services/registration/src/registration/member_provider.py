"""A member signs in with the municipality's MitID broker: its CPR number finds them among the members.

The number is read from the ID token, made into the person's opaque id, and forgotten: neither kept nor logged.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.doorkeeper import SIGN_IN
from chassis.identity import caller
from chassis.language import N_
from chassis.oidc import INVALID, NotSignedIn, Provider, claim
from chassis.service import Service
from chassis.signing_in import MEMBERS as START
from chassis.signing_in import REFUSALS, at_the_one_address, state_cookie
from registration.domain import cpr
from registration.domain.problems import BrokenRuleError
from registration.entrance import let_in
from registration.settings import Settings
from registration.use_cases import signing_in
from registration.use_cases.signing_in import NotAMember

BACK = f"{START}/svar"
NO_MEMBER = "not-a-member"

WORDS = REFUSALS | {
    NO_MEMBER: (
        403,
        N_("You are not a member"),
        N_("Only those who are drawn as members can sign in here. Are you a member? Then call the secretariat."),
    ),
}
"""Status, title and advice for each way it can fail."""


def router(service: Service, settings: Settings) -> APIRouter:
    """Return the routes, and have the service wear what they need. ValueError for settings that cannot work."""
    desk = ProviderDesk(service, settings)
    if settings.member_sign_in.issuer and (key := settings.member_sign_in.state_key):
        service.middlewares.append(state_cookie(service, key, START))
    service.sign_in_paths |= {START, BACK}
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    routes.add_api_route(START, desk.start, methods=["GET"])
    routes.add_api_route(BACK, desk.back, methods=["GET"])
    return routes


class ProviderDesk:
    """The way to the broker and back."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service, self._settings = service, settings
        self._public_url = settings.public_url.rstrip("/")
        self._provider = Provider(settings.member_sign_in) if settings.member_sign_in.issuer else None

    async def start(self, request: Request) -> Response:
        """Send the browser to the broker, or say that there is none."""
        if self._provider is None:
            return self._service.pages.render(request, "no-provider.html")
        if elsewhere := at_the_one_address(request, self._public_url, START):
            return elsewhere
        return await self._provider.send_away(request, f"{self._public_url}{BACK}")

    async def back(self, request: Request) -> Response:
        """Take the broker's answer: sign in, or say why not."""
        if self._provider is None:
            return RedirectResponse(START, 303)
        try:
            claims = await self._provider.take_back(request)
            person, assembly = await signing_in.member_by_cpr(
                self._service.db, self._settings.key, self._number(claims)
            )
            request.session.clear()
            return await let_in(self._service, request, person, assembly, "provider")
        except NotSignedIn as failed:
            reason = failed.reason
        except NotAMember:
            reason = NO_MEMBER
        request.session.clear()
        said = reason if reason == NO_MEMBER else f"sign-in-{reason}"
        self._service.refused(said, BACK, caller(request).role)
        status, title, advice = WORDS[reason]
        return self._service.pages.render(
            request, "sign-in-failed.html", status, here=SIGN_IN, failed_title=title, advice=advice, start=START
        )

    def _number(self, claims: Mapping[str, Any]) -> str:
        found = claim(claims, self._settings.member_sign_in.cpr_claim)
        try:
            return cpr.parse(str(found), synthetic_allowed=self._settings.synthetic_people).digits
        except BrokenRuleError:
            raise NotSignedIn(INVALID) from None
