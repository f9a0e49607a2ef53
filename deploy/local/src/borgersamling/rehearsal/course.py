"""The whole course of an assembly, stage by stage, played through the services' own APIs."""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from borgersamling.privacy import ROLL
from borgersamling.rehearsal.council import Council, Progress
from borgersamling.rehearsal.followers import follow
from borgersamling.rehearsal.members import sign_in, take_seats
from borgersamling.rehearsal.script import script
from borgersamling.rehearsal.signups import Mailboxes, sign_up
from borgersamling.rehearsal.town import Town
from borgersamling.synthetic import Population
from sessions.domain.assembly_file import AssemblyFile

SIGN_UPS = 240
"""How many of 11,752 signed up in Dragør; other sizes keep the share."""
DRAGOERS_RESIDENTS = 11_752
CALLING = "The+rehearsal+calls+those+drawn"
"""Why the list of members is opened, in a query."""


Stage = Callable[[Progress], Awaitable[None]]
STAGES = ("announce", "import", "invite", "sign-up", "draw", "confirm", "sessions", "delivery", "follow-up")
"""The stages of a course, in order."""


@dataclass(slots=True)
class Course:
    """One assembly's course in one town. `seed` decides everything that people or dice decide."""

    town: Town
    plan: AssemblyFile
    population: Population
    seed: int
    stand_in: str
    letters: Path
    people_invited: int = 0
    """Distinct people the post had an invitation for, when all were out: later some are erased."""

    def stages(self) -> tuple[tuple[str, Stage], ...]:
        """Return the stages in order, with their names."""
        played = (
            self.announce,
            self.import_roll,
            self.invite,
            self.sign_ups,
            self.draw,
            self.confirm,
            self.sessions,
            self.deliver,
            self.follow_up,
        )
        return tuple(zip(STAGES, played, strict=True))

    @property
    def volunteers(self) -> int:
        """How many sign up."""
        return max(SIGN_UPS * len(self.population.people) // DRAGOERS_RESIDENTS, self.plan.panel.size * 4)

    async def announce(self, _: Progress) -> None:
        """The secretariat makes the mandate public a week before the sign-up opens."""
        await self.town.move_clock(self.plan.sign_up.opens - timedelta(days=7))
        await self.town.post(self._sessions("announce"), role="secretariat")
        await self.town.settle()

    async def import_roll(self, _: Progress) -> None:
        """The roll of residents is tried, then imported."""
        (self.town.system.data / ROLL).write_bytes(self.population.csv)  # what the privacy check looks for
        path = self._registration("roll")
        for query in ("?dry_run=true", ""):
            await self.town.call(
                "PUT",
                path + query,
                role="secretariat",
                content=self.population.csv,
                headers={"content-type": "text/csv; charset=utf-8"},
                timeout=300,
            )

    async def invite(self, progress: Progress) -> None:
        """The sign-up opens and everyone eligible is invited; done when every invitation has arrived or is printed."""
        await self.town.move_clock(self.plan.sign_up.opens + timedelta(minutes=1))
        await self.town.post(self._registration("open"), role="secretariat")
        await self.town.post(self._registration("invitations"), role="secretariat")
        total = len(self.population.people)
        while True:
            sent = await self.town.get(self._notifications("counts"))
            invitations = sent["by_template"].get("invitation", {})
            done = sum(invitations.get(key, 0) for key in ("delivered", "letters_dispatched", "failed"))
            progress(done, total)
            if done >= total:
                break
            await asyncio.sleep(0.5)
        self.people_invited = invitations.get("people", 0)
        await self.town.settle()

    async def sign_ups(self, progress: Progress) -> None:
        """Some of them sign up, by the link they were sent."""
        await self.town.move_clock(self.plan.sign_up.opens + timedelta(days=2))
        people = self.population.volunteers(self.volunteers)
        mailboxes = Mailboxes(self.population.csv, self.stand_in, self.letters)
        count = 0

        def one_more() -> None:
            nonlocal count
            count += 1
            progress(count, len(people))

        try:
            await sign_up(self.town, mailboxes, people, one_more)
        finally:
            await mailboxes.close()
        await self.town.settle()

    async def draw(self, _: Progress) -> None:
        """The pool closes; the draw is announced with its digest, and two people type the three digits they see."""
        await self.town.move_clock(self.plan.sign_up.closes + timedelta(minutes=5))
        await self.town.post(self._registration("close-pool"), role="secretariat")
        await self.town.settle()
        draws_at = self.plan.sign_up.closes + timedelta(hours=2)
        wanted = {"draws_at": draws_at.astimezone(UTC).isoformat()}
        draw = (await self.town.post(self._lottery("draws"), wanted, role="secretariat"))["draw"]
        await self.town.settle()
        await self.town.post(self._lottery(f"draws/{draw}/announce"), role="secretariat")
        await self.town.settle()
        await self.town.move_clock(draws_at + timedelta(minutes=5))
        for role in ("secretariat", "observer"):
            await self.town.post(self._lottery(f"draws/{draw}/digits"), {"digits": self.digits}, role=role)
        await self.town.settle()

    @property
    def digits(self) -> str:
        """The public number of a rehearsal, which dice would give: three digits from the seed."""
        return f"{int.from_bytes(hashlib.sha256(f'digits {self.seed}'.encode()).digest()[:8], 'big') % 1000:03d}"

    async def confirm(self, progress: Progress) -> None:
        """Drawn people take their seats, one declines and an alternate is offered it, and a member signs in."""
        members = await self.town.get(self._lottery(f"members?why={CALLING}"), "secretariat")
        drawn = sorted(member["person"] for member in members if member["status"] == "selected")
        for called, person in enumerate(drawn):
            progress(called, self.plan.panel.size)
            answer = "confirm" if called else "decline"
            await self.town.post(self._lottery(f"members/{person}/{answer}"), role="secretariat")
        progress(self.plan.panel.size, self.plan.panel.size)
        await self.town.settle()
        mailboxes = Mailboxes(self.population.csv, self.stand_in, self.letters)
        try:
            await sign_in(self.town, mailboxes, self.population.volunteers(self.volunteers))
        finally:
            await mailboxes.close()
        await self.town.settle()

    async def sessions(self, progress: Progress) -> None:
        """The alternate takes the seat; each session is called two weeks before, held, and published."""
        mailboxes = Mailboxes(self.population.csv, self.stand_in, self.letters)
        try:
            await take_seats(self.town, mailboxes, self.population.volunteers(self.volunteers))
        finally:
            await mailboxes.close()
        await self.town.settle()
        dice = random.Random(self.seed)  # noqa: S311 - a play, not a secret
        titles = script()["publications"]
        planned = self.plan.sessions
        for number, session in enumerate(planned):
            await self.town.move_clock(
                max(session.starts - timedelta(days=14), self.plan.sign_up.closes + timedelta(days=1))
            )
            await self.town.post(self._sessions(f"sessions/{session.id}/schedule"), role="secretariat")
            await self._publish(session, "programme", titles["programme"])
            await self.town.move_clock(session.ends)
            attended = self.plan.panel.size - dice.randint(0, 3)
            await self.town.post(
                self._sessions(f"sessions/{session.id}/hold"), {"attended": attended}, role="secretariat"
            )
            await self._publish(session, "minutes", titles["minutes"])
            progress(number + 1, len(planned))
        await self.town.settle()

    async def _publish(self, session: Any, kind: str, title: dict[str, str]) -> None:
        body = {
            "session": session.id,
            "kind": kind,
            "title": {
                "da": title["da"].format(title=session.title.da.lower()),
                "en": title["en"].format(title=session.title.en.lower()),
            },
        }
        await self.town.put(self._sessions(f"publications/{kind}-{session.id}"), body, role="secretariat")

    async def deliver(self, _: Progress) -> None:
        """The recommendations are written in the template and handed over, and two of the public follow on."""
        themes, committees = self.plan.themes, self.plan.committees
        for index, text in enumerate(script()["recommendations"]):
            body = {key: value for key, value in text.items() if key != "answer"} | {
                "number": index + 1,
                "theme": themes[index % len(themes)].id,
                "committees": [committees[index % len(committees)].id],
            }
            await self.town.put(self._sessions(f"recommendations/r{index + 1}"), body, role="secretariat")
        await self.town.post(self._sessions("deliver"), role="secretariat")
        await self.town.settle()
        await follow(self.town, self.stand_in, self.plan.id)

    async def follow_up(self, progress: Progress) -> None:
        """The council keeps its promises for two years, but for one answer that is late."""
        await Council(self.town, self.plan).follow_up(progress)

    def _sessions(self, rest: str) -> str:
        return f"/samling/api/assemblies/{self.plan.id}/{rest}"

    def _registration(self, rest: str) -> str:
        return f"/tilmelding/api/assemblies/{self.plan.id}/{rest}"

    def _lottery(self, rest: str) -> str:
        return f"/lodtraekning/api/assemblies/{self.plan.id}/{rest}"

    def _notifications(self, rest: str) -> str:
        return f"/post/api/assemblies/{self.plan.id}/{rest}"
