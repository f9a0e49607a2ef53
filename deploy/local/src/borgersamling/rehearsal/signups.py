"""Residents find their personal link, in Digital Post or in a letter on paper, and fill in the form."""

import asyncio
import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pypdfium2

from borgersamling.privacy import words
from borgersamling.rehearsal.town import RehearsalError, Town
from borgersamling.synthetic import Person

AT_ONCE = 6
"""Residents whose form is on its way at the same moment."""
READING_SECONDS = 1.5
"""How long someone looks at a form of a single page before sending it: faster than a person it would not be taken."""
TRIES = 5
FIRST = "om-dig"
MOST_STEPS = 8
CONSENT_TEXT = re.compile(r'name="consent_text" value="([^"]+)"')
SEAL = re.compile(r'name="seal" value="([^"]+)"')
LINK = re.compile(r"/l/[a-z2-7]{20,}")


class Mailboxes:
    """What residents have received: asked of the Digital Post stand-in, and read from the printed letters."""

    def __init__(self, roll: bytes, stand_in: str, letters: Path) -> None:
        self._addressees = _addressees(roll)
        self._stand_in = httpx.AsyncClient(base_url=stand_in, timeout=30)
        self._letters = letters
        self._reading = asyncio.Lock()
        self._by_addressee: dict[tuple[str, ...], str] | None = None

    async def close(self) -> None:
        """Close the connection to the stand-in."""
        await self._stand_in.aclose()

    async def messages(self, person: Person) -> list[dict[str, Any]]:
        """Return what a person has in Digital Post, oldest first; nothing for who is exempt."""
        answer = await self._stand_in.post("/standin/inbox", json={"cpr": person.cpr})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    async def link(self, person: Person) -> str:
        """Return the path of a person's personal link, wherever it was sent."""
        for message in await self.messages(person):
            for url in message["actions"]:
                if LINK.search(url):
                    return str(urlsplit(url).path)
        async with self._reading:  # once for all; and pdfium is not made for two threads
            if self._by_addressee is None:
                self._by_addressee = await asyncio.to_thread(_read_letters, self._letters)
        found = self._by_addressee.get(self._addressees[person.cpr])
        if found is None:
            raise RehearsalError("a resident has an invitation neither in Digital Post nor on paper")
        return found


def _addressees(roll: bytes) -> dict[str, tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(roll.decode("utf-8-sig")), delimiter=";")
    window = ("name", "street", "house_number", "floor", "door")
    return {row["cpr"]: words(" ".join(row[part] for part in window)) for row in rows}


def _read_letters(folder: Path) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for path in sorted(folder.rglob("*.pdf")):
        with pypdfium2.PdfDocument(path) as letter:
            text = letter[0].get_textpage().get_text_range()
        link = re.search(r"/tilmelding/l/[a-z2-7]+", text)
        if link:
            # Whose letter it is stands in the window: the sender's line, the name, the street.
            _, name, street = text.splitlines()[:3]
            found[words(f"{name} {street}")] = link.group()
    return found


async def sign_up(town: Town, mailboxes: Mailboxes, people: tuple[Person, ...], done: Any) -> None:
    """Let each of these people open their link and fill in the form; `done()` after each."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person) -> None:
        async with gate:
            path = await mailboxes.link(person)
        # A service killed between taking a form and answering leaves it unclear whether it was kept: one looks again.
        for _ in range(TRIES):
            if await _fill_in(town, gate, path, person):
                done()
                return
        raise RehearsalError("a form was sent and no receipt came back")

    await asyncio.gather(*(one(person) for person in people))


async def _fill_in(town: Town, gate: asyncio.Semaphore, path: str, person: Person) -> bool:
    """Go through the steps as a person does who answers what is asked and no more; say whether it ends at a receipt."""
    async with gate:
        await town.call("GET", path)
    async with gate:
        page = await town.call("GET", f"{path}/trin/{FIRST}")
    for _ in range(MOST_STEPS):
        here = page.url.path
        form = dict(person.answers) | {"consent": "yes", "seal": seal_of(page.text, here)}
        if text := CONSENT_TEXT.search(page.text):
            form["consent_text"] = text[1]
        async with gate:
            page = await town.call("POST", here, data=form, follow_redirects=True, besides=(409,))
        if page.status_code == 409 or "/trin/" not in page.url.path:
            return "/kvittering" in page.url.path
    return False


async def send_form(town: Town, path: str, **fields: str) -> str:
    """Open a page, send its form as a person would, and return the path one ends at."""
    page = await town.call("GET", path)
    await asyncio.sleep(READING_SECONDS)
    form = fields | {"seal": seal_of(page.text, path)}
    # 409: the form was taken, and the service killed before it answered.
    answer = await town.call("POST", path, data=form, follow_redirects=True, besides=(409,))
    return str(answer.url.path)


def seal_of(page: str, path: str) -> str:
    """Return the seal of the form that is sent to `path`; a page has others."""
    found = SEAL.search(page, page.find(f'action="{path}'))
    if found is None:
        raise RehearsalError("a personal link led to a page without a form")
    return found[1]
