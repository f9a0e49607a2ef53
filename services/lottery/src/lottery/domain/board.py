"""The panel after the draw: who has a seat, who waits, and what happens when someone leaves."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lottery.domain.alternates import People, next_alternate
from lottery.domain.quotas import Quotas, quotas_hold, quotas_reachable


class Status(StrEnum):
    """Where a drawn person stands. The first two have a seat."""

    SELECTED = "selected"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    WAITING = "waiting"
    JOINED = "joined"


SEATED = (Status.SELECTED, Status.CONFIRMED)


class NotAMemberError(Exception):
    """The person was never drawn for a seat."""


class SeatLeftError(Exception):
    """The person had a seat and has left it in another way."""


class NoWayBackError(Exception):
    """A no cannot be taken back: the seat is taken, the person gone, or the quotas or the households would not hold."""


@dataclass(frozen=True)
class Replacement:
    """An alternate took over a seat."""

    left: str
    joined: str


@dataclass(frozen=True)
class Change:
    """A seat that changed hands, as it is published: by the lines of the draw's record, never by person.

    `joined` is None when no alternate fitted; `quotas_hold` is of the panel as it was then.
    """

    at: datetime
    left: str
    joined: str | None
    quotas_hold: bool


@dataclass
class Board:
    """Members and alternates with their statuses, in the order in which they came; `open_seats` by who left them."""

    members: dict[str, Status]
    alternates: dict[str, Status]
    open_seats: list[str] = field(default_factory=list)
    answer_by: dict[str, datetime] = field(default_factory=dict)
    """Until when who is offered a seat has to answer."""
    reminded: list[str] = field(default_factory=list)
    successors: dict[str, str] = field(default_factory=dict)
    """Who took over a seat, by who left it."""
    lines: dict[str, str] = field(default_factory=dict)
    """Where everyone here stands in the draw's record."""
    log: list[Change] = field(default_factory=list)

    @property
    def seated(self) -> list[str]:
        return [person for person, status in self.members.items() if status in SEATED]

    @property
    def waiting(self) -> list[str]:
        return [person for person, status in self.alternates.items() if status is Status.WAITING]

    @property
    def asked(self) -> list[str]:
        """Those who have a seat and have not said yes to it."""
        return [person for person, status in self.members.items() if status is Status.SELECTED]

    def count(self, *statuses: Status) -> int:
        return sum(status in statuses for status in self.members.values())

    def overdue(self, person: str, now: datetime) -> bool:
        """Tell whether someone should have answered by now."""
        by = self.answer_by.get(person)
        return self.members.get(person) is Status.SELECTED and by is not None and by <= now

    def offer(self, person: str, answer_by: datetime | None) -> None:
        """Give someone a seat, and ask whether they take it."""
        self.members[person] = Status.SELECTED
        self.reminded = [one for one in self.reminded if one != person]
        self.answer_by.pop(person, None)
        if answer_by is not None:
            self.answer_by[person] = answer_by

    def confirm(self, person: str) -> bool:
        """Take the seat; False when it was taken already.

        Raises `NotAMemberError`, or `SeatLeftError` when the person has left the seat.
        """
        status = self._member(person)
        if status is Status.CONFIRMED:
            return False
        if status is not Status.SELECTED:
            raise SeatLeftError
        self.members[person] = Status.CONFIRMED
        return True

    def decline(self, person: str) -> bool:
        """Leave the seat by saying no, also after a yes; False when that was said already. Raises as `confirm` does."""
        status = self._member(person)
        if status is Status.DECLINED:
            return False
        if status not in SEATED:
            raise SeatLeftError
        self.leave(person, Status.DECLINED)
        return True

    def leave(self, person: str, how: Status) -> bool:
        """Take someone out, whether they have a seat, wait or have nothing; tell whether that left a seat open.

        Who has left a seat stays as they left it: that it was declined is part of the draw's history. An alternate who
        waited and left is erased afterwards, but nothing comes after that.
        """
        if person in self.alternates and person not in self.members and self.alternates[person] is not Status.ERASED:
            self.alternates[person] = how
        if self.members.get(person) not in SEATED:
            if person not in self.open_seats:
                self.lines.pop(person, None)
            return False
        self.members[person] = how
        self.open_seats.append(person)
        return True

    def fill(self, people: People, quotas: Quotas, answer_by: datetime | None = None) -> list[Replacement]:
        """Fill open seats, the oldest first, with the next fitting alternates; what nobody fits stays open.

        Each is asked to take the seat before `answer_by`.
        """
        replacements = []
        while self.open_seats:
            joined = next_alternate(people, self.seated, self.waiting, quotas)
            if joined is None:
                break
            left = self.open_seats.pop(0)
            self.alternates[joined] = Status.JOINED
            self.successors[left] = joined
            self.offer(joined, answer_by)
            replacements.append(Replacement(left, joined))
        return replacements

    def note(self, at: datetime, changes: list[tuple[str, str | None]], people: People, quotas: Quotas) -> None:
        """Write down who left and who joined; of who is not among the people any more, the line is then forgotten.

        Never as earlier than what is written already: of two replicas, the one that began first may be done last.
        """
        if self.log:
            at = max(at, self.log[-1].at)
        hold = quotas_hold([people[person].features for person in self.seated], quotas)
        for left, joined in changes:
            line = None if joined is None else self.lines.get(joined, "")
            self.log.append(Change(at, self.lines.get(left, ""), line, hold))
            if left not in people and left not in self.open_seats:
                self.lines.pop(left, None)

    def returnable(self, person: str) -> bool:
        """Tell whether a no may be taken back: nobody has the seat, or who is offered it has not answered."""
        if self.members.get(person) is not Status.DECLINED:
            return False
        successor = self.successors.get(person)
        return person in self.open_seats or (successor is not None and self.members.get(successor) is Status.SELECTED)

    def give_back(self, person: str, people: People, quotas: Quotas, answer_by: datetime) -> str | None:
        """Give someone the seat again whose no was a mistake; return the alternate who waits again instead, if any.

        Raises `NoWayBackError` when it cannot be.
        """
        if not self.returnable(person) or person not in people:
            raise NoWayBackError
        successor = None if person in self.open_seats else self.successors[person]
        seated = [one for one in self.seated if one != successor]
        # Two of one household may have been drawn together, where the draw allows it; nobody joins beside their own.
        joined = [one for one in seated if person in self.alternates or one in self.alternates]
        beside_their_own = people[person].household in {people[one].household for one in joined} - {""}
        if beside_their_own or not quotas_reachable([people[one].features for one in (*seated, person)], quotas):
            raise NoWayBackError
        if successor is None:
            self.open_seats.remove(person)
        else:
            del self.members[successor], self.successors[person]
            self.answer_by.pop(successor, None)
            self.alternates[successor] = Status.WAITING
        self.offer(person, answer_by)
        return successor

    def _member(self, person: str) -> Status:
        if person not in self.members:
            raise NotAMemberError
        return self.members[person]
