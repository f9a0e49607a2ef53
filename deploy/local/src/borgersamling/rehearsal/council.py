"""The council's two years: committees meet, answers are drafted, approved and published, and one status is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from borgersamling.rehearsal.script import script
from borgersamling.rehearsal.town import RehearsalError, Town
from sessions.domain.assembly_file import AssemblyFile

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OFFICER, OVERTAKEN, DONE = "officer", 409, 100
BY_HAND = 2
"""So many answers go from draft over approval to publication; the others come approved from another system."""


class Progress(Protocol):
    """Shown while a stage runs."""

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is."""


@dataclass(frozen=True, slots=True)
class Council:
    """An assembly's council and its officers."""

    town: Town
    plan: AssemblyFile

    async def follow_up(self, progress: Progress) -> None:
        """Keep the promises, but for one answer that is late: the first status becomes overdue. Then evaluate."""
        milestones = self.plan.milestones
        for number, milestone in enumerate(milestones):
            if milestone.event is not None:
                await self._record_event(milestone.event)
            due = await self._due(milestone.id)
            if milestone.event is None:
                for days in (30, 14, 7):
                    await self._to_day(due - timedelta(days=days))
            if number == 0:
                await self._treat(1, await self._today() - timedelta(days=3), decided=True)
                await self._treat(2, due + timedelta(days=20), decided=False)
                await self._answer(leave_out=1)
                await self._to_day(due)
                await self._to_day(due + timedelta(days=1))
                await self._answer(leave_out=0)
            elif milestone.event is None:
                await self._carry_on(number, last=all(one.event for one in milestones[number + 1 :]))
            statuses = script()["statuses"]
            await self.town.post(
                self._api(f"milestones/{milestone.id}/status"),
                {"summary": statuses[min(number, len(statuses) - 1)]},
                role=OFFICER,
            )
            await self.town.settle()
            progress(number + 1, len(milestones))
        await self.town.post(self._api("evaluation"), {"text": script()["evaluation"]}, role=OFFICER)
        await self.town.settle()

    async def _to_day(self, day: date) -> None:
        await self.town.move_clock(datetime.combine(day, time(9), COPENHAGEN))
        await self.town.settle()

    async def _today(self) -> date:
        now = await self.town.get("/opfoelgning/ops/clock", "operator")
        return datetime.fromisoformat(now["now"]).astimezone(COPENHAGEN).date()

    async def _due(self, milestone: str) -> date:
        whole = await self.town.get(self._api(""))
        found = next(entry for entry in whole["milestones"] if entry["id"] == milestone)
        return date.fromisoformat(found["due_on"])

    async def _record_event(self, event: str) -> None:
        day = await self._today() + timedelta(days=60)
        await self._to_day(day)
        await self.town.post(self._api(f"events/{event}"), {"on": day.isoformat()}, role=OFFICER)
        await self.town.settle()

    async def _treat(self, number: int, on: date, *, decided: bool) -> None:
        """Note when a recommendation's committee has it, or will."""
        said, committees = script()["treatment"], self.plan.committees
        step = {
            "committee": committees[(number - 1) % len(committees)].id,
            "on": on.isoformat(),
            "item": said["item"],
            "link": said["link"].format(number=number),
            "decision": said["decision"] if decided else "",
        }
        await self._work(number, steps=[step])

    async def _decide(self, number: int) -> None:
        """The meetings that were to come have been held."""
        steps = (await self.town.get(self._recommendation(number, "work"), OFFICER))["steps"]
        decision = script()["treatment"]["decision"]
        await self._work(number, steps=[step | {"decision": step["decision"] or decision} for step in steps])

    async def _work(self, number: int, **changed: Any) -> None:
        path = self._recommendation(number, "work")
        known = await self.town.get(path, OFFICER)
        held = {name: known[name] for name in ("committees", "steps", "progress", "number")}
        if any(held[name] != value for name, value in changed.items()):
            await self.town.call("PUT", path, role=OFFICER, json=held | changed, besides=(OVERTAKEN,))

    async def _answer(self, leave_out: int) -> None:
        """Answer all recommendations but the last ones; those that are answered already are left as they are."""
        texts = script()["recommendations"]
        for number, text in enumerate(texts[: len(texts) - leave_out], start=1):
            if number <= BY_HAND and leave_out:
                await self._by_hand(number, text["answer"])
            elif number > BY_HAND:
                path = self._api(f"recommendations/r{number}/answer")
                await self.town.put(path, text["answer"] | await self._approved(number), role=OFFICER)
        await self.town.settle()

    async def _approved(self, number: int) -> dict[str, str]:
        said = script()["approval"]
        whole = await self.town.get(self._api(""))
        held = next(one for one in whole["recommendations"] if one["number"] == number)["answer"]
        # The same again, where it is answered: the day of the meeting does not move with the clock.
        on = held["approved_on"] if held else (await self._today() - timedelta(days=1)).isoformat()
        return {"approved_on": on, "approved_in": said["meeting"], "agenda": said["agenda"].format(number=number)}

    async def _by_hand(self, number: int, answer: Mapping[str, Any]) -> None:
        """Draft an answer, have it approved, publish it. RehearsalError when it is not there then."""
        path, today, plans = self._recommendation(number, "draft"), await self._today(), script()["plans"][number - 1]
        done_by = (today + timedelta(days=plans["days"])).isoformat()
        content = dict(answer) | {"done_by": done_by, "unit": plans["unit"], "money": plans["money"]}
        said = script()["approval"]
        approval = {
            "on": (today - timedelta(days=1)).isoformat(),
            "meeting": said["meeting"],
            "link": said["agenda"].format(number=number),
        }
        for method, rest, body in (("PUT", "", content), ("POST", "/approval", approval), ("POST", "/publication", {})):
            edit = (await self.town.get(path, OFFICER))["edit"]
            # A service killed after it kept a change is asked again, and says that somebody was faster: we look below.
            await self.town.call(
                method, f"{path}{rest}", role=OFFICER, json=body | {"edit": edit}, besides=(OVERTAKEN,)
            )
        whole = await self.town.get(self._api(""))
        held = next(one for one in whole["recommendations"] if one["number"] == number)["answer"]
        if held is None or held["reason"] != answer["reason"]:
            raise RehearsalError(f"the answer to recommendation {number} was not published")

    async def _carry_on(self, number: int, *, last: bool) -> None:
        """Between two statuses: meetings decide, work goes on, an answer is written anew, and at the end some close."""
        today = await self._today()
        if number == 1:
            await self._decide(2)
            await self._treat(3, today - timedelta(days=10), decided=True)
            answer = script()["recommendations"][0]["answer"]
            revised = answer | {"reason": script()["revised_reason"].format(reason=answer["reason"])}
            await self._by_hand(1, revised)
        for one, progress in script()["progress"]["last" if last else "under_way"].items():
            await self._work(one, progress=progress)
            if progress == DONE:
                await self.town.post(self._recommendation(one, "work/closing"), role=OFFICER)

    def _recommendation(self, number: int, rest: str) -> str:
        return self._api(f"recommendations/r{number}/{rest}")

    def _api(self, rest: str) -> str:
        return f"/opfoelgning/api/assemblies/{self.plan.id}/{rest}".rstrip("/")
