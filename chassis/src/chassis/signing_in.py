"""The sign-in pages of the one address: `/log-ind`, the way to the provider and back, and `/log-ud`.

Served by one service (sessions, which has the front page). Signing in and out are audit lines in the log, without a
name; what someone who is signed in may open stands in the access table.
"""

from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import SecretStr
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

from chassis.doorkeeper import SIGN_IN
from chassis.identity import Caller, Role, caller
from chassis.language import N_
from chassis.oidc import (
    DENIED,
    INVALID,
    MISMATCH,
    NO_ROLE,
    STATE_COOKIE,
    STATE_SECONDS,
    TWO_ROLES,
    NotSignedIn,
    Provider,
    the_role,
)
from chassis.pages import NAVIGATION
from chassis.service import Service

START, BACK, OUT = f"{SIGN_IN}/start", f"{SIGN_IN}/svar", "/log-ud"
MEMBERS = "/tilmelding/medlem"
"""Where members sign in with the municipality's MitID broker, if it has one."""

REASONS = {
    "udloebet": ("warning", N_("Your sign-in has ended"), N_("Sign in again to go on. Nothing that was sent is lost.")),
    "ude": ("success", N_("You are signed out"), N_("On a shared computer, close the browser too.")),
}
"""What `?hvorfor=` says above the sign-in page."""

REFUSALS = {
    DENIED: (403, N_("You were not signed in"), N_("The sign-in was cancelled or refused. You can try again.")),
    MISMATCH: (
        400,
        N_("The sign-in could not be finished"),
        N_("It took too long, was finished before, or was started in another browser. Start again."),
    ),
    INVALID: (
        400,
        N_("The sign-in could not be finished"),
        N_("The answer from the municipality’s sign-in cannot be trusted. Start again; if it goes on, write to IT."),
    ),
    NO_ROLE: (
        403,
        N_("Your account has no role here"),
        N_("The municipality knows you, but has given you no role in the assembly. Write to its IT department."),
    ),
    TWO_ROLES: (
        403,
        N_("Your account has more than one role"),
        N_("The assembly works at arm’s length, so nobody holds two roles. Write to the municipality’s IT department."),
    ),
}


class SignInDesk:
    """The pages' handlers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._public_url = service.settings.public_url.rstrip("/")
        self._audit = structlog.get_logger(kind="audit")
        settings = service.settings.sign_in
        self._provider = Provider(settings) if settings.issuer else None

    async def show(self, request: Request) -> HTMLResponse:
        """Say who is signed in and what they may open, or how to sign in."""
        who = caller(request)
        reason = REASONS.get(request.query_params.get("hvorfor", ""))
        links = [link for link in NAVIGATION if self._service.access.may_open(who.role, link.href)]
        return self._service.pages.render(
            request,
            "sign-in.html",
            reason=None if who.sign_in and reason else reason,
            possible=self._provider is not None,
            members=MEMBERS if self._service.settings.member_sign_in_offered else None,
            start=START if not (onward := self._onward(request)) else f"{START}?videre={onward}",
            links=[link for link in links if not self._service.access.may_open(Role.PUBLIC, link.href)],
        )

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        if self._provider is None:
            return RedirectResponse(SIGN_IN, 303)
        if elsewhere := at_the_one_address(request, self._public_url, START):
            return elsewhere
        request.session["videre"] = self._onward(request)
        return await self._provider.send_away(request, f"{self._public_url}{BACK}")

    async def back(self, request: Request) -> Response:
        """Take the provider's answer: sign in, or say why not."""
        if self._provider is None:
            return RedirectResponse(SIGN_IN, 303)
        onward = str(request.session.pop("videre", ""))
        try:
            claims = await self._provider.take_back(request)
            role = the_role(claims, self._service.settings.sign_in.roles_claim)
        except NotSignedIn as failed:
            request.session.clear()
            self._service.refused(f"sign-in-{failed.reason}", BACK, Role.PUBLIC)
            status, title, advice = REFUSALS[failed.reason]
            return self._service.pages.render(
                request, "sign-in-failed.html", status, here=SIGN_IN, failed_title=title, advice=advice, start=START
            )
        request.session.clear()
        await self._leave(caller(request))  # whoever was signed in in this browser is not any more
        hours = self._service.settings.sign_in.hours
        value = await self._service.sign_ins.begin(role, str(claims["sub"]), hours=hours)
        self._audit.info("signed in", role=role, how="provider")
        allowed = self._service.access.may_open(role, onward) if onward else False
        response = RedirectResponse(onward if allowed else SIGN_IN, 303, {"Cache-Control": "no-store"})
        self._service.sign_ins.cookie.put(response, value)
        return response

    async def out(self, request: Request) -> Response:
        """Sign out: here, at once, in all services."""
        await self._leave(caller(request))
        response = RedirectResponse(f"{SIGN_IN}?hvorfor=ude", 303)
        self._service.sign_ins.cookie.take_back(response)
        return response

    async def _leave(self, who: Caller) -> None:
        if who.sign_in:
            await self._service.sign_ins.end(who.sign_in)
            self._audit.info("signed out", role=who.role)

    def _onward(self, request: Request) -> str:
        # A page of ours and nothing else: an open redirect would lend our name to any address.
        wish = request.query_params.get("videre", "")
        return wish if wish.startswith("/") and self._service.access.page(wish) else ""


def router(service: Service) -> APIRouter:
    """Return the routes, and have the service wear what they need. ValueError for settings that cannot work."""
    desk = SignInDesk(service)
    if service.settings.sign_in.issuer and (key := service.settings.sign_in.state_key):
        service.middlewares.append(state_cookie(service, key, SIGN_IN))
    service.sign_in_paths |= {START, BACK}
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    routes.add_api_route(SIGN_IN, desk.show, methods=["GET"])
    routes.add_api_route(START, desk.start, methods=["GET"])
    routes.add_api_route(BACK, desk.back, methods=["GET"])
    routes.add_api_route(OUT, desk.out, methods=["POST"])
    return routes


def at_the_one_address(request: Request, public_url: str, path: str) -> Response | None:
    """Return the redirect there for who came by another host, None for who is there.

    The cookie of a sign-in under way belongs to one host, and the provider knows one way back.
    """
    host = request.headers.get("x-forwarded-host")
    if host is None or host == urlsplit(public_url).netloc:
        return None
    return RedirectResponse(f"{public_url}{path}", 303)


def state_cookie(service: Service, key: SecretStr, path: str) -> Middleware:
    """Return the middleware that keeps a sign-in under way (state, nonce, code verifier) in a signed cookie.

    The cookie is sent to `path` and below alone.
    """
    return Middleware(
        SessionMiddleware,
        secret_key=key.get_secret_value(),
        session_cookie=STATE_COOKIE,
        path=path,
        max_age=STATE_SECONDS,
        same_site="lax",  # strict would keep it from coming back with the provider's redirect
        https_only=service.sign_ins.cookie.secure,
    )
