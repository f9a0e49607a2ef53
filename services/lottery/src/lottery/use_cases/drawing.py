"""The draw: announced once it is sealed, drawn once the public digits are known."""

from chassis.errors import BadInput, Conflict, NotFound, Problem
from chassis.transaction import Transaction
from contracts.lottery import DrawAnnounced, PanelDrawn, Seats
from lottery.domain.alternates import draw_alternates
from lottery.domain.board import Board, Status
from lottery.domain.pool import Registrant
from lottery.domain.prepare import PreparedDraw
from lottery.domain.quotas import composition
from lottery.domain.record import alternates_seed, drawn_part, panel_digest
from lottery.repository import boards, draws, pools
from lottery.repository.boards import Seating
from lottery.repository.draws import Draw
from lottery.use_cases.learning import known_assembly
from lottery.verifying.digits import panel_number

DRAW = "draw-1"
"""The draw's id within its assembly. Not random: the same pool and quotas give the same record, and the same seal."""


async def store_draw(tx: Transaction, assembly_id: str, prepared: PreparedDraw, pool: list[Registrant]) -> Draw:
    """Store a prepared draw and announce it; the one there is when someone was first."""
    standing = await draws.draw(tx, assembly_id)
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
    await draws.save_draw(tx, draw)
    await draws.save_portfolio(tx, assembly_id, prepared.panels)
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
    draw = await draws.draw(tx, assembly_id)
    if draw is None or draw.id != draw_id:
        raise NotFound(f"no draw {draw_id} is announced")
    if draw.drawn:
        if draw.digits != digits:
            raise Conflict("the panel is drawn already, with other digits")
        return draw
    panel = await draws.panel(tx, assembly_id, number)
    people = await pools.pool(tx, assembly_id)
    seed = alternates_seed(draw.record_digest, digits)
    present = [person for person in panel if person in people]
    alternates = draw_alternates(people, present, assembly.quotas, assembly.alternates, seed)
    board = Board(dict.fromkeys(present, Status.SELECTED), dict.fromkeys(alternates, Status.WAITING))
    board.open_seats = [person for person in panel if person not in people]
    replaced = board.fill(people, assembly.quotas)
    draw.digits, draw.drawn_at, draw.panel_digest = digits, tx.now, panel_digest(panel)
    draw.replaced_before = len(replaced)
    draw.composition = composition([people[person].features for person in board.seated], assembly.quotas)
    draw.public = drawn_part(
        draw.record,
        digits,
        [people[person] for person in alternates],
        draw.composition,
        drawn_at=tx.now.isoformat(),
        entered_by=1,
    )
    await draws.save_draw(tx, draw)
    await boards.save_seating(tx, Seating(assembly_id, draw.id, board, draw.composition))
    tx.say(_panel_drawn(draw, board), once=draw.id)
    return draw


def _panel_drawn(draw: Draw, board: Board) -> PanelDrawn:
    seats = [
        Seats(criterion=criterion, value=value, seats=count)
        for criterion, values in sorted(draw.composition.items())
        for value, count in sorted(values.items())
    ]
    return PanelDrawn(
        assembly=draw.assembly,
        draw=draw.id,
        pool_size=draw.pool_size,
        panel=tuple(sorted(board.seated)),
        alternates=tuple(board.waiting),
        composition=tuple(seats),
        record_digest=draw.record_digest,
    )
