"""The secretariat's pages for one person: found by the number on their letter, helped, and closed again.

Addresses hold neither the number nor the person's id: a case has a random id of its own and lives two hours.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.cases import CaseClosed
from chassis.errors import BadInput, NotFound
from chassis.identity import caller
from chassis.mongo import Document
from chassis.pages import COOKIE
from chassis.service import Service
from chassis.vault import Vault
from registration import sign_outs
from registration.case_view import view_of
from registration.case_words import ACTIONS, WRONG
from registration.domain.cases import Action
from registration.repository import assembly_from, values_of
from registration.settings import Settings
from registration.status_words import titles
from registration.use_cases import case_actions, cases, erasing
from registration.use_cases.case_actions import NotOffered, Wish

CASE = "/tilmelding/sag/{case}"
LOOK_UP = "/tilmelding/{assembly}/sag"


def router(service: Service, settings: Settings, vault: Vault) -> APIRouter:
    """Return the routes of an open case."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = CaseDesk(service, settings, vault)
    routes.add_api_route(CASE, desk.show, methods=["GET"])
    routes.add_api_route(f"{CASE}/{{action}}", desk.ask, methods=["GET"])
    routes.add_api_route(f"{CASE}/{{action}}", desk.do, methods=["POST"])
    return routes


class CaseDesk:
    """Where one person's case lies open."""

    def __init__(self, service: Service, settings: Settings, vault: Vault) -> None:
        self._service, self._vault, self._key = service, vault, settings.key

    async def show(self, request: Request, case: str) -> Response:
        """Show everything about the person, and what can be done."""
        try:
            _, person, assembly = await self._current(request, case)
        except CaseClosed:
            return closed(self._service, request)
        words, now = self._service.pages.words(request), self._service.clock.now()
        changes = await cases.changes_of(self._service.db, self._vault, person["_id"])
        done = request.query_params.get("gjort", "")
        return self._service.pages.render(
            request,
            "case.html",
            assembly=assembly_from(assembly),
            look_up=LOOK_UP.format(assembly=assembly["_id"]),
            case=case_path(case),
            seen=view_of(words, self._vault, self._key, person, assembly, changes),
            actions=[(action, ACTIONS[action]) for action in cases.offered(person, assembly, now)],
            leaving=await erasing.awaited(self._service.db, person["_id"]),
            done=ACTIONS[Action(done)].done if done in set(Action) else "",
        )

    async def ask(self, request: Request, case: str, action: str) -> Response:
        """Say what an action does, and ask for the comment."""
        return await self._asking(request, case, _known(action))

    async def do(self, request: Request, case: str, action: str) -> Response:
        """Do it: back to the case, or to the form with what is missing."""
        fields = seals.fields(request)
        wish = Wish(
            action=_known(action),
            comment=fields.get("comment", ""),
            exclusion=fields.get("exclusion", ""),
            reference=fields.get("reference", ""),
            values={name.removeprefix("value_"): v for name, v in fields.items() if name.startswith("value_") and v},
        )
        who, machine_now = caller(request), self._service.clock.machine_now()
        try:
            assembly = await self._service.transaction(
                lambda tx: case_actions.act(tx, self._vault, self._key, who, case, wish, machine_now)
            )
        except CaseClosed:
            return closed(self._service, request)
        except (BadInput, NotOffered) as refusal:
            return await self._asking(request, case, wish.action, fields, refusal)
        self._service.poke(sign_outs.NAME)
        if wish.action is Action.ERASE:
            return back(request, LOOK_UP.format(assembly=assembly), slettet="ja")
        return back(request, case_path(case), gjort=wish.action)

    async def _asking(
        self,
        request: Request,
        case: str,
        action: Action,
        fields: dict[str, str] | None = None,
        refusal: BadInput | NotOffered | None = None,
    ) -> Response:
        try:
            _, person, assembly = await self._current(request, case)
        except CaseClosed:
            return closed(self._service, request)
        pages, words = self._service.pages, self._service.pages.words(request)
        about: dict[str, Any] = {"assembly": assembly_from(assembly), "case": case_path(case), "told": ACTIONS[action]}
        now = self._service.clock.now()
        if action is Action.SIGN_UP or action not in cases.offered(person, assembly, now):
            return not_now(self._service, request, case, assembly, action)
        held = values_of(person)
        criteria = case_actions.correctable(person, assembly) if action is Action.CORRECT else []
        errors = []
        if isinstance(refusal, BadInput):
            field = refusal.problems[0].field
            message = words.gettext(WRONG[field], shortest=cases.SHORTEST_COMMENT, longest=cases.LONGEST_COMMENT)
            errors = [(f"value_{criteria[0].id}" if field == "values" and criteria else field, message)]
        exclusions = titles(assembly, "exclusions") if action is Action.EXCLUDE else {}
        return pages.render(
            request,
            "case-action.html",
            422 if errors else 200,
            name=self._vault.unlock(person["identity"])["name"],
            action=action,
            errors=errors,
            fields=fields or {},
            exclusions=[(one, words.text(title)) for one, title in exclusions.items()],
            criteria=[
                (
                    c,
                    [(v.id, words.text(v.title)) for v in c.values],
                    (fields or {}).get(f"value_{c.id}", held.get(c.id)),
                )
                for c, typed in ((c, (fields or {}).get(f"value_{c.id}")) for c in criteria)
            ],
            **about,
        )

    async def _current(self, request: Request, case: str) -> tuple[Document, Document, Document]:
        now = self._service.clock.machine_now()
        return await cases.current(self._service.db, caller(request), case, now)


def case_path(case: str) -> str:
    """Return the address of a case."""
    return CASE.format(case=case)


def closed(service: Service, request: Request) -> HTMLResponse:
    """Say that a case is open no more, or was never this person's to see."""
    return service.pages.render(request, "case-closed.html", 410)


def not_now(service: Service, request: Request, case: str, assembly: Document, action: Action) -> HTMLResponse:
    """Say that where the person stands does not allow an action."""
    about: dict[str, Any] = {"assembly": assembly_from(assembly), "case": case_path(case), "told": ACTIONS[action]}
    return service.pages.render(request, "case-not-now.html", 409, **about)


def back(request: Request, path: str, **query: Any) -> RedirectResponse:
    """Send the browser on, in the language it is in."""
    wish = request.query_params.get(COOKIE)
    pairs = [f"{name}={value}" for name, value in query.items()]
    pairs += [f"{COOKIE}={wish}"] if wish in {"da", "en"} else []
    return RedirectResponse(f"{path}?{'&'.join(pairs)}" if pairs else path, 303)


def _known(action: str) -> Action:
    try:
        return Action(action)
    except ValueError:
        raise NotFound("there is no such action") from None
