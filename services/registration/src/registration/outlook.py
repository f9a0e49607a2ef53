"""Could a panel be drawn from those who have signed up? The lottery is asked; what it last said is kept in memory.

A page asks for the outlook and waits a moment for a new answer, never longer: the question goes on in the background,
and whoever looks next finds its answer.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from chassis.service import Service
from contracts.feasibility import SUBJECT, CheckFeasibility, Feasibility
from contracts.feasibility import Kind as Similar
from registration.domain.assembly import Assembly
from registration.domain.figures import Kind, panel_kinds

WAIT_SECONDS = 1.5
"""What a page waits for a new answer."""
PAUSE_SECONDS = 10.0
"""The lottery is asked about an assembly at most so often, however many sign up and look."""

About = tuple[Assembly, Mapping[tuple[str, ...], int]]
"""What was asked: the assembly with its quotas, and the pool by combination of values."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Said:
    """The lottery's latest answer and when it was given; `now`: it is about the pool as it is at this moment.

    `silent`: the lottery did not answer when it was last asked.
    """

    answer: Feasibility | None = None
    at: datetime | None = None
    now: bool = False
    silent: bool = False


@dataclass(slots=True)
class _Known:
    answer: Feasibility | None = None
    at: datetime | None = None
    about: "About | None" = None
    silent: bool = False
    asked: float = float("-inf")
    question: "asyncio.Task[None] | None" = None


class Outlook:
    """What the lottery says of each assembly's pool."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[str, _Known] = {}

    async def of(self, assembly: Assembly, kinds: Iterable[Kind]) -> Said:
        """Return what is known within WAIT_SECONDS. Who lacks a value for a criterion is not asked about."""
        about = (assembly, panel_kinds(assembly.criteria, kinds)[0])
        known = self._known.setdefault(assembly.id, _Known())
        if known.about != about:
            self._ask(known, about)
        if known.question:
            await asyncio.wait({known.question}, timeout=WAIT_SECONDS)
        return Said(known.answer, known.at, now=known.about == about, silent=known.silent)

    def _ask(self, known: _Known, about: About) -> None:
        time = asyncio.get_running_loop().time()
        if known.question is None and time >= known.asked + PAUSE_SECONDS:
            known.asked = time
            known.question = asyncio.create_task(self._answered(known, about), name=f"outlook of {about[0].id}")

    async def _answered(self, known: _Known, about: About) -> None:
        assembly, pool = about
        ids = [criterion.id for criterion in assembly.criteria]
        kinds = tuple(Similar(values=dict(zip(ids, values, strict=True)), people=n) for values, n in pool.items())
        try:
            question = CheckFeasibility(assembly=assembly.id, kinds=kinds)
            known.answer = await self._service.ask(SUBJECT, question, Feasibility)
            known.at, known.about, known.silent = self._service.clock.now(), about, False
        except Exception as error:  # noqa: BLE001 - whatever it is, the page says that nobody knows
            known.silent = True
            log.warning("the lottery did not say whether a panel can be drawn", error=type(error).__name__)
        finally:
            known.question = None
