"""All that is held about me, to download: by the personal link, or from the secretariat's hands."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis import audit, seals
from chassis.cases import CaseClosed
from chassis.errors import NotFound
from chassis.identity import caller
from chassis.mongo import Document
from chassis.service import Service
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.case_pages import CASE, case_path, closed
from registration.holders import LINK, link_path
from registration.links import leads_nowhere
from registration.repository import assembly_from
from registration.subject_access import FILE, ask_the_others, file_of, held_here, silent
from registration.use_cases import cases
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_up import by_link

MINE = LINK + "/mine-data"
THEIRS = CASE + "/oplysninger"


def router(service: Service, vault: Vault) -> APIRouter:
    """Return the routes. They stand before a case's actions, whose paths look alike."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = SubjectDesk(service, vault)
    routes.add_api_route(MINE, desk.ask_mine, methods=["GET"])
    routes.add_api_route(MINE, desk.hand_me_mine, methods=["POST"])
    routes.add_api_route(THEIRS, desk.ask_theirs, methods=["GET"])
    routes.add_api_route(THEIRS, desk.hand_out_theirs, methods=["POST"])
    return routes


class SubjectDesk:
    """Where people get what is theirs."""

    def __init__(self, service: Service, vault: Vault) -> None:
        self._service, self._vault = service, vault

    async def ask_mine(self, request: Request, token: str) -> Response:
        """Say what the file holds."""
        try:
            _, assembly = await self._mine(token)
        except NotFound:
            return await leads_nowhere(self._service, request)
        return self._asking(request, assembly, [], mine=True)

    async def hand_me_mine(self, request: Request, token: str) -> Response:
        """Answer with the file, or with a page that says who did not answer."""
        try:
            person, assembly = await self._mine(token)
        except NotFound:
            return await leads_nowhere(self._service, request)
        words = self._service.pages.words(request)
        answers = await ask_the_others(self._service, assembly["_id"], person["_id"])
        if self._is_to_wait(request, missing := silent(words, answers)):
            return self._asking(request, assembly, missing, mine=True)
        ours = await held_here(self._service.db, self._vault, words, person, assembly, by_link=True)
        return _file(file_of(words, ours, answers))

    async def ask_theirs(self, request: Request, case: str) -> Response:
        """Say what the file holds, and that fetching it is written down."""
        try:
            _, _, assembly = await self._theirs(request, case)
        except CaseClosed:
            return closed(self._service, request)
        return self._asking(request, assembly, [], mine=False)

    async def hand_out_theirs(self, request: Request, case: str) -> Response:
        """Answer with the file and write that down, or with a page that says who did not answer."""
        words, who, machine_now = self._service.pages.words(request), caller(request), self._service.clock.machine_now()

        async def hand_out(tx: Transaction) -> dict[str, object]:
            found, person, assembly = await cases.current(tx, who, case, machine_now)
            await audit.saw(tx, who, cases.WHAT_ALL, assembly=assembly["_id"], how_many=1, why=found["why"])
            await cases.note_change(tx, self._vault, who, person, cases.HANDED_OUT, found["why"])
            return await held_here(tx, self._vault, words, person, assembly, by_link=False)

        try:
            _, person, assembly = await self._theirs(request, case)
            answers = await ask_the_others(self._service, assembly["_id"], person["_id"])
            if self._is_to_wait(request, missing := silent(words, answers)):
                return self._asking(request, assembly, missing, mine=False)
            ours = await self._service.transaction(hand_out)
        except CaseClosed:
            return closed(self._service, request)
        return _file(file_of(words, ours, answers))

    def _asking(self, request: Request, assembly: Document, missing: list[str], *, mine: bool) -> HTMLResponse:
        path = link_path(request) if mine else case_path(request.path_params["case"])
        return self._service.pages.render(
            request,
            "held.html",
            503 if missing else 200,
            assembly=assembly_from(assembly),
            by_link=mine,
            action=f"{path}/mine-data" if mine else f"{path}/oplysninger",
            back=f"{path}?sprog={self._service.pages.language(request)}",
            silent=", ".join(missing),
        )

    @staticmethod
    def _is_to_wait(request: Request, missing: list[str]) -> bool:
        return bool(missing) and seals.fields(request).get("without") != "yes"

    async def _mine(self, token: str) -> tuple[Document, Document]:
        person = await by_link(self._service.db, token)
        return person, await get_assembly(self._service.db, person["assembly"])

    async def _theirs(self, request: Request, case: str) -> tuple[Document, Document, Document]:
        now = self._service.clock.machine_now()
        return await cases.current(self._service.db, caller(request), case, now)


def _file(body: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/json; charset=utf-8", headers=headers)
