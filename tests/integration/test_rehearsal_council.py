"""The two years of a rehearsal's council, played against follow-up alone: both municipalities' schedules end well."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from borgersamling.rehearsal.council import BY_HAND, Council
from borgersamling.rehearsal.script import script
from borgersamling.rehearsal.town import Town
from chassis.identity import Role
from contracts.sessions import DeliveryCompleted
from sessions.domain.assembly_file import AssemblyFile, load
from sessions.use_cases.announcing import as_fact
from support.house import House, Running
from support.promising import recommendation, started, stream

pytestmark = pytest.mark.integration
MUNICIPALITIES = Path(__file__).parents[2] / "municipalities"


class Here:
    """A town of one service. Each command comes twice, as it does when a service is killed before it answers."""

    def __init__(self, house: House, followup: Running) -> None:
        self._house, self._followup = house, followup

    async def call(
        self, method: str, path: str, *, role: str | None = None, besides: tuple[int, ...] = (), **options: Any
    ) -> httpx.Response:
        headers = self._house.headers(Role(role)) if role else {}
        answers = [await self._followup.http.request(method, path, headers=headers, **options) for _ in range(2)]
        for answer in answers:
            assert answer.status_code < 400 or answer.status_code in besides, answer.text
        return answers[-1]

    async def get(self, path: str, role: str | None = None) -> Any:
        return (await self.call("GET", path, role=role)).json()

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, role: str) -> Any:
        return (await self.call("POST", path, role=role, json=dict(body or {}))).json()

    async def put(self, path: str, body: Mapping[str, Any], *, role: str) -> Any:
        return (await self.call("PUT", path, role=role, json=dict(body))).json()

    async def move_clock(self, to: datetime) -> None:
        await self._house.move_clock(to)

    async def settle(self) -> None:
        await self._house.settle()


async def handed_over(house: House, plan: AssemblyFile) -> Running:
    """Start follow-up on the evening of the last session, and hand the script's recommendations over."""
    followup = await started(house)
    evening = plan.sessions[-1].ends
    await house.move_clock(evening)
    await house.say(as_fact(plan))
    themes, committees, count = plan.themes, plan.committees, len(script()["recommendations"])
    for number in range(1, count + 1):
        theme, committee = themes[(number - 1) % len(themes)].id, committees[(number - 1) % len(committees)].id
        fact = recommendation(number, plan.id, recommendation=f"r{number}", theme=theme, committees=(committee,))
        await house.say(fact)
    ids = tuple(f"r{number}" for number in range(1, count + 1))
    await house.say(DeliveryCompleted(assembly=plan.id, delivered_at=evening, recommendations=ids))
    await house.settle()
    return followup


@pytest.mark.parametrize(("name", "statuses", "work"), [("dragoer", 3, 12), ("greve", 4, 9)])
async def test_the_council_drafts_approves_treats_publishes_late_once_and_evaluates(
    house: House, name: str, statuses: int, work: int
) -> None:
    plan = load(MUNICIPALITIES / name)
    followup = await handed_over(house, plan)
    seen: list[tuple[int, int]] = []
    await Council(cast("Town", Here(house, followup)), plan).follow_up(lambda done, total: seen.append((done, total)))
    await house.settle()
    assert seen == [(number, statuses) for number in range(1, statuses + 1)]
    facts = await stream(house)
    said = Counter(name for name, _ in facts)
    count = len(script()["recommendations"])
    assert said["status-published"] == said["commitment-made"] == statuses
    # Drafted and approved by hand, one of them anew between two statuses; the others come approved.
    assert (said["answer-drafted"], said["recommendation-answered"]) == (2 * (BY_HAND + 1), count + 1)
    assert said["work-recorded"] == work
    assert (said["followup-closed"], said["followup-evaluated"], said["status-overdue"]) == (1, 1, 1)
    published = [fact for name, fact in facts if name == "status-published"]
    assert [fact["overdue_days"] for fact in published] == [1, *[0] * (statuses - 1)]
    changed = [sum(len(theme["changed"]) for theme in fact["themes"]) for fact in published]
    assert changed[0] == count, "the first status is new throughout"
    assert changed[1] >= 3, "answers and progress have changed since"
    [evaluated] = [fact for name, fact in facts if name == "followup-evaluated"]
    assert (evaluated["in_time"], evaluated["late"]) == (statuses - 1, 1)
    whole = (await followup.http.get(f"/opfoelgning/api/assemblies/{plan.id}")).json()
    first, second, third, *_ = whole["recommendations"]
    assert [one["progress"] for one in (first, second, third)] == [80, 100, 100]
    assert [one["completed_on"] is not None for one in (first, second, third)] == [False, True, True]
    assert len(first["history"]) == 2
    assert all(step["decision"] for one in (first, second, third) for step in one["steps"])
    assert first["answer"]["approved_on"]
    assert datetime.fromisoformat(first["history"][0]["answered_at"]) > plan.sessions[-1].ends + timedelta(days=100)
