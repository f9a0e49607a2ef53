"""What the lottery does. Entry points own the transaction; each of these works inside one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from chassis import audit
from chassis.errors import BadInput, Conflict, NotFound, Permanent, Problem, Transient
from chassis.identity import Caller
from chassis.language import N_
from chassis.transaction import Transaction
from contracts.lottery import (
    DrawAnnounced,
    ErasureConfirmed,
    MemberConfirmed,
    MemberDeclined,
    MemberReplaced,
    PanelDrawn,
    Seats,
)
from lottery import repository
from lottery.domain.alternates import draw_alternates
from lottery.domain.board import Board, Replacement, Status
from lottery.domain.pool import Registrant, read_pool
from lottery.domain.prepare import PreparedDraw
from lottery.domain.quotas import checked_quotas, composition
from lottery.domain.record import alternates_seed, digest_of_bytes, panel_digest, panel_number
from lottery.errors import told
from lottery.repository import Assembly, Draw, PoolFacts

DRAW = "draw-1"
"""The draw's id within its assembly. Not random: the same pool and quotas give the same record, and the same seal."""
SEEN = N_("Ids of those who have or had a seat")
"""What the record says was seen."""


async def learn_assembly(tx: Transaction, announced: Assembly) -> None:
    """Learn what an assembly asks for: its panel, its criteria and their quotas.

    Raises BadInput with every rule the quotas break. What is announced once a draw is sealed comes too late.
    """
    with told():
        checked_quotas(announced.panel_size, announced.quotas.rows)
    if await repository.draw(tx, announced.id) is not None:
        return
    known = await repository.assembly(tx, announced.id)
    if known is not None:
        announced.pool, announced.version = known.pool, known.version
    await repository.save_assembly(tx, announced)


async def close_pool(tx: Transaction, assembly_id: str, snapshot: bytes, closed: PoolFacts) -> None:
    """Take the pool as it closed.

    Raises Permanent when the snapshot is not the one the fact speaks of, or the pool closed before with another one;
    BadInput with row and column of whatever breaks a rule; Transient while the assembly is not heard of yet.
    """
    if digest_of_bytes(snapshot) != closed.digest:
        raise Permanent("the pool's snapshot does not have the digest that was said of it")
    assembly = await repository.assembly(tx, assembly_id)
    if assembly is None:
        raise Transient("the pool closed before its assembly was heard of", retry_after=1)
    if assembly.pool is not None:
        if assembly.pool.digest != closed.digest:
            raise Permanent("the pool is closed already, with another digest")
        return
    with told():
        registrants = read_pool(snapshot, assembly.quotas)
    await repository.fill_pool(tx, assembly_id, registrants, closed.closed_at)
    assembly.pool = closed
    await repository.save_assembly(tx, assembly)


async def store_draw(tx: Transaction, assembly_id: str, prepared: PreparedDraw, pool: list[Registrant]) -> Draw:
    """Store a prepared draw and announce it; the one there is when someone was first."""
    standing = await repository.draw(tx, assembly_id)
    if standing is not None:
        return standing
    assembly = await known_assembly(tx, assembly_id)
    draw = Draw(
        assembly=assembly_id,
        id=DRAW,
        record=prepared.record,
        record_digest=prepared.digest,
        announced_at=tx.now,
        pool_composition=composition([one.features for one in pool], assembly.quotas),
    )
    await repository.save_draw(tx, draw)
    await repository.save_portfolio(tx, assembly_id, prepared.panels)
    tx.say(
        DrawAnnounced(
            assembly=assembly_id,
            draw=draw.id,
            record_digest=draw.record_digest,
            pool_digest=draw.record["pool"]["digest"],
            pool_size=draw.pool_size,
        ),
        once=draw.id,
    )
    return draw


async def draw_panel(tx: Transaction, assembly_id: str, draw_id: str, digits: str) -> Draw:
    """Pick the panel with the public digits' number, draw its alternates, and publish both: once.

    The same digits again are the same draw; other digits are a Conflict. Members who left since the seal are replaced
    at once, so that nobody who has left is called to a seat.
    """
    try:
        number = panel_number(digits)
    except ValueError as error:
        raise BadInput([Problem("body", "digits", "three digits, 000 to 999", str(error))]) from error
    assembly = await known_assembly(tx, assembly_id)
    draw = await repository.draw(tx, assembly_id)
    if draw is None or draw.id != draw_id:
        raise NotFound(f"no draw {draw_id} is announced")
    if draw.drawn:
        if draw.digits != digits:
            raise Conflict("the panel is drawn already, with other digits")
        return draw
    panel = await repository.panel(tx, assembly_id, number)
    people = await repository.pool(tx, assembly_id)
    seed = alternates_seed(draw.record_digest, digits)
    present = [person for person in panel if person in people]
    alternates = draw_alternates(people, present, assembly.quotas, assembly.alternates, seed)
    board = Board(dict.fromkeys(present, Status.SELECTED), dict.fromkeys(alternates, Status.WAITING))
    board.open_seats = [person for person in panel if person not in people]
    replaced = board.fill(people, assembly.quotas)
    draw.digits, draw.drawn_at, draw.panel_digest = digits, tx.now, panel_digest(panel)
    draw.board, draw.replaced_before = board, len(replaced)
    draw.composition = composition([people[person].features for person in board.seated], assembly.quotas)
    await repository.save_draw(tx, draw)
    tx.say(_panel_drawn(draw), once=draw.id)
    return draw


def _panel_drawn(draw: Draw) -> PanelDrawn:
    seats = [
        Seats(criterion=criterion, value=value, seats=count)
        for criterion, values in sorted(draw.composition.items())
        for value, count in sorted(values.items())
    ]
    return PanelDrawn(
        assembly=draw.assembly,
        draw=draw.id,
        pool_size=draw.pool_size,
        panel=tuple(sorted(draw.board.seated)),
        alternates=tuple(draw.board.waiting),
        composition=tuple(seats),
        record_digest=draw.record_digest,
    )


async def confirm(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person takes the seat; said once."""
    draw = await _drawn(tx, assembly_id)
    with told():
        changed = draw.board.confirm(person)
    if changed:
        await repository.save_draw(tx, draw)
        tx.say(MemberConfirmed(assembly=assembly_id, person=person), once=person)


async def decline(tx: Transaction, assembly_id: str, person: str) -> None:
    """Record that a drawn person does not take the seat, and bring in the next fitting alternate."""
    draw = await _drawn(tx, assembly_id)
    with told():
        changed = draw.board.decline(person)
    if changed:
        tx.say(MemberDeclined(assembly=assembly_id, person=person), once=person)
        await _replace(tx, draw)


async def people_left(
    tx: Transaction, assembly_id: str, left: Mapping[str, datetime], how: Literal["withdrawn", "erased"]
) -> None:
    """Blank those who withdrew or were erased, with when; for who had a seat, the next fitting alternate takes it."""
    await repository.blank(tx, assembly_id, left, how)
    draw = await repository.draw(tx, assembly_id)
    if draw is None or not draw.drawn:
        return
    before = dict(draw.board.members), dict(draw.board.alternates)
    for person in left:
        draw.board.leave(person, Status(how))
    if before != (draw.board.members, draw.board.alternates):
        await _replace(tx, draw)


async def erase(tx: Transaction, assembly_id: str, erased: Mapping[str, datetime]) -> None:
    """Blank these people for good, and say that it is done."""
    await people_left(tx, assembly_id, erased, "erased")
    tx.say(ErasureConfirmed(assembly=assembly_id, people=tuple(erased)))


async def _replace(tx: Transaction, draw: Draw) -> None:
    """Fill the open seats as far as fitting alternates go, and say who took over from whom."""
    assembly = await known_assembly(tx, draw.assembly)
    people = await repository.pool(tx, draw.assembly, [*draw.board.seated, *draw.board.waiting])
    replacements: list[Replacement] = draw.board.fill(people, assembly.quotas)
    draw.composition = composition([people[person].features for person in draw.board.seated], assembly.quotas)
    await repository.save_draw(tx, draw)
    for one in replacements:
        tx.say(MemberReplaced(assembly=draw.assembly, left=one.left, joined=one.joined), once=one.left)


async def open_members(tx: Transaction, who: Caller, assembly_id: str, why: str) -> list[tuple[str, Status]]:
    """Return who has or had a seat, by id, and record that `who` saw it; BadInput for a reason that is none."""
    why = audit.reason(why)
    await known_assembly(tx, assembly_id)
    draw = await repository.draw(tx, assembly_id)
    members = sorted(draw.board.members.items()) if draw else []
    await audit.saw(tx, who, SEEN, assembly=assembly_id, how_many=len(members), why=why)
    return members


async def _drawn(tx: Transaction, assembly_id: str) -> Draw:
    draw = await repository.draw(tx, assembly_id)
    if draw is None or not draw.drawn:
        raise Conflict("no panel is drawn yet")
    return draw


async def known_assembly(store: repository.Store, assembly_id: str) -> Assembly:
    """Return an announced assembly, or raise NotFound."""
    assembly = await repository.assembly(store, assembly_id)
    if assembly is None:
        raise NotFound(f"no assembly {assembly_id} is announced")
    return assembly
