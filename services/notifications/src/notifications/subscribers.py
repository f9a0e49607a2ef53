"""What notifications hears, each fact turned into one command."""

from collections.abc import Sequence
from typing import Any

from chassis.facts import Heard
from chassis.telemetry import current_traceparent
from chassis.transaction import Transaction
from contracts import lottery, registration, sessions
from contracts.notifications import ERASED, SIGN_IN_CODE
from notifications.domain.shipment import Shipment
from notifications.rendering import Assembly
from notifications.use_cases import knowing, making


def _trace(heard: Heard) -> str | None:
    return current_traceparent() or heard.traceparent


async def assembly_announced(tx: Transaction, fact: sessions.AssemblyAnnounced, _: Heard) -> None:
    """Learn what the messages say of an assembly."""
    assembly = Assembly(
        id=fact.assembly,
        municipality=fact.municipality.title.model_dump(),
        title=fact.title.model_dump(),
        purpose=fact.purpose.model_dump(),
        panel_size=fact.panel_size,
        sign_up_closes_at=fact.sign_up_closes_at,
        evaluation_link=fact.evaluation_link,
        last_session=max(fact.sessions, key=lambda one: one.number).id if fact.sessions else None,
    )
    await knowing.announce(tx, assembly)


async def invitation_issued(tx: Transaction, batch: Sequence[tuple[registration.InvitationIssued, Heard]]) -> None:
    """Invite, in bulk. One invitation a person and link for all time, whatever events say so."""
    await making.ship(
        tx,
        [
            Shipment(fact.assembly, "invitation", _invitation(fact), fact.person, traceparent=h.traceparent)
            for fact, h in batch
        ],
    )


def _invitation(fact: registration.InvitationIssued) -> str:
    return "invitation" if fact.generation == 1 else f"invitation:{fact.generation}"


async def invitation_reminded(tx: Transaction, batch: Sequence[tuple[registration.InvitationReminded, Heard]]) -> None:
    """Remind, in bulk. One message a person and reminder for all time."""
    await making.remind(
        tx,
        [
            Shipment(fact.assembly, "reminder", f"reminder:{fact.reminder}", fact.person, traceparent=h.traceparent)
            for fact, h in batch
        ],
    )


async def registrant_signed_up(tx: Transaction, fact: registration.RegistrantSignedUp, heard: Heard) -> None:
    """Confirm a sign-up, in the language of the form."""
    await making.sign_up(
        tx,
        fact.assembly,
        fact.person,
        cause=heard.id,
        at=heard.time,
        language=fact.language,
        traceparent=_trace(heard),
    )


async def registrant_withdrew(tx: Transaction, fact: registration.RegistrantWithdrew, heard: Heard) -> None:
    """Take someone off the lists."""
    await knowing.set_registrant(tx, fact.assembly, fact.person, signed_up=False, at=heard.time)


async def erasure_awaited(tx: Transaction, fact: registration.ErasureAwaited, heard: Heard) -> None:
    """Tell someone that they are erased. It is the last that they hear of us."""
    fields = {"path": f"/samling/{fact.assembly}", "expires": fact.at_latest}
    await making.ship(
        tx, [Shipment(fact.assembly, ERASED, "erasure", fact.person, fields=fields, traceparent=_trace(heard))]
    )


async def sign_in_code_issued(tx: Transaction, fact: registration.SignInCodeIssued, heard: Heard) -> None:
    """Send a member the code they asked for. The shipment knows which code, not what it is."""
    fields = {"code_id": fact.code_id, "expires": fact.expires_at}
    cause = f"code:{fact.code_id}"
    shipment = Shipment(fact.assembly, SIGN_IN_CODE, cause, fact.person, fields=fields, traceparent=_trace(heard))
    await making.ship(tx, [shipment])


async def follow_requested(tx: Transaction, fact: registration.FollowRequested, heard: Heard) -> None:
    """Send who asked to follow the link to confirm it by, while it can be confirmed."""
    await knowing.set_asked(tx, fact.assembly, fact.follower, at=heard.time)
    cause, fields = f"follow:{fact.number}", {"expires": fact.expires_at}
    shipment = Shipment(fact.assembly, "follow-confirm", cause, fact.follower, fields=fields, traceparent=_trace(heard))
    await making.ship(tx, [shipment])


async def follower_joined(tx: Transaction, fact: registration.FollowerJoined, heard: Heard) -> None:
    """Put someone on the list of those who follow."""
    await knowing.set_follower(tx, fact.assembly, fact.follower, at=heard.time)
    if fact.themes:
        await knowing.set_themes(tx, fact.assembly, fact.follower, fact.themes, at=heard.time)


async def themes_chosen(tx: Transaction, fact: registration.ThemesChosen, heard: Heard) -> None:
    """Note which themes somebody wants to read of first."""
    await knowing.set_themes(tx, fact.assembly, fact.person, fact.themes, at=heard.time)


async def panel_drawn(tx: Transaction, fact: lottery.PanelDrawn, heard: Heard) -> None:
    """Tell everyone who signed up how the draw went."""
    await making.draw_panel(
        tx,
        fact.assembly,
        fact.draw,
        fact.panel,
        fact.alternates,
        answer_by=fact.answer_by,
        at=heard.time,
        traceparent=_trace(heard),
    )


async def member_confirmed(tx: Transaction, fact: lottery.MemberConfirmed, heard: Heard) -> None:
    """Note that the seat is taken."""
    await knowing.set_confirmed(tx, fact.assembly, fact.person, at=heard.time)


async def member_declined(tx: Transaction, fact: lottery.MemberDeclined, heard: Heard) -> None:
    """Take someone off the list of members."""
    await knowing.set_seat(tx, fact.assembly, fact.person, knowing.LEFT, at=heard.time)


async def member_replaced(tx: Transaction, fact: lottery.MemberReplaced, heard: Heard) -> None:
    """Offer the seat to the alternate."""
    await making.replace_member(
        tx,
        fact.assembly,
        fact.left,
        fact.joined,
        answer_by=fact.answer_by,
        cause=heard.id,
        at=heard.time,
        traceparent=_trace(heard),
    )


async def seat_returned(tx: Transaction, fact: lottery.SeatReturned, heard: Heard) -> None:
    """Offer the seat anew, and tell the alternate that it is not free after all."""
    await making.return_seat(
        tx,
        fact.assembly,
        fact.person,
        fact.instead_of,
        answer_by=fact.answer_by,
        cause=heard.id,
        at=heard.time,
        traceparent=_trace(heard),
    )


async def answer_awaited(tx: Transaction, fact: lottery.AnswerAwaited, heard: Heard) -> None:
    """Remind drawn people who have not answered."""
    await making.remind_of_seats(tx, fact.assembly, fact.people, answer_by=fact.answer_by, traceparent=_trace(heard))


def _session_fields(fact: sessions.SessionScheduled | sessions.SessionChanged) -> dict[str, Any]:
    return {"title": fact.title.model_dump(), "starts": fact.starts_at, "ends": fact.ends_at, "place": fact.place}


async def session_scheduled(tx: Transaction, fact: sessions.SessionScheduled, heard: Heard) -> None:
    """Call the members."""
    await making.schedule_session(
        tx, fact.assembly, fact.session, _session_fields(fact), at=heard.time, traceparent=_trace(heard)
    )


async def session_changed(tx: Transaction, fact: sessions.SessionChanged, heard: Heard) -> None:
    """Tell the members of the change."""
    fields = _session_fields(fact)
    await making.change_session(
        tx, fact.assembly, fact.session, fields, cause=heard.id, at=heard.time, traceparent=_trace(heard)
    )


async def session_held(tx: Transaction, fact: sessions.SessionHeld, heard: Heard) -> None:
    """Call nobody to it any more, and after the last one ask the members what it was like."""
    await making.hold_session(tx, fact.assembly, fact.session, traceparent=_trace(heard))


async def publication_released(tx: Transaction, fact: sessions.PublicationReleased, heard: Heard) -> None:
    """Tell the members of new minutes, or other new material."""
    fields = {"title": fact.title.model_dump(), "path": fact.path}
    cause = f"publication:{fact.publication}"
    template = "minutes" if fact.kind == "minutes" else "materials"
    await making.ship_to_members(tx, Shipment(fact.assembly, template, cause, fields=fields, traceparent=_trace(heard)))


async def delivery_completed(tx: Transaction, fact: sessions.DeliveryCompleted, heard: Heard) -> None:
    """Tell the members that the council has their recommendations."""
    fields = {"path": f"/opfoelgning/{fact.assembly}"}
    await making.ship_to_members(
        tx, Shipment(fact.assembly, "delivery", "delivery", fields=fields, traceparent=_trace(heard))
    )
