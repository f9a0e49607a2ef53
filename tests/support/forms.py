"""Pages and forms for tests: pages without a service around them, and a form's seal as a browser would send it back."""

import re
from collections.abc import Mapping
from typing import IO, Any

import httpx
from pydantic import SecretStr

from chassis.access import Table
from chassis.clock import Clock
from chassis.pages import Pages
from chassis.seals import Seals
from contracts.access import TABLE
from support.house import FORMS_KEY, Running

_SEAL = re.compile(r'name="seal" value="([^"]+)"')


def pages_of(package: str, clock: Clock) -> Pages:
    """Return a package's pages with the house's own table; no database behind, so no form can be taken."""
    no_database: Any = None
    return Pages(package, clock, Table(TABLE), Seals(SecretStr(FORMS_KEY), clock, no_database, 0))


def seals_in(html: str) -> list[str]:
    """Return the seals of a page's forms, in their order."""
    return _SEAL.findall(html)


def sealed(running: Running, path: str, fields: dict[str, str] | None = None, holder: str = "") -> dict[str, str]:
    """Return a form's fields with the seal its page would have given it."""
    return (fields or {}) | {"seal": running.service.seals.make(path.partition("?")[0], holder)}


async def sealed_upload(
    running: Running,
    path: str,
    fields: dict[str, str] | None = None,
    file: bytes | IO[bytes] = b"",
    holder: str = "",
    *,
    name: str = "roll.csv",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a form with a file as its page would; `headers` are more, such as the cookie of the holder's sign-in."""
    return await running.http.post(
        path,
        data=sealed(running, path, fields, holder),
        files={"file": (name, file, "application/octet-stream")},
        headers={"accept": "text/html", **(headers or {})},
    )
