"""The panel after the draw: who has a seat, who waits, and what happens when someone leaves."""

from dataclasses import dataclass, field
from enum import StrEnum

from lottery.domain.alternates import People, next_alternate
from lottery.domain.quotas import Quotas


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


@dataclass(frozen=True)
class Replacement:
    """An alternate took over a seat."""

    left: str
    joined: str


@dataclass
class Board:
    """Members and alternates with their statuses, in the order in which they came; `open_seats` by who left them."""

    members: dict[str, Status]
    alternates: dict[str, Status]
    open_seats: list[str] = field(default_factory=list)

    @property
    def seated(self) -> list[str]:
        return [person for person, status in self.members.items() if status in SEATED]

    @property
    def waiting(self) -> list[str]:
        return [person for person, status in self.alternates.items() if status is Status.WAITING]

    def count(self, *statuses: Status) -> int:
        return sum(status in statuses for status in self.members.values())

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
        """Take someone out, whether they have a seat, wait or have nothing; tell whether that left a seat open."""
        if person in self.alternates:
            self.alternates[person] = how if person not in self.members else Status.JOINED
        if self.members.get(person) not in SEATED:
            return (
                False  # who has left before stays as they left: that a seat was declined is part of the draw's record
            )
        self.members[person] = how
        self.open_seats.append(person)
        return True

    def fill(self, people: People, quotas: Quotas) -> list[Replacement]:
        """Fill open seats, the oldest first, with the next fitting alternates; what nobody fits stays open."""
        replacements = []
        while self.open_seats:
            joined = next_alternate(people, self.seated, self.waiting, quotas)
            if joined is None:
                break
            self.alternates[joined] = Status.JOINED
            self.members[joined] = Status.SELECTED
            replacements.append(Replacement(self.open_seats.pop(0), joined))
        return replacements

    def _member(self, person: str) -> Status:
        if person not in self.members:
            raise NotAMemberError
        return self.members[person]
