"""The composition root of notifications: what it hears, repeats and serves."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any

from chassis import cases
from chassis.access import Table
from chassis.facts import Heard
from chassis.service import Service
from chassis.transaction import Transaction
from contracts import followup, lottery, registration, sessions, subject_access
from contracts.access import TABLE
from contracts.notifications import SAYS
from notifications import (
    api,
    beskedfordeler,
    failed_pages,
    followup_subscribers,
    job_pages,
    pages,
    person_pages,
    problem_pages,
    receipt_push,
    subscribers,
    template_pages,
)
from notifications.catalogue import Catalogue
from notifications.channels.letter import Press
from notifications.dispatcher import Dispatcher
from notifications.domain.bucket import Rate
from notifications.domain.threshold import Threshold
from notifications.held import Holdings
from notifications.previews import Previews
from notifications.rates import Rates
from notifications.receipts import Receipts
from notifications.rendering import Renderer
from notifications.repository.known import PEOPLE
from notifications.repository.problems import PROBLEMS
from notifications.repository.shipments import SHIPMENTS, count_waiting
from notifications.repository.templates import TEXTS
from notifications.sending import Sender
from notifications.settings import Settings
from notifications.texts import Texts
from notifications.use_cases import knowing
from notifications.watching import Watch
from notifications.ways import letterhead, ways

COMMIT_SECONDS = 0.05
"""The dispatcher is woken so long after a fact was handled: the shipments are seen when the transaction is through."""

HEARS: tuple[tuple[type[Any], Callable[[Transaction, Any, Heard], Awaitable[None]]], ...] = (
    (sessions.SessionScheduled, subscribers.session_scheduled),
    (sessions.SessionChanged, subscribers.session_changed),
    (sessions.SessionHeld, subscribers.session_held),
    (sessions.PublicationReleased, subscribers.publication_released),
    (sessions.DeliveryCompleted, subscribers.delivery_completed),
    (registration.RegistrantSignedUp, subscribers.registrant_signed_up),
    (registration.RegistrantWithdrew, subscribers.registrant_withdrew),
    (registration.ErasureAwaited, subscribers.erasure_awaited),
    (registration.SignInCodeIssued, subscribers.sign_in_code_issued),
    (registration.FollowRequested, subscribers.follow_requested),
    (registration.FollowerJoined, subscribers.follower_joined),
    (registration.ThemesChosen, subscribers.themes_chosen),
    (lottery.PanelDrawn, subscribers.panel_drawn),
    (lottery.MemberConfirmed, subscribers.member_confirmed),
    (lottery.MemberDeclined, subscribers.member_declined),
    (lottery.MemberReplaced, subscribers.member_replaced),
    (lottery.SeatReturned, subscribers.seat_returned),
    (lottery.AnswerAwaited, subscribers.answer_awaited),
    (followup.StatusDueSoon, followup_subscribers.status_due_soon),
    (followup.StatusDue, followup_subscribers.status_due),
    (followup.StatusOverdue, followup_subscribers.status_overdue),
    (followup.CommitmentExtended, followup_subscribers.commitment_extended),
    (followup.StatusPublished, followup_subscribers.status_published),
)


def build(settings: Settings) -> Service:
    """Return the service, not started. TemplateError when a message cannot be used as it stands."""
    service = Service(name="notifications", prefix=api.PREFIX, settings=settings, access=Table(TABLE), says=SAYS)
    catalogue = Catalogue()
    renderer = Renderer(catalogue, settings.links, settings.staff.secretariat, settings.staff.phone)
    chosen = ways(settings, service.clock.machine_now)
    threshold = Threshold(settings.threshold.window, settings.threshold.least, settings.threshold.share)
    watch = Watch(service, threshold)
    receipts = Receipts(service, chosen.box, watch, settings.overdue_hours * 3600)
    limits = {name: Rate(rate.per_second, rate.burst) for name, rate in settings.rates.items()}
    sender = Sender(chosen.channels, Rates(service.db, service.clock, limits), service.clock, service.telemetry)
    dispatcher = Dispatcher(service, settings, renderer, sender, chosen.look_up, receipts, watch)

    _index(service)

    def soon() -> None:
        asyncio.get_running_loop().call_later(COMMIT_SECONDS, service.poke, "dispatch")

    async def assembly_announced(tx: Transaction, fact: sessions.AssemblyAnnounced, heard: Heard) -> None:
        await subscribers.assembly_announced(tx, fact, heard)
        await followup_subscribers.note_unreachable(tx, fact, settings.staff)

    service.hear(sessions.AssemblyAnnounced, _then(assembly_announced, soon))
    for fact, handler in HEARS:
        service.hear(fact, _then(handler, soon))
    service.hear_batch(registration.InvitationIssued, _then(subscribers.invitation_issued, soon))
    service.hear_batch(registration.InvitationReminded, _then(subscribers.invitation_reminded, soon))

    async def person_erased(tx: Transaction, batch: Sequence[tuple[registration.PersonErased, Heard]]) -> None:
        for assembly in sorted({fact.assembly for fact, _ in batch}):
            people = [fact.person for fact, _ in batch if fact.assembly == assembly]
            erased = await knowing.erase(tx, assembly, people)
            # Before the commit: if it fails, the fact comes again; after it nobody would look for the letters any more.
            if chosen.folder is not None:
                await chosen.folder.remove(erased)

    service.hear_batch(registration.PersonErased, person_erased)

    async def followers_left(tx: Transaction, batch: Sequence[tuple[registration.FollowerLeft, Heard]]) -> None:
        for assembly in sorted({fact.assembly for fact, _ in batch}):
            gone = [fact.follower for fact, _ in batch if fact.assembly == assembly]
            await knowing.forget(tx, assembly, gone)

    service.hear_batch(registration.FollowerLeft, followers_left)

    service.answer(subject_access.subject("notifications"), subject_access.WhatIsHeld, Holdings(service.db).of)

    service.every("dispatch", settings.dispatch_seconds, dispatcher.run)
    service.every("receipts", settings.receipt_seconds, receipts.follow)
    service.every("overdue", 600.0, receipts.find_overdue)
    service.backlog("shipments", lambda: count_waiting(service.db))

    service.include(api.router(service))
    service.include(beskedfordeler.router(service, receipts, settings))
    for staff in (pages, job_pages, failed_pages, problem_pages, person_pages):
        service.include(staff.router(service))
    service.include(receipt_push.router(service, receipts, settings.pushed_receipts))
    press = Press(letterhead(settings))
    template_pages.serve(service, Previews(catalogue, renderer, Texts(service), press.pdf))
    return service


def _index(service: Service) -> None:
    service.index(SHIPMENTS, [("next_at", 1)])
    service.index(SHIPMENTS, [("message_uuid", 1)], unique=True)
    service.index(SHIPMENTS, [("letter_uuid", 1)])
    # For counting from the index alone: an assembly's by template, a job's by state and channel, and its last change.
    counted = ("assembly", "template", "job", "state", "channel", "changed_at")
    service.index(SHIPMENTS, [(field, 1) for field in counted])
    service.index(SHIPMENTS, [("assembly", 1), ("person", 1), ("template", 1)])
    service.index(SHIPMENTS, [("state", 1), ("taken_at", 1)])
    service.index(TEXTS, [("assembly", 1), ("template", 1), ("language", 1), ("number", -1)])
    service.index(PEOPLE, [("assembly", 1), ("seat.value", 1)])
    service.index(PEOPLE, [("assembly", 1), ("follows.value", 1)])
    service.index(PROBLEMS, [("last_at", -1), ("_id", 1)])
    service.index(cases.COLLECTION, [("at", 1)], expire_after=int(cases.LIFE.total_seconds()))


def _then(handler: Callable[..., Awaitable[None]], afterwards: Callable[[], None]) -> Callable[..., Awaitable[None]]:
    @wraps(handler)
    async def handle(*arguments: Any) -> None:
        await handler(*arguments)
        afterwards()

    return handle
