"""The composition root of registration."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import contracts.lottery
import contracts.notifications
import contracts.recipients
import contracts.references
import contracts.registration
from chassis import cases
from chassis.access import Table
from chassis.service import Service
from chassis.vault import Vault, master_keys
from contracts.access import TABLE
from contracts.followup import FollowupClosed
from contracts.lottery import MemberConfirmed, MemberDeclined, MemberReplaced, PanelDrawn, SeatReturned
from contracts.notifications import ShipmentFailed
from contracts.recipients import ResolveRecipients
from contracts.references import FindReference
from contracts.sessions import AssemblyAnnounced, SessionHeld
from registration import (
    api,
    case_pages,
    closing_pages,
    eraser,
    exports,
    follow_pages,
    look_up_pages,
    member_pages,
    member_provider,
    overview_pages,
    pages,
    phone_pages,
    registrants,
    retention_pages,
    roll_pages,
    seat_pages,
    sign_outs,
    subject_pages,
    subscribers,
    theme_pages,
    wave_pages,
)
from registration.eraser import Eraser
from registration.importing import importer as importing
from registration.importing import uploads
from registration.importing.importer import Importer
from registration.inviter import NAME as INVITING
from registration.inviter import Inviter
from registration.outlook import Outlook
from registration.recipients import Resolver
from registration.references import References
from registration.repository import CHANGES, CODES, DRAFTS, FOLLOWERS, GATES, IMPORTS, PEOPLE, UPLOADS, WAVES
from registration.settings import Settings
from registration.sign_outs import SignOuts
from registration.use_cases import drafts

PREFIX = "/tilmelding"
COMMIT_SECONDS = 0.05
"""What follows from a fact is looked for so long after it was handled: when its transaction is through."""
CODES_KEPT_SECONDS = 24 * 3600
"""How long it is kept that someone asked for a code."""


def build(settings: Settings) -> Service:
    """Return the service, not started."""
    says = contracts.registration.SAYS
    service = Service(name="registration", prefix=PREFIX, settings=settings, access=Table(TABLE), says=says)
    _index(service)

    _hear(service)
    vault = Vault(
        settings.mongo.uri.get_secret_value(),
        settings.mongo.database or service.name,
        master_keys(settings.encryption.keys),
    )
    service.at_end(vault.close)
    resolver = Resolver(service.db, settings.key, vault, service.clock)
    service.answer(contracts.recipients.SUBJECT, ResolveRecipients, resolver.resolve)
    service.answer(contracts.references.SUBJECT, FindReference, References(service.db, vault).find)

    importer = Importer(service, settings, vault)
    service.every(importing.NAME, settings.import_seconds, importer.work)
    service.backlog("rolls to check or write", importer.waiting)

    inviter = Inviter(service, settings.key, settings.invite_batch)
    service.every(INVITING, settings.invite_seconds, inviter.issue)
    service.backlog("invitations", inviter.waiting)

    last = Eraser(service)
    service.every(eraser.NAME, eraser.SECONDS, last.erase)
    service.backlog("people to erase", last.waiting)

    ender = SignOuts(service)
    service.every(sign_outs.NAME, sign_outs.SECONDS, ender.end)
    service.backlog("sign-ins to end", ender.waiting)

    service.body_limits[f"{PREFIX}/api/assemblies/[^/]+/roll"] = settings.roll_max_bytes
    service.body_limits[roll_pages.ROLL.format(assembly="[^/]+")] = settings.roll_max_bytes
    service.include(api.router(service, settings, importer))
    service.include(pages.router(service, settings, vault))
    service.include(seat_pages.router(service))
    service.include(registrants.router(service, vault))
    service.include(roll_pages.router(service, importer))
    service.include(retention_pages.router(service))
    service.include(wave_pages.router(service))
    outlook = Outlook(service)
    service.include(overview_pages.router(service, outlook))
    service.include(exports.router(service))
    service.include(closing_pages.router(service, settings, vault, outlook))
    service.include(look_up_pages.router(service, settings, vault))
    service.include(subject_pages.router(service, vault))
    service.include(phone_pages.router(service, settings, vault))
    service.include(case_pages.router(service, settings, vault))
    service.include(member_pages.router(service, settings))
    service.include(member_provider.router(service, settings))
    service.include(follow_pages.router(service, settings, vault))
    service.include(theme_pages.router(service, settings))
    return service


def _hear(service: Service) -> None:
    service.hear(AssemblyAnnounced, subscribers.assembly_announced)
    service.hear(SessionHeld, subscribers.session_held)
    service.hear(PanelDrawn, subscribers.panel_drawn)
    service.hear(MemberConfirmed, subscribers.member_confirmed)
    service.hear(MemberDeclined, _then_sign_out(service, subscribers.member_declined))
    service.hear(MemberReplaced, _then_sign_out(service, subscribers.member_replaced))
    service.hear(SeatReturned, _then_sign_out(service, subscribers.seat_returned))
    service.hear(FollowupClosed, subscribers.followup_closed)
    service.hear(ShipmentFailed, subscribers.shipment_failed)
    service.hear(contracts.notifications.PersonTold, subscribers.person_told)
    service.hear(contracts.lottery.ErasureConfirmed, subscribers.erasure_confirmed)
    service.hear(contracts.notifications.ErasureConfirmed, subscribers.erasure_confirmed)


def _index(service: Service) -> None:
    service.index(WAVES, [("state", 1), ("_id", 1)])
    service.index(WAVES, [("assembly", 1), ("place", 1)])
    service.index(PEOPLE, [("assembly", 1), ("status", 1), ("invited_at", 1), ("_id", 1)])
    service.index(PEOPLE, [("token_hash", 1)])
    service.index(PEOPLE, [("old_links", 1)])
    service.index(PEOPLE, [("assembly", 1), ("reference", 1)])
    service.index(PEOPLE, [("assembly", 1), ("_id", 1)])
    service.index(cases.COLLECTION, [("at", 1)], expire_after=int(cases.LIFE.total_seconds()))
    service.index(CHANGES, [("person", 1), ("at", -1)])
    service.index(FOLLOWERS, [("address_digest", 1)], unique=True)
    service.index(FOLLOWERS, [("token_digest", 1)])
    service.index(FOLLOWERS, [("assembly", 1)])
    service.index(FOLLOWERS, [("expires_at", 1)])
    service.index(GATES, [("assembly", 1)])
    service.index(IMPORTS, [("assembly", 1), ("started_at", -1)])
    service.index(IMPORTS, [("state", 1), ("kept", 1)])
    service.index(UPLOADS, [("import", 1)])
    service.index(UPLOADS, [("at", 1)], expire_after=uploads.KEPT_SECONDS)
    service.index(CODES, [("at", 1)], expire_after=CODES_KEPT_SECONDS)
    service.index(DRAFTS, [("at", 1)], expire_after=drafts.KEPT_SECONDS)


def _then_sign_out(service: Service, handler: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @wraps(handler)
    async def handle(*arguments: Any) -> None:
        await handler(*arguments)
        asyncio.get_running_loop().call_later(COMMIT_SECONDS, service.poke, sign_outs.NAME)

    return handle
