"""Residents find their personal link, in Digital Post or in a letter on paper, and fill in the form."""

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from pypdf import PdfReader

from borgersamling.rehearsal.town import RehearsalError, Town
from borgersamling.synthetic import Person

AT_ONCE = 6
"""Residents who fill in the form at the same moment."""
LINK = re.compile(r"/l/[a-z2-7]{20,}")


class Mailboxes:
    """What residents have received: asked of the Digital Post stand-in, and read from the printed letters."""

    def __init__(self, town: Town, stand_in: str, letters: Path) -> None:
        self._town = town
        self._stand_in = httpx.AsyncClient(base_url=stand_in, timeout=30)
        self._letters = letters
        self._by_address: dict[str, str] | None = None

    async def close(self) -> None:
        """Close the connection to the stand-in."""
        await self._stand_in.aclose()

    async def link(self, person: Person) -> str:
        """Return the path of a person's personal link, wherever it was sent."""
        answer = await self._stand_in.post("/standin/inbox", json={"cpr": person.cpr})
        answer.raise_for_status()
        for message in answer.json():
            for action in message["actions"]:
                if LINK.search(action.get("url") or ""):
                    return str(urlsplit(action["url"]).path)
        if self._by_address is None:
            self._by_address = await asyncio.to_thread(_read_letters, self._letters)
        found = self._by_address.get(_squeezed(person.name))
        if found is None:
            raise RehearsalError("a resident has an invitation neither in Digital Post nor on paper")
        return found


def _read_letters(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.pdf")):
        text = PdfReader(path).pages[0].extract_text()
        link = re.search(r"/tilmelding/l/[a-z2-7]+", re.sub(r"\s+", "", text))
        if link:
            # The addressee stands first in a window letter.
            found[_squeezed(text.strip().splitlines()[0])] = link.group()
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


async def sign_up(town: Town, mailboxes: Mailboxes, people: tuple[Person, ...], done: Any) -> None:
    """Let each of these people open their link and send the form; `done()` after each."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person) -> None:
        async with gate:
            path = await mailboxes.link(person)
            await town.call("GET", path)
            form = dict(person.answers) | {"consent": "yes"}
            receipt = await town.call("POST", path, data=form, follow_redirects=True)
            if "/kvittering" not in receipt.url.path:
                raise RehearsalError("a form was sent and no receipt came back")
            done()

    await asyncio.gather(*(one(person) for person in people))
