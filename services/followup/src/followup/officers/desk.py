"""What all of an officer's pages need: whom and what they are about, and how they answer."""

import hashlib
import re
from datetime import date
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.errors import BadInput, NotFound
from chassis.identity import caller
from chassis.service import Service
from contracts.base import Text
from followup import repository
from followup.domain.answers import LONGEST, SHORT
from followup.domain.assembly import Assembly
from followup.domain.calendar import day_of
from followup.domain.mandate import Words
from followup.domain.recommendation import Recommendation
from followup.officers.messages import BADGES, DRAFT_WORDS, MESSAGES
from followup.pages import STATE_WORDS, VERDICT_WORDS
from followup.paths import (
    DUTIES,
    answer_path,
    assembly_duties_path,
    event_path,
    extend_path,
    publish_path,
    sheet_path,
    work_path,
)
from followup.views import AssemblyView, MilestoneView, assembly_view
from followup.words import as_text

Errors = list[tuple[str, str]]
"""Fields, each with what is wrong with it in the reader's language."""

_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


class Case(NamedTuple):
    """A recommendation as an officer works on it, and the assembly it is of."""

    assembly: Assembly
    one: Recommendation

    @property
    def title(self) -> Text:
        """The assembly's title."""
        return as_text(self.assembly.mandate.title) if self.assembly.mandate else Text(da="", en="")

    @property
    def committees(self) -> dict[str, Text]:
        """The titles of the mandate's committees."""
        return {id_: as_text(words) for id_, words in self._known.items()}

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids one can choose from: the mandate's, and after them those it is referred to all the same."""
        return tuple(
            dict.fromkeys((*self._known, *self.one.referred, *(step.committee for step in self.one.work.steps)))
        )

    def committee(self, id_: str) -> Text:
        """Return a committee's title; one that the mandate does not name is shown by its id."""
        return as_text(self._known.get(id_) or {"da": id_, "en": id_})

    @property
    def _known(self) -> dict[str, Words]:
        return dict(self.assembly.mandate.committees) if self.assembly.mandate else {}


class Desk:
    """Where an officer works; each page is a desk of its own."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def _today(self) -> date:
        return day_of(self._service.clock.now())

    async def _view(self, assembly: str) -> AssemblyView:
        found = await assembly_view(self._service.db, assembly, self._today)
        if found is None:
            raise NotFound("no such assembly is announced")
        return found

    async def _milestone(self, assembly: str, milestone: str) -> tuple[AssemblyView, MilestoneView]:
        view = await self._view(assembly)
        one = next((one for one in view.milestones if one.id == milestone), None)
        if one is None:
            raise NotFound("the mandate has no such milestone")
        return view, one

    async def _case(self, assembly: str, recommendation: str) -> Case:
        known = await repository.assembly(self._service.db, assembly)
        one = await repository.recommendation(self._service.db, assembly, recommendation)
        if known is None or known.mandate is None or one is None:
            raise NotFound("no such recommendation is delivered")
        return Case(known, one)

    def _say(self, request: Request, message: str) -> str:
        words = self._service.pages.words(request)
        return words.gettext(message, longest=words.format_number(LONGEST), short=words.format_number(SHORT))

    def _errors(self, request: Request, error: BadInput) -> Errors:
        found = [(p.field, self._say(request, MESSAGES.get((p.field, p.rule), p.message))) for p in error.problems]
        return list(dict.fromkeys(found))

    def _go_on(self, path: str, saved: str) -> RedirectResponse:
        """Send the browser on to a page, which says what has been done."""
        return RedirectResponse(f"{path}?gemt={saved}", 303)

    def _render(self, request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        paths: dict[str, Any] = {
            "answer_path": answer_path,
            "work_path": work_path,
            "publish_path": publish_path,
            "assembly_duties_path": assembly_duties_path,
            "extend_path": extend_path,
            "event_path": event_path,
            "sheet_path": sheet_path,
            "duties": DUTIES,
        }
        words: dict[str, Any] = {
            "state_words": STATE_WORDS,
            "verdict_words": VERDICT_WORDS,
            "draft_words": DRAFT_WORDS,
            "badges": BADGES,
        }
        return self._service.pages.render(request, template, status, **words, **paths, me=me(request), **context)


def me(request: Request) -> str:
    """Return how the officer who asks is known: by a digest of the sign-in's opaque subject, never by a name."""
    return hashlib.sha256(caller(request).subject.encode()).hexdigest()[:16]


def text(fields: dict[str, str], name: str) -> str:
    """Return a field's text. Browsers send the line ends of a text area as CRLF; the API takes LF, as programs send."""
    return fields.get(name, "").replace("\r\n", "\n")


def number(fields: dict[str, str], name: str) -> int:
    """Return the number in a hidden field; 0 for what no page of ours has put there."""
    written = fields.get(name, "")
    return int(written) if _NUMBER.fullmatch(written) else 0
