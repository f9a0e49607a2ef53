"""The panel after the draw: its seats, who leaves them, and who takes them over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from chassis import audit
from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.language import N_
from chassis.transaction import Transaction
from contracts.lottery import ErasureConfirmed, MemberReplaced
from lottery.domain.alternates import People
from lottery.domain.answering import answer_by
from lottery.domain.board import Board, Status
from lottery.domain.quotas import composition
from lottery.repository import boards, pools
from lottery.repository.assemblies import Assembly
from lottery.repository.boards import Seating
from lottery.repository.store import Store
from lottery.use_cases.learning import known_assembly
from lottery.verifying.seals import line_of

SEEN = N_("Ids of those who have or had a seat")
"""What the record says was seen."""


async def seat_panel(
    tx: Transaction, assembly: Assembly, draw_id: str, panel: Sequence[str], alternates: Sequence[str], people: People
) -> Seating:
    """Offer the drawn people their seats from now on; `people` holds all of them and the alternates."""
    board = Board({}, dict.fromkeys(alternates, Status.WAITING))
    by = answer_by(tx.now, assembly.answer_days)
    for person in panel:
        board.offer(person, by)
    board.lines = {person: line_of(people[person].salt) for person in (*panel, *alternates)}
    seating = Seating(
        assembly.id, draw_id, board, composition([people[one].features for one in panel], assembly.quotas)
    )
    await boards.save_seating(tx, seating)
    return seating


async def people_left(
    tx: Transaction, assembly_id: str, left: Mapping[str, datetime], how: Literal["withdrawn", "erased"]
) -> None:
    """Blank those who withdrew or were erased, with when; for who had a seat, the next fitting alternate takes it."""
    await pools.blank(tx, assembly_id, left, how)
    seating = await boards.seating(tx, assembly_id)
    if seating is None:
        return
    board = seating.board
    before = dict(board.members), dict(board.alternates), dict(board.lines)
    opened = [person for person in left if board.leave(person, Status(how))]
    if before != (board.members, board.alternates, board.lines):
        await replace(tx, seating, opened)


async def erase(tx: Transaction, assembly_id: str, erased: Mapping[str, datetime]) -> None:
    """Blank these people for good, and say that it is done."""
    await people_left(tx, assembly_id, erased, "erased")
    tx.say(ErasureConfirmed(assembly=assembly_id, people=tuple(erased)))


async def replace(tx: Transaction, seating: Seating, opened: Sequence[str]) -> None:
    """Fill the open seats as far as fitting alternates go, say who took over from whom, and save the board.

    `opened` are those who have just left a seat.
    """
    assembly, board = await known_assembly(tx, seating.assembly), seating.board
    people = await pools.pool(tx, seating.assembly, [*board.seated, *board.waiting, *board.open_seats])
    by = answer_by(tx.now, assembly.answer_days)
    replacements = board.fill(people, assembly.quotas, by)
    changes: list[tuple[str, str | None]] = [(one.left, one.joined) for one in replacements]
    changes += [(person, None) for person in board.open_seats if person in opened]
    board.note(tx.now, changes, people, assembly.quotas)
    seating.composition = composition([people[person].features for person in board.seated], assembly.quotas)
    await boards.save_seating(tx, seating)
    for one in replacements:
        # Not said `once`: after a no that was taken back, the same seat may be left again. The board changes with it.
        tx.say(MemberReplaced(assembly=seating.assembly, left=one.left, joined=one.joined, answer_by=by))


async def open_members(tx: Transaction, who: Caller, assembly_id: str, why: str) -> list[tuple[str, Status]]:
    """Return who has or had a seat, by id, and record that `who` saw it; BadInput for a reason that is none."""
    why = audit.reason(why)
    await known_assembly(tx, assembly_id)
    seating = await boards.seating(tx, assembly_id)
    members = sorted(seating.board.members.items()) if seating else []
    await audit.saw(tx, who, SEEN, assembly=assembly_id, how_many=len(members), why=why)
    return members


async def drawn(store: Store, assembly_id: str) -> Seating:
    """Return the board of a drawn panel; Conflict while there is none."""
    seating = await boards.seating(store, assembly_id)
    if seating is None:
        raise Conflict("no panel is drawn yet")
    return seating
