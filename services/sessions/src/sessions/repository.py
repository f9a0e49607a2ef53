"""Documents and what they mean.

Collections of this service's own database:

- `assemblies`       one an announced assembly: the file as announced, when, and the delivery
- `sessions`         one a scheduled session: time, place, held or not
- `publications`     one a publication
- `recommendations`  one a recommendation as it stands, and `recommendation_versions` each as it was saved
- `course`           what the other services said, one row a thing, for the front page (no people: counts alone)

Mongo has no days, so a day is stored as its ISO text.
"""

from datetime import date, datetime
from typing import Any

from chassis.errors import NotFound
from chassis.mongo import Collection, Sort
from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.course import Seen, SessionSeen, StatusSeen
from sessions.domain.recommendation import Recommendation

ASSEMBLIES = "assemblies"
SESSIONS = "sessions"
PUBLICATIONS = "publications"
RECOMMENDATIONS = "recommendations"
VERSIONS = "recommendation_versions"
COURSE = "course"

INDEXES: tuple[tuple[str, Sort, bool], ...] = (
    (SESSIONS, [("assembly", 1)], False),
    (PUBLICATIONS, [("assembly", 1), ("released_at", 1)], False),
    (RECOMMENDATIONS, [("assembly", 1), ("number", 1)], True),
    (COURSE, [("assembly", 1)], False),
)
"""Collection, keys, unique. Two recommendations of one assembly never bear the same number."""

Document = dict[str, Any]


def moment(now: datetime) -> datetime:
    """Return the moment as MongoDB keeps it, in milliseconds: so the first answer and a repeated one are the same."""
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def key(assembly: str, *names: str) -> str:
    """Return the id of an assembly's thing."""
    return ":".join((assembly, *names))


async def announced(collection: Collection, assembly: str) -> Document:
    """Return an announced assembly's document; NotFound when there is none."""
    document = await collection.get(assembly)
    if document is None:
        raise NotFound(f"no assembly {assembly} is announced")
    return document


def plan(document: Document) -> AssemblyFile:
    """Return the assembly as announced, whatever the file says by now."""
    return AssemblyFile.model_validate(document["plan"])


def template(document: Document) -> Recommendation:
    """Return a recommendation document's text."""
    return Recommendation.model_validate(document["template"])


def seen(assembly: Document, sessions: list[Document], rows: list[Document]) -> Seen:
    """Return what has happened so far."""
    by_kind: dict[str, dict[str, Document]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], {})[row["key"]] = row["data"]
    reported = by_kind.get("status", {})
    due = {name: data["due_on"] for name, data in {**by_kind.get("commitment", {}), **reported}.items()}
    return Seen(
        announced_at=assembly["announced_at"],
        sign_up_opened="sign-up" in by_kind,
        pool_closed="pool" in by_kind,
        draw_announced=bool(by_kind.get("draw", {}).keys() - by_kind.get("voided", {}).keys()),
        drawn_at=max((row["at"] for row in rows if row["kind"] == "panel"), default=None),
        sessions={
            doc["session"]: SessionSeen(
                doc["status"], doc["starts_at"], doc["ends_at"], doc["place"], doc.get("attended")
            )
            for doc in sessions
        },
        delivered_at=assembly.get("delivered_at"),
        statuses={
            name: StatusSeen(
                date.fromisoformat(day),
                date.fromisoformat(reported[name]["reported_on"]) if name in reported else None,
            )
            for name, day in due.items()
        },
    )
