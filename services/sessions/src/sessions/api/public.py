"""Open to anyone: no people in it, and no draft."""

from datetime import datetime

from fastapi import APIRouter

from chassis.service import Service
from sessions.api import shapes
from sessions.api.shapes import AssemblyPath
from sessions.overview import Overview, all_announced, overview


def router(service: Service) -> APIRouter:
    """Return the public routes."""
    routes = APIRouter(prefix="/samling/api/assemblies", tags=["public"])

    @routes.get("")
    async def assemblies() -> list[shapes.AssemblyLine]:
        """List the announced assemblies, the latest first."""
        return [
            shapes.AssemblyLine(
                id=found.plan.id,
                title=found.plan.title,
                announced_at=_known(found),
                delivered_at=found.seen.delivered_at,
                path=f"/samling/{found.plan.id}",
            )
            for found in await all_announced(service.db, service.clock.now())
        ]

    @routes.get("/{assembly}")
    async def assembly(assembly: AssemblyPath) -> shapes.AssemblyOut:
        """Return everything public of one assembly."""
        return _whole(await overview(service.db, assembly, service.clock.now()))

    @routes.get("/{assembly}/counts")
    async def counts(assembly: AssemblyPath) -> shapes.Counts:
        """Count the course: held sessions, delivered recommendations."""
        found = await overview(service.db, assembly, service.clock.now())
        return shapes.Counts.model_validate(found.counts)

    return routes


def _known(found: Overview) -> datetime:
    assert found.seen.announced_at is not None  # noqa: S101 - an overview is of an announced assembly
    return found.seen.announced_at


def _whole(found: Overview) -> shapes.AssemblyOut:
    plan, home = found.plan, f"/samling/{found.plan.id}"
    sessions = []
    for session in plan.sessions:
        became = found.seen.sessions.get(session.id)
        sessions.append(
            shapes.SessionOut(
                id=session.id,
                number=session.number,
                title=session.title,
                status=became.status if became else "planned",
                starts_at=became.starts_at if became else session.starts,
                ends_at=became.ends_at if became else session.ends,
                place=became.place if became else session.place,
                open=session.open,
                attended=became.attended if became else None,
            )
        )
    return shapes.AssemblyOut(
        id=plan.id,
        municipality=plan.municipality.id,
        title=plan.title,
        purpose=plan.purpose,
        mandate=plan.mandate,
        announced_at=_known(found),
        delivered_at=found.seen.delivered_at,
        numbers=found.numbers,
        sessions=sessions,
        publications=[
            shapes.PublicationOut(
                id=published.id,
                kind=published.kind,
                title=published.title,
                session=published.session,
                released_at=published.released_at,
                path=f"{home}/publikationer/{published.id}",
            )
            for published in found.publications
        ],
        recommendations=[
            shapes.RecommendationOut(
                id=delivered.id,
                path=f"{home}/anbefalinger/{delivered.id}",
                answer=delivered.answer.answer if delivered.answer else None,
                answer_path=delivered.answer.path if delivered.answer else None,
                template=delivered.text,
            )
            for delivered in found.recommendations
        ],
    )
