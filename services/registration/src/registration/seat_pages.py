"""Behind the personal link of someone drawn: take the seat, or say no to it, each with a question first."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.errors import NotFound
from chassis.service import Service
from registration.entrance import language
from registration.holders import LINK, by_personal_link, link_path
from registration.links import leads_nowhere
from registration.use_cases import answering
from registration.use_cases.answering import NotAsked, is_asked

ANSWER = LINK + "/plads/{answer}"
YES, NO = "ja", "nej"


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["public"], default_response_class=HTMLResponse, include_in_schema=False)
    desk = SeatDesk(service)
    routes.add_api_route(ANSWER, desk.ask, methods=["GET"])
    routes.add_api_route(ANSWER, desk.take, methods=["POST"])
    return routes


class SeatDesk:
    """Where drawn people answer. Who is not asked is led to where they stand."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._find = by_personal_link(service)

    async def ask(self, request: Request, answer: str) -> Response:
        """Say what the answer means, and ask whether they are sure."""
        takes = _known(answer)
        try:
            holder = await self._find(request)
        except NotFound:
            return await leads_nowhere(self._service, request)
        if not is_asked(holder.person, self._service.clock.now()):
            return self._back(request)
        return self._service.pages.render(
            request,
            "seat-answer.html",
            takes=takes,
            assembly=holder.assembly,
            answer_by=holder.person.get("answer_by"),
            link=link_path(request),
            action=f"{link_path(request)}/plads/{answer}",
        )

    async def take(self, request: Request, token: str, answer: str) -> Response:
        """Take the answer."""
        takes = _known(answer)
        try:
            await self._service.transaction(lambda tx: answering.answer(tx, token, takes=takes))
        except NotFound:
            return await leads_nowhere(self._service, request)
        except NotAsked:
            pass  # the receipt says where they stand, and what to do
        return self._back(request)

    def _back(self, request: Request) -> RedirectResponse:
        return RedirectResponse(f"{link_path(request)}/kvittering{language(request)}", 303)


def _known(answer: str) -> bool:
    if answer not in {YES, NO}:
        raise NotFound("one answers yes or no")
    return answer == YES
