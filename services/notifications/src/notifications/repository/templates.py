"""The secretariat's own texts, a document for each version, and the files enclosed with them.

Nothing here is ever changed or deleted: a shipment remembers its version, so the words it went out with can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chassis.mongo import Collection, Database, Document
from notifications.rendering import Key, version_id

TEXTS, FILES = "texts", "enclosed_files"
Act = Literal["text", "ready", "enclosed", "taken-out"]
"""What made a version: new words, the ready text again, a file enclosed, a file taken out."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a message. `id` is the SHA-256 of its content, `size` in bytes."""

    id: str
    title: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it was from a moment on. Version 0 is the ready text, which nobody saved."""

    key: Key
    number: int
    subject: str
    body: str
    enclosed: tuple[Enclosed, ...] = ()
    act: Act = "ready"
    saved_at: datetime | None = None
    saved_by: str = ""

    @property
    def id(self) -> str:
        """Its id, which keeps two from being the same version."""
        return version_id(self.key, self.number)


def version_document(version: Version) -> Document:
    """Return a version as stored."""
    assembly, template, language = version.key
    return {
        "_id": version.id,
        "assembly": assembly,
        "template": template,
        "language": language,
        "number": version.number,
        "subject": version.subject,
        "body": version.body,
        "enclosed": [{"id": e.id, "title": e.title, "filename": e.filename, "size": e.size} for e in version.enclosed],
        "act": version.act,
        "saved_at": version.saved_at,
        "saved_by": version.saved_by,
    }


def version_from(document: Document) -> Version:
    """Return a version from its document."""
    return Version(
        key=(document["assembly"], document["template"], document["language"]),
        number=document["number"],
        subject=document["subject"],
        body=document["body"],
        enclosed=tuple(Enclosed(**one) for one in document["enclosed"]),
        act=document["act"],
        saved_at=document["saved_at"],
        saved_by=document["saved_by"],
    )


async def versions(texts: Collection, key: Key) -> list[Version]:
    """Return the versions of a text, the latest first; none where only the ready text is there."""
    return [version_from(document) for document in await texts.find(_of(key), sort=[("number", -1)])]


async def latest(texts: Collection, key: Key) -> Version | None:
    """Return the version that holds."""
    document = await texts.one(_of(key), sort=[("number", -1)])
    return version_from(document) if document else None


async def latest_ids(texts: Collection, assemblies: Sequence[str], templates: Sequence[str]) -> dict[Key, str]:
    """Return the ids of the versions that hold, in every language."""
    rows = await texts.aggregate(
        [
            {"$match": {"assembly": {"$in": list(assemblies)}, "template": {"$in": list(templates)}}},
            {"$sort": {"assembly": 1, "template": 1, "language": 1, "number": -1}},
            {"$group": {"_id": {"a": "$assembly", "t": "$template", "l": "$language"}, "id": {"$first": "$_id"}}},
        ]
    )
    return {(row["_id"]["a"], row["_id"]["t"], row["_id"]["l"]): row["id"] for row in rows}


async def by_ids(texts: Collection, ids: Iterable[str]) -> list[Version]:
    """Return versions by their ids."""
    return [version_from(document) for document in await texts.find({"_id": {"$in": list(ids)}})]


async def keep_file(files: Collection, enclosed: Enclosed, content: bytes) -> None:
    """Keep a file; the same one again is the same."""
    await files.upsert_new([{"_id": enclosed.id, "content": content}])


async def load_file(db: Database, file: str) -> bytes | None:
    """Return a file's content."""
    document = await db.collection(FILES).get(file)
    return bytes(document["content"]) if document else None


def _of(key: Key) -> Document:
    assembly, template, language = key
    return {"assembly": assembly, "template": template, "language": language}
