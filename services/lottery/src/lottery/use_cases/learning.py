"""Learning what an assembly asks for, and its pool as it closed."""

from chassis.errors import NotFound, Permanent, Transient
from chassis.transaction import Transaction
from lottery.domain.pool import read_pool
from lottery.domain.quotas import checked_quotas
from lottery.errors import told
from lottery.repository import assemblies, draws, pools
from lottery.repository.assemblies import Assembly, PoolFacts
from lottery.repository.store import Store
from lottery.verifying.seals import digest_of_bytes


async def learn_assembly(tx: Transaction, announced: Assembly) -> None:
    """Learn what an assembly asks for: its panel, its criteria and their quotas.

    Raises BadInput with every rule the quotas break. What is announced while a draw is
    announced, or after it, comes too late.
    """
    with told():
        checked_quotas(announced.panel_size, announced.quotas.rows)
    if await draws.standing(tx, announced.id) is not None:
        return
    known = await assemblies.assembly(tx, announced.id)
    if known is not None:
        announced.pool, announced.version = known.pool, known.version
    await assemblies.save_assembly(tx, announced)


async def close_pool(tx: Transaction, assembly_id: str, snapshot: bytes, closed: PoolFacts) -> None:
    """Take the pool as it closed.

    Raises Permanent when the snapshot is not the one the fact speaks of, or the pool closed before with another one;
    BadInput with row and column of whatever breaks a rule; Transient while the assembly is not heard of yet.
    """
    if digest_of_bytes(snapshot) != closed.digest:
        raise Permanent("the pool's snapshot does not have the digest that was said of it")
    assembly = await assemblies.assembly(tx, assembly_id)
    if assembly is None:
        raise Transient("the pool closed before its assembly was heard of", retry_after=1)
    if assembly.pool is not None:
        if assembly.pool.digest != closed.digest:
            raise Permanent("the pool is closed already, with another digest")
        return
    with told():
        registrants = read_pool(snapshot, assembly.quotas)
    await pools.fill_pool(tx, assembly_id, registrants, closed.closed_at)
    assembly.pool = closed
    await assemblies.save_assembly(tx, assembly)


async def known_assembly(store: Store, assembly_id: str) -> Assembly:
    """Return an announced assembly, or raise NotFound."""
    assembly = await assemblies.assembly(store, assembly_id)
    if assembly is None:
        raise NotFound(f"no assembly {assembly_id} is announced")
    return assembly
