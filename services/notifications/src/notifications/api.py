"""The JSON API: public counts. Nothing here is about a person."""

from fastapi import APIRouter

from chassis.service import Service
from notifications.counts import AssemblyCounts, count_shipments

PREFIX = "/post"


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["notifications"])

    @routes.get(f"{PREFIX}/api/assemblies/{{assembly}}/counts")
    async def show_counts(assembly: str) -> AssemblyCounts:
        """Show how many shipments there are and where they stand."""
        return await count_shipments(service.db, assembly)

    return routes
