"""The status board as the secretariat sees it: seats by their lines in the record, never a person."""

from dataclasses import dataclass
from datetime import datetime

from chassis.language import N_
from lottery.domain.board import SEATED, Board, Status
from lottery.use_cases.answers import Act

OVERDUE = "overdue"
STATUS_WORDS = {
    OVERDUE: (N_("Has not answered in time"), "warning"),
    Status.SELECTED: (N_("Awaits an answer"), "info"),
    Status.CONFIRMED: (N_("Has said yes"), "success"),
    Status.DECLINED: (N_("Has said no, or the seat was given on"), ""),
    Status.WITHDRAWN: (N_("Has withdrawn"), ""),
    Status.ERASED: (N_("Is erased"), ""),
    Status.WAITING: (N_("Waits"), "info"),
    Status.JOINED: (N_("Has been offered a seat"), "success"),
}
"""What a status is called, and its badge."""
ORDER: tuple[Status | str, ...] = (OVERDUE, Status.SELECTED, Status.CONFIRMED)


@dataclass(frozen=True)
class Row:
    """Someone on the board. `acts` is what can be done; `place` an alternate's number on the list, from 1."""

    line: str
    status: Status | str
    answer_by: datetime | None = None
    acts: tuple[Act, ...] = ()
    successor: str = ""
    place: int = 0


@dataclass(frozen=True)
class BoardView:
    """The board in parts: who has a seat, who has left one, and the alternates in their order."""

    seated: tuple[Row, ...]
    left: tuple[Row, ...]
    alternates: tuple[Row, ...]
    open_seats: int

    def count(self, *statuses: Status | str) -> int:
        return sum(row.status in statuses for row in (*self.seated, *self.left))

    @property
    def waiting(self) -> int:
        return sum(row.status is Status.WAITING for row in self.alternates)


def board_view(board: Board, now: datetime) -> BoardView:
    """Return what may be shown of a board, those first who should have answered."""
    rows = [(status, _row(board, person, status, now)) for person, status in board.members.items()]
    seated = [row for status, row in rows if status in SEATED]
    return BoardView(
        seated=tuple(sorted(seated, key=lambda row: (ORDER.index(row.status), row.line))),
        left=tuple(row for status, row in rows if status not in SEATED),
        alternates=tuple(
            Row(board.lines.get(person, ""), status, place=place)
            for place, (person, status) in enumerate(board.alternates.items(), start=1)
        ),
        open_seats=len(board.open_seats),
    )


def _row(board: Board, person: str, status: Status, now: datetime) -> Row:
    overdue = board.overdue(person, now)
    acts: tuple[Act, ...] = ()
    if status is Status.SELECTED:
        acts = (Act.CONFIRM, Act.GIVE_ON if overdue else Act.DECLINE)
    elif status is Status.CONFIRMED:
        acts = (Act.DECLINE,)
    elif board.returnable(person):
        acts = (Act.GIVE_BACK,)
    return Row(
        line=board.lines.get(person, ""),
        status=OVERDUE if overdue else status,
        answer_by=board.answer_by.get(person) if status is Status.SELECTED else None,
        acts=acts,
        successor=board.lines.get(board.successors.get(person, ""), ""),
    )


def person_of(board: Board, line: str) -> str | None:
    """Return who stands at this line, of those who have or had a seat."""
    return next((person for person in board.members if line and board.lines.get(person) == line), None)
