"""The living style guide at `/stil`: every building block of the pages in every state, with the call that makes it.

An example is a piece of a template (`templates/style-guide/`): what is shown and the call beside it are the same text.
Served by one service (sessions, which has the front page).
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Template

from chassis.language import N_, Lang
from chassis.service import Service

PATH = "/stil"
TEMPLATES = Path(__file__).parent / "templates"

ROOMS = {
    "page": N_("Around the content"),
    "forms": N_("Forms"),
    "content": N_("Content"),
    "pictures": N_("The course and numbers"),
    "icon": N_("Icons"),
}
"""The files of templates/ui/, in the order they are shown."""

STATES = {
    "plain": N_("As it is"),
    "empty": N_("Empty"),
    "filled": N_("Filled in"),
    "hint": N_("With a hint"),
    "error": N_("With an error"),
    "optional": N_("Optional"),
    "one": N_("One"),
    "many": N_("Many"),
    "open": N_("Open"),
    "following": N_("While it follows along"),
    "links": N_("With links"),
    "no-links": N_("Without links"),
    "first": N_("At the beginning"),
    "middle": N_("In the middle"),
    "last": N_("At the end"),
    "signed-in": N_("Signed in"),
    "signed-out": N_("Not signed in"),
    "primary": N_("Primary"),
    "secondary": N_("Secondary"),
    "tertiary": N_("Tertiary"),
    "danger": N_("Cannot be undone"),
    "neutral": N_("Neutral"),
    "info": N_("Information"),
    "success": N_("Success"),
    "warning": N_("Warning"),
    "failure": N_("Error"),
    "body": N_("With content of its own"),
    "word": N_("With a word for screen readers"),
    "beside": N_("Beside a word"),
}
"""What an example is an example of."""

_EXAMPLE = re.compile(r"^\{#= (\w+): ([\w-]+) =#\}\n(.*?)(?=^\{#= |\Z)", re.MULTILINE | re.DOTALL)
_MACRO = re.compile(r"^\{# ((?:(?!#\}).)*) #\}\n\{% macro ([a-z]\w*)\(", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A building block in one state; `source` makes it."""

    state: str
    source: str


class Block(NamedTuple):
    """A building block: its name, what stands above it in the code, and its examples."""

    name: str
    about: str
    examples: tuple[Example, ...]


@cache
def blocks(room: str) -> tuple[Block, ...]:
    """Return the building blocks of a room in the order of their file; KeyError for an example of nothing there is."""
    examples: dict[str, list[Example]] = {name: [] for name, _ in _macros(room)}
    for name, state, source in _EXAMPLE.findall((TEMPLATES / f"style-guide/{room}.html").read_text(encoding="utf-8")):
        examples[name].append(Example(STATES[state], source.strip()))
    return tuple(Block(name, about, tuple(examples[name])) for name, about in _macros(room))


def _macros(room: str) -> Iterator[tuple[str, str]]:
    for about, name in _MACRO.findall((TEMPLATES / f"ui/{room}.html").read_text(encoding="utf-8")):
        yield name, " ".join(about.split())


def router(service: Service) -> APIRouter:
    """Return the guide's route."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    pages = service.pages
    made: dict[tuple[Lang, str], Template] = {}

    @routes.get(PATH)
    async def style_guide(request: Request) -> HTMLResponse:
        lang = pages.language(request)

        def shown(source: str) -> Template:
            if (lang, source) not in made:
                made[lang, source] = pages.template(request, source)
            return made[lang, source]

        return pages.render(request, "style-guide.html", rooms=ROOMS, blocks=blocks, shown=shown)

    return routes
