"""The secretariat's own texts: saving them, going back to the ready ones, enclosing files and taking them out.

Each makes a version. Who saves names the version they saw: when another holds by now, nothing is saved.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.transaction import Transaction
from notifications.domain.checking import Flaw
from notifications.domain.enclosing import TOO_LARGE, Refused, file_name
from notifications.rendering import Key
from notifications.repository.problems import Problem, note, solve
from notifications.repository.templates import (
    FILES,
    TEXTS,
    Act,
    Enclosed,
    Version,
    keep_file,
    latest,
    version_document,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a body, cleaned and checked."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes which text. `seen` is the version they had before them, `ready` the words of version 0."""

    key: Key
    seen: int
    by: str
    ready: Words


@dataclass(frozen=True, slots=True)
class Made:
    """The version that holds now. `overtaken`: it is somebody else's, and nothing was saved."""

    version: Version
    overtaken: bool = False


async def save_words(tx: Transaction, change: Change, words: Words) -> Made:
    """Save words that have no flaws. The same words again make no version."""
    return await _make(tx, change, words, "text")


async def back_to_ready(tx: Transaction, change: Change) -> Made:
    """Use the ready words again; what is enclosed stays."""
    return await _make(tx, change, change.ready, "ready")


def digest(content: bytes) -> str:
    """Return the id of a file."""
    return hashlib.sha256(content).hexdigest()


async def enclose(tx: Transaction, change: Change, title: str, content: bytes) -> Made:
    """Enclose a file that was found in order."""
    one = Enclosed(digest(content), title, file_name(title), len(content))
    held = await _held(tx, change)
    if held.number == change.seen:
        await keep_file(tx.collection(FILES), one, content)
    made = await _store(tx, change, held, replace(held, enclosed=(*held.enclosed, one)), "enclosed")
    if not made.overtaken:
        await solve(tx, "attachment-too-large", change.key[0], _about(change.key), by=change.by)
    return made


async def take_out(tx: Transaction, change: Change, file: str) -> Made:
    """Enclose a file no more. It is kept, for the messages that went out with it."""
    held = await _held(tx, change)
    left = tuple(one for one in held.enclosed if one.id != file)
    if left == held.enclosed:
        return Made(held)
    return await _store(tx, change, held, replace(held, enclosed=left), "taken-out")


async def note_refused(tx: Transaction, key: Key, flaws: Sequence[Flaw]) -> None:
    """Put a text that was refused on the list of problems: which one and by which rules, not what it said."""
    rules = ",".join(sorted({flaw.rule for flaw in flaws}))
    await note(tx, Problem("template-refused", key[0], _about(key) | {"rules": rules}))


async def note_too_large(tx: Transaction, key: Key, refused: Refused) -> None:
    """Put a file that was too large on the list of problems."""
    if refused.why in TOO_LARGE:
        await note(tx, Problem("attachment-too-large", key[0], _about(key) | {"rules": refused.why}))


async def _make(tx: Transaction, change: Change, words: Words, act: Act) -> Made:
    held = await _held(tx, change)
    if (words.subject, words.body) == (held.subject, held.body):
        return Made(held)
    made = await _store(tx, change, held, replace(held, subject=words.subject, body=words.body), act)
    if not made.overtaken:
        await solve(tx, "template-refused", change.key[0], _about(change.key), by=change.by)
    return made


async def _held(tx: Transaction, change: Change) -> Version:
    ready = Version(change.key, 0, change.ready.subject, change.ready.body)
    return await latest(tx.collection(TEXTS), change.key) or ready


async def _store(tx: Transaction, change: Change, held: Version, new: Version, act: Act) -> Made:
    if held.number != change.seen:
        return Made(held, overtaken=True)
    version = replace(new, number=held.number + 1, act=act, saved_at=tx.now, saved_by=change.by)
    await tx.collection(TEXTS).insert(version_document(version))
    return Made(version)


def _about(key: Key) -> dict[str, str]:
    return {"template": key[1], "language": key[2]}
