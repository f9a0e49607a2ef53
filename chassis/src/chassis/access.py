"""Which role may open what: one table for every route of the one address, and a lock that knows no other route.

The table itself is the house's (`contracts.access`); here is how it is read. A service whose application has a route
without a row does not start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import Any, Literal, Protocol

from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path

Kind = Literal["page", "form", "api", "file"]
"""A page answers people, a form is what they send, an API answers programs with a token, a file has no secrets."""


class Row(Protocol):
    """One line of the table: a method and a path as the route writes it, and the roles it is open to."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def link(self) -> bool:
        """The personal link in the path is the credential, whoever holds it."""

    @property
    def upload(self) -> bool:
        """The form holds a file (`chassis.uploads`)."""

    @property
    def in_steps(self) -> bool:
        """A form of several pages: none of them is sent too fast, or once too often."""

    @property
    def unsealed(self) -> bool:
        """A form that is taken from anywhere and unread: a mail program's one click (RFC 8058)."""


class Unguarded(RuntimeError):  # noqa: N818
    """Routes without a row in the table; the text names them."""


class Table:
    """The rows. ValueError when two speak of one route."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[tuple[str, str], Row] = {}
        for row in rows:
            if (row.method, row.path) in self._rows:
                raise ValueError(f"two rows for {row.method} {row.path}")
            self._rows[row.method, row.path] = row
        # A path without parameters goes before one with: /samling/medlem is not the assembly called "medlem".
        pages = sorted((row for row in self if row.kind == "page"), key=lambda row: row.path.count("{"))
        self._pages = [(compile_path(row.path)[0], row) for row in pages]

    def __iter__(self) -> Any:
        return iter(self._rows.values())

    def row(self, method: str, path: str) -> Row | None:
        """Return the row of a route, by the path as the route writes it."""
        return self._rows.get((method, path))

    def page(self, path: str) -> Row | None:
        """Return the row of the page at an address."""
        return next((row for pattern, row in self._pages if pattern.match(path)), None)

    def may_open(self, role: str, path: str) -> bool:
        """Say whether a role may open the page at an address; what is no page is open to nobody."""
        row = self.page(path)
        return row is not None and role in row.roles


@dataclass(frozen=True, slots=True)
class Door:
    """A route of one application, with its row."""

    path: str
    pattern: Pattern[str]
    method: str
    row: Row


def path_of(door: Door | None) -> str:
    """Return a request's route for logs and counts, without anything of its path."""
    return door.path if door else "unmatched"


class Doors:
    """The routes of one application in the order they are matched. Unguarded when one has no row."""

    def __init__(self, routes: Sequence[Any], table: Table) -> None:
        self._doors: list[Door] = []
        missing: list[str] = []
        for context in iter_route_contexts(routes):
            path = str(context.path)
            mounted = isinstance(context.original_route, Mount)
            pattern = compile_path(f"{path}/{{path:path}}" if mounted else path)[0]
            for method in sorted(set(context.methods or {"GET"}) - {"HEAD"}):
                row = table.row(method, path)
                if row is None:
                    missing.append(f"{method} {path}")
                else:
                    self._doors.append(Door(path, pattern, method, row))
        if missing:
            raise Unguarded(f"no row in the access table (contracts/access.py) for: {', '.join(missing)}")

    def __iter__(self) -> Any:
        return iter(self._doors)

    def find(self, method: str, path: str) -> tuple[Door | None, bool]:
        """Return the door of a request, and whether the path at least is there with another method."""
        wanted = "GET" if method == "HEAD" else method
        there = False
        for door in self._doors:
            if door.pattern.match(path):
                if door.method == wanted:
                    return door, True
                there = True
        return None, there
