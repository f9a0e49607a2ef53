"""Documents of earlier schemas, brought up to date one schema at a time.

Schema 1 (no number) had an answer's words beside its revision, and a crossing's beside the time it was said.
An upgrade never needs anything but the document itself, so that it can be made while it is read.
"""

from collections.abc import Callable, Sequence

from chassis.mongo import Document

SCHEMA = 2
"""The schema this code writes."""

Upgrade = Callable[[Document], Document]
"""Turns a document of one schema into one of the next."""


def upgraded(document: Document, upgrades: Sequence[Upgrade]) -> Document:
    """Return the document in today's schema. ValueError for one that a later version of this code has written."""
    schema = document.get("schema", 1)
    if schema > SCHEMA:
        raise ValueError(
            f"{document['_id']} has schema {schema}, and this version knows schemas up to {SCHEMA}: "
            "run the version that wrote it, or a later one"
        )
    for upgrade in upgrades[schema - 1 :]:
        document = upgrade(document)
    return document


def _content(old: Document) -> Document:
    return {"content": {name: old[name] for name in ("verdict", "reason", "action")}}


def _answer(old: Document) -> Document:
    return {"revision": old["revision"], "answered_at": old["answered_at"]} | _content(old)


def _reported(old: Document) -> Document:
    return {name: old[name] for name in ("recommendation", "number", "theme", "title", "revision")} | _content(old)


def _said(old: Document) -> Document:
    return {"crossing": {name: old[name] for name in ("kind", "on", "days")}, "at": old["at"]}


def assembly_from_1(old: Document) -> Document:
    """Give it its id."""
    return old | {"id": old["_id"]}


def recommendation_from_1(old: Document) -> Document:
    """Its id had another name; an answer's words get a place of their own."""
    return old | {"id": old["recommendation"], "answers": [_answer(answer) for answer in old["answers"]]}


def commitment_from_1(old: Document) -> Document:
    """The record's crossings, and a status's answers, get a place of their own."""
    status = old["status"]
    if status is not None:
        status = status | {"answers": [_reported(answer) for answer in status["answers"]]}
    return old | {"said": [_said(said) for said in old["said"]], "status": status}


ASSEMBLY: tuple[Upgrade, ...] = (assembly_from_1,)
RECOMMENDATION: tuple[Upgrade, ...] = (recommendation_from_1,)
COMMITMENT: tuple[Upgrade, ...] = (commitment_from_1,)
