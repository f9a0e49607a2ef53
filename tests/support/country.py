"""A whole country's follow-ups, invented: municipalities, assemblies, recommendations with answers, steps and statuses.

Written through the repository's own shelves, so that they are what the service would have written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from chassis.mongo import Database
from followup.domain import status as statuses
from followup.domain.answers import VERDICTS, Answer, Approval, Content
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.calendar import add_months
from followup.domain.commitment import Commitment, Said, commit
from followup.domain.mandate import Milestone
from followup.domain.recommendation import Recommendation
from followup.domain.work import Step, Work
from followup.repository import shelves

MONTHS = (3, 10, 24)
REMINDERS = (60, 30, 14, 7, 1)
THEMES = {f"theme-{n}": {"da": f"Tema {n}", "en": f"Theme {n}"} for n in range(1, 6)}
COMMITTEES = {f"committee-{n}": {"da": f"Udvalg {n}", "en": f"Committee {n}"} for n in range(1, 5)}
SENTENCE = "Kommunalbestyrelsen har drøftet anbefalingen og ser på, hvordan den kan gennemføres. "
OFFSETS = (*(-days for days in REMINDERS), 0, 1, 8, 15)
"""Days from the due day to today on which something is said: each reminder, the day itself, and overdue, weekly."""


def assembly_id(municipality: int, number: int) -> str:
    """Return the id of a municipality's assembly; both count from 1."""
    return f"by-{municipality:02}-{number:02}"


class Country:
    """As many municipalities with as many assemblies and recommendations each, as they stand on `today`.

    Every assembly owes a crossing on `today` itself, and nothing older: what a sweep has to say in the morning.
    """

    def __init__(self, municipalities: int, assemblies: int, recommendations: int, today: date, seed: int = 7) -> None:
        self._each, self._today, self._random = recommendations, today, Random(seed)
        self.municipalities = municipalities
        self.assemblies = [
            (town, number) for town in range(1, municipalities + 1) for number in range(1, assemblies + 1)
        ]

    async def write(self, database: Database) -> None:
        """Write it into an empty database."""
        for town, number in self.assemblies:
            assembly, commitments, recommendations = self._follow_up(town, number)
            await _insert(database, shelves.ASSEMBLIES, shelves.assemblies.write, [assembly])
            await _insert(database, shelves.COMMITMENTS, shelves.commitments.write, commitments)
            await _insert(database, shelves.RECOMMENDATIONS, shelves.recommendations.write, recommendations)

    def _follow_up(self, town: int, number: int) -> tuple[Assembly, list[Commitment], list[Recommendation]]:
        id_ = assembly_id(town, number)
        owed = self._random.randrange(len(MONTHS))  # the milestone that is owed next; those before it are reported
        offset = self._random.choice(OFFSETS)
        delivered_on = self._delivery(MONTHS[owed], self._today - timedelta(days=offset))
        recommendations = [self._recommendation(id_, n, delivered_on, owed > 0) for n in range(1, self._each + 1)]
        milestones = tuple(_milestone(months) for months in MONTHS)
        commitments = []
        for index, milestone in enumerate(milestones):
            due_on = self._today - timedelta(days=offset) if index == owed else add_months(delivered_on, MONTHS[index])
            one = commit(id_, milestone, due_on, delivered_on, delivered_on)
            if index < owed:
                status = statuses.write(SENTENCE * 5, recommendations, due_on, _at(due_on))
                commitments.append(replace(one, status=status))
                continue
            past = one.owed(self._today - timedelta(days=1))
            commitments.append(replace(one, said=tuple(Said(crossing, _at(crossing.on)) for crossing in past)))
        mandate = Mandate(
            {"da": f"Kommune {town:02}", "en": f"Municipality {town:02}"},
            {"da": f"Borgersamling {town:02}-{number:02}", "en": f"Assembly {town:02}-{number:02}"},
            {"da": SENTENCE, "en": SENTENCE},
            milestones,
            THEMES,
            COMMITTEES,
            f"by-{town:02}",
        )
        delivery = Delivery(delivered_on, tuple(one.id for one in recommendations))
        return Assembly(id_, mandate, delivery), commitments, recommendations

    @staticmethod
    def _delivery(months: int, due_on: date) -> date:
        """Return a day of delivery from which the due day lies these months ahead, or a day or two off."""
        year, month = divmod(due_on.year * 12 + due_on.month - 1 - months, 12)
        return date(year, month + 1, min(due_on.day, 28))

    def _recommendation(self, assembly: str, number: int, delivered_on: date, answered: bool) -> Recommendation:
        theme, committee = self._random.choice(list(THEMES)), self._random.choice(list(COMMITTEES))
        one = Recommendation(
            f"r{number}", assembly, number, theme, f"Anbefaling {number} fra {assembly}", (committee,), 1, "/samling"
        )
        step = Step(committee, delivered_on + timedelta(days=40), f"Punkt {number}", "https://by.dk/7", SENTENCE)
        planned = Step(committee, self._today + timedelta(days=30), f"Punkt {number}, igen")
        steps = (step, planned) if self._random.random() < 0.3 else (step,)
        one = replace(one, work=Work(steps=steps, progress=self._random.randrange(0, 101, 5), number=1))
        if not answered and self._random.random() < 0.3:
            return one
        return replace(one, answers=tuple(self._answer(revision, delivered_on) for revision in (1, 2)))

    def _answer(self, revision: int, delivered_on: date) -> Answer:
        on = delivered_on + timedelta(days=20 * revision)
        content = Content(
            self._random.choice(VERDICTS), SENTENCE * 8, SENTENCE * 4, add_months(on, 12), "Velfærd", 100_000
        )
        return Answer(revision, content, _at(on), Approval(on, "Kommunalbestyrelsens møde", "https://by.dk/1"))


def _milestone(months: int) -> Milestone:
    title = {"da": f"Status efter {months} måneder", "en": f"Status after {months} months"}
    return Milestone(f"status-{months}", title, "within", months, None, REMINDERS)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


async def _insert(database: Database, name: str, write: Callable[[Any], dict[str, Any]], all_: Sequence[Any]) -> None:
    await database.collection(name).insert_many([write(one) | {"version": 1} for one in all_])


def ways(towns: int, assemblies: int, recommendations: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield without end what people open, by kind and path: every dashboard in turn, each time of another assembly."""
    random = Random(seed)
    while True:
        town, number, one = (random.randint(1, most) for most in (towns, assemblies, recommendations))
        board = f"/opfoelgning/{assembly_id(town, number)}"
        yield "assemblies", f"/opfoelgning?side={random.randint(1, 49)}"
        yield "assemblies of one", f"/opfoelgning?kommune=by-{town:02}"
        yield "assemblies overdue", "/opfoelgning?tilstand=overdue"
        yield "assembly", board
        yield "assembly, chosen", f"{board}?tema=theme-{random.randint(1, 5)}&svar=partly"
        yield "recommendation", f"{board}/anbefalinger/r{one}"
        yield "council of all", "/opfoelgning/raadet"
        yield "council", f"/opfoelgning/raadet?kommune=by-{town:02}"
        yield "committee", f"/opfoelgning/raadet?kommune=by-{town:02}&udvalg=committee-{random.randint(1, 4)}"
        yield "officer's list", "/opfoelgning/opgaver"
        yield "officer's list, all", f"/opfoelgning/opgaver?vis=alle&side={random.randint(1, 588)}"
        yield "officer's assembly", f"{board}/opgaver"
        yield "list (JSON)", f"/opfoelgning/api/assemblies?page={random.randint(1, 98)}"
        yield "assembly (JSON)", f"/opfoelgning/api/assemblies/{assembly_id(town, number)}"
