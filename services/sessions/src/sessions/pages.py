"""The public pages: the front page of the one address, the assembly, its recommendations and publications."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.errors import NotFound
from chassis.identity import caller
from chassis.pages import N_
from chassis.service import Service
from sessions.api.shapes import AssemblyPath, SlugPath
from sessions.glance import ANSWERS, glance, now
from sessions.overview import all_announced, overview

ACTIVITIES = {
    "self-service": N_("Self-service"),
    "mastery": N_("Mastery"),
    "co-creation": N_("Co-creation"),
}
KINDS = {
    "programme": N_("Programme"),
    "minutes": N_("Minutes"),
    "presentation": N_("Presentation"),
    "material": N_("Material"),
}


def router(service: Service) -> APIRouter:
    """Return the pages' routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _top(routes, service)
    _member(routes, service)  # before the assemblies: none of them is called "medlem"
    _assembly(routes, service)
    return routes


def _top(routes: APIRouter, service: Service) -> None:
    """Serve the addresses that belong to no assembly."""
    render, words = service.pages.render, service.pages.words

    @routes.get("/")
    async def front(request: Request) -> HTMLResponse:
        found = await all_announced(service.db, service.clock.now())
        if len(found) == 1:
            return render(request, "front.html", **glance(found[0], words(request)))
        here = [now(assembly, words(request)) for assembly in found]
        return render(request, "assemblies.html", assemblies=list(zip(found, here, strict=True)))

    @routes.get("/samling")
    @routes.get("/samling/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/")

    @routes.get("/was")
    async def accessibility(request: Request) -> HTMLResponse:
        found = await all_announced(service.db, service.clock.now())
        return render(request, "was.html", contacts=[assembly.plan.contact for assembly in found])


def _member(routes: APIRouter, service: Service) -> None:
    """Serve members the page of their own assembly."""
    render, words = service.pages.render, service.pages.words

    @routes.get("/samling/medlem")
    async def member(request: Request) -> HTMLResponse:
        try:
            found = await overview(service.db, caller(request).assembly or "", service.clock.now())
        except NotFound:
            return render(request, "member-elsewhere.html", 404)
        return render(request, "member.html", kinds=KINDS, **glance(found, words(request)))


def _assembly(routes: APIRouter, service: Service) -> None:
    """Serve an assembly's own pages."""
    render, words = service.pages.render, service.pages.words

    @routes.get("/samling/{assembly}")
    async def assembly(request: Request, assembly: AssemblyPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        return render(request, "assembly.html", kinds=KINDS, **glance(found, words(request)))

    @routes.get("/samling/{assembly}/anbefalinger/{recommendation}")
    async def recommendation(request: Request, assembly: AssemblyPath, recommendation: SlugPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        delivered = next((one for one in found.recommendations if one.id == recommendation), None)
        if delivered is None:  # a draft is answered like one that does not exist
            raise NotFound("no such recommendation is delivered")
        return render(
            request, "recommendation.html", a=found, recommendation=delivered, answers=ANSWERS, activities=ACTIVITIES
        )

    @routes.get("/samling/{assembly}/publikationer/{publication}")
    async def publication(request: Request, assembly: AssemblyPath, publication: SlugPath) -> HTMLResponse:
        found = await overview(service.db, assembly, service.clock.now())
        published = next((one for one in found.publications if one.id == publication), None)
        if published is None:
            raise NotFound("no such publication")
        session = found.plan.session(published.session) if published.session else None
        return render(request, "publication.html", a=found, publication=published, session=session, kinds=KINDS)
