"""What notifications hears of the council's follow-up, each fact turned into one command."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from chassis.facts import Heard
from chassis.language import LOCAL
from chassis.telemetry import current_traceparent
from chassis.transaction import Transaction
from contracts import followup
from contracts.notifications import OUTDATED
from contracts.sessions import AssemblyAnnounced
from notifications.domain.audiences import OFFICERS, role_of
from notifications.domain.shipment import Shipment, Step
from notifications.repository.problems import Problem, note
from notifications.settings import StaffSettings
from notifications.use_cases import making, telling
from notifications.use_cases.recording import Happened, record

Crossing = followup.StatusDueSoon | followup.StatusDue | followup.StatusOverdue


def _trace(heard: Heard) -> str | None:
    return current_traceparent() or heard.traceparent


async def note_unreachable(tx: Transaction, fact: AssemblyAnnounced, staff: StaffSettings) -> None:
    """Put each role that the mandate names and nobody has set an address for on the list, months before it is late."""
    named = [
        audience
        for milestone in fact.milestones
        for audience in (*milestone.tell, *(one for step in milestone.escalation for one in step.tell))
    ]
    for role in dict.fromkeys(map(role_of, named)):
        if staff.address(role) is None:
            await note(tx, Problem("audience-unreachable", fact.assembly, {"role": role}))


async def status_due_soon(tx: Transaction, fact: followup.StatusDueSoon, heard: Heard) -> None:
    """Remind those the mandate names."""
    await _to_staff(tx, fact, heard, "status-due-soon", {"days": fact.days_left})


async def status_due(tx: Transaction, fact: followup.StatusDue, heard: Heard) -> None:
    """Tell those the mandate names that today is the day."""
    await _to_staff(tx, fact, heard, "status-due", {})


async def status_overdue(tx: Transaction, fact: followup.StatusOverdue, heard: Heard) -> None:
    """Tell those the mandate names, and whom its escalation adds, that the day has passed."""
    await _to_staff(tx, fact, heard, "status-overdue", {"days": fact.days_overdue})


async def status_published(tx: Transaction, fact: followup.StatusPublished, heard: Heard) -> None:
    """Tell the members what became of their recommendations, and everyone who asked to follow."""
    await telling.tell_status(tx, fact, heard.id, _trace(heard))


async def commitment_extended(tx: Transaction, fact: followup.CommitmentExtended, heard: Heard) -> None:
    """Tell the members, everyone who follows and the officers that a deadline was moved, and why."""
    fields = {
        "title": fact.title.model_dump(),
        "previous": fact.previous_due_on.isoformat(),
        "due": fact.due_on.isoformat(),
        "reason": fact.reason,
        "path": fact.path,
    }
    each = Shipment(fact.assembly, "status-extended", heard.id, fields=fields, traceparent=_trace(heard))
    await making.ship_to_members(tx, each)
    await making.ship_to_followers(tx, replace(each, template="status-extended-follower"))
    await making.ship(tx, [replace(each, template="status-extended-staff", role=role_of(one)) for one in OFFICERS])


async def _to_staff(tx: Transaction, fact: Crossing, heard: Heard, template: str, extra: dict[str, Any]) -> None:
    fields = {
        "title": fact.title.model_dump(),
        "due": fact.due_on.isoformat(),
        "path": f"/opfoelgning/{fact.assembly}",
    } | extra
    # What is said on the day of the next crossing says more than this one: a mail server may be late by less.
    over = datetime.combine(fact.next_on, time.min, LOCAL) if fact.next_on else None
    if over is not None:
        fields["expires"] = over
    each = Shipment(fact.assembly, template, heard.id, fields=fields, traceparent=_trace(heard))
    planned = [replace(each, role=role) for role in dict.fromkeys(map(role_of, fact.tell or OFFICERS))]
    await making.ship(tx, planned)
    if over is not None and over <= tx.now:
        # A service that slept for months catches up on all of them, in order, and nobody is to find forty mails about
        # one status: the earlier ones are on record, and never sent. Nothing has failed by it.
        await record(tx, [Happened(one.id, (Step.CANCELLED,), reason=OUTDATED, cause="clock") for one in planned])
