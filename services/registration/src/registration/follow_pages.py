"""Everybody may follow an assembly by e-mail: the form, the confirmation by the address's owner, and the way out.

No page says whether an address follows: who has typed one is answered the same in any case. A confirmation is a form,
because mail programs open links by themselves; stopping is one click in a mail program too (RFC 8058).
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import Conflict, NotFound
from chassis.language import LANGUAGES, N_
from chassis.mongo import Document
from chassis.service import Service
from chassis.vault import Vault
from registration.domain.emails import as_sent, email_rule
from registration.domain.following import KEPT_AFTER_CLOSING, LIFE, masked
from registration.entrance import language
from registration.holders import FOLLOWER, clean
from registration.repository import assembly_from
from registration.settings import Settings
from registration.use_cases import following
from registration.use_cases.announcing import get_assembly
from registration.use_cases.following import FollowUpOver
from registration.use_cases.themes import PREFIX, ticked

FOLLOW = "/tilmelding/{assembly}/foelg"
ASKED = FOLLOW + "/tak"
STOP = FOLLOWER + "/stop"

ADVICE = {
    "no e-mail": N_("Write an e-mail address like name@example.dk"),
    "e-mail too long": N_("Write an e-mail address of at most 254 characters"),
}


def router(service: Service, settings: Settings, vault: Vault) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = FollowDesk(service, settings.key, vault)
    routes.add_api_route(FOLLOW, desk.form, methods=["GET"])
    routes.add_api_route(FOLLOW, desk.ask, methods=["POST"])
    routes.add_api_route(ASKED, desk.asked, methods=["GET"])
    routes.add_api_route(FOLLOWER, desk.held, methods=["GET"])
    routes.add_api_route(FOLLOWER, desk.confirm, methods=["POST"])
    routes.add_api_route(STOP, desk.ask_to_stop, methods=["GET"])
    routes.add_api_route(STOP, desk.stop, methods=["POST"])
    return routes


class FollowDesk:
    """Where people ask to be told, and where they stop."""

    def __init__(self, service: Service, key: bytes, vault: Vault) -> None:
        self._service, self._key, self._vault = service, key, vault
        self._pages = service.pages

    async def form(self, request: Request, assembly: str) -> Response:
        """Ask for an address, and say what it is used for. NotFound when the assembly is not announced."""
        return self._form(request, await get_assembly(self._service.db, assembly))

    async def ask(self, request: Request, assembly: str) -> Response:
        """Have a confirmation sent; answered the same whoever follows already."""
        fields = seals.fields(request)
        email, wish = fields.get("email", "").strip(), fields.get("language", "")
        address = as_sent(email)
        document = await get_assembly(self._service.db, assembly)
        # What is before the @ must be plain letters: not every mail server takes others (SMTPUTF8).
        if rule := email_rule(address) or ("" if address.isascii() else "no e-mail"):
            error = self._pages.words(request).gettext(ADVICE[rule])
            chosen = [name for name in fields if name.startswith(PREFIX)]
            return self._form(request, document, 422, email=email, errors=[("email", error)], chosen=chosen)
        spoken = next((one for one in LANGUAGES if one == wish), self._pages.language(request))
        themes = ticked(fields, assembly_from(document).themes)
        try:
            await self._service.transaction(
                lambda tx: following.ask(tx, self._key, self._vault, assembly, address, spoken, themes)
            )
        except FollowUpOver:
            return self._form(request, await get_assembly(self._service.db, assembly))
        except Conflict:  # the same address was typed in the same instant: that confirmation is on its way
            pass
        return RedirectResponse(f"{ASKED.format(assembly=clean(assembly))}{language(request)}", 303)

    async def asked(self, request: Request, assembly: str) -> Response:
        """Say what to do next."""
        document = await get_assembly(self._service.db, assembly)
        return self._render(request, "follow-asked.html", document)

    async def held(self, request: Request, token: str) -> Response:
        """Ask the address's owner to confirm; who has confirmed sees what is held about them."""
        return await self._about(request, token, "follow-held.html")

    async def confirm(self, request: Request, token: str) -> Response:
        """Take the confirmation."""
        try:
            await self._service.transaction(lambda tx: following.confirm(tx, self._key, token))
        except NotFound:
            return self._nobody(request)
        return RedirectResponse(f"{_path(token)}{language(request)}", 303)

    async def ask_to_stop(self, request: Request, token: str) -> Response:
        """Ask whether they are sure: mail programs open links by themselves."""
        return await self._about(request, token, "follow-stop.html")

    async def stop(self, request: Request, token: str) -> Response:
        """Stop, at once, for whoever sends this: answered without a redirect, which RFC 8058 forbids."""
        await self._service.transaction(lambda tx: following.stop(tx, self._key, token))
        return self._pages.render(request, "follow-stopped.html")

    async def _about(self, request: Request, token: str, template: str) -> Response:
        try:
            follower = await following.by_token(self._service.db, self._key, token, self._service.clock.now())
        except NotFound:
            return self._nobody(request)
        document = await get_assembly(self._service.db, follower["assembly"])
        email = masked(self._vault.unlock(follower["email"])["email"])
        titles = {theme.id: theme.title for theme in assembly_from(document).themes}
        words = self._pages.words(request)
        chosen = ", ".join(words.text(titles[one]) for one in follower.get("themes", ()) if one in titles)
        return self._render(
            request,
            template,
            document,
            follower=follower,
            email=email,
            chosen_themes=chosen,
            link=_path(token),
        )

    def _form(self, request: Request, document: Document, status: int = 200, **context: Any) -> Response:
        if following.is_over(document):
            return self._render(request, "follow-over.html", document, 410)
        values: dict[str, Any] = {"email": "", "errors": [], "chosen": [], "prefix": PREFIX}
        return self._render(request, "follow.html", document, status, **(values | context))

    def _nobody(self, request: Request) -> Response:
        return unknown_follower(self._service, request)

    def _render(
        self, request: Request, template: str, document: Document, status: int = 200, **context: Any
    ) -> Response:
        about: dict[str, Any] = {
            "assembly": assembly_from(document),
            "hours": _HOURS,
            "days_kept": KEPT_AFTER_CLOSING.days,
        }
        return self._pages.render(request, template, status, **about, **context)


def unknown_follower(service: Service, request: Request) -> HTMLResponse:
    """Say that nobody follows by this link."""
    return service.pages.render(request, "follow-unknown.html", 404, hours=_HOURS)


_HOURS = int(LIFE.total_seconds()) // 3600


def _path(token: str) -> str:
    return FOLLOWER.format(token=clean(token))
