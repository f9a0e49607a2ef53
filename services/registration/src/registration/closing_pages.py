"""The page where the pool is closed: a checklist, the question whether one is sure, and what was said of it afterwards.

Nothing is kept between the steps but what travels in the form; what was found is found anew at each of them.
"""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import Permanent
from chassis.identity import caller
from chassis.mongo import Document
from chassis.service import Service
from chassis.vault import Vault
from registration.closing_words import ITEM_WORDS, refusal_words
from registration.domain.closing import Finding, Item, Refusal, Review, refusals
from registration.entrance import language
from registration.outlook import Outlook, Said
from registration.registrants import CHOOSE, OVERVIEW
from registration.repository import assembly_from
from registration.settings import Settings
from registration.use_cases import closing, counting
from registration.use_cases.announcing import get_assembly

CLOSE = "/tilmelding/{assembly}/luk"


def router(service: Service, settings: Settings, vault: Vault, outlook: Outlook) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Closing(service, settings.key, vault, outlook)
    routes.add_api_route(CLOSE, desk.show, methods=["GET"])
    routes.add_api_route(CLOSE, desk.take, methods=["POST"])
    return routes


class Closing:
    """Where a pool is reviewed and closed."""

    def __init__(self, service: Service, key: bytes, vault: Vault, outlook: Outlook) -> None:
        self._service, self._key, self._vault, self._outlook = service, key, vault, outlook

    async def show(self, request: Request, assembly: str) -> Response:
        """Show the checklist or, once the pool is closed, how it was."""
        document = await get_assembly(self._service.db, assembly)
        if document["pool"] is not None:
            return await self._closed(request, document)
        return await self._checklist(request, document, {}, [])

    async def take(self, request: Request, assembly: str) -> Response:
        """Take the review: ask whether they are sure, then close."""
        document = await get_assembly(self._service.db, assembly)
        back = RedirectResponse(CLOSE.format(assembly=document["_id"]) + language(request), 303)
        if document["pool"] is not None:
            return back
        fields = seals.fields(request)
        reviews = {item: _review(fields, item) for item in Item}
        said = await self._said(document)
        if fields.get("step") != "close":
            found = await self._found(document, said)
            if wrong := refusals(found.findings, reviews):
                return await self._checklist(request, document, reviews, wrong)
            return self._render(request, document, "closing-confirm.html", examined=found, reviews=reviews)
        who = caller(request)
        try:
            await self._service.transaction(
                lambda tx: closing.close(tx, self._vault, self._key, who, assembly, _feasibility(said), reviews)
            )
        except closing.NotReviewed as error:
            return await self._checklist(request, document, reviews, error.refusals)
        return back

    async def _said(self, document: Document) -> Said:
        assembly = assembly_from(document)
        return await self._outlook.of(assembly, await counting.kinds_of(self._service.db, assembly))

    async def _found(self, document: Document, said: Said) -> closing.Examined:
        found = await closing.examine(self._service.db, self._vault, document)
        more = (_feasibility(said), closing.early(document, self._service.clock.now()))
        return closing.Examined((*found.findings, *more), found.people, found.households)

    async def _checklist(
        self,
        request: Request,
        document: Document,
        reviews: dict[Item, Review],
        wrong: list[tuple[Item, Refusal]],
    ) -> HTMLResponse:
        said = await self._said(document)
        assembly = assembly_from(document)
        unseen = {item for item, refusal in wrong if refusal is Refusal.NEW}
        words = self._service.pages.words(request)
        return self._render(
            request,
            document,
            "closing.html",
            422 if wrong else 200,
            examined=await self._found(document, said),
            reviews={item: replace(one, ticked=one.ticked and item not in unseen) for item, one in reviews.items()},
            errors=refusal_words(words, wrong),
            outlook=said,
            blank=0,  # told by an item of its own
            titles={c.id: {v.id: v.title for v in c.values} for c in assembly.criteria},
        )

    async def _closed(self, request: Request, document: Document) -> HTMLResponse:
        review = document["pool"].get("review")
        comments: dict[Item, str] | None = {}
        if review:
            try:
                comments = closing.comments_of(self._vault, review)
            except Permanent:
                comments = None  # its key is gone, as it is when everyone of the assembly is erased
        return self._render(request, document, "closing-closed.html", comments=comments)

    def _render(
        self, request: Request, document: Document, template: str, status: int = 200, **context: Any
    ) -> HTMLResponse:
        assembly = document["_id"]
        return self._service.pages.render(
            request,
            template,
            status,
            assembly=assembly_from(document),
            pool=document["pool"],
            choose=CHOOSE,
            home=OVERVIEW.format(assembly=assembly),
            action=CLOSE.format(assembly=assembly),
            item_words=ITEM_WORDS,
            **context,
        )


def _feasibility(said: Said) -> Finding:
    if said.now and said.answer:
        return Finding(Item.FEASIBILITY, () if said.answer.feasible else ("infeasible",))
    return Finding(Item.FEASIBILITY, ("unknown",))


def _review(fields: dict[str, str], item: Item) -> Review:
    comment = " ".join(fields.get(f"{item}-comment", "").split())
    seen = frozenset(fields.get(f"{item}-seen", "").split())
    return Review(fields.get(item) == "yes", comment, seen)
