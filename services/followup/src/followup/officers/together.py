"""Many recommendations changed in one stroke: ticked in the work list, filled in once, looked at, confirmed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis import seals
from chassis.errors import BadInput
from chassis.language import N_
from contracts.base import Text
from followup import repository
from followup.days import NO_DAY, TypedDay
from followup.domain.answers import SHORT, Content, DraftState
from followup.domain.work import Work
from followup.officers.answers import held
from followup.officers.desk import Case, Desk, Errors, me, text
from followup.officers.messages import SHORTEN_NAME
from followup.officers.worklist import PAGE_SIZE
from followup.paths import DUTIES, TOGETHER
from followup.repository import worklist
from followup.use_cases.together import Overtaken, Wanted, change_together

TICKED = "valg-"
"""How the boxes of the list are called, and the hidden fields of what was ticked."""
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
NOTHING_TICKED = N_("Tick at least one recommendation in the list first")
NOTHING_CHANGED = N_("Fill in at least one of the fields: nothing would change")
OVERTAKEN = N_("Someone else has saved recommendation %(number)s (%(title)s) since you looked. Nothing is changed.")


class Pick(NamedTuple):
    """A recommendation that was ticked, and what was read of it: its edit and its work's number."""

    assembly: str
    recommendation: str
    edit: int
    number: int

    @property
    def written(self) -> str:
        """As a hidden field holds it."""
        return f"{self.assembly}:{self.recommendation}:{self.edit}:{self.number}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What is to be set on all of them; what is left empty stays as it is on each."""

    unit: str = ""
    done_by: TypedDay = field(default_factory=TypedDay)
    committee: str = ""
    take: bool = False

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "Filled":
        """Take what was sent."""
        sent = dict(fields)
        unit, committee = text(sent, "unit").strip(), sent.get("committee", "")[:64]
        return cls(unit, TypedDay.read(sent, "done_by"), committee, sent.get("take") == "yes")

    def content(self, content: Content) -> Content:
        """Return an answer with what is filled in."""
        return replace(content, unit=self.unit or content.unit, done_by=self.done_by.day or content.done_by)

    def work(self, case: Case, me: str) -> Work:
        """Return the work with what is filled in. A committee is added to those it is referred to."""
        work = case.one.work
        if self.committee and self.committee not in case.one.referred:
            work = replace(work, committees=(*case.one.referred, self.committee))
        return replace(work, responsible=me) if self.take else work


class Line(NamedTuple):
    """One recommendation in the preview: what it is now, and what it would be."""

    case: Case
    content: Content
    work: Work

    @property
    def before(self) -> Content:
        """The answer's draft, or else the answer in force, as it is now."""
        return held(self.case)

    @property
    def drafts(self) -> bool:
        """Whether its answer's draft changes."""
        return self.content != self.before

    @property
    def works(self) -> bool:
        """Whether its work changes."""
        return self.work != self.case.one.work

    @property
    def unapproved(self) -> bool:
        """Whether an approved draft must be approved again."""
        draft = self.case.one.draft
        return self.drafts and draft is not None and draft.state is DraftState.APPROVED


class TogetherDesk(Desk):
    """Where an officer changes many at once."""

    def routes(self, routes: APIRouter) -> None:
        """Add the pages."""
        routes.add_api_route(TOGETHER, self.ask, methods=["GET"])
        routes.add_api_route(TOGETHER, self.change, methods=["POST"])

    async def ask(self, request: Request) -> Response:
        """Show the fields for what was ticked."""
        sent = [value for name, value in request.query_params.multi_items() if name.startswith(TICKED)]
        ticked = [one.partition(":")[::2] for one in sent[:PAGE_SIZE]]
        cases = await self._cases([Pick(assembly, one, 0, 0) for assembly, one in ticked])
        errors = [] if cases else [("nothing", self._say(request, NOTHING_TICKED))]
        return self._page(request, cases, Filled(), errors=errors)

    async def change(self, request: Request) -> Response:
        """Show what would change; and once that is confirmed, change it: all or nothing."""
        fields = seals.fields(request)
        filled, picks = Filled.read(fields), picked(fields)
        cases = await self._cases(picks)
        if errors := self._wrong(request, filled, cases):
            return self._page(request, cases, filled, errors=errors)
        read = {(pick.assembly, pick.recommendation): pick for pick in picks}
        lines = [Line(case, filled.content(held(case)), filled.work(case, me(request))) for case in cases]
        changing = [line for line in lines if line.drafts or line.works]
        if not changing:
            errors = [("unit", self._say(request, NOTHING_CHANGED))]
            return self._page(request, cases, filled, errors=errors)
        if fields.get("act") != "change":
            return self._page(request, cases, filled, lines=lines)
        wanted = [_wanted(line, read[line.case.assembly.id, line.case.one.id]) for line in changing]
        try:
            await self._service.transaction(partial(change_together, wanted=wanted))
        except BadInput as error:
            return self._page(request, cases, filled, errors=self._errors(request, error))
        except Overtaken as error:
            cases = await self._cases(picks)
            return self._page(request, cases, filled, errors=self._overtaken(request, cases, error), status=409)
        return RedirectResponse(f"{DUTIES}?vis=alle&gemt=samlet", 303)

    def _wrong(self, request: Request, filled: Filled, cases: Sequence[Case]) -> Errors:
        wrong = [] if cases else [("nothing", NOTHING_TICKED)]
        if not filled.done_by.empty and filled.done_by.day is None:
            wrong.append(("done_by", NO_DAY))
        if len(filled.unit) > SHORT:
            wrong.append(("unit", SHORTEN_NAME))
        return [(field, self._say(request, message)) for field, message in wrong]

    def _overtaken(self, request: Request, cases: Sequence[Case], error: Overtaken) -> Errors:
        words = self._service.pages.words(request)
        return [
            ("ticked", words.gettext(OVERTAKEN, number=case.one.number, title=words.text(case.title)))
            for case in cases
            if (case.assembly.id, case.one.id) in error.which
        ]

    async def _cases(self, picks: Sequence[Pick]) -> list[Case]:
        db = self._service.db
        known = await worklist.assemblies_called(db, {pick.assembly for pick in picks})
        found = [
            (pick, await repository.recommendation(db, pick.assembly, pick.recommendation))
            for pick in dict.fromkeys(picks)
            if pick.assembly in known
        ]
        return [Case(known[pick.assembly], one) for pick, one in found if one is not None]

    def _page(
        self,
        request: Request,
        cases: Sequence[Case],
        filled: Filled,
        *,
        lines: Sequence[Line] = (),
        errors: Errors | None = None,
        status: int | None = None,
    ) -> HTMLResponse:
        return self._render(
            request,
            "officers/together.html",
            status or (422 if errors else 200),
            cases=cases,
            picks=[Pick(c.assembly.id, c.one.id, c.one.edits, c.one.work.number).written for c in cases],
            committees=_in_common(cases),
            filled=filled,
            lines=lines,
            errors=errors or [],
            action=TOGETHER,
        )


def picked(fields: Mapping[str, str]) -> list[Pick]:
    """Read the hidden fields; what is none of ours is left out."""
    found = []
    for place in range(PAGE_SIZE):
        assembly, *rest = fields.get(f"{TICKED}{place}", "").split(":")
        if len(rest) == len(("recommendation", "edit", "number")) and all(
            n.isdigit() and n.isascii() for n in rest[1:]
        ):
            found.append(Pick(assembly, rest[0], int(rest[1][:6]), int(rest[2][:6])))
    return found


def _in_common(cases: Sequence[Case]) -> dict[str, Text]:
    # A committee is set on all of them, so that it must be one of each assembly's mandate.
    if not cases:
        return {}
    return {id_: title for id_, title in cases[0].committees.items() if all(id_ in c.committees for c in cases)}


def _wanted(line: Line, read: Pick) -> Wanted:
    return Wanted(
        read.assembly,
        read.recommendation,
        line.content if line.drafts else None,
        read.edit,
        replace(line.work, number=read.number) if line.works else None,
    )
