"""Documents of earlier schemas, written anew in today's: in the background, beside replicas that go on working.

What is read is brought up to date anyway (`upgrades`); but lists ask for fields that an earlier schema does not have,
and an upgrade cannot be taken out of the code while a document needs it. A document is replaced only as it was read,
and keeps its version: an officer who has read it before can save it, and a replica of the version before that saves it
meanwhile is not overwritten but looked at again.
"""

from typing import Any

import structlog

from chassis.mongo import Document
from followup.repository import shelves
from followup.repository.documents import Shelf, Store
from followup.repository.upgrades import SCHEMA

BATCH = 200
SHELVES: tuple[Shelf[Any], ...] = (shelves.assemblies, shelves.recommendations, shelves.commitments)

log = structlog.get_logger()


def _earlier() -> Document:
    return {"$or": [{"schema": {"$exists": False}}, {"schema": {"$lt": SCHEMA}}]}


async def left(store: Store) -> int:
    """Count the documents of earlier schemas."""
    return sum([await store.collection(shelf.name).count(_earlier()) for shelf in SHELVES])


async def migrate(store: Store) -> int:
    """Write all documents of earlier schemas anew and return how many were; one that cannot be read is left and logged.

    Documents of a later schema are left as they are, and logged: a version before theirs is running on this database.
    """
    await _say_later(store)
    before = await left(store)
    if not before:
        return 0
    log.info("documents are written in a new schema", schema=SCHEMA, documents=before)
    done = 0
    for shelf in SHELVES:
        done += await _migrate(store, shelf)
    log.info("documents were written in a new schema", schema=SCHEMA, documents=done, left=await left(store))
    return done


async def _migrate(store: Store, shelf: Shelf[Any]) -> int:
    done, unreadable = 0, list[str]()
    while documents := await store.collection(shelf.name).find(
        {"_id": {"$nin": unreadable}} | _earlier(), sort=[("_id", 1)], limit=BATCH
    ):
        for document in documents:
            try:
                done += await shelf.rewrite(store, document)
            except ValueError:
                unreadable.append(document["_id"])
                log.exception(
                    "a document cannot be brought up to date", collection=shelf.name, document=document["_id"]
                )
        log.info("writing documents in a new schema", collection=shelf.name, documents=done)
    return done


async def _say_later(store: Store) -> None:
    for shelf in SHELVES:
        if later := await store.collection(shelf.name).count({"schema": {"$gt": SCHEMA}}):
            log.error(
                "documents were written by a later version: run that one, this one cannot read them",
                collection=shelf.name,
                documents=later,
                schema=SCHEMA,
            )
