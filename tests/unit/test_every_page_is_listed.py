"""The list of pages that are opened, validated and pictured holds every page of the five services."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts

from chassis.access import Table
from contracts.access import SERVICES, TABLE
from support.five import application
from support.pages import (
    FOLLOWER,
    IN_GREVE,
    IN_THE_CEREMONY,
    IN_THE_POST,
    IN_THE_SHEET,
    MEMBER,
    NO_PAGES,
    NOT_SIGNED_UP,
    PAGES,
    SIGNED_UP,
    TO_CONFIRM,
    TO_STOP,
    Shown,
)

EXCUSED = NO_PAGES.keys() | IN_GREVE.keys() | IN_THE_CEREMONY.keys() | IN_THE_POST.keys() | IN_THE_SHEET.keys()


def page_routes(service: str) -> Iterator[str]:
    """The routes a browser opens, as the framework lists them; the table knows which are JSON or files."""
    table = Table(TABLE)
    for context in iter_route_contexts(application(service).routes):
        row = table.row("GET", str(context.path)) if "GET" in (context.methods or ()) else None
        if row is not None and row.kind == "page":
            yield row.path.rstrip("/") or "/"


def route_of(shown: Shown) -> str | None:
    path = shown.path
    for link in (SIGNED_UP, NOT_SIGNED_UP, MEMBER, TO_CONFIRM, FOLLOWER, TO_STOP):
        path = path.replace(link, "token")
    row = Table(TABLE).page(path)
    return row and (row.path.rstrip("/") or "/")


@pytest.mark.parametrize("service", SERVICES)
def test_every_page_of_a_service_is_in_the_list(service: str) -> None:
    routes = set(page_routes(service))
    assert len(routes) >= 3
    listed = {route_of(shown) for shown in PAGES}
    assert sorted(routes - listed - EXCUSED) == [], "add these to tests/support/pages.py"


def test_nothing_is_excused_that_is_not_there_or_is_listed_all_the_same() -> None:
    routes = {route for service in SERVICES for route in page_routes(service)}
    assert sorted(EXCUSED - routes) == []
    assert sorted(EXCUSED & {route_of(shown) for shown in PAGES}) == []


def test_each_page_has_a_name_of_its_own_that_can_be_a_files() -> None:
    names = [shown.name for shown in PAGES]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


def test_who_opens_a_page_may_or_is_shown_the_refusal() -> None:
    table = Table(TABLE)
    wrong = [
        shown.name
        for shown in PAGES
        if (row := table.page(shown.path)) and not row.link and (shown.role in row.roles) == (shown.status == 403)
    ]
    assert wrong == []
