"""What follow-up knows of one assembly: its mandate, its delivery, its dated events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from followup.domain.calendar import add_months
from followup.domain.commitment import Commitment, commit
from followup.domain.crossings import Crossing
from followup.domain.mandate import Milestone, Words
from followup.domain.recommendation import Recommendation, unanswered
from followup.domain.rules import Broken, RulesBroken, Untimely

LATEST_EVENT = 120
"""Calendar months from the delivery: what is later is a slip in the year, and stands for ever."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """What was promised in public, as far as follow-up needs it. `themes` and `committees` are titles by id."""

    municipality: Words
    title: Words
    purpose: Words
    milestones: tuple[Milestone, ...]
    themes: Mapping[str, Words]
    committees: Mapping[str, Words]
    municipality_id: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The day from which the council's promises are counted, and what was handed over."""

    on: date
    recommendations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the council learned from its own follow-up, published once when it is over. Figures are counted anew."""

    text: str
    evaluated_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Assembly:
    """One assembly. Mandate and delivery are heard in any order, so either may be missing for a while."""

    id: str
    mandate: Mandate | None = None
    delivery: Delivery | None = None
    events: Mapping[str, date] = field(default_factory=dict)
    closed_on: date | None = None
    evaluation: Evaluation | None = None
    version: int | None = None

    def new_commitments(self, made: Iterable[str], today: date) -> tuple[Commitment, ...]:
        """Return the commitments that can be made now and are not among the milestones `made`, in due order."""
        if self.mandate is None or self.delivery is None:
            return ()
        done = set(made)
        new = [
            commit(self.id, milestone, due_on, today, milestone.opens_on(self.delivery.on, self.events))
            for milestone in self.mandate.milestones
            if milestone.id not in done and (due_on := milestone.due_on(self.delivery.on, self.events)) is not None
        ]
        return tuple(sorted(new, key=lambda one: one.due_on))

    def milestone(self, milestone_id: str) -> Milestone | None:
        """Return the milestone of this id."""
        return next((m for m in (self.mandate.milestones if self.mandate else ()) if m.id == milestone_id), None)

    def names_event(self, event: str) -> bool:
        """Whether the mandate counts a milestone from this event."""
        return any(m.event == event for m in (self.mandate.milestones if self.mandate else ()))

    def with_event(self, event: str, on: date) -> "Assembly":
        """Return the assembly with a named event's date, or itself when it is known.

        RulesBroken when it lies before the delivery, or more than LATEST_EVENT after it. A date once recorded is a
        promise and stays: Untimely.
        """
        if self.delivery is None:
            raise Untimely("the recommendations are not delivered yet")
        if on < self.delivery.on:
            day = self.delivery.on.isoformat()
            raise RulesBroken(
                Broken(f"event {event}", "on", "not before delivery", f"must not be before delivery, {day}")
            )
        if on > (latest := add_months(self.delivery.on, LATEST_EVENT)):
            day = latest.isoformat()
            raise RulesBroken(Broken(f"event {event}", "on", "not too far", f"must not be later than {day}"))
        if event in self.events:
            if self.events[event] == on:
                return self
            raise Untimely(f"the event {event} is recorded on {self.events[event].isoformat()}")
        return replace(self, events={**self.events, event: on})

    def is_done(self, commitments: Sequence[Commitment], recommendations: Sequence[Recommendation]) -> bool:
        """Whether every milestone of the mandate is reported and every recommendation answered."""
        if self.mandate is None or self.delivery is None:
            return False
        reported = {one.milestone for one in commitments if one.status is not None}
        all_reported = all(milestone.id in reported for milestone in self.mandate.milestones)
        return all_reported and not unanswered(self.delivery.recommendations, recommendations)


class Owed(NamedTuple):
    """A crossing that is owed, and the commitment it belongs to."""

    commitment: Commitment
    crossing: Crossing


def owed(commitments: Iterable[Commitment], today: date) -> tuple[Owed, ...]:
    """Return all that is owed on `today`, by day; on one day, the commitment that falls due first comes first."""
    all_owed = [Owed(one, crossing) for one in commitments for crossing in one.owed(today)]
    return tuple(sorted(all_owed, key=lambda o: (o.crossing.on, o.commitment.due_on, o.commitment.id)))
