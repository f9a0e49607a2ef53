"""What all pages of the secretariat and the witnesses are rendered with."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.service import Service
from lottery import words
from lottery.paths import Paths
from lottery.repository.assemblies import Assembly
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.preparing import known_draw
from lottery.views import draw_view


class Desk:
    """An assembly's draws, as whoever is at the draw sees them."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def assembly(self, assembly: str) -> Assembly:
        """Return the assembly, or raise NotFound."""
        return await known_assembly(self.service.db, assembly)

    async def standing(
        self, assembly: str, draw: str, *, following: bool = False, exact: bool = False
    ) -> dict[str, Any]:
        """Return how a draw stands, for a page or a part that follows along. NotFound for one there is not.

        `exact` shows small numbers too.
        """
        known = await self.assembly(assembly)
        one = await known_draw(self.service.db, assembly, draw)
        return self.around(known) | {
            "draw": one,
            "view": draw_view(known, one, None, exact=exact),
            "now": self.service.clock.now(),
            "following": following,
        }

    def around(self, assembly: Assembly) -> dict[str, Any]:
        """Return what stands on every page of an assembly."""
        return {
            "assembly": assembly,
            "paths": Paths(assembly.id),
            "state_words": words.STATE_WORDS,
            "state_kinds": words.STATE_KINDS,
            "stage_words": words.STAGE_WORDS,
            "source_words": words.SOURCE_WORDS,
            "algorithm_words": words.ALGORITHM_WORDS,
        }

    def render(self, request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Render a page."""
        return self.service.pages.render(request, template, status, **context)

    def to(self, request: Request, path: str) -> RedirectResponse:
        """Go on to a page, in the language of this one."""
        return self.service.pages.go_on(request, path)
