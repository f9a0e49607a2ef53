"""The course of an assembly as the public sees it: what has happened, what is under way, what comes.

Built from the plan (the assembly file) and from what has been seen to happen. Pure: `now` is handed in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.assembly_file.local_time import COPENHAGEN

State = Literal["done", "now", "next"]
Kind = Literal["announced", "sign-up", "draw", "session", "delivery", "status"]


@dataclass(frozen=True)
class SessionSeen:
    """What became of a planned session."""

    status: Literal["scheduled", "held"]
    starts_at: datetime
    ends_at: datetime
    place: str
    attended: int | None = None


@dataclass(frozen=True)
class StatusSeen:
    """A commitment of the council: when it is due, and when it was reported."""

    due_on: date
    reported_on: date | None = None


@dataclass(frozen=True)
class Seen:
    """What has happened so far, from our own documents and from the facts of the others."""

    announced_at: datetime | None = None
    sign_up_opened: bool = False
    pool_closed: bool = False
    draw_announced: bool = False
    drawn_at: datetime | None = None
    sessions: Mapping[str, SessionSeen] = field(default_factory=dict)
    delivered_at: datetime | None = None
    statuses: Mapping[str, StatusSeen] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A step of the timeline. `when` is its day or moment where one is known; `id` names the session or milestone.

    `past` is a session whose time is over, held or not yet reported as held; `overdue` a status that has not come.
    """

    kind: Kind
    state: State
    id: str = ""
    when: datetime | date | None = None
    until: datetime | None = None
    past: bool = False
    overdue: bool = False


@dataclass(frozen=True)
class Stage:
    """A part of the course: all of a timeline's steps of one kind, of which `done` are done."""

    kind: Kind
    state: State
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)


def timeline(plan: AssemblyFile, seen: Seen, now: datetime) -> list[Step]:
    """Return the steps in the order of the course."""
    steps = [
        Step("announced", "done" if seen.announced_at else "next", when=seen.announced_at),
        Step("sign-up", _sign_up(seen), when=plan.sign_up.opens, until=plan.sign_up.closes),
        Step("draw", "done" if seen.drawn_at else "now" if seen.draw_announced else "next", when=seen.drawn_at),
    ]
    for session in plan.sessions:
        became = seen.sessions.get(session.id)
        starts, ends = (became.starts_at, became.ends_at) if became else (session.starts, session.ends)
        held = became is not None and became.status == "held"
        state: State = "done" if held else "now" if starts <= now <= ends else "next"
        steps.append(Step("session", state, session.id, when=starts, until=ends, past=now > ends))
    steps.append(Step("delivery", "done" if seen.delivered_at else "next", when=seen.delivered_at))
    return steps + [_status(milestone.id, seen.statuses.get(milestone.id), now) for milestone in plan.milestones]


def stages(steps: Sequence[Step]) -> list[Stage]:
    """Return a timeline at a glance: a stage of several steps is under way from its first to its last.

    The council owes its statuses from the delivery on, so the follow-up is under way from then.
    """
    by_kind: dict[Kind, list[Step]] = {}
    for step in steps:
        by_kind.setdefault(step.kind, []).append(step)
    delivered = any(step.kind == "delivery" and step.state == "done" for step in steps)
    return [Stage(kind, _together(kind, one, delivered), tuple(one)) for kind, one in by_kind.items()]


def next_session(steps: Sequence[Step], among: Collection[str] | None = None) -> Step | None:
    """Return the first session that is neither held nor past, or None; `among` keeps to these session ids."""
    coming = (step for step in steps if step.kind == "session" and step.state != "done" and not step.past)
    return next((step for step in coming if among is None or step.id in among), None)


def _together(kind: Kind, steps: Sequence[Step], delivered: bool) -> State:
    found = {step.state for step in steps}
    if found == {"done"}:
        return "done"
    return "now" if found != {"next"} or (kind == "status" and delivered) else "next"


def _sign_up(seen: Seen) -> State:
    if seen.pool_closed:
        return "done"
    return "now" if seen.sign_up_opened else "next"


def _status(milestone: str, commitment: StatusSeen | None, now: datetime) -> Step:
    if commitment is None:
        return Step("status", "next", milestone)
    if commitment.reported_on is not None:
        return Step("status", "done", milestone, when=commitment.reported_on)
    overdue = now.astimezone(COPENHAGEN).date() > commitment.due_on
    return Step("status", "now" if overdue else "next", milestone, when=commitment.due_on, overdue=overdue)
