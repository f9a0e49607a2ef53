"""What notifications holds about one person, for registration to tell them (GDPR, article 15)."""

from typing import Any

from chassis.mongo import Database, Document
from contracts.subject_access import Held, WhatIsHeld
from notifications.repository.known import PEOPLE, person_key
from notifications.repository.shipments import SHIPMENTS

_LISTS = {
    "signed_up": "whether you are signed up",
    "seat": "your seat",
    "confirmed": "whether you have said yes to your seat",
    "themes": "the themes you chose to read of first",
}
_SHIPMENT = ("template", "channel", "language", "state", "reason", "created_at", "taken_at", "changed_at")


class Holdings:
    """Answers from the shipments and the lists. What a message said is not kept, so it is not among it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, question: WhatIsHeld) -> Held:
        """Return everything; nothing for the erased, of whom no more is kept than that their id is."""
        row = await self._db.collection(PEOPLE).get(person_key(question.assembly, question.person))
        where = {"assembly": question.assembly, "person": question.person}
        sent = await self._db.collection(SHIPMENTS).find(where, sort=[("created_at", 1), ("template", 1)])
        return Held(records=(*_listed(row or {}), *({"what": "a message", **_shown(one)} for one in sent)))


def _listed(row: Document) -> list[dict[str, Any]]:
    return [
        {"what": words, "value": row[name]["value"], "since": row[name]["at"]}
        for name, words in _LISTS.items()
        if name in row
    ]


def _shown(shipment: Document) -> dict[str, Any]:
    return {name: shipment[name] for name in _SHIPMENT}
