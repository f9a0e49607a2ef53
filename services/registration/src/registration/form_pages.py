"""The sign-up form: what it is about, its steps, "no thank you", and the receipt.

The same pages serve the holder of a personal link and the secretariat with someone on the telephone: `Steps` is mounted
under a path, and a function says whose form a request there is about.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from chassis import seals
from chassis.errors import NotFound
from chassis.service import Service
from chassis.vault import Vault
from registration import form_words
from registration.domain import form
from registration.domain.draw_code import draw_code
from registration.domain.form import Answers, FormProblem, Step, StepMissingError
from registration.domain.registration import MAY_SIGN_UP, SIGNED_UP, TAKING_PART, Status
from registration.entrance import language
from registration.holders import Find, Holder, clean
from registration.links import leads_nowhere
from registration.use_cases import drafts, signing_up
from registration.use_cases.answering import is_asked, is_late
from registration.use_cases.gates import SignUpClosed

Handler = Callable[["Steps", Request, Holder], Awaitable[Response]]
TEMPLATES = {step: f"form-{step.name.lower()}.html" for step in Step}
SHOWN = TAKING_PART | {Status.TEST, Status.WITHDRAWN, Status.DECLINED}
"""Those for whom there is a receipt."""


def _held(handler: Handler) -> Callable[["Steps", Request], Awaitable[Response]]:
    """Hand a handler the holder; a link nobody has is answered with its own page."""

    # Not `wraps`: the framework would take the holder for a parameter of the route.
    async def answer(self: "Steps", request: Request) -> Response:
        try:
            found = await self.find(request)
        except NotFound:
            if "token" not in request.path_params:
                raise
            return await leads_nowhere(self._service, request)
        return await handler(self, request, found) if isinstance(found, Holder) else found

    answer.__name__, answer.__doc__ = handler.__name__, handler.__doc__
    return answer


def _open(handler: Handler) -> Handler:
    """Take people who can sign up or edit to a handler, all others to what the link shows them."""

    @wraps(handler)
    async def answer(self: "Steps", request: Request, holder: Holder) -> Response:
        if holder.state != "open" or holder.status not in MAY_SIGN_UP | SIGNED_UP:
            return self.closed(request, holder)
        return await handler(self, request, holder)

    return answer


class Steps:
    """The form's pages under `base`, a path that may have parameters; `find` says whose form a request is about."""

    def __init__(self, service: Service, key: bytes, vault: Vault, base: str, find: Find) -> None:
        self.find, self.pages = find, service.pages
        self._service, self._key, self._vault, self._base = service, key, vault, base

    def add_to(self, routes: APIRouter) -> None:
        """Add the routes; each needs its row in contracts/access.py."""
        for path, get, post in (
            ("", self.begin, None),
            ("/trin/{step}", self.ask, self.take),
            ("/nej-tak", self.ask_why_not, self.take_no),
            ("/kvittering", self.receipt, None),
        ):
            routes.add_api_route(self._base + path, get, methods=["GET"])
            if post is not None:
                routes.add_api_route(self._base + path, post, methods=["POST"])

    @_held
    async def begin(self, request: Request, holder: Holder) -> Response:
        """Say what it is about and what is asked; who has signed up sees where they stand."""
        if holder.state != "open" or holder.status not in MAY_SIGN_UP:
            return self.closed(request, holder)
        return self._render(request, holder, "form-begin.html", at=0)

    @_held
    @_open
    async def ask(self, request: Request, holder: Holder) -> Response:
        """Show a step with what was typed there before."""
        step = self._step(request, holder)
        if step is None:
            return self._to(request)
        return await self._ask(request, holder, step, then=request.query_params.get("til", ""))

    @_held
    @_open
    async def take(self, request: Request, holder: Holder) -> Response:
        """Take a step: on to the next, or back to it with what to do and everything typed kept."""
        step, fields = self._step(request, holder), seals.fields(request)
        if step is None:
            return self._to(request)
        assembly, features = holder.assembly, holder.features
        problems = form.read(step, fields, assembly, features)
        if step is Step.CHECK:
            return await (self._ask(request, holder, step, problems) if problems else self._sign_up(request, holder))
        typed = form.kept(step, fields, assembly, features)
        if step is Step.PLACE and not problems and (exclusion := form.excluded(fields, assembly)):
            person = holder.person["_id"]
            return await self._command(request, lambda tx: signing_up.give_place(tx, person, exclusion, holder.by))
        now = self._service.clock.machine_now()
        await drafts.keep(self._service.db, self._vault, holder.person, step, typed, now)
        if problems:
            return self._shown(request, holder, step, typed, problems, then=fields.get("then", ""))
        following = form.steps_of(assembly)[form.steps_of(assembly).index(step) + 1]
        return self._to(request, f"/trin/{Step.CHECK if fields.get('then') == Step.CHECK else following}")

    @_held
    @_open
    async def ask_why_not(self, request: Request, holder: Holder) -> Response:
        """Ask whether they are sure, and why, if they want to say."""
        if holder.status in SIGNED_UP:
            return self._to(request, "/kvittering")
        return self._render(request, holder, "no.html", values={})

    @_held
    @_open
    async def take_no(self, request: Request, holder: Holder) -> Response:
        """Take the "no thank you"."""
        fields = seals.fields(request)
        reason, problems = form.read_no(fields)
        if problems:
            return self._render(request, holder, "no.html", 422, problems, values=fields)
        person = holder.person["_id"]
        return await self._command(request, lambda tx: signing_up.decline(tx, self._vault, person, reason, holder.by))

    @_held
    async def receipt(self, request: Request, holder: Holder) -> Response:
        """Show where someone stands."""
        return self._receipt(request, holder) if holder.status in SHOWN else self._to(request)

    def closed(self, request: Request, holder: Holder) -> Response:
        """Show someone who cannot go through the form what there is for them."""
        if holder.status in TAKING_PART | SIGNED_UP:
            return self._receipt(request, holder)
        status = 200 if holder.state == "not-yet" else 410
        return self.pages.render(request, "closed.html", status, assembly=holder.assembly, state=holder.state)

    async def _ask(
        self,
        request: Request,
        holder: Holder,
        step: Step,
        problems: list[FormProblem] | None = None,
        then: str = "",
    ) -> Response:
        parts = await drafts.parts(self._service.db, self._vault, holder.person, holder.assembly)
        if step is not Step.CHECK:
            return self._shown(request, holder, step, parts.get(step, {}), [], then=then)
        try:
            said = form.complete(parts, holder.assembly, holder.features)
        except StepMissingError as missing:
            return self._to(request, f"/trin/{missing.step}")
        return self._shown(request, holder, step, {}, problems or [], said=said)

    async def _sign_up(self, request: Request, holder: Holder) -> Response:
        spoken, person = self.pages.language(request), holder.person["_id"]
        try:
            return await self._command(
                request,
                lambda tx: signing_up.sign_up(tx, self._vault, person, by=holder.by, language=spoken),
            )
        except StepMissingError as missing:
            return self._to(request, f"/trin/{missing.step}")

    async def _command(self, request: Request, command: Callable[..., Awaitable[None]]) -> Response:
        try:
            await self._service.transaction(command)
        except SignUpClosed:
            found = await self.find(request)  # as it has become in the meantime
            return self.closed(request, found) if isinstance(found, Holder) else found
        return self._to(request, "/kvittering")

    def _shown(
        self,
        request: Request,
        holder: Holder,
        step: Step,
        values: dict[str, str],
        problems: list[FormProblem],
        *,
        then: str = "",
        said: Answers | None = None,
    ) -> Response:
        at = form.steps_of(holder.assembly).index(step) + 1
        return self._render(
            request,
            holder,
            TEMPLATES[step],
            422 if problems else 200,
            problems,
            step=step,
            at=at,
            values=values,
            # Who changes one answer from the last step comes back to it.
            then=then if then == Step.CHECK else "",
            said=said,
        )

    def _receipt(self, request: Request, holder: Holder) -> Response:
        said = drafts.answers_of(self._vault, holder.person)
        code = draw_code(self._key, holder.person["_id"]) if holder.status in TAKING_PART else ""
        now = self._service.clock.now()
        seat = {"asked": is_asked(holder.person, now), "late": is_late(holder.person, now)}
        return self._render(request, holder, "receipt.html", said=said, draw_code=code, seat=seat)

    def _render(
        self,
        request: Request,
        holder: Holder,
        template: str,
        status: int = 200,
        problems: list[FormProblem] | None = None,
        **context: Any,
    ) -> Response:
        words, steps = self.pages.words(request), form.steps_of(holder.assembly)
        titles = (form_words.BEGIN, *(form_words.STEPS[step] for step in steps))
        return self.pages.render(
            request,
            template,
            status,
            holder=holder,
            person=holder.person,
            assembly=holder.assembly,
            base=self._path(request),
            titles=[words.gettext(title) for title in titles],
            steps=steps,
            errors=form_words.errors(words, holder.assembly, problems or []),
            called=form_words.labels(words, holder.assembly),
            form=form,
            said_in=form_words,
            words=words,
            **context,
        )

    def _step(self, request: Request, holder: Holder) -> Step | None:
        asked = request.path_params["step"]
        return next((step for step in form.steps_of(holder.assembly) if step.value == asked), None)

    def _path(self, request: Request) -> str:
        return self._base.format(**{name: clean(value) for name, value in request.path_params.items()})

    def _to(self, request: Request, rest: str = "") -> RedirectResponse:
        return RedirectResponse(f"{self._path(request)}{rest}{language(request)}", status_code=303)
