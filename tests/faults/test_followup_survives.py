"""Twenty-four months and more with three replicas, twenty kills and a clock that jumps: each fact once, in order.

What must be on the stream is worked out here day by day, by a way of its own: due days from a table written by hand,
and for each day the question how many days are left. Nothing of follow-up's domain is used for it.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.identity import Role
from chassis.mongo import Database
from support.house import House
from support.promising import announced, api_of, milestone, recommendation
from support.promising import completed as handed_over
from support.replicas import Replica, environment

pytestmark = [pytest.mark.integration, pytest.mark.faults]

SEED = 20250617
KILLS, JUMPS, BACK = 20, 25, (6, 15)
"""In two of the jumps the clock is set back first."""
LAST_DAY = date(2027, 12, 20)
SECONDS = 120.0
CLOCK = "/opfoelgning/ops/clock"
REMINDERS, EVERY = (30, 14, 7, 1), 7
MILESTONES = [milestone("s-3", 3), milestone("s-10", 10), milestone("s-24", 24)]
DUE = {  # by hand, from a wall calendar: the day of the same number, or the month's last day where there is none
    date(2025, 6, 17): (date(2025, 9, 17), date(2026, 4, 17), date(2027, 6, 17)),
    date(2025, 8, 31): (date(2025, 11, 30), date(2026, 6, 30), date(2027, 8, 31)),
    date(2025, 10, 26): (date(2026, 1, 26), date(2026, 8, 26), date(2027, 10, 26)),
    date(2025, 11, 30): (date(2026, 2, 28), date(2026, 9, 30), date(2027, 11, 30)),
}
SMALL = {"chassis.ordered.BATCH": 7, "followup.sweep.ASSEMBLIES": 4, "followup.sweep.CROSSINGS": 10}
"""Hundreds of transactions and publishings, so that a kill comes in the middle of one by itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What an officer does on the first visited day from `day` on: answer, publish, extend by so many days."""

    day: date
    what: str
    about: str
    days: int = 0


@dataclass(slots=True)
class Course:
    """One assembly: what is wished for it, and what was done on which day."""

    id: str
    delivered_on: date
    wishes: list[Deed]
    made_on: date | None = None
    done: list[tuple[date, Deed]] = field(default_factory=list)


def courses() -> list[Course]:
    """Five ways to keep or to break a promise, for each day of delivery."""
    made = []
    for number, (delivered_on, due) in enumerate(DUE.items()):
        near = dict(zip(("s-3", "s-10", "s-24"), due, strict=True))
        answers = [Deed(delivered_on + timedelta(days=20), "answer", id_) for id_ in ("r-1", "r-2")]
        in_time = [Deed(day - timedelta(days=40), "publish", m) for m, day in near.items()]
        late = [Deed(day + timedelta(days=20), "publish", m) for m, day in near.items()]
        again = Deed(near["s-3"] + timedelta(days=9), "answer", "r-2")
        extended = Deed(near["s-10"] - timedelta(days=25), "extend", "s-10", 90)
        overdue = Deed(near["s-10"] + timedelta(days=4), "extend", "s-10", 200)
        ways = (
            [*answers, *in_time],
            [*answers, *late, again],
            [],
            [*answers, extended, in_time[0], late[1]],
            [*answers, overdue, late[0]],
        )
        made += [
            Course(f"by-{number}-{way}", delivered_on, sorted(w, key=lambda d: d.day)) for way, w in enumerate(ways)
        ]
    return made


def expected(course: Course) -> tuple[list[str], list[str]]:
    """Work out what the stream must hold of an assembly: its deadlines and statuses, and its answers."""
    assert course.made_on is not None
    due = dict(zip(("s-3", "s-10", "s-24"), DUE[course.delivered_on], strict=True))
    since = dict.fromkeys(due, course.made_on)
    lines = [f"commitment-made {m} {day}" for m, day in due.items()]
    answers: list[str] = []
    versions: Counter[str] = Counter()
    reported: set[str] = set()
    day = course.made_on
    while day <= LAST_DAY:
        for m in sorted(due.keys() - reported, key=lambda m: due[m]):
            lines += _crossed(m, (due[m] - day).days, day, since[m])
        for deed in (deed for on, deed in course.done if on == day):
            if deed.what == "answer":
                versions[deed.about] += 1
                answers.append(f"recommendation-answered {deed.about} {versions[deed.about]}")
            elif deed.what == "extend":
                due[deed.about] += timedelta(days=deed.days)
                since[deed.about] = day
                lines.append(f"commitment-extended {deed.about} {due[deed.about]}")
                left = (due[deed.about] - day).days
                lines += [line for line in _crossed(deed.about, left, day, day) if left > 0]
            else:
                reported.add(deed.about)
                lines.append(f"status-published {deed.about} {max(0, (day - due[deed.about]).days)}")
                if reported == due.keys():
                    lines.append("followup-closed  3")
        day += timedelta(days=1)
    return lines, answers


def _crossed(milestone_id: str, left: int, day: date, since: date) -> list[str]:
    if left in REMINDERS and day >= since:
        return [f"status-due-soon {milestone_id} {left} {day}"]
    if left == 0:
        return [f"status-due {milestone_id} {day}"]
    if left < 0 and (-left - 1) % EVERY == 0:
        return [f"status-overdue {milestone_id} {-left} {day}"]
    return []


def line_of(name: str, fact: dict[str, Any]) -> str:
    """Write a fact of the stream as `expected` does."""
    match name:
        case "commitment-made" | "commitment-extended":
            figures = fact["due_on"]
        case "status-due-soon" | "status-overdue":
            figures = f"{fact.get('days_left', fact.get('days_overdue'))} {fact['on']}"
        case "status-due":
            figures = fact["on"]
        case "status-published":
            figures = fact["overdue_days"]
        case "recommendation-answered":
            figures = fact["revision"]
        case _:
            figures = fact["statuses"]
    return f"{name} {fact.get('milestone', fact.get('recommendation', ''))} {figures}"


class Town:
    """Three replicas on one database, and the officers who go on working while they are killed."""

    def __init__(self, house: House, folder: Path, chance: random.Random) -> None:
        self._house, self._chance = house, chance
        self.name = f"{house.name}_replicas"
        self.db = Database(house.servers.mongo_uri, self.name)
        env = environment(house, "followup", self.name)
        self.replicas = [Replica("followup", house, folder / f"{n}.log", env, SMALL) for n in range(3)]
        self.now = datetime(2025, 6, 1, 9, tzinfo=UTC)

    async def start(self) -> None:
        await self._house.move_clock(self.now)
        for replica in self.replicas:
            replica.start()
        await self.follow()

    async def move(self, day: date) -> None:
        self.now = datetime.combine(day, time(9), UTC)
        await self._house.move_clock(self.now)

    async def follow(self) -> None:
        """Wait until every replica does its work and stands where the clock stands."""
        await asyncio.gather(*(replica.ready(CLOCK, self.now) for replica in self.replicas))

    async def spoken(self) -> int:
        return (await self._house.js.stream_info("FOLLOWUP")).state.last_seq

    async def owing(self) -> int:
        today = {"next_on": {"$lte": self.now.date().isoformat()}}
        waiting = await self.db.collection("outbox").count({"published_at": None})
        return await self.db.collection("commitments").count(today) + waiting

    async def kill_one(self) -> None:
        """Kill a replica after so many facts more, or when nothing more is to be said; it is started anew at once."""
        goal = await self.spoken() + self._chance.randrange(30)
        while await self.spoken() < goal and await self.owing():
            await asyncio.sleep(0)
        victim = self._chance.choice(self.replicas)
        victim.kill()
        victim.start()

    async def do(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Send a command to any replica, and once more to another when it dies meanwhile, as an officer would."""
        async with asyncio.timeout(SECONDS):
            while True:
                try:
                    replica = self._chance.choice(self.replicas)
                    answer = await replica.ask(method, path, Role.OFFICER, json=body)
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                assert answer.status_code == httpx.codes.OK, answer.text
                return

    async def quiet(self) -> None:
        """Wait until nothing is owed and every fact is on the stream."""
        async with asyncio.timeout(SECONDS):
            while await self.owing():
                await asyncio.sleep(0.05)


@pytest.fixture
async def town(house: House, tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(house, tmp_path, random.Random(SEED))
    yield town
    for replica in town.replicas:
        replica.kill()
    await town.db.drop()
    town.db.close()


async def deliver(house: House, town: Town, course: Course) -> None:
    """Hand an assembly's recommendations over, today; its promises are counted from its day of delivery."""
    at = datetime.combine(course.delivered_on, time(10), UTC)
    await house.say(announced(MILESTONES, course.id))
    for number in (1, 2):
        await house.say(recommendation(number, course.id))
    await house.say(handed_over(2, course.id, at))
    course.made_on = town.now.date()


async def deliveries_are_heard(town: Town, delivered: list[Course]) -> None:
    ids = [course.id for course in delivered]
    async with asyncio.timeout(SECONDS):
        while await town.db.collection("commitments").count({"assembly": {"$in": ids}}) < 3 * len(
            ids
        ) or await town.db.collection("recommendations").count({"assembly": {"$in": ids}}) < 2 * len(ids):
            await asyncio.sleep(0.02)


async def act(town: Town, course: Course, deed: Deed) -> None:
    """Do what is wished for today, and write down that it was done."""
    api = api_of(course.id)
    if deed.what == "answer":
        version = sum(done.about == deed.about for _, done in course.done)
        body: dict[str, Any] = {"answer": "partly", "reason": f"Derfor, for {version + 1}. gang"}
        await town.do("PUT", f"{api}/recommendations/{deed.about}/answer", body)
    elif deed.what == "extend":
        due = DUE[course.delivered_on][1] + timedelta(days=deed.days)
        body = {"to_day": due.isoformat(), "reason": "Udvalget venter på en lov"}
        await town.do("POST", f"{api}/milestones/{deed.about}/extension", body)
    else:
        await town.do("POST", f"{api}/milestones/{deed.about}/status", {"summary": f"Status {deed.about}"})
    course.done.append((town.now.date(), deed))


async def test_three_replicas_killed_twenty_times_say_each_fact_of_the_years_once_and_in_order(
    house: House, town: Town
) -> None:
    chance = random.Random(SEED)
    first = min(DUE)
    days = [first, *sorted(first + timedelta(days=n) for n in chance.sample(range(1, (LAST_DAY - first).days), JUMPS))]
    kills = Counter(chance.choices(range(JUMPS), k=KILLS))
    everything = courses()
    await town.start()
    for jump, day in enumerate([*days, LAST_DAY]):
        if jump in BACK:
            await town.move(day - timedelta(days=100))
            await town.follow()
        await town.move(day)
        for _ in range(kills[jump]):
            await town.kill_one()
        # What is done today is done on today's date wherever it is done.
        await town.follow()
        delivered = [one for one in everything if one.made_on is None and one.delivered_on <= day]
        for course in delivered:
            await deliver(house, town, course)
        await deliveries_are_heard(town, delivered)
        for course in everything:
            while course.made_on and course.wishes and course.wishes[0].day <= day:
                await act(town, course, course.wishes.pop(0))
    await town.quiet()

    found: dict[str, tuple[list[str], list[str]]] = {course.id: ([], []) for course in everything}
    ids: list[str] = []
    for sequence in range(1, await town.spoken() + 1):
        message = await house.js.get_msg("FOLLOWUP", seq=sequence)
        fact = json.loads(message.data or b"{}")
        name = (message.subject or "").split(".")[2]
        ids.append((message.headers or {})["ce-id"])
        found[fact["assembly"]][name == "recommendation-answered"].append(line_of(name, fact))
    for course in everything:
        assert found[course.id] == expected(course), course.id
    assert len(set(ids)) == len(ids) == sum(len(lines) for course in everything for lines in expected(course))
    assert sum(kills.values()) == KILLS
    assert len(ids) > 1000, "it was a course that had something to say"
