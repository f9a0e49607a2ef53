"""The look at all deadlines: every minute, and at once when a rehearsal moves the clock."""

from collections.abc import Sequence

import structlog

from chassis.service import Service
from chassis.transaction import Transaction
from followup import repository
from followup.domain.calendar import day_of
from followup.use_cases import deadlines

ASSEMBLIES = 250
"""How many are swept in one transaction: all of a country's within a second, and none keeps commands waiting long."""
CROSSINGS = 2000
"""How many are said in one transaction, after a sleep of months."""

log = structlog.get_logger()


async def sweep(service: Service) -> int:
    """Say what is owed for every assembly, many in one transaction; return for how many something was owed.

    An assembly that cannot be swept does not keep the others waiting: those it shared the transaction with are swept
    one by one, and it is logged and met again next time.
    """
    owing = await repository.assemblies_owing(service.db, day_of(service.clock.now()))
    for first in range(0, len(owing), ASSEMBLIES):
        batch = owing[first : first + ASSEMBLIES]
        try:
            await _say(service, batch)
        except Exception as error:  # noqa: BLE001 - judged one by one below
            log.warning("deadlines are said one assembly at a time", error=type(error).__name__, assemblies=len(batch))
            await _one_by_one(service, batch)
    return len(owing)


async def _say(service: Service, assemblies: Sequence[str]) -> None:
    async def command(tx: Transaction) -> int:
        return await deadlines.say_all_owed(tx, assemblies, CROSSINGS)

    while await service.transaction(command) == CROSSINGS:
        pass


async def _one_by_one(service: Service, assemblies: Sequence[str]) -> None:
    for assembly in assemblies:
        try:
            await _say(service, [assembly])
        except Exception:
            log.exception("an assembly's deadlines could not be said", assembly=assembly)
