"""One fact, one command."""

from chassis.facts import Heard
from chassis.transaction import Transaction
from contracts.lottery import MemberReplaced, PanelDrawn
from contracts.sessions import AssemblyAnnounced
from registration.use_cases import announcing, pool


async def assembly_announced(tx: Transaction, fact: AssemblyAnnounced, _: Heard) -> None:
    await announcing.announce(tx, fact.assembly, fact.model_dump(mode="json"))


async def panel_drawn(tx: Transaction, fact: PanelDrawn, _: Heard) -> None:
    await pool.select(tx, fact.assembly, fact.panel)


async def member_replaced(tx: Transaction, fact: MemberReplaced, _: Heard) -> None:
    await pool.replace(tx, fact.assembly, fact.left, fact.joined)
