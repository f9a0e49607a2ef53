"""A letter on paper, made of a message: what is on the page, and the PDF of it."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from chassis.language import Words
from notifications.channels import Outgoing, Person
from notifications.channels.addresses import address_lines
from notifications.channels.qr import drawing
from notifications.channels.typesetting import typeset
from notifications.domain.enclosing import MOST_ON_PAPER
from notifications.domain.message import Block

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What each letter of a sender has printed on it: a telephone number, and where the post brings it back to.

    `return_address` is one line: `Dragør Kommune, Kirkevej 7, 2791 Dragør`.
    """

    phone: str = ""
    return_address: str = ""


class Press:
    """Makes letters, one at a time in a thread of its own (`typesetting`)."""

    def __init__(self, letterhead: Letterhead) -> None:
        self._letterhead = letterhead
        self._worker = ThreadPoolExecutor(1, "letters")

    async def pdf(self, out: Outgoing, to: Person, now: datetime) -> bytes:
        """Return the letter as PDF/UA-1. RuntimeError, typst's own, when it cannot be set as one."""
        return await self.made(out, to, now, bytes)

    async def made(self, out: Outgoing, to: Person, now: datetime, use: Callable[[bytes], T]) -> T:
        """Make the letter and return what `use` makes of it, in the same thread: one that writes it is no other's wait.

        RuntimeError as for `pdf`, and what `use` raises.
        """

        def work() -> T:
            return use(typeset(json.dumps(letter_data(out, to, now, self._letterhead))))

        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def close(self) -> None:
        """Let the letter in hand be finished."""
        await asyncio.to_thread(self._worker.shutdown)


def too_large(pdf: bytes, out: Outgoing) -> bool:
    """Say whether a letter is more than a printer takes, its attachments included."""
    return len(pdf) + sum(len(attachment.content) for attachment in out.attachments) > MOST_ON_PAPER


def letter_data(out: Outgoing, to: Person, now: datetime, letterhead: Letterhead) -> dict[str, Any]:
    """Return what `letter.typ` reads."""
    words = Words("en" if out.language == "en" else "da", "notifications")
    _ = words.gettext
    back_to = _("From")
    facts = [
        (_("Date"), words.format_date(now)),
        (_("Reference number"), to.reference),
        (_("Telephone"), letterhead.phone),
    ]
    groups = [
        {"kind": kind, "blocks": [_block(block) for block in blocks]}
        for kind, blocks in groupby(out.message.blocks, lambda block: "item" if block.kind == "item" else "paragraph")
    ]
    return {
        "subject": out.message.subject,
        "sender": out.sender,
        "language": out.language,
        "return_address": letterhead.return_address and f"{back_to}: {letterhead.return_address}",
        "address": [to.name, *address_lines(to.address)],
        "facts": [fact for fact in facts if fact[1]],
        "scan": _("Type the address into a browser, or point the camera of your telephone at the code."),
        "code_is": _("QR code that opens the same address"),
        "enclosed_are": _("Enclosed"),
        "enclosed": [attachment.title for attachment in out.attachments],
        "page_of": [_("Page"), _("of")],
        "groups": groups,
    }


def _block(block: Block) -> dict[str, Any]:
    runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
    code = drawing(block.url) if block.kind == "link" else ""
    return {"kind": block.kind, "text": block.text, "url": block.url, "code": code, "runs": runs}
