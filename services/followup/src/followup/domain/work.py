"""What the committees do with a recommendation, and how far it is carried out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from followup.domain.answers import LONGEST, SHORT, TOO_LONG, TOO_LONG_NAME
from followup.domain.rules import Broken, no_web_address


@dataclass(frozen=True, slots=True)
class Step:
    """One treatment in a committee: the meeting's day, the agenda item, a link to it, and what was decided.

    `committee` is a committee's id in the mandate. `decision` is empty while the meeting is to come.
    """

    committee: str
    on: date
    item: str
    link: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """The work on a recommendation. `number` counts its changes, so that of two who save one is told.

    `committees` are the ids it is referred to; None: those of the delivery. `progress` is in per cent of what the
    answer says is done. `responsible` names the officer who has taken it by a digest of their sign-in's opaque subject,
    never by name. `completed_on` is the day it was closed: answered, and all done that was to be done.
    """

    committees: tuple[str, ...] | None = None
    steps: tuple[Step, ...] = ()
    progress: int = 0
    responsible: str = ""
    completed_on: date | None = None
    number: int = 0

    @property
    def waits_for_committee(self) -> bool:
        """Whether a meeting is planned that has decided nothing yet."""
        return any(not step.decision for step in self.steps)


def flaws(work: Work, where: str) -> list[Broken]:
    """Return what is wrong with it: a progress that is none, a step without its item, a text that is too long."""
    broken = []
    if not 0 <= work.progress <= 100:
        broken.append(Broken(where, "progress", "per cent", "write a whole number from 0 to 100"))
    for number, step in enumerate(work.steps, start=1):
        here = f"{where}, step {number}"
        if not step.committee:
            broken.append(Broken(here, "committee", "compulsory", "name the committee"))
        if not step.item:
            broken.append(Broken(here, "item", "compulsory", "name the agenda item"))
        if len(step.item) > SHORT:
            broken.append(Broken(here, "item", TOO_LONG_NAME, f"shorten it: it may have {TOO_LONG_NAME}"))
        broken += no_web_address(step.link, here, "link")
        if len(step.decision) > LONGEST:
            broken.append(Broken(here, "decision", TOO_LONG, f"shorten it: it may have {TOO_LONG}"))
    return broken


def unknown_committees(before: Work, after: Work, known: Collection[str], where: str) -> list[Broken]:
    """Return one broken rule for each committee that the work newly names and that is not among the `known`."""
    named = dict.fromkeys((*(after.committees or ()), *(step.committee for step in after.steps)))
    held = {*(before.committees or ()), *(step.committee for step in before.steps)}
    return [
        Broken(where, "committee", "one of the mandate's", f"choose one of {', '.join(known) or 'none'}")
        for one in named
        if one and one not in known and one not in held
    ]
