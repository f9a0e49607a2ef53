"""The secretariat's page of the invitations: who is eligible, each wave with its numbers, and what can be done with it.

The part that follows along holds no forms, so what can be done is a link to a page that says what will happen, with the
numbers, and has the one button.
"""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import Conflict, NotFound
from chassis.identity import caller
from chassis.language import N_
from chassis.live import EventStream
from chassis.service import Service
from registration.domain.eligibility import AGE, DIED, MOVED_OUT, POSTCODE, excluded
from registration.domain.waves import Act, State
from registration.entrance import language
from registration.inviter import NAME as INVITING
from registration.use_cases import reminding, waves
from registration.use_cases.seeing import FEWEST
from registration.wave_views import eligibility, silent_by_criterion, standing

PAGE = "/tilmelding/{assembly}/invitationer"
REMINDER = PAGE + "/paamindelse"
ACT = PAGE + "/{wave}/{act}"

ACTS = {"start": Act.START, "pause": Act.PAUSE, "fortsaet": Act.RESUME, "annuller": Act.CANCEL}
"""The last part of a path, by what it does."""
ACT_PATHS = {act: path for path, act in ACTS.items()}
ACT_WORDS = {
    Act.START: N_("Start the wave"),
    Act.PAUSE: N_("Pause the wave"),
    Act.RESUME: N_("Resume the wave"),
    Act.CANCEL: N_("Cancel the wave"),
}
DONE_WORDS = {
    Act.START: N_("Started"),
    Act.PAUSE: N_("Paused"),
    Act.RESUME: N_("Resumed"),
    Act.CANCEL: N_("Cancelled"),
}
STATE_WORDS = {
    State.PLANNED: (N_("Planned"), ""),
    State.ISSUING: (N_("Under way"), "info"),
    State.PAUSED: (N_("Paused"), "warning"),
    State.DONE: (N_("Done"), "success"),
    State.CANCELLED: (N_("Cancelled"), "error"),
}
WHY_WORDS = {
    AGE: N_("Too young"),
    POSTCODE: N_("Lives elsewhere"),
    MOVED_OUT: N_("Has moved out of the municipality"),
    DIED: N_("Has died"),
    "": N_("The reason is not recorded"),
}


def router(service: Service) -> APIRouter:
    """Return the secretariat's pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = WaveDesk(service)
    routes.add_api_route(PAGE, desk.show, methods=["GET"])
    routes.add_api_route(PAGE + "/live", desk.follow, methods=["GET"], response_class=EventStream)
    routes.add_api_route(REMINDER, desk.preview, methods=["GET"])
    routes.add_api_route(REMINDER, desk.remind, methods=["POST"])
    routes.add_api_route(ACT, desk.ask, methods=["GET"])
    routes.add_api_route(ACT, desk.do, methods=["POST"])
    return routes


class WaveDesk:
    """Where invitations are sent from."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def show(self, request: Request, assembly: str) -> HTMLResponse:
        """Show who is eligible and how the waves stand."""
        context = await self._waves(assembly, following=False)
        context["eligible"] = await eligibility(self._service.db, assembly)
        words = self._service.pages.words(request)
        titles = {excluded(one.id): words.text(one.title) for one in context["standing"].assembly.exclusions}
        context["why_words"] = {why: words.gettext(word) for why, word in WHY_WORDS.items()} | titles
        return self._service.pages.render(request, "waves.html", **context)

    async def follow(self, request: Request, assembly: str) -> EventStream:
        """Send the waves as they go on."""
        return await self._service.live.follow(request, "waves-live.html", partial(self._waves, assembly))

    async def _waves(self, assembly: str, *, following: bool = True) -> dict[str, Any]:
        return {
            "standing": await standing(self._service.db, assembly, self._service.clock.now()),
            "now": self._service.clock.now(),
            "following": following,
            "page": PAGE.format(assembly=assembly),
            "state_words": STATE_WORDS,
            "act_words": ACT_WORDS,
            "act_paths": ACT_PATHS,
            "done_words": DONE_WORDS,
            "more": waves.MORE,
        }

    async def preview(self, request: Request, assembly: str) -> HTMLResponse:
        """Show whom the next reminder would reach, in numbers."""
        return await self._preview(request, assembly)

    async def remind(self, request: Request, assembly: str) -> Response:
        """Start the reminder that was shown."""
        typed = seals.fields(request).get("number", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
            raise NotFound("there is no such reminder")
        who, number = caller(request), int(typed)
        try:
            await self._service.transaction(lambda tx: reminding.remind(tx, assembly, number, who))
        except Conflict:
            return await self._preview(request, assembly, status=409)
        return self._back(request, assembly)

    async def _preview(self, request: Request, assembly: str, status: int = 200) -> HTMLResponse:
        now = await standing(self._service.db, assembly, self._service.clock.now())
        return self._service.pages.render(
            request,
            "wave-reminder.html",
            status,
            standing=now,
            rows=[] if now.no_reminder else await silent_by_criterion(self._service.db, now),
            fewest=FEWEST,
            page=PAGE.format(assembly=assembly),
            action=REMINDER.format(assembly=assembly),
        )

    async def ask(self, request: Request, assembly: str, wave: str, act: str) -> HTMLResponse:
        """Say what an act does, before it is done."""
        return await self._ask(request, assembly, wave, _act(act))

    async def do(self, request: Request, assembly: str, wave: str, act: str) -> Response:
        """Do it; or say that the wave has gone on in the meantime, so that it cannot be done any more."""
        what, who = _act(act), caller(request)
        try:
            if what is Act.START:
                await self._service.transaction(lambda tx: waves.start(tx, assembly, who, wave))
            else:
                await self._service.transaction(lambda tx: waves.control(tx, assembly, wave, what, who))
        except Conflict:
            return await self._ask(request, assembly, wave, what, status=409)
        return self._back(request, assembly)

    async def _ask(self, request: Request, assembly: str, wave: str, act: Act, status: int = 200) -> HTMLResponse:
        now = await standing(self._service.db, assembly, self._service.clock.now())
        shown, more = now.find(wave), wave == waves.MORE and act is Act.START
        if shown is None and not more:
            raise NotFound("the assembly has no such wave")
        return self._service.pages.render(
            request,
            "wave-act.html",
            status,
            standing=now,
            shown=shown,
            act=act,
            possible=now.more if shown is None else act in shown.acts,
            people=now.waiting if shown is None else shown.left,
            act_words=ACT_WORDS,
            state_words=STATE_WORDS,
            page=PAGE.format(assembly=assembly),
            action=f"{PAGE.format(assembly=assembly)}/{shown.id if shown else waves.MORE}/{ACT_PATHS[act]}",
        )

    def _back(self, request: Request, assembly: str) -> RedirectResponse:
        self._service.poke(INVITING)
        return RedirectResponse(PAGE.format(assembly=assembly) + language(request), status_code=303)


def _act(path: str) -> Act:
    if path not in ACTS:
        raise NotFound("nothing of the kind can be done with a wave")
    return ACTS[path]
