"""The look at all deadlines: every minute, and at once when a rehearsal moves the clock."""

from functools import partial

import structlog

from chassis.service import Service
from followup import repository
from followup.domain.calendar import day_of
from followup.use_cases import deadlines

log = structlog.get_logger()


async def sweep(service: Service) -> int:
    """Say what is owed for every assembly, one transaction each; return for how many something was owed.

    An assembly that cannot be swept does not keep the others waiting: it is logged and met again next time.
    """
    owing = await repository.assemblies_owing(service.db, day_of(service.clock.now()))
    for assembly in owing:
        try:
            await service.transaction(partial(deadlines.say_owed, assembly_id=assembly))
        except Exception:
            log.exception("an assembly's deadlines could not be said", assembly=assembly)
    return len(owing)
