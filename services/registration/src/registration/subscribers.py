"""One fact, one command."""

from chassis.facts import Heard
from chassis.transaction import Transaction
from contracts import lottery, notifications
from contracts.followup import FollowupClosed
from contracts.lottery import MemberConfirmed, MemberDeclined, MemberReplaced, PanelDrawn, SeatReturned
from contracts.notifications import OUTDATED, SIGN_IN_CODE, PersonTold, ShipmentFailed
from contracts.sessions import AssemblyAnnounced, SessionHeld
from registration.domain.figures import DRAWN
from registration.use_cases import announcing, attending, counting, erasing, keeping, seats, signing_in, waves


async def assembly_announced(tx: Transaction, fact: AssemblyAnnounced, _: Heard) -> None:
    await announcing.announce(tx, fact.assembly, fact.model_dump(mode="json"))
    await waves.plan(tx, fact.assembly)


async def panel_drawn(tx: Transaction, fact: PanelDrawn, _: Heard) -> None:
    await seats.select(tx, fact.assembly, fact.panel, fact.alternates, fact.answer_by)
    await seats.note_drawn(tx, fact.assembly)
    await counting.write_stages(tx, fact.assembly, (DRAWN,), among=fact.panel)


async def member_confirmed(tx: Transaction, fact: MemberConfirmed, heard: Heard) -> None:
    await seats.confirm(tx, fact.assembly, fact.person, heard.time)


async def member_declined(tx: Transaction, fact: MemberDeclined, heard: Heard) -> None:
    await seats.leave(tx, fact.assembly, fact.person, heard.time)


async def member_replaced(tx: Transaction, fact: MemberReplaced, heard: Heard) -> None:
    await seats.replace(tx, fact.assembly, fact.left, fact.joined, fact.answer_by, heard.time)


async def seat_returned(tx: Transaction, fact: SeatReturned, heard: Heard) -> None:
    await seats.give_back(tx, fact.assembly, fact.person, fact.instead_of, fact.answer_by, heard.time)


async def followup_closed(tx: Transaction, fact: FollowupClosed, _: Heard) -> None:
    await keeping.note_followed_up(tx, fact.assembly)


async def shipment_failed(tx: Transaction, fact: ShipmentFailed, heard: Heard) -> None:
    if fact.template == SIGN_IN_CODE and fact.person and fact.reason != OUTDATED:
        await signing_in.note_undelivered(tx, fact.person, heard.time)


async def person_told(tx: Transaction, fact: PersonTold, _: Heard) -> None:
    await erasing.erase_told(tx, fact.person)


async def erasure_confirmed(
    tx: Transaction, fact: lottery.ErasureConfirmed | notifications.ErasureConfirmed, _: Heard
) -> None:
    await erasing.confirm(tx, fact.speaker, fact.people)


async def session_held(tx: Transaction, fact: SessionHeld, _: Heard) -> None:
    await attending.note_held(tx, fact.assembly, fact.session, fact.present)
