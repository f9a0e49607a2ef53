"""Dragør's promise on a stage for browsers: follow-up on real servers, behind a port, at three moments of its course.

stage = CouncilStage(servers)       # delivered on 17 June 2025, some answers given
stage.go_to("due-soon")             # the moments come in their order; the clock never goes back
stage.url, stage.officer            # the address, and the cookies of an officer
stage.close()
"""

from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from borgersamling.rehearsal.script import script
from contracts.sessions import DeliveryCompleted
from followup.domain.work import Step, Work
from followup.use_cases import working
from sessions.domain.assembly_file import load
from sessions.use_cases.announcing import as_fact
from support.beside import beside
from support.house import Running
from support.promising import DELIVERED, A, answer, officer_of, publish, recommendation, started
from support.servers import Servers

Moment = Literal["on-time", "due-soon", "overdue"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
DAYS = {"on-time": (2025, 7, 1), "due-soon": (2025, 9, 5), "overdue": (2026, 5, 4)}
"""The first status is due on 17 September 2025, the second on 17 April 2026; between them a council is elected."""
UNITS = ("Center for Velfærd", "Center for Børn og Kultur")


class CouncilStage:
    """The stage. Each moment is played once; what is between two moments is played on the way."""

    def __init__(self, servers: Servers) -> None:
        self._stack = ExitStack()
        self._beside = self._stack.enter_context(beside(servers))
        self._house = self._beside.house
        self._texts: list[dict[str, Any]] = script()["recommendations"]
        self._followup: Running
        self.officer: dict[str, str] = {}
        self.moment: Moment | None = None
        self._beside.do(self._raise())
        self.url = self._beside.serve(self._followup)

    def go_to(self, moment: Moment) -> None:
        """Play on until this moment. ValueError when it is over."""
        there = MOMENTS.index(self.moment) if self.moment else -1
        if MOMENTS.index(moment) < there:
            raise ValueError(f"{moment} is over")
        for one in MOMENTS[there + 1 : MOMENTS.index(moment) + 1]:
            self._beside.do(self._play(one))
            self.moment = one

    def close(self) -> None:
        """Stop everything."""
        self._stack.close()

    async def _raise(self) -> None:
        self._followup = await started(self._house)
        await self._house.move_clock(DELIVERED)
        plan = load(Path(__file__).parents[2] / "municipalities/dragoer")
        await self._house.say(as_fact(plan))
        for number, text in enumerate(self._texts, start=1):
            theme, committee = (each[(number - 1) % len(each)].id for each in (plan.themes, plan.committees))
            more = {"theme": theme, "committees": (committee,), "title": text["title"]}
            await self._house.say(recommendation(number, minority_statements=len(text["minority_statements"]), **more))
        ids = tuple(f"r-{number}" for number in range(1, len(self._texts) + 1))
        await self._house.say(DeliveryCompleted(assembly=A, delivered_at=DELIVERED, recommendations=ids))
        await self._house.settle()

    async def _play(self, moment: Moment) -> None:
        if moment == "overdue":
            await self._status()
        await self._house.move_clock(datetime(*DAYS[moment], 9, tzinfo=UTC))
        await self._house.settle()
        await {"on-time": self._on_time, "due-soon": self._due_soon, "overdue": self._late}[moment]()
        await self._house.settle()
        # A sign-in lasts for hours and months have passed: the officer signs in anew.
        signed_in = await officer_of(self._house, self._followup)
        name, _, value = signed_in.visitor.cookies["cookie"].partition("=")
        self.officer = {name: value}

    async def _on_time(self) -> None:
        await self._answers(1, 2)

    async def _due_soon(self) -> None:
        await self._answers(3, len(self._texts) - 1)
        await self._work(1, self._met(1, date(2025, 8, 20)))
        await self._work(len(self._texts), Step("finance", date(2025, 9, 10), "Punkt 4: Svar på anbefaling"))

    async def _status(self) -> None:
        await self._house.move_clock(datetime(2025, 9, 15, 9, tzinfo=UTC))
        await self._answers(len(self._texts), len(self._texts))
        await publish(self._house, self._followup, "status-3", "Vi er begyndt på det meste, som svarene viser.")

    async def _late(self) -> None:
        again = self._texts[0]["answer"] | {"answer": "followed", "reason": "Der er fundet penge i budgettet for 2026."}
        await answer(self._house, self._followup, 1, **again, done_by="2026-12-01", unit=UNITS[0], money=250_000)
        await self._work(1, self._met(1, date(2025, 8, 20)), self._met(1, date(2026, 3, 11)), progress=40)
        await self._work(2, progress=100)
        await self._work(3, Step("children", date(2026, 6, 2), "Punkt 9: Evaluering af forsøget"), progress=75)

    async def _answers(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            more = {"done_by": f"2026-0{number % 9 + 1}-01", "unit": UNITS[number % 2]}
            await answer(self._house, self._followup, number, **self._texts[number - 1]["answer"], **more)

    async def _work(self, number: int, *steps: Step, progress: int = 0) -> None:
        shown = (await self._followup.http.get(f"/opfoelgning/api/assemblies/{A}")).json()["recommendations"]
        done = next(one for one in shown if one["recommendation"] == f"r-{number}")
        committees = tuple(dict.fromkeys([*(c["id"] for c in done["committees"]), *(s.committee for s in steps)]))
        before = 1 if done["steps"] else 0
        work = Work(committees, steps, progress, number=before)
        await self._followup.service.transaction(
            partial(working.record_work, assembly_id=A, recommendation_id=f"r-{number}", work=work)
        )

    @staticmethod
    def _met(number: int, on: date) -> Step:
        item, link = f"Punkt 7: Anbefaling {number}", "https://dagsorden.eksempel.dk/7"
        return Step("finance", on, item, link, "Udvalget anbefaler, at anbefalingen følges.")
