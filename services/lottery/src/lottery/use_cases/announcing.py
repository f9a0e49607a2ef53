"""A draw is announced, which fixes it in public; or voided, when it cannot be drawn as it was announced."""

from chassis import audit
from chassis.errors import Conflict
from chassis.identity import Caller
from chassis.language import N_
from chassis.transaction import Transaction
from contracts.lottery import DrawAnnounced, DrawVoided
from lottery.domain.ceremony import State
from lottery.repository import draws, pools
from lottery.repository.draws import Act, Draw
from lottery.repository.store import Store
from lottery.use_cases.learning import known_assembly
from lottery.use_cases.preparing import asked, known_draw

ANNOUNCED, VOIDED = N_("Announced"), N_("Declared void")
"""What the draw's log says was done."""


async def announce(tx: Transaction, who: Caller, assembly_id: str, draw_id: str) -> Draw:
    """Publish the draw's seal; again, the same. A test is announced to nobody.

    Conflict unless it is prepared for a later moment, from the pool and the quotas as they are now.
    """
    draw = await known_draw(tx, assembly_id, draw_id)
    if draw.state is State.ANNOUNCED:
        return draw
    if draw.state is not State.PREPARED:
        raise Conflict(f"{draw.id} is {draw.state}")
    if await gone_since(tx, draw) or asked((await known_assembly(tx, assembly_id)).quotas) != draw.seal.asked:
        raise Conflict("the pool or the quotas have changed since it was prepared: prepare it again")
    if draw.plan.draws_at <= tx.now:
        raise Conflict("the time it is to be drawn at has passed: prepare it again, for a later one")
    draw.state, draw.announced_at = State.ANNOUNCED, tx.now
    draw.log.append(Act(tx.now, ANNOUNCED, who.role, who.subject))
    await draws.save_draw(tx, draw)
    if not draw.test:
        tx.say(
            DrawAnnounced(
                assembly=assembly_id,
                draw=draw.id,
                record_digest=draw.seal.digest,
                pool_digest=draw.seal.pool_digest,
                pool_size=draw.seal.pool_size,
                draws_at=draw.plan.draws_at,
            ),
            once=draw.id,
        )
    return draw


async def void(tx: Transaction, who: Caller, assembly_id: str, draw_id: str, why: str) -> Draw:
    """Declare an announced draw void, with a reason that everyone reads; again, the same.

    BadInput for a reason that is none. Conflict once it is drawn: that panel stands.
    """
    why = audit.reason(why)
    draw = await known_draw(tx, assembly_id, draw_id)
    if draw.state is State.VOIDED:
        return draw
    if draw.state is not State.ANNOUNCED:
        raise Conflict(f"{draw.id} is {draw.state}")
    draw.state, draw.voided_at, draw.voided_why, draw.entries = State.VOIDED, tx.now, why, ()
    draw.log.append(Act(tx.now, VOIDED, who.role, who.subject))
    await draws.save_draw(tx, draw)
    await draws.forget_portfolio(tx, draw)
    if not draw.test:
        tx.say(DrawVoided(assembly=assembly_id, draw=draw.id, record_digest=draw.seal.digest), once=draw.id)
    return draw


async def gone_since(store: Store, draw: Draw) -> int:
    """Count who has left the pool since the draw was sealed: with anyone gone it is not the pool that was sealed."""
    left = await pools.count_left(store, draw.assembly) - draw.seal.left_since
    return max(left, draw.seal.pool_size - await pools.count(store, draw.assembly))
