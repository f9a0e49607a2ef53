"""The composition root of followup: what it hears, repeats and serves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from chassis.access import Table
from chassis.service import Service
from contracts.access import TABLE
from contracts.followup import SAYS
from contracts.sessions import AssemblyAnnounced, DeliveryCompleted, RecommendationDelivered
from followup import (
    api,
    council_pages,
    deadline_api,
    evaluation_pages,
    officers,
    officers_api,
    pages,
    reuse_pages,
    sheet_pages,
    subscribers,
    whatif_pages,
)
from followup.domain.calendar import day_of
from followup.paths import PREFIX
from followup.repository import ASSEMBLIES, COMMITMENTS, HELD, RECOMMENDATIONS, count_owing, migrating, worklist
from followup.settings import Settings
from followup.sweep import sweep


def build(settings: Settings) -> Service:
    """Return the service, not started."""
    access = Table(TABLE)
    # In order: a status follows from its answers, an overdue day from a due one, and a replay from all of them.
    service = Service(name="followup", prefix=PREFIX, settings=settings, access=access, says=SAYS, in_order=True)

    service.index(ASSEMBLIES, [("delivery.on", -1)])
    service.index(COMMITMENTS, [("assembly", 1), ("due_on", 1)])
    service.index(COMMITMENTS, [("next_on", 1), ("assembly", 1)])  # the sweep's question, answered by the index alone
    # Read through alone, without a document: what a page of all assemblies asks of each.
    service.index(COMMITMENTS, [("reported", 1), ("assembly", 1), ("due_on", 1), ("soon_on", 1)])
    service.index(COMMITMENTS, [("reported", 1), ("due_on", 1)])
    service.index(RECOMMENDATIONS, [("assembly", 1), ("verdict", 1)])
    service.index(RECOMMENDATIONS, [("assembly", 1), ("number", 1)])
    for collection, fields in worklist.INDEXES:
        service.index(collection, [(field, 1) for field in fields])
    service.index(RECOMMENDATIONS, [("changed_at", -1)])  # the feeds of all assemblies, a hundred entries each
    service.index(COMMITMENTS, [("changed_at", -1)])

    service.hear(AssemblyAnnounced, subscribers.assembly_announced)
    service.hear(RecommendationDelivered, subscribers.recommendation_delivered)
    service.hear(DeliveryCompleted, subscribers.delivery_completed)

    for collection in HELD:
        service.index(collection, [("schema", 1)])

    async def owing() -> int:
        return await count_owing(service.db, day_of(service.clock.now()))

    service.every("sweep", settings.sweep_seconds, lambda: sweep(service))
    service.backlog("crossings", owing)
    service.every("schema", settings.sweep_seconds, _migration(service, settings.migrate_after_seconds))
    service.backlog("schema", lambda: migrating.left(service.db))

    service.include(api.router(service))
    service.include(deadline_api.router(service))
    service.include(officers_api.router(service))
    # Before the pages: an assembly is never called "opgaver", "raadet" or "hvad-nu-hvis".
    service.include(officers.router(service))
    service.include(council_pages.router(service))
    service.include(whatif_pages.router(service))
    service.include(reuse_pages.router(service))
    service.include(sheet_pages.router(service))
    service.include(evaluation_pages.router(service))
    service.include(pages.router(service))
    return service


def _migration(service: Service, after_seconds: float) -> Callable[[], Awaitable[int]]:
    begin = service.clock.machine_now() + timedelta(seconds=after_seconds)

    async def migrate() -> int:
        return await migrating.migrate(service.db) if service.clock.machine_now() >= begin else 0

    return migrate
