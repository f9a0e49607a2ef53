"""The composition root of registration."""

import contracts.recipients
import contracts.registration
from chassis.access import Table
from chassis.service import Service
from contracts.access import TABLE
from contracts.lottery import MemberReplaced, PanelDrawn
from contracts.recipients import ResolveRecipients
from contracts.sessions import AssemblyAnnounced
from registration import api, pages, registrants, subscribers
from registration.inviter import Inviter
from registration.recipients import Resolver
from registration.repository import ASSEMBLIES, GATES, IMPORTS, PEOPLE
from registration.settings import Settings

PREFIX = "/tilmelding"


def build(settings: Settings) -> Service:
    """Return the service, not started."""
    says = contracts.registration.SAYS
    service = Service(name="registration", prefix=PREFIX, settings=settings, access=Table(TABLE), says=says)
    service.index(ASSEMBLIES, [("invitations.state", 1)])
    service.index(PEOPLE, [("assembly", 1), ("status", 1), ("invited_at", 1), ("_id", 1)])
    service.index(PEOPLE, [("token_hash", 1)])
    service.index(GATES, [("assembly", 1)])
    service.index(IMPORTS, [("assembly", 1), ("started_at", -1)])

    service.hear(AssemblyAnnounced, subscribers.assembly_announced)
    service.hear(PanelDrawn, subscribers.panel_drawn)
    service.hear(MemberReplaced, subscribers.member_replaced)
    service.answer(contracts.recipients.SUBJECT, ResolveRecipients, Resolver(service.db, settings.key).resolve)

    inviter = Inviter(service, settings.key)
    service.every("invite", settings.invite_seconds, inviter.issue)
    service.backlog("invitations", inviter.waiting)

    service.body_limits[f"{PREFIX}/api/assemblies/[^/]+/roll"] = settings.roll_max_bytes
    service.include(api.router(service, settings))
    service.include(pages.router(service))
    service.include(registrants.router(service))
    return service
