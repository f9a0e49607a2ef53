"""The list of problems: what somebody has to look at, in words, until they say that it is solved. Nobody is named."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.identity import caller
from chassis.language import N_
from chassis.mongo import Document
from chassis.service import Service
from notifications.post_desk import JOB, PROBLEMS, SHIPMENT, Desk
from notifications.reason_words import reason_words
from notifications.repository.known import ASSEMBLIES
from notifications.repository.problems import PROBLEMS as COLLECTION
from notifications.template_desk import TEXT
from notifications.use_cases import jobs

SHOWN: dict[str, tuple[str, Document]] = {
    "aabne": (N_("Open problems"), {"solved_at": None}),
    "loeste": (N_("Solved problems"), {"solved_at": {"$ne": None}}),
    "alle": (N_("All problems"), {}),
}
"""What can be listed, by the word in the address."""
MOST = 200
"""Problems on the page, the latest first: the same problem again is the same entry."""


def router(service: Service) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = ProblemDesk(service)
    routes.add_api_route(PROBLEMS, desk.show, methods=["GET"])
    routes.add_api_route(f"{PROBLEMS}/{{problem}}/loest", desk.solve, methods=["POST"])
    return routes


class ProblemDesk(Desk):
    """Where problems are looked at."""

    async def show(self, request: Request) -> HTMLResponse:
        """Show the problems, open ones unless others are asked for."""
        choice = request.query_params.get("vis", "")
        choice = choice if choice in SHOWN else "aabne"
        _, where = SHOWN[choice]
        problems = self.service.db.collection(COLLECTION)
        found = await problems.find(where, sort=[("last_at", -1), ("_id", 1)], limit=MOST)
        assemblies = await self.service.db.collection(ASSEMBLIES).find({}, fields=["title"])
        return self.render(
            request,
            "problems.html",
            problems=[self._shown(one) for one in found],
            total=await problems.count(where),
            titles={one["_id"]: one["title"] for one in assemblies},
            choices=[(word, f"{PROBLEMS}?vis={key}") for key, (word, _) in SHOWN.items()],
            chosen=f"{PROBLEMS}?vis={choice}",
        )

    async def solve(self, request: Request, problem: str) -> Response:
        """Take a problem off the list."""
        who = caller(request)
        await self.service.transaction(lambda tx: jobs.solve(tx, problem, who))
        return self.service.pages.go_on(request, PROBLEMS)

    @staticmethod
    def _shown(problem: Document) -> dict[str, Any]:
        about = problem["about"]
        return problem | {
            "job": JOB.format(job=about["job"]) if "job" in about else "",
            "shipment": f"{SHIPMENT.format(shipment=about['shipment'])}/aabn" if "shipment" in about else "",
            "why": reason_words(about["reason"]) if "reason" in about else None,
            "text": TEXT.format(assembly=problem["assembly"], **about) if {"template", "language"} <= {*about} else "",
            "rest": sorted((k, v) for k, v in about.items() if k not in {"job", "shipment", "reason"}),
            "action": f"{PROBLEMS}/{problem['_id']}/loest",
        }
