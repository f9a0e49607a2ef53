"""The inbox: which facts each durable has handled, written in the transaction that handled them.

A row outlives the stream it came from (its topology's age), so that a fact delivered again, ever, changes nothing.
"""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.mongo import Database
from chassis.transaction import Transaction

COLLECTION = "inbox"
KEPT_SECONDS = 1200 * 24 * 3600
"""Longer than `max_age_days` of any stream in deploy/nats/topology.yaml; `provisioning` checks it."""


async def prepare(db: Database) -> None:
    """Create the inbox's index."""
    await db.ensure_index(COLLECTION, [("heard_at", 1)], expire_after=KEPT_SECONDS)


async def take_new(tx: Transaction, clock: Clock, durable: str, event_ids: Sequence[str]) -> set[str]:
    """Write down the events this durable has not handled before and return their ids."""
    rows = tx.collection(COLLECTION)
    keys = {f"{durable}:{event_id}": event_id for event_id in event_ids}
    handled = {row["_id"] for row in await rows.find({"_id": {"$in": list(keys)}}, fields=["_id"])}
    fresh = {key: event_id for key, event_id in keys.items() if key not in handled}
    # A second delivery in flight at the same moment loses here with a write conflict, and finds the row when run again.
    await rows.insert_many([{"_id": key, "heard_at": clock.machine_now()} for key in fresh])
    return set(fresh.values())


async def remember(db: Database, clock: Clock, durable: str, event_ids: Sequence[str]) -> None:
    """Write down events whose effect is in the database already: a replay has brought it there."""
    heard_at = clock.machine_now()
    await db.collection(COLLECTION).upsert_new([{"_id": f"{durable}:{id_}", "heard_at": heard_at} for id_ in event_ids])
