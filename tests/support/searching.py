"""A search of everything a system has written, for what is known of one person: before an erasure, and after it.

Looked through: every document of every collection of every database (the oplog too) as bytes, and again, but for the
oplog, with its locked fields unlocked; every message of every stream and object store; every log, trace and other file
of the data folder; the text of every letter. Not: the world outside (the stand-ins' folder) and the roll a rehearsal
keeps to check by.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import nats
import pypdfium2
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from pymongo import MongoClient

from borgersamling.privacy import ROLL
from borgersamling.running import RunningSystem
from chassis.errors import Permanent
from chassis.topology import ADMIN
from chassis.vault import COLLECTION as KEYS
from chassis.vault import Vault, locked_in

OUTSIDE = {"standin"}
"""Folders that stand for the recipients' own mailboxes."""


REPLICATION = "local"
"""Where mongod keeps what it replicates, until that is overwritten. Like a backup it still holds locked fields."""
LARGE = 5_000_000
"""Bytes from which on a file is looked through as it stands: a database's or a stream's."""


class Search:
    """Searches one local system for `needles`, texts by what they are called."""

    def __init__(self, system: RunningSystem, mongo_uri: str, vault: Vault, needles: dict[str, str]) -> None:
        self._system, self._mongo_uri, self._vault, self._needles = system, mongo_uri, vault, needles

    def everywhere(self) -> set[str]:
        """Return what was found, as `place: what`."""
        found: set[str] = set()
        for place, content in (*self._files(), *self._documents(), *asyncio.run(self._messages())):
            found |= {f"{place}: {name}" for name in self._in(content)}
        return found

    def _in(self, content: bytes) -> list[str]:
        if len(content) > LARGE:
            return [name for name, needle in self._needles.items() if needle.encode() in content]
        text = content.decode("utf-8", "replace").casefold()
        return [name for name, needle in self._needles.items() if needle.casefold() in text]

    def _files(self) -> Iterator[tuple[str, bytes]]:
        data = self._system.data
        for path in sorted(data.rglob("*")):
            place = path.relative_to(data)
            if not path.is_file() or place.parts[0] in OUTSIDE or path.name == ROLL:
                continue
            try:
                yield f"files of {place.parts[0]}", path.read_bytes()
            except FileNotFoundError:
                continue  # the database and the broker replace their files while they run
            if path.suffix == ".pdf":
                yield "letters, as read", letter_text(path).encode()

    def _documents(self) -> Iterator[tuple[str, bytes]]:
        with MongoClient[dict[str, Any]](self._mongo_uri) as client:
            for database in client.list_database_names():
                for collection in client[database].list_collection_names():
                    if collection == KEYS:
                        continue
                    for document in client[database][collection].find():
                        place = f"{database}.{collection}"
                        yield place, bson.encode(document)
                        if database == REPLICATION:
                            continue
                        for _, locked in locked_in(document):
                            yield f"{place}, unlocked", self._unlocked(locked)

    async def _messages(self) -> list[tuple[str, bytes]]:
        client = await nats.connect(self._system.nats_url, user=ADMIN, password=self._system.passwords[ADMIN])
        read: list[tuple[str, bytes]] = []
        try:
            js = client.jetstream(timeout=30)
            for info in await js.streams_info():
                name, left = info.config.name or "", info.state.messages
                if not left:
                    continue
                config = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL)
                subscription = await js.pull_subscribe(">", stream=name, config=config)
                while left > 0:
                    messages = await subscription.fetch(min(left, 500), timeout=20)
                    left -= len(messages)
                    read += [(f"stream {name}", f"{m.subject} {m.headers}".encode() + m.data) for m in messages]
                await subscription.unsubscribe()
        finally:
            await client.close()
        return read

    def _unlocked(self, locked: bytes) -> bytes:
        try:
            held = self._vault.unlock(locked)
        except Permanent:
            return b""
        # An address is one text to who looks for it, whatever parts it is held in.
        return f"{held} {address_of(held) if 'street' in held else ''}".encode()


def address_of(held: dict[str, Any]) -> str:
    """Return street, number and flat as a letter's window has them."""
    floor = f"{held['floor']}." if held["floor"].isdigit() else held["floor"]
    flat = " ".join(part for part in (floor, held["door"]) if part)
    return ", ".join(part for part in (f"{held['street']} {held['house_number']}", flat) if part)


def letter_text(path: Path) -> str:
    """Return the text of a PDF, spaced as it is read."""
    with pypdfium2.PdfDocument(path) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
