"""A text as its recipients would see it, filled in with an example about nobody. Nothing is sent, nothing is kept."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from chassis.language import Lang
from notifications import fields
from notifications.catalogue import KINDS, Catalogue, Kind
from notifications.channels import ChannelName, Outgoing, Person
from notifications.rendering import Assembly, Key, Renderer, Wordings
from notifications.repository.shipments import new_document
from notifications.repository.templates import Version
from notifications.texts import Texts
from notifications.theme_words import as_example

Press = Callable[[Outgoing, Person, datetime], Awaitable[bytes]]
"""Sets a letter as the letters that are sent are set, and returns the PDF."""


class Previews:
    """Makes them."""

    def __init__(self, catalogue: Catalogue, renderer: Renderer, texts: Texts, press: Press) -> None:
        self._catalogue, self._renderer, self._texts, self._press = catalogue, renderer, texts, press

    def ready(self, key: Key) -> Version:
        """Return the ready text."""
        return Version(key, 0, *self._catalogue.words(_lang(key), key[1]))

    def examples(self, assembly: Assembly, key: Key, now: datetime) -> dict[str, str]:
        """Return what each field is filled with."""
        _, template, language = key
        to = fields.nobody(template, language)
        document = new_document(fields.example(*key), now, job="", bulk=False)
        values = self._renderer.values(_lang(key), document, assembly, to)
        values |= {name: as_example(blocks) for name, blocks in self._renderer.blocks(_lang(key), document).items()}
        return {name: values[name] for name in fields.listed(KINDS[template])}

    async def outgoing(self, assembly: Assembly, version: Version, now: datetime) -> Outgoing:
        """Return the message that would be sent."""
        _, template, language = version.key
        channel: ChannelName = channels(KINDS[template])[0]
        document = new_document(fields.example(*version.key), now, job="", bulk=False)
        own = Wordings({version.key: await self._texts.wording(version)})
        return self._renderer.render(document, assembly, fields.nobody(template, language), channel, own)

    async def letter(self, assembly: Assembly, version: Version, now: datetime) -> bytes | None:
        """Return the letter's PDF, without what is enclosed; None for a message that never goes on paper."""
        out = await self.outgoing(assembly, version, now)
        if not on_paper(KINDS[version.key[1]]) or not isinstance(out.to, Person):
            return None
        return await self._press(out, out.to, now)


def on_paper(kind: Kind) -> bool:
    """Say whether a kind is a letter to who has no Digital Post."""
    return kind.paper and kind.resident


def channels(kind: Kind) -> list[ChannelName]:
    """Return the channels a kind goes by, the first choice first."""
    if not kind.resident:
        return ["email"]
    return ["digital-post", "letter"] if on_paper(kind) else ["digital-post"]


def _lang(key: Key) -> Lang:
    return "en" if key[2] == "en" else "da"
