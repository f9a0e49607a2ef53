"""The secretariat's list of who has signed up: people, when a reason is given and written down.

The list is the answer to a form and never has an address of its own: so the reason, the filter and the page stay out of
URLs, a list cannot be bookmarked, and the same form sent again (a reload) shows nothing.
"""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis import audit, seals
from chassis.errors import BadInput
from chassis.identity import caller
from chassis.language import N_
from chassis.service import Service
from chassis.vault import Vault
from registration.domain.registration import TAKING_PART, Status
from registration.repository import ASSEMBLIES, assembly_from
from registration.status_words import STATUS_WORDS
from registration.use_cases import counting, seeing
from registration.use_cases.announcing import get_assembly

CHOOSE = "/tilmelding/tilmeldte"
LIST = "/tilmelding/{assembly}/tilmeldte"
OVERVIEW = "/tilmelding/{assembly}/overblik"

LISTED = (Status.POOL, Status.SELECTED, Status.CONFIRMED, Status.WITHDRAWN)
"""Statuses one can choose to list alone."""
ALL, ALL_WORDS = "alle", N_("Everyone who takes part")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def router(service: Service, vault: Vault) -> APIRouter:
    """Return the secretariat's pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    cabinet = Cabinet(service, vault)
    routes.add_api_route(CHOOSE, cabinet.choose, methods=["GET"])
    routes.add_api_route(LIST, cabinet.closed, methods=["GET"])
    routes.add_api_route(LIST, cabinet.open, methods=["POST"])
    return routes


class Cabinet:
    """Where the sign-ups are kept."""

    def __init__(self, service: Service, vault: Vault) -> None:
        self._service, self._vault = service, vault

    async def choose(self, request: Request) -> HTMLResponse:
        """Say how many have signed up for each assembly."""
        documents = await self._service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)])
        entries = [
            {
                "assembly": assembly_from(one),
                "counts": await counting.counts_of(self._service.db, one["_id"]),
                "href": OVERVIEW.format(assembly=one["_id"]),
            }
            for one in documents
        ]
        return self._service.pages.render(request, "registrants.html", entries=entries)

    async def closed(self, request: Request, assembly: str) -> HTMLResponse:
        """Ask why the list is to be opened."""
        return await self._ask(request, assembly)

    async def open(self, request: Request, assembly: str) -> HTMLResponse:
        """Open the list, or ask again for a reason."""
        fields = seals.fields(request)
        why, choice = fields.get("why", ""), fields.get("status", ALL)
        statuses = TAKING_PART if choice not in LISTED else frozenset({Status(choice)})
        page = int(text) if _NUMBER.fullmatch(text := fields.get("side", "")) else 1
        try:
            opened = await self._service.transaction(
                lambda tx: seeing.open_list(tx, self._vault, caller(request), assembly, statuses, page=page, why=why)
            )
        except BadInput:
            return await self._ask(request, assembly, why=why, choice=choice, refused=True)
        return await self._render(
            request, assembly, "registrants-open.html", opened=opened, why=why, choice=choice, status_words=STATUS_WORDS
        )

    async def _ask(
        self, request: Request, assembly: str, *, why: str = "", choice: str = ALL, refused: bool = False
    ) -> HTMLResponse:
        words = self._service.pages.words(request)
        shortest, longest = audit.SHORTEST_WHY, audit.LONGEST_WHY
        message = words.gettext(
            "Write in %(shortest)s to %(longest)s characters why you open the list", shortest=shortest, longest=longest
        )
        errors = [("why", message)] if refused else []
        return await self._render(
            request, assembly, "registrants-closed.html", 422 if refused else 200, why=why, choice=choice, errors=errors
        )

    async def _render(
        self, request: Request, assembly: str, template: str, status: int = 200, **context: Any
    ) -> HTMLResponse:
        announced = assembly_from(await get_assembly(self._service.db, assembly))
        statuses = await counting.statuses_of(self._service.db, assembly)
        taking_part = sum(statuses.get(status, 0) for status in TAKING_PART)
        words = self._service.pages.words(request)
        numbers = [(ALL, ALL_WORDS, taking_part)]
        numbers += [(one.value, STATUS_WORDS[one], statuses.get(one, 0)) for one in LISTED]
        choices = [(one, f"{words.gettext(title)}: {words.format_number(n)}") for one, title, n in numbers if n]
        return self._service.pages.render(
            request,
            template,
            status,
            assembly=announced,
            choices=choices,
            choose=CHOOSE,
            action=LIST.format(assembly=assembly),
            home=OVERVIEW.format(assembly=assembly),
            **context,
        )
