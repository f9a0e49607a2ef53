"""Proof of what was sent to one person: each message with its ids and every transition, as a PDF or as a table.

Nobody is named in it: the reference number is what the municipality knows the person by. What a message said is not
kept; the version of its text is.
"""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from chassis.language import LOCAL, N_, Words
from chassis.mongo import Document
from notifications import words as says
from notifications.channels.typesetting import typeset
from notifications.domain.shipment import State
from notifications.rendering import Assembly

LAYOUT = Path(__file__).parent / "proof.typ"
MILLISECONDS = "%Y-%m-%d %H:%M:%S"


class About(NamedTuple):
    """What the whole proof is about."""

    assembly: Assembly
    reference: str
    made_at: datetime


COLUMNS = (
    *(N_("Assembly"), N_("Reference number"), N_("Message"), N_("Version of the text"), N_("Channel")),
    *(N_("Message UUID"), N_("The channel’s own id"), N_("Time (UTC)"), N_("Time (Copenhagen)")),
    *(N_("What happened"), N_("Cause"), N_("Receipt"), N_("State after it")),
)


async def as_csv(words: Words, about: About, shipments: Sequence[Document]) -> bytes:
    """Return a table with a row a transition, as spreadsheets in Denmark read it: semicolons, UTF-8 with its mark."""
    file = io.StringIO()
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")
    table.writerow([words.gettext(column) for column in COLUMNS])
    for one in shipments:
        head = [words.text(about.assembly.title), about.reference, *_message(words, one).values()]
        table.writerows([*head, *_transition(words, entry).values()] for entry in one["history"])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


async def as_pdf(words: Words, about: About, shipments: Sequence[Document]) -> bytes:
    """Return the same as pages to read and to file, as PDF/UA-1."""
    say = words.gettext
    data = {
        "language": words.lang,
        "title": say(N_("Proof of what was sent")),
        "sender": about.assembly.municipality[words.lang],
        "facts": [
            [say(N_("Assembly")), words.text(about.assembly.title)],
            [say(N_("Reference number")), about.reference or say(N_("None any more"))],
            [say(N_("Made")), words.format_datetime(about.made_at)],
        ],
        "note": say(N_("What a message said is not kept. The version of its text is, and the time of each step.")),
        "nothing": say(N_("Nothing has been sent to them.")),
        "messages": [_section(words, one) for one in shipments],
    }
    return await asyncio.to_thread(typeset, json.dumps(data), LAYOUT)


class Kind(NamedTuple):
    """A form the proof can have. The file's name says nothing of the person."""

    filename: str
    media_type: str
    make: Callable[[Words, About, Sequence[Document]], Awaitable[bytes]]


KINDS = {
    "pdf": Kind("bevis.pdf", "application/pdf", as_pdf),
    "csv": Kind("bevis.csv", "text/csv; charset=utf-8", as_csv),
}


def _message(words: Words, shipment: Document) -> dict[str, str]:
    """Return what is the same in each row of a message, by column."""
    template, channel = shipment["template"], shipment["channel"]
    uuid = shipment["letter_uuid"] if channel == "letter" else shipment["message_uuid"]
    values = (
        words.gettext(says.TEMPLATE_WORDS[template]),
        _version(words, shipment["template_version"]),
        words.gettext(says.CHANNEL_WORDS[channel] if channel else says.NO_CHANNEL),
        uuid,
        shipment["transmission"] or "",
    )
    return dict(zip(COLUMNS[2:7], values, strict=True))


def _transition(words: Words, entry: Document) -> dict[str, str]:
    at: datetime = entry["at"]
    step, cause, state = entry["step"], entry["cause"], State(entry["state"])
    values = (
        f"{at.astimezone(UTC):{MILLISECONDS}}",
        f"{at.astimezone(LOCAL):{MILLISECONDS}}",
        words.gettext(says.STEP_WORDS[step]),
        words.gettext(says.CAUSE_WORDS[cause]),
        entry.get("receipt", ""),
        words.gettext(says.STATE_WORDS[state]),
    )
    return dict(zip(COLUMNS[7:], values, strict=True))


def _section(words: Words, shipment: Document) -> dict[str, Any]:
    message = {words.gettext(name): value for name, value in _message(words, shipment).items()}
    title, *facts = message.items()
    rows = [list(_transition(words, entry).values()) for entry in shipment["history"]]
    return {
        "title": title[1],
        "facts": [[name, value or "–"] for name, value in facts],
        "head": [words.gettext(column) for column in COLUMNS[7:]],
        "rows": rows,
        "caption": words.gettext(N_("Each step of this message")),
    }


def _version(words: Words, version: int | None) -> str:
    if version is None:
        return words.gettext(N_("Not rendered yet"))
    return str(version) if version else words.gettext(N_("The text that comes with the system"))
