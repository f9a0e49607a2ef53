"""What all pages of the texts are made with: where they are, which text it is, and what stands on every one of them."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.errors import NotFound
from chassis.identity import caller
from chassis.language import LANGUAGES
from chassis.service import Service
from notifications import template_words
from notifications.catalogue import KINDS
from notifications.previews import Previews, channels
from notifications.rendering import Assembly, Key
from notifications.repository.known import load_assemblies
from notifications.repository.templates import TEXTS, Version, latest, versions
from notifications.use_cases.wording import Change, Words
from notifications.words import CHANNEL_WORDS, TEMPLATE_WORDS

ROOT = "/post/skabeloner"
ASSEMBLY = f"{ROOT}/{{assembly}}"
TEXT = f"{ASSEMBLY}/{{template}}/{{language}}"
LETTER = f"{TEXT}/brev"
VERSIONS = f"{TEXT}/versioner"
VERSION = f"{VERSIONS}/{{version}}"
FILES = f"{TEXT}/bilag"
FILE = f"{FILES}/{{file}}"
TAKE_OUT = f"{FILE}/fjern"


class Paths:
    """Where a text's pages are."""

    def __init__(self, key: Key) -> None:
        self._named = dict(zip(("assembly", "template", "language"), key, strict=True))
        self.assembly, self.text = ASSEMBLY.format(**self._named), TEXT.format(**self._named)
        self.letter, self.files = LETTER.format(**self._named), FILES.format(**self._named)
        self.versions = VERSIONS.format(**self._named)

    def version(self, number: int) -> str:
        """Where a version is shown."""
        return VERSION.format(**self._named, version=number)

    def version_letter(self, number: int) -> str:
        """Where a version is a letter."""
        return f"{self.version(number)}/brev"

    def file(self, file: str) -> str:
        """Where an enclosed file is."""
        return FILE.format(**self._named, file=file)

    def take_out(self, file: str) -> str:
        """What takes it out."""
        return TAKE_OUT.format(**self._named, file=file)


class Desk:
    """One text of an assembly, or all of them."""

    def __init__(self, service: Service, previews: Previews) -> None:
        self.service, self.previews = service, previews

    async def assembly(self, assembly: str) -> Assembly:
        """Return an assembly, or raise NotFound."""
        found = await load_assemblies(self.service.db, [assembly])
        if assembly not in found:
            raise NotFound("there is no such assembly")
        return found[assembly]

    async def text(self, key: Key) -> tuple[Assembly, Version]:
        """Return an assembly and the version of a text that holds, or raise NotFound."""
        if key[1] not in KINDS or key[2] not in LANGUAGES:
            raise NotFound("there is no such text")
        assembly = await self.assembly(key[0])
        return assembly, await latest(self.service.db.collection(TEXTS), key) or self.previews.ready(key)

    async def versions(self, key: Key) -> tuple[Assembly, list[Version]]:
        """Return every version of a text, the latest first and the ready text last."""
        assembly, _ = await self.text(key)
        return assembly, [*await versions(self.service.db.collection(TEXTS), key), self.previews.ready(key)]

    def change(self, request: Request, key: Key, seen: str) -> Change:
        """Return who changes what; `seen` is the version their form was made from, as the form says it."""
        ready = self.previews.ready(key)
        number = int(seen) if seen.isdecimal() and len(seen) < 8 else -1
        return Change(key, number, caller(request).subject, Words(ready.subject, ready.body))

    def render(
        self, request: Request, page: str, assembly: Assembly, version: Version, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Render a page about a version of a text."""
        _, template, language = version.key
        around: dict[str, Any] = {
            "assembly": assembly,
            "language": language,
            "version": version,
            "ready": self.previews.ready(version.key),
            "paths": Paths(version.key),
            "title": TEMPLATE_WORDS[template],
            "occasion": template_words.OCCASIONS[template],
            "channels": [CHANNEL_WORDS[channel] for channel in channels(KINDS[template])],
            "on_paper": "letter" in channels(KINDS[template]),
            "language_words": template_words.LANGUAGE_WORDS,
            "act_words": template_words.ACT_WORDS,
        }
        return self.service.pages.render(request, page, status, **around | context)

    def to(self, request: Request, path: str, done: str = "") -> RedirectResponse:
        """Go on to a page, in the language of this one; `done` is what it says was done."""
        said = f"&gjort={done}" if done else ""
        return RedirectResponse(f"{path}?sprog={self.service.pages.language(request)}{said}", 303)
