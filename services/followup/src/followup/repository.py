"""Documents <-> domain. One document per aggregate: an assembly, a recommendation with its answers, a commitment.

Days are stored as ISO strings: MongoDB knows instants only, and a day that became an instant would move with the zone.
A commitment holds `next_on`, the day of its next crossing, so that the sweep asks one indexed question of all
assemblies; and the record of what was said, which the counts are taken from.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Protocol

from chassis.mongo import Collection, Document
from followup.domain.answers import Answer, Recommendation
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.commitment import Commitment, ReportedAnswer, Said, Status
from followup.domain.crossings import Crossing, Kind
from followup.domain.mandate import Milestone

ASSEMBLIES, RECOMMENDATIONS, COMMITMENTS = "assemblies", "recommendations", "commitments"


class Store(Protocol):
    """Where documents are: a transaction, or the database for reading."""

    def collection(self, name: str) -> Collection:
        """Return the collection."""


async def assembly(store: Store, assembly_id: str) -> Assembly | None:
    """Return what is known of the assembly."""
    document = await store.collection(ASSEMBLIES).get(assembly_id)
    return None if document is None else _assembly(document)


async def assemblies(store: Store) -> list[Assembly]:
    """Return all assemblies whose mandate is known, latest delivery first, those not delivered last."""
    documents = await store.collection(ASSEMBLIES).find(
        {"mandate": {"$ne": None}}, sort=[("delivery.on", -1), ("_id", 1)]
    )
    return [_assembly(document) for document in documents]


async def save_assembly(store: Store, one: Assembly) -> None:
    """Store the assembly; Conflict when someone was first."""
    document = {
        "_id": one.id,
        "mandate": None if one.mandate is None else asdict(one.mandate),
        "delivery": None
        if one.delivery is None
        else {"on": one.delivery.on.isoformat(), "recommendations": list(one.delivery.recommendations)},
        "events": {event: on.isoformat() for event, on in one.events.items()},
        "closed_on": _iso(one.closed_on),
    }
    await store.collection(ASSEMBLIES).save(_versioned(document, one.version))


async def recommendation(store: Store, assembly_id: str, recommendation_id: str) -> Recommendation | None:
    """Return one recommendation."""
    document = await store.collection(RECOMMENDATIONS).get(f"{assembly_id}:{recommendation_id}")
    return None if document is None else _recommendation(document)


async def recommendations(store: Store, assembly_id: str) -> list[Recommendation]:
    """Return an assembly's recommendations by number."""
    found = await store.collection(RECOMMENDATIONS).find(
        {"assembly": assembly_id}, sort=[("number", 1), ("recommendation", 1)]
    )
    return [_recommendation(document) for document in found]


async def save_recommendation(store: Store, one: Recommendation) -> None:
    """Store the recommendation; Conflict when someone was first."""
    document = asdict(one) | {
        "_id": f"{one.assembly}:{one.id}",
        "recommendation": one.id,
        "answers": [asdict(a) for a in one.answers],
    }
    for key in ("id", "version"):
        del document[key]
    await store.collection(RECOMMENDATIONS).save(_versioned(document, one.version))


async def commitments(store: Store, assembly_id: str) -> list[Commitment]:
    """Return an assembly's commitments in due order."""
    found = await store.collection(COMMITMENTS).find({"assembly": assembly_id}, sort=[("due_on", 1), ("milestone", 1)])
    return [_commitment(document) for document in found]


async def save_commitment(store: Store, one: Commitment) -> None:
    """Store the commitment; Conflict when someone was first."""
    document = {
        "_id": one.id,
        "assembly": one.assembly,
        "milestone": one.milestone,
        "title": dict(one.title),
        "wording": one.wording,
        "due_on": one.due_on.isoformat(),
        "made_on": one.made_on.isoformat(),
        "reminder_days": list(one.reminder_days),
        "said": [_said_document(said) for said in one.said],
        "status": None if one.status is None else asdict(one.status) | {"reported_on": _iso(one.status.reported_on)},
        "next_on": next((crossing.on.isoformat() for crossing in one.ahead()), None),
    }
    await store.collection(COMMITMENTS).save(_versioned(document, one.version))


def _owing(today: date) -> Document:
    return {"next_on": {"$ne": None, "$lte": today.isoformat()}}


async def assemblies_owing(store: Store, today: date) -> list[str]:
    """Return the ids of the assemblies for which a crossing is owed on `today`, the longest owed first."""
    rows = await store.collection(COMMITMENTS).aggregate(
        [
            {"$match": _owing(today)},
            {"$group": {"_id": "$assembly", "since": {"$min": "$next_on"}}},
            {"$sort": {"since": 1, "_id": 1}},
        ]
    )
    return [row["_id"] for row in rows]


async def count_owing(store: Store, today: date) -> int:
    """Count the commitments with a crossing that is owed on `today`."""
    return await store.collection(COMMITMENTS).count(_owing(today))


def _versioned(document: Document, version: int | None) -> Document:
    return document if version is None else document | {"version": version}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _assembly(document: Document) -> Assembly:
    mandate, delivery = document["mandate"], document["delivery"]
    return Assembly(
        id=document["_id"],
        mandate=None if mandate is None else _mandate(mandate),
        delivery=None
        if delivery is None
        else Delivery(date.fromisoformat(delivery["on"]), tuple(delivery["recommendations"])),
        events={event: date.fromisoformat(on) for event, on in document["events"].items()},
        closed_on=_day(document["closed_on"]),
        version=document["version"],
    )


def _mandate(part: Document) -> Mandate:
    milestones = (m | {"reminder_days": tuple(m["reminder_days"])} for m in part["milestones"])
    return Mandate(**part | {"milestones": tuple(Milestone(**m) for m in milestones)})


def _recommendation(document: Document) -> Recommendation:
    plain = {k: v for k, v in document.items() if k not in {"_id", "recommendation"}}
    return Recommendation(
        **plain
        | {
            "id": document["recommendation"],
            "committees": tuple(document["committees"]),
            "answers": tuple(Answer(**a) for a in document["answers"]),
        }
    )


def _said_document(said: Said) -> Document:
    crossing = said.crossing
    return {"kind": crossing.kind.value, "on": crossing.on.isoformat(), "days": crossing.days, "at": said.at}


def _said(row: Document) -> Said:
    return Said(Crossing(Kind(row["kind"]), date.fromisoformat(row["on"]), row["days"]), row["at"])


def _commitment(document: Document) -> Commitment:
    plain = {k: v for k, v in document.items() if k not in {"_id", "next_on"}}
    return Commitment(
        **plain
        | {
            "due_on": date.fromisoformat(document["due_on"]),
            "made_on": date.fromisoformat(document["made_on"]),
            "reminder_days": tuple(document["reminder_days"]),
            "said": tuple(_said(row) for row in document["said"]),
            "status": _status(document["status"]),
        }
    )


def _status(part: Document | None) -> Status | None:
    if part is None:
        return None
    answers: Sequence[dict[str, Any]] = part["answers"]
    reported_on = date.fromisoformat(part["reported_on"])
    return Status(**part | {"reported_on": reported_on, "answers": tuple(ReportedAnswer(**a) for a in answers)})
