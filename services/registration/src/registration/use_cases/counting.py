"""The figures of an assembly, counted by the database: a page never loads the people it counts."""

from collections.abc import Collection as Some
from collections.abc import Iterable
from datetime import date, timedelta

from chassis.language import LOCAL
from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.domain import figures
from registration.domain.assembly import Assembly
from registration.domain.figures import Kind, Stage
from registration.domain.registration import Status
from registration.repository import ASSEMBLIES, PEOPLE, Collections, assembly_from
from registration.use_cases.announcing import get_assembly


async def kinds_of(source: Collections, assembly: Assembly, among: Some[str] | None = None) -> tuple[Kind, ...]:
    """Count everyone of an assembly by kind in one pass; with `among` these people alone."""
    where: Document = {"assembly": assembly.id}
    if among is not None:
        where["_id"] = {"$in": sorted(among)}
    trial = {"$or": [{"$eq": ["$test", True]}, {"$eq": ["$status", Status.TEST.value]}]}
    kind = {
        "status": "$status",
        "invited": {"$gt": ["$invited_at", None]},
        "trial": trial,
        "attended": {"$gt": [{"$size": {"$ifNull": ["$attended", []]}}, 0]},
        "values": [_value(criterion.id) for criterion in assembly.criteria],
    }
    groups = await source.collection(PEOPLE).aggregate(
        [{"$match": where}, {"$group": {"_id": kind, "people": {"$sum": 1}}}]
    )
    return tuple(_kind(assembly, group) for group in groups)


def _value(criterion: str) -> Document:
    """Return repository.values_of, as the database says it. `$getField`, because an id may hold a dot."""
    parts = ("answers", "corrections", "features")
    held = [{"$getField": {"field": {"$literal": criterion}, "input": f"${part}"}} for part in parts]
    return {"$ifNull": [*held, None]}


def _kind(assembly: Assembly, group: Document) -> Kind:
    key = group["_id"]
    pairs = zip(assembly.criteria, key["values"], strict=True)
    return Kind(
        status=Status(key["status"]),
        values={criterion.id: value for criterion, value in pairs if value is not None},
        people=group["people"],
        invited=key["invited"],
        trial=key["trial"],
        attended=key["attended"],
    )


async def counts_of(source: Collections, assembly_id: str) -> Document:
    """Return the funnel so far; once the pool is closed `signed_up` is the size it was frozen with. NotFound."""
    document = await get_assembly(source, assembly_id)
    found = figures.funnel(await kinds_of(source, assembly_from(document)))
    pool = document["pool"]
    return {
        "residents": found.residents,
        "eligible": found.eligible,
        "invited": found.invited,
        "signed_up": pool["signed_up"] if pool else found.signed_up,
        "withdrew": found.withdrew,
        "erased": found.erased,
        "tests": found.trials,
        "pool_closed": pool is not None,
    }


async def statuses_of(source: Collections, assembly_id: str) -> dict[Status, int]:
    """Count the people of an assembly by status."""
    pipeline: list[Document] = [
        {"$match": {"assembly": assembly_id, "test": {"$ne": True}}},
        {"$group": {"_id": "$status", "people": {"$sum": 1}}},
    ]
    groups = await source.collection(PEOPLE).aggregate(pipeline)
    return {Status(group["_id"]): group["people"] for group in groups}


async def days_of(source: Collections, assembly_id: str) -> list[tuple[date, int, int]]:
    """Return each day, in Copenhagen, from the first response to the last: sign-ups and noes."""
    signed_up = await _by_day(source, assembly_id, "signed_up_at")
    declined = await _by_day(source, assembly_id, "declined_at")
    days = sorted(signed_up.keys() | declined.keys())
    if not days:
        return []
    every = (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1))
    return [(day, signed_up.get(day, 0), declined.get(day, 0)) for day in every]


async def _by_day(source: Collections, assembly_id: str, moment: str) -> dict[date, int]:
    where = {"assembly": assembly_id, moment: {"$ne": None}, "test": {"$ne": True}}
    day = {"$dateToString": {"date": f"${moment}", "format": "%Y-%m-%d", "timezone": str(LOCAL)}}
    groups = await source.collection(PEOPLE).aggregate(
        [{"$match": where}, {"$group": {"_id": day, "people": {"$sum": 1}}}]
    )
    return {date.fromisoformat(group["_id"]): group["people"] for group in groups}


# --- what is written down, because the people it counts are erased one day ---


async def write_stages(tx: Transaction, assembly_id: str, names: Iterable[str], among: Some[str] | None = None) -> None:
    """Write down, in numbers alone, who has come as far as these stages; said again, as it is then."""
    document = await tx.collection(ASSEMBLIES).get(assembly_id)
    if document is None:  # a fact may be heard before the assembly's own
        return
    assembly = assembly_from(document)
    kinds = await kinds_of(tx, assembly, among)
    counted = (figures.stage(name, kinds, assembly.criteria) for name in names)
    changes = {f"stages.{one.name}": {"people": one.people, "counts": one.counts} for one in counted}
    await tx.collection(ASSEMBLIES).update({"_id": assembly_id}, {"$set": changes})


def stages_of(document: Document, kinds: Iterable[Kind]) -> tuple[Stage, ...]:
    """Return the stages, each as it was written down or, until then, as it is now."""
    criteria, every = assembly_from(document).criteria, list(kinds)
    written = document.get("stages") or {}
    return tuple(
        Stage(name, written[name]["people"], written[name]["counts"])
        if name in written
        else figures.stage(name, every, criteria)
        for name in figures.STAGES
    )
