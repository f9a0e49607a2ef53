"""The digits are typed by two people, or are the beacon's, and the panel with that number is drawn."""

from typing import Any

from chassis.errors import BadInput, Conflict, Problem
from chassis.identity import Caller, Role
from chassis.language import N_
from chassis.transaction import Transaction
from contracts.lottery import PanelDrawn, Seats
from lottery.domain.alternates import draw_alternates
from lottery.domain.board import Board
from lottery.domain.ceremony import Entry, NoSecretariatError, State, Typed, typed
from lottery.domain.quotas import composition
from lottery.domain.record import alternates_seed, drawn_part, panel_digest
from lottery.repository import draws, pools
from lottery.repository.draws import Act, Draw
from lottery.use_cases import seats
from lottery.use_cases.announcing import gone_since
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.preparing import known_draw
from lottery.verifying.digits import panel_number

TYPED, DIFFERED, DRAWN = N_("Digits typed"), N_("The two had typed different digits"), N_("Panel drawn")
"""What the draw's log says was done."""


class TooEarly(Conflict):
    """The draw is announced for later."""


class NobodyInCharge(Conflict):
    """Two observers have typed: one of the two must be of the secretariat."""


class PoolChanged(Conflict):
    """Someone of the sealed pool has left: `gone` says how many. Nothing is drawn from another pool than announced."""

    def __init__(self, gone: int) -> None:
        super().__init__(f"{gone} of the sealed pool have left since: void this draw and announce it anew")
        self.gone = gone


async def type_digits(tx: Transaction, who: Caller, assembly_id: str, draw_id: str, digits: str) -> Draw:
    """Take the digits as one of the two saw them; when both agree, the panel is drawn, once.

    The same digits again afterwards are the same draw. Raises BadInput unless they are three digits; Conflict for
    other digits afterwards, or a beacon's draw; NobodyInCharge for two observers; TooEarly; PoolChanged.
    """
    _checked(digits)
    draw = await known_draw(tx, assembly_id, draw_id)
    if draw.drawn and draw.digits == digits:
        return draw
    await may_draw(tx, draw)
    if draw.plan.source == "drand":
        raise Conflict("the digits of this draw are the beacon's")
    entry = Entry(who.role, who.subject, digits, tx.now)
    if entry in draw.entries:
        return draw
    try:
        outcome, draw.entries = typed(draw.entries, entry, Role.SECRETARIAT)
    except NoSecretariatError as error:
        raise NobodyInCharge("one of the two who type the digits is of the secretariat") from error
    draw.log.append(Act(tx.now, TYPED, who.role, who.subject))
    if outcome is Typed.DIFFERENT:
        draw.differed += 1
        draw.log.append(Act(tx.now, DIFFERED, who.role, who.subject))
    if outcome is Typed.AGREED:
        await _draw_panel(tx, who, draw, digits)
    await draws.save_draw(tx, draw)
    return draw


async def draw_by_beacon(
    tx: Transaction, who: Caller, assembly_id: str, draw_id: str, digits: str, proof: dict[str, Any]
) -> Draw:
    """Draw with the beacon's digits, whose `proof` has been checked. Raises as `type_digits` does."""
    draw = await known_draw(tx, assembly_id, draw_id)
    if draw.drawn and draw.digits == digits:
        return draw
    await may_draw(tx, draw)
    if draw.plan.source != "drand":
        raise Conflict("the digits of this draw are typed by two people")
    await _draw_panel(tx, who, draw, digits, proof)
    await draws.save_draw(tx, draw)
    return draw


async def may_draw(tx: Transaction, draw: Draw) -> None:
    """Raise what keeps the draw from being drawn now: it is not announced, too early, or the pool is another one."""
    if draw.state is not State.ANNOUNCED:
        raise Conflict(f"{draw.id} is {draw.state}")
    if tx.now < draw.plan.opens_at:
        raise TooEarly(f"the draw is announced for {draw.plan.opens_at.isoformat()}")
    if gone := await gone_since(tx, draw):
        raise PoolChanged(gone)


def _checked(digits: str) -> None:
    try:
        panel_number(digits)
    except ValueError as error:
        raise BadInput([Problem("body", "digits", "three digits, 000 to 999", str(error))]) from error


async def _draw_panel(
    tx: Transaction, who: Caller, draw: Draw, digits: str, proof: dict[str, Any] | None = None
) -> None:
    """Pick the panel with the digits' number and draw its alternates. A test seats nobody and says nothing."""
    assembly = await known_assembly(tx, draw.assembly)
    people = await pools.pool(tx, draw.assembly)
    panel = await draws.panel(tx, draw, panel_number(digits))
    seed = alternates_seed(draw.seal.digest, digits)
    sealed = await draws.record(tx, draw)
    wanted, dropout = sealed["alternates"]["count"], sealed["alternates"]["dropout"]
    alternates = draw_alternates(people, panel, assembly.quotas, wanted, seed, dropout)
    draw.state, draw.digits, draw.drawn_at = State.DRAWN, digits, tx.now
    draw.panel_digest = panel_digest(panel)
    draw.composition = composition([people[person].features for person in panel], assembly.quotas)
    draw.public = drawn_part(
        sealed,
        digits,
        [people[person] for person in alternates],
        draw.composition,
        drawn_at=tx.now.isoformat(),
        entered_by=len(draw.entries),
        proof=proof,
    )
    draw.log.append(Act(tx.now, DRAWN, who.role, who.subject))
    if draw.test:
        await draws.forget_portfolio(tx, draw)
        return
    await pools.hold(tx, draw.assembly, [*panel, *alternates])
    seating = await seats.seat_panel(tx, assembly, draw.id, panel, alternates, people)
    tx.say(_panel_drawn(draw, seating.board), once=draw.id)


def _panel_drawn(draw: Draw, board: Board) -> PanelDrawn:
    composition_then = [
        Seats(criterion=criterion, value=value, seats=count)
        for criterion, values in sorted(draw.composition.items())
        for value, count in sorted(values.items())
    ]
    return PanelDrawn(
        assembly=draw.assembly,
        draw=draw.id,
        pool_size=draw.seal.pool_size,
        panel=tuple(sorted(board.seated)),
        alternates=tuple(board.waiting),
        composition=tuple(composition_then),
        record_digest=draw.seal.digest,
        answer_by=max(board.answer_by.values(), default=None),
    )
