"""The panel after the draw: yes, no, leaving, and who takes over a seat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from chassis import audit
from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.language import N_
from chassis.transaction import Transaction
from contracts.lottery import ErasureConfirmed, MemberConfirmed, MemberDeclined, MemberReplaced
from lottery.domain.board import Replacement, Status
from lottery.domain.quotas import composition
from lottery.errors import told
from lottery.repository import boards, pools
from lottery.repository.boards import Seating
from lottery.repository.store import Store
from lottery.use_cases.learning import known_assembly

SEEN = N_("Ids of those who have or had a seat")
"""What the record says was seen."""


async def confirm(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person takes the seat; said once."""
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.confirm(person)
    if changed:
        await boards.save_seating(tx, seating)
        tx.say(MemberConfirmed(assembly=assembly_id, person=person), once=person)


async def decline(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person does not take the seat, and bring in the next fitting alternate."""
    seating = await drawn(tx, assembly_id)
    with told():
        changed = seating.board.decline(person)
    if changed:
        tx.say(MemberDeclined(assembly=assembly_id, person=person), once=person)
        await _replace(tx, seating)


async def people_left(
    tx: Transaction, assembly_id: str, left: Mapping[str, datetime], how: Literal["withdrawn", "erased"]
) -> None:
    """Blank those who withdrew or were erased, with when; for who had a seat, the next fitting alternate takes it."""
    await pools.blank(tx, assembly_id, left, how)
    seating = await boards.seating(tx, assembly_id)
    if seating is None:
        return
    board = seating.board
    before = dict(board.members), dict(board.alternates)
    for person in left:
        board.leave(person, Status(how))
    if before != (board.members, board.alternates):
        await _replace(tx, seating)


async def erase(tx: Transaction, assembly_id: str, erased: Mapping[str, datetime]) -> None:
    """Blank these people for good, and say that it is done."""
    await people_left(tx, assembly_id, erased, "erased")
    tx.say(ErasureConfirmed(assembly=assembly_id, people=tuple(erased)))


async def _replace(tx: Transaction, seating: Seating) -> None:
    """Fill the open seats as far as fitting alternates go, and say who took over from whom."""
    assembly, board = await known_assembly(tx, seating.assembly), seating.board
    people = await pools.pool(tx, seating.assembly, [*board.seated, *board.waiting])
    replacements: list[Replacement] = board.fill(people, assembly.quotas)
    seating.composition = composition([people[person].features for person in board.seated], assembly.quotas)
    await boards.save_seating(tx, seating)
    for one in replacements:
        tx.say(MemberReplaced(assembly=seating.assembly, left=one.left, joined=one.joined), once=one.left)


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
