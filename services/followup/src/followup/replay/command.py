"""The command: reads the streams, writes an empty database, refuses another; says what it does in the log."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog
from pydantic import TypeAdapter, ValidationError

from chassis import inbox, outbox, past
from chassis.errors import NotFound
from chassis.facts import FactLike
from chassis.process import settings_for
from chassis.service import Service
from chassis.transaction import Transaction
from contracts.followup import SAYS
from followup import repository
from followup.bootstrap import build
from followup.domain.answers import Draft
from followup.replay.rebuilt import Incomplete, Rebuilt
from followup.settings import Settings
from followup.use_cases import announcing

HELD = (*repository.HELD, outbox.COLLECTION, inbox.COLLECTION)
SAY_EVERY = 1000
_DRAFT = TypeAdapter(Draft)

log = structlog.get_logger()


class NotEmpty(Exception):  # noqa: N818 - what the database is
    """The database holds something: a replay writes an empty one alone."""


def run() -> None:
    """Replay with the settings of the service. Exits with 1 when nothing was replayed, and says why."""
    settings = settings_for("followup", Settings)
    try:
        asyncio.run(replay(settings))
    except (NotEmpty, Incomplete) as error:
        log.error("not replayed", why=str(error))  # noqa: TRY400 - the text is for the operator, a traceback is not
        raise SystemExit(1) from None


async def replay(settings: Settings) -> Rebuilt:
    """Write an empty database from the streams; NotEmpty or Incomplete when it cannot be, with nothing written."""
    service = build(settings)
    async with service.connected():
        await _refuse_held(service)
        rebuilt = Rebuilt()
        heard = await _read(service, rebuilt)
        await _read_drafts(service, rebuilt)
        await repository.add_all(
            service.db,
            tuple(rebuilt.assemblies.values()),
            tuple(rebuilt.recommendations.values()),
            tuple(rebuilt.commitments.values()),
        )
        for durable, ids in heard.items():
            await inbox.remember(service.db, service.clock, durable, ids)
        missing = await _make_missing(service, rebuilt)
        log.info(
            "replayed",
            assemblies=len(rebuilt.assemblies),
            recommendations=len(rebuilt.recommendations),
            commitments=len(rebuilt.commitments),
            drafts=len(rebuilt.drafts),
            made_now=missing,
        )
        return rebuilt


async def _refuse_held(service: Service) -> None:
    held = {name: await service.db.collection(name).count({}) for name in HELD}
    if any(held.values()):
        what = ", ".join(f"{count} in {name}" for name, count in held.items() if count)
        raise NotEmpty(f"the database is not empty ({what}): name another in MONGO__DATABASE, or drop this one")


async def _read(service: Service, rebuilt: Rebuilt) -> dict[str, list[str]]:
    """Hear all again: first what was delivered, then what follow-up said about it. Return what each durable heard."""
    heard: dict[str, list[str]] = {}
    for name, ear in service.ears.items():
        heard[name] = await _hear(service, rebuilt, [ear.fact], ear.durable.stream, ear.durable.subject)
    await _hear(service, rebuilt, SAYS, service.name.upper(), f"{service.name}.>")
    return heard


async def _hear(
    service: Service, rebuilt: Rebuilt, facts: Sequence[type[FactLike]], stream: str, subject: str
) -> list[str]:
    kinds = {kind.fact_type().split(".")[1]: kind for kind in facts}
    ids: list[str] = []
    async for one in past.read(service.broker.js, stream, subject):
        kind = kinds.get(one.heard.subject.split(".")[2])
        try:
            if kind is not None:
                rebuilt.hear(kind.model_validate_json(one.body), one)
        except ValidationError:
            # The service refused it as well, when it came: it lies among the dead letters.
            log.warning("a fact that is none is left out", stream=stream, sequence=one.sequence)
        ids.append(one.heard.id)
        if len(ids) % SAY_EVERY == 0:
            log.info("replaying", stream=stream, subject=subject, facts=len(ids))
    log.info("replaying", stream=stream, subject=subject, facts=len(ids))
    return ids


async def _read_drafts(service: Service, rebuilt: Rebuilt) -> None:
    store = service.broker.objects_of(service.name)
    for key, (name, digest) in rebuilt.drafts.items():
        try:
            body = await store.get(name, digest)
        except NotFound:
            raise Incomplete(f"the draft of an answer to {key} is gone from the store of attachments") from None
        rebuilt.with_draft(key, _DRAFT.validate_json(body))


async def _make_missing(service: Service, rebuilt: Rebuilt) -> int:
    """Make and say the commitments of a delivery that came when the service was gone: it is not heard again."""

    async def command(tx: Transaction, assembly: str) -> int:
        known = await repository.assembly(tx, assembly)
        return 0 if known is None else await announcing.make_commitments(tx, known)

    return sum([await service.transaction(partial(command, assembly=id_)) for id_ in rebuilt.assemblies])
