"""The composition root of lottery: what it hears and serves."""

import contracts.feasibility
import contracts.subject_access
from chassis.access import Table
from chassis.service import Service
from contracts.access import TABLE
from contracts.feasibility import CheckFeasibility
from contracts.lottery import SAYS
from contracts.registration import PersonErased, PoolClosed, RegistrantWithdrew, SeatAnswered
from contracts.sessions import AssemblyAnnounced
from contracts.subject_access import WhatIsHeld
from lottery import (
    api,
    checking_pages,
    counts_api,
    desk_pages,
    digits_pages,
    own_line_pages,
    pages,
    prepare_pages,
    preparer,
    screen_pages,
    seat_api,
    seat_pages,
    subscribers,
)
from lottery.beacon import Beacon
from lottery.checking import Checker
from lottery.held import Holdings
from lottery.paths import PREFIX
from lottery.preparer import Preparer
from lottery.reminders import Reminders
from lottery.repository.store import DRAWS, PEOPLE, PORTFOLIOS
from lottery.settings import Settings


def build(settings: Settings) -> Service:
    """Return the service, not started."""
    service = Service(name="lottery", prefix=PREFIX, settings=settings, access=Table(TABLE), says=SAYS)

    service.index(PEOPLE, [("assembly", 1), ("status", 1)])
    service.index(DRAWS, [("assembly", 1), ("number", -1)])
    service.index(DRAWS, [("state", 1)])
    service.index(PORTFOLIOS, [("assembly", 1)])

    service.hear(AssemblyAnnounced, subscribers.assembly_announced)
    service.hear(PoolClosed, subscribers.pool_closed, with_attachment=True)
    service.hear(RegistrantWithdrew, subscribers.registrant_withdrew)
    service.hear(SeatAnswered, subscribers.seat_answered)
    service.hear_batch(PersonErased, subscribers.person_erased)

    service.every("reminders", settings.remind_seconds, Reminders(service).remind)

    service.answer(contracts.feasibility.SUBJECT, CheckFeasibility, Checker(service.db).answer)
    service.answer(contracts.subject_access.subject("lottery"), WhatIsHeld, Holdings(service.db).of)

    prepares = Preparer(service, settings)
    beacon = Beacon(service, settings.beacon_url)
    service.every(preparer.NAME, settings.prepare_seconds, prepares.work)
    service.backlog("draws to prepare", prepares.waiting)

    service.include(api.router(service, prepares, beacon))
    service.include(counts_api.router(service))
    service.include(seat_api.router(service))
    service.include(seat_pages.router(service))
    service.include(pages.router(service))
    service.include(prepare_pages.router(service, prepares))
    service.include(desk_pages.router(service))
    service.include(digits_pages.router(service, beacon))
    service.include(screen_pages.router(service))
    service.include(own_line_pages.router(service))
    service.include(checking_pages.router(service))
    return service
