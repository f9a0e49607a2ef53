"""Sealing a draw: read, compute off the event loop with no transaction open, then store in one transaction."""

import asyncio
from functools import partial

from chassis.errors import Conflict, Duplicate
from chassis.service import Service
from lottery.domain.prepare import prepare_draw
from lottery.domain.record import Inputs
from lottery.errors import told
from lottery.repository import draws, pools
from lottery.repository.draws import Draw
from lottery.use_cases.drawing import DRAW, store_draw
from lottery.use_cases.learning import known_assembly
from lottery.version import code_version


async def seal_draw(service: Service, assembly_id: str) -> Draw:
    """Return the assembly's draw, sealed and announced now unless it was before.

    Raises Conflict while the pool is open, BadInput with an explanation when no panel meets the quotas. Asked twice at
    once, both compute the same draw and one of them stores it.
    """
    assembly = await known_assembly(service.db, assembly_id)
    standing = await draws.draw(service.db, assembly_id)
    if standing is not None:
        return standing
    if assembly.pool is None:
        raise Conflict("the pool is not closed yet")
    pool = list((await pools.pool(service.db, assembly_id)).values())
    left = await pools.count_left(service.db, assembly_id)
    inputs = Inputs(assembly_id, DRAW, assembly.pool.digest, left, assembly.alternates)
    compute = partial(prepare_draw, inputs, pool, assembly.quotas, code_version=code_version())
    with told():
        # A thread suffices: HiGHS lets go of the interpreter's lock while it solves.
        prepared = await asyncio.to_thread(compute)
    try:
        return await service.transaction(lambda tx: store_draw(tx, assembly_id, prepared, pool))
    except Duplicate:
        standing = await draws.draw(service.db, assembly_id)
        if standing is None:
            raise
        return standing
