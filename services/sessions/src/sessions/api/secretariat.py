"""What the third-party secretariat does. The municipality's own roles are not let in here (arm's length)."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from chassis.errors import NotFound
from chassis.service import Service
from sessions import repository, use_cases
from sessions.api import shapes
from sessions.api.shapes import AssemblyPath, SlugPath
from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.recommendation import Recommendation

REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "No such assembly, session or file (application/problem+json)."},
    409: {
        "description": "The thing is not in a state that allows it, or someone was first (application/problem+json)."
    },
    422: {"description": "What was sent breaks rules, all listed under `problems` (application/problem+json)."},
}


def router(service: Service, plans: Mapping[str, AssemblyFile]) -> APIRouter:
    """Return the secretariat's routes; `plans` are the checked files this house may announce, by assembly id."""
    routes = APIRouter(
        prefix="/samling/api/assemblies/{assembly}",
        tags=["secretariat"],
        responses=REFUSALS,
    )
    _assembly(routes, service, plans)
    _sessions(routes, service)
    _recommendations(routes, service)
    return routes


def _assembly(routes: APIRouter, service: Service, plans: Mapping[str, AssemblyFile]) -> None:
    @routes.post("/announce")
    async def announce(assembly: AssemblyPath) -> shapes.Announced:
        """Make the assembly and its mandate public. Asked again, it answers the same."""
        plan = plans.get(assembly)
        if plan is None:
            raise NotFound(f"no municipality's folder holds {assembly}: see the setting MUNICIPALITIES")
        document = await service.transaction(lambda tx: use_cases.announce(tx, plan))
        return shapes.Announced(id=assembly, announced_at=document["announced_at"])

    @routes.post("/deliver")
    async def deliver(assembly: AssemblyPath) -> shapes.Delivery:
        """Hand all recommendations over to the council, once. Their texts are public and fixed from then on."""
        document = await service.transaction(lambda tx: use_cases.deliver(tx, assembly))
        return shapes.Delivery(delivered_at=document["delivered_at"], recommendations=document["recommendations"])


def _sessions(routes: APIRouter, service: Service) -> None:
    @routes.post("/sessions/{session}/schedule")
    async def schedule(
        assembly: AssemblyPath, session: SlugPath, body: shapes.ScheduleBody | None = None
    ) -> shapes.SessionOut:
        """Schedule a session, or change its time or place until it is held."""
        wish = use_cases.Timing(**body.model_dump()) if body else use_cases.Timing()
        return await _session(
            assembly, await service.transaction(lambda tx: use_cases.schedule(tx, assembly, session, wish))
        )

    @routes.post("/sessions/{session}/hold")
    async def hold(assembly: AssemblyPath, session: SlugPath, body: shapes.HoldBody) -> shapes.SessionOut:
        """Record that a scheduled session took place, with how many members or with which."""
        took_part = use_cases.TookPart(body.attended, body.present)
        return await _session(
            assembly, await service.transaction(lambda tx: use_cases.hold(tx, assembly, session, took_part))
        )

    @routes.put("/publications/{publication}")
    async def release(
        assembly: AssemblyPath, publication: SlugPath, body: shapes.PublicationBody
    ) -> shapes.PublicationOut:
        """Publish, or correct what is published."""
        content = use_cases.Publication(body.kind, body.title, body.session, body.text)
        document = await service.transaction(lambda tx: use_cases.release(tx, assembly, publication, content))
        return shapes.PublicationOut(
            id=publication,
            kind=body.kind,
            title=body.title,
            session=body.session,
            released_at=document["released_at"],
            path=f"/samling/{assembly}/publikationer/{publication}",
        )

    async def _session(assembly: str, document: repository.Document) -> shapes.SessionOut:
        plan = repository.plan(await repository.announced(service.db.collection(repository.ASSEMBLIES), assembly))
        session = plan.session(document["session"])
        if session is None:
            raise NotFound(f"{assembly} has no session {document['session']}")
        return shapes.SessionOut(
            id=session.id,
            number=session.number,
            title=session.title,
            open=session.open,
            attended=document.get("attended"),
            **{name: document[name] for name in ("status", "starts_at", "ends_at", "place")},
        )


def _recommendations(routes: APIRouter, service: Service) -> None:
    @routes.get("/recommendations")
    async def drafts(assembly: AssemblyPath) -> list[shapes.Draft]:
        """All recommendations as they stand: the secretariat's eyes alone before the delivery."""
        await repository.announced(service.db.collection(repository.ASSEMBLIES), assembly)
        written = service.db.collection(repository.RECOMMENDATIONS)
        return [_draft(document) for document in await written.find({"assembly": assembly}, sort=[("number", 1)])]

    @routes.put("/recommendations/{recommendation}")
    async def write(assembly: AssemblyPath, recommendation: SlugPath, body: Recommendation) -> shapes.Draft:
        """Save a recommendation in the template; another text is a new version. Refused after the delivery."""
        return _draft(
            await service.transaction(lambda tx: use_cases.write_recommendation(tx, assembly, recommendation, body))
        )


def _draft(document: repository.Document) -> shapes.Draft:
    return shapes.Draft(
        id=document["recommendation"],
        revision=document["revision"],
        written_at=document["written_at"],
        template=repository.template(document),
    )
