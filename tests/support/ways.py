"""Every way a message can go, with the other side running, for the sentences that hold for all of them.

A new way is one entry in WAYS: how it is opened, which faults its other side has, and whether it knows a repetition.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from notifications.channels import Channel, Outgoing, Person, StaffMember
from notifications.channels.digital_post import DigitalPost
from notifications.channels.email import Email
from notifications.channels.letter import Letterhead, Press
from notifications.channels.letter_folder import LetterFolder
from notifications.channels.sf1601 import channel as sf1601
from notifications.channels.sf1601.client import Client
from notifications.domain.shipment import uuid_from
from notifications.settings import DigitalPostSettings, SmtpSettings
from notifications.settings_sf1601 import Sf1601Settings
from support.notifying import StandIn, message, recipient, standing_in

Fault = Literal["refusing", "busy", "silent", "unreachable"]
NOWHERE = 9
"""A port on which nobody listens: the old `discard`."""
PATIENCE = 2.0
"""Seconds that a channel waits for an answer here."""
MESSAGES = "select uuid from messages order by seq"
LETTERS = "select identifier from letters order by seq"
"""What the stand-in has taken."""
FAULTS: dict[Fault, str] = {"refusing": "bad_request_share", "busy": "busy_share", "silent": "silent_share"}
"""The stand-in's options that bring faults about."""
_MADE = {template: message(template) for template in ("invitation", "status-due")}


@dataclass(frozen=True)
class Way:
    """A channel and its other side. `taken` names what lies there, a name a copy; `named` is a message's name."""

    channel: Channel
    make: Callable[[int], Outgoing]
    impossible: Callable[[int], Outgoing]
    named: Callable[[Outgoing], str]
    taken: Callable[[], Awaitable[list[str]]]
    bring_about: Callable[[Fault], None]


@dataclass(frozen=True)
class Kind:
    """What is promised of a way. `once`: a message that comes again under its UUID is one message."""

    open: Callable[[Path, bool], AbstractAsyncContextManager[Way]]
    faults: frozenset[Fault]
    once: bool = True


def to_person(number: int, **changes: str) -> Outgoing:
    known = recipient(number)
    person = Person(
        known.cpr, changes.get("name", known.name), known.address, known.link, "da", reference="123 456 789"
    )
    return _own(_MADE["invitation"], number, person)


def to_staff(number: int, email: str = "") -> Outgoing:
    return _own(_MADE["status-due"], number, StaffMember(email or f"officer{number}@eksempel.dk"))


def _own(out: Outgoing, number: int, to: Person | StaffMember) -> Outgoing:
    return replace(out, to=to, shipment=f"{number:032x}", message_uuid=uuid_from("way", str(number)))


def unspeakable(number: int) -> Outgoing:
    """A message that no form of a message can hold: its recipient's name ends in a character that XML does not have."""
    return to_person(number, name=f"{recipient(number).name}\x00")


def _to_stand_in(channel: Channel, folder: Path, post: StandIn, query: str) -> Way:
    async def taken() -> list[str]:
        with sqlite3.connect(folder / "standin.sqlite") as database:
            return [uuid for (uuid,) in database.execute(query)]

    return Way(
        channel,
        to_person,
        unspeakable,
        lambda out: out.message_uuid,
        taken,
        lambda fault: _all(post, FAULTS[fault]),
    )


@asynccontextmanager
async def _digital_post(folder: Path, reachable: bool, container: int) -> AsyncIterator[Way]:
    # A container with a bad message is refused as a whole: what is taken and found invalid later is no refusal.
    options = {"exempt_share": 0.0, "silent_seconds": 2 * PATIENCE, "container_check": "at-once"}
    async with standing_in(folder, **options) as post:
        settings = DigitalPostSettings(
            url=post.url if reachable else f"http://127.0.0.1:{NOWHERE}",
            timeout_seconds=PATIENCE,
            container_messages=container,
        )
        channel = DigitalPost(settings)
        yield _to_stand_in(channel, folder, post, MESSAGES)
        await channel.close()


@asynccontextmanager
async def _sf1601(folder: Path, reachable: bool, *, letters: bool) -> AsyncIterator[Way]:
    async with standing_in(folder, exempt_share=0.0, silent_seconds=2 * PATIENCE) as post:
        url = post.url if reachable else f"http://127.0.0.1:{NOWHERE}"
        settings = Sf1601Settings(way="sf1601", platform_url=url, issuer_url=post.url, timeout_seconds=PATIENCE)
        client = Client(settings, "12345678", lambda: datetime.now(UTC))
        channel: Channel = sf1601.DigitalPost(client, "12345678")
        if letters:
            channel = sf1601.Fjernprint(client, Press(Letterhead()), 265)
        yield _to_stand_in(channel, folder, post, LETTERS if letters else MESSAGES)
        await channel.close()


@asynccontextmanager
async def _letters(folder: Path, reachable: bool) -> AsyncIterator[Way]:
    target = folder / "letters"
    if not reachable:
        target.write_text("a file where the folder should be")
    channel = LetterFolder(target)

    async def taken() -> list[str]:
        return sorted(path.stem for path in target.iterdir()) if target.is_dir() else []

    yield Way(channel, to_person, unspeakable, lambda out: out.shipment, taken, lambda _: None)
    await channel.close()


@asynccontextmanager
async def _email(folder: Path, reachable: bool) -> AsyncIterator[Way]:
    async with standing_in(folder, silent_seconds=2 * PATIENCE) as post:
        port = post.smtp_port if reachable else NOWHERE
        channel = Email(SmtpSettings(port=port, start_tls="never", timeout_seconds=PATIENCE))

        async def taken() -> list[str]:
            return [mail["headers"]["Message-ID"].strip("<>").split("@")[0] for mail in await post.mails()]

        faults: dict[Fault, str] = {"refusing": "mail_refused_share", "busy": "mail_busy_share"}
        faults["silent"] = "mail_silent_share"
        yield Way(
            channel,
            to_staff,
            lambda number: to_staff(number, "nobody\r\nBcc: everybody@eksempel.dk"),
            lambda out: out.message_uuid,
            taken,
            lambda fault: _all(post, faults[fault]),
        )
        await channel.close()


def _all(post: StandIn, share: str) -> None:
    setattr(post.options, share, 1.0)


WAYS: Mapping[str, Kind] = {
    "NgDP, one by one": Kind(
        lambda folder, reachable: _digital_post(folder, reachable, 1),
        frozenset({"refusing", "busy", "silent", "unreachable"}),
    ),
    "NgDP, in bulk": Kind(
        lambda folder, reachable: _digital_post(folder, reachable, 500),
        frozenset({"refusing", "busy", "silent", "unreachable"}),
    ),
    "SF1601": Kind(
        lambda folder, reachable: _sf1601(folder, reachable, letters=False),
        frozenset({"refusing", "busy", "silent", "unreachable"}),
    ),
    "Fjernprint": Kind(
        lambda folder, reachable: _sf1601(folder, reachable, letters=True),
        frozenset({"refusing", "busy", "silent", "unreachable"}),
    ),
    "letter folder": Kind(_letters, frozenset({"unreachable"})),
    "e-mail": Kind(_email, frozenset({"refusing", "busy", "silent", "unreachable"}), once=False),
}


def ways(fault: Fault | None = None, *, once: bool = False) -> list[str]:
    """Name the ways whose other side has this fault, or that know a repetition."""
    return [name for name, kind in WAYS.items() if (not fault or fault in kind.faults) and (kind.once or not once)]
