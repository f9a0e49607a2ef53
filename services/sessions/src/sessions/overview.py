"""An assembly at a glance: everything the public may see of it, read in one go for the pages and the public API."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.mongo import Database
from sessions import repository
from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.assembly_file.model import Text
from sessions.domain.course import Seen, Stage, Step, next_session, stages, timeline
from sessions.domain.recommendation import Recommendation


@dataclass(frozen=True)
class Answered:
    """The council's answer to a recommendation and where it stands."""

    answer: str
    path: str


@dataclass(frozen=True)
class Delivered:
    """A delivered recommendation with its answer, if there is one. Drafts never get here: they are closed."""

    id: str
    text: Recommendation
    theme: Text
    committees: tuple[Text, ...]
    answer: Answered | None

    @property
    def path(self) -> str:
        return f"anbefalinger/{self.id}"


@dataclass(frozen=True)
class Published:
    """A publication as the public sees it."""

    id: str
    kind: str
    title: Text
    session: str | None
    text: Text | None
    released_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """One announced assembly."""

    plan: AssemblyFile
    seen: Seen
    steps: list[Step]
    stages: list[Stage]
    next_session: Step | None
    next_open: Step | None
    """The next session that all residents may come to."""
    numbers: dict[str, int]
    recommendations: list[Delivered]
    publications: list[Published]
    statuses: dict[str, dict[str, Any]]

    @property
    def counts(self) -> dict[str, int]:
        """What the assembly has done, in numbers. Recommendations count from their delivery on."""
        texts = [recommendation.text for recommendation in self.recommendations]
        return {
            "sessions_held": sum(session.status == "held" for session in self.seen.sessions.values()),
            "recommendations": len(texts),
            "themes": len({text.theme for text in texts}),
            "minority_statements": sum(len(text.minority_statements) for text in texts),
        }

    @property
    def answers(self) -> dict[str | None, int]:
        """How many recommendations have each answer; None is those the council has not answered."""
        return Counter(one.answer.answer if one.answer else None for one in self.recommendations)


async def all_announced(db: Database, now: datetime) -> list[Overview]:
    """Return every announced assembly, the latest first."""
    documents = await db.collection(repository.ASSEMBLIES).find({}, sort=[("announced_at", -1), ("_id", 1)])
    return [await _overview(db, document, now) for document in documents]


async def overview(db: Database, assembly: str, now: datetime) -> Overview:
    """Return one assembly; NotFound when it is not announced."""
    document = await repository.announced(db.collection(repository.ASSEMBLIES), assembly)
    return await _overview(db, document, now)


async def _overview(db: Database, document: repository.Document, now: datetime) -> Overview:
    plan, where = repository.plan(document), {"assembly": document["_id"]}
    sessions = await db.collection(repository.SESSIONS).find(where)
    rows = await db.collection(repository.COURSE).find(where, sort=[("at", 1)])
    published = await db.collection(repository.PUBLICATIONS).find(where, sort=[("released_at", 1), ("_id", 1)])
    written: list[repository.Document] = []
    if document.get("delivered_at"):
        written = await db.collection(repository.RECOMMENDATIONS).find(where, sort=[("number", 1)])
    seen = repository.seen(document, sessions, rows)
    steps = timeline(plan, seen, now)
    return Overview(
        plan=plan,
        seen=seen,
        steps=steps,
        stages=stages(steps),
        next_session=next_session(steps),
        next_open=next_session(steps, among={session.id for session in plan.sessions if session.open}),
        numbers=_numbers(rows),
        recommendations=[_delivered(plan, text, rows) for text in written],
        publications=[_published(publication) for publication in published],
        statuses={row["key"]: row["data"] for row in rows if row["kind"] == "status"},
    )


def _numbers(rows: list[repository.Document]) -> dict[str, int]:
    """Return the counts of the course; of several draws the last one counts."""
    numbers: dict[str, int] = {}
    for row in rows:
        if row["kind"] == "pool":
            numbers |= {name: row["data"][name] for name in ("invited", "signed_up")}
        elif row["kind"] == "panel":
            numbers |= {name: row["data"][name] for name in ("panel", "alternates")}
        elif row["kind"] == "replacement":
            numbers["replaced"] = numbers.get("replaced", 0) + 1
    return numbers


def _delivered(plan: AssemblyFile, document: repository.Document, rows: list[repository.Document]) -> Delivered:
    text = repository.template(document)
    name = document["recommendation"]
    answer = next((row["data"] for row in rows if row["kind"] == "answer" and row["key"] == name), None)
    themes = {theme.id: theme.title for theme in plan.themes}
    committees = {committee.id: committee.title for committee in plan.committees}
    return Delivered(
        id=name,
        text=text,
        theme=themes[text.theme],
        committees=tuple(committees[committee] for committee in text.committees),
        answer=Answered(answer["answer"], answer["path"]) if answer else None,
    )


def _published(document: repository.Document) -> Published:
    return Published(
        id=document["publication"],
        kind=document["kind"],
        title=Text.model_validate(document["title"]),
        session=document["session"],
        text=Text.model_validate(document["text"]) if document["text"] else None,
        released_at=document["released_at"],
        corrected_at=document["corrected_at"],
    )
