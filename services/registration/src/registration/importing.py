"""The import of a roll from end to end: read, compare, write in batches, each in a transaction of its own.

A transaction over a whole roll would hold its locks for seconds, so what makes the import all or nothing is the check
of the whole file before the first write. What a crash cuts short, importing the same file again completes: people are
found by their ids, and the record of the import that was cut short shows no `finished_at`.
"""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from functools import partial

import structlog

from chassis.errors import BadInput, Problem
from chassis.language import LOCAL
from chassis.mongo import Document
from chassis.service import Service
from chassis.vault import Vault
from registration.domain.assembly import Assembly
from registration.domain.eligibility import age_features, is_eligible
from registration.domain.problems import RowProblem
from registration.domain.resident import RollRules
from registration.domain.roll import Roll, read_roll
from registration.repository import PEOPLE, assembly_from, person_document
from registration.settings import Settings
from registration.use_cases import roll as commands
from registration.use_cases.announcing import get_assembly

BATCH = 1000

log = structlog.get_logger()


async def import_roll(
    service: Service, settings: Settings, vault: Vault, assembly_id: str, body: bytes, *, dry_run: bool
) -> Document:
    """Import a roll, or with `dry_run` only say what it would change. BadInput lists what is wrong, row by row."""
    assembly = assembly_from(await get_assembly(service.db, assembly_id))
    today = service.clock.now().astimezone(LOCAL).date()
    rules = RollRules(assembly.roll_choices, today, settings.synthetic_people)
    # In a thread: ten thousand rows take a second, in which a resident's form must not wait.
    roll, documents = await asyncio.to_thread(_read, body, rules, assembly, settings.key, vault)
    if roll.problem_count:
        raise BadInput(_problems(roll))
    held = await service.db.collection(PEOPLE).find({"assembly": assembly_id}, fields=["fingerprint", "status"])
    plan = commands.plan(documents, {person["_id"]: person for person in held})
    report = {**plan.counts(), "encoding": roll.encoding, "delimiter": roll.delimiter, "dry_run": dry_run}
    if dry_run:
        return report
    job = commands.ImportJob(uuid.uuid4().hex, assembly_id, roll.encoding, roll.delimiter)
    await service.transaction(lambda tx: commands.begin(tx, job, plan.counts()))
    for batch in _batches(plan.new):
        await service.transaction(partial(commands.write_new, documents=batch))
    for batch in _batches(plan.changed):
        await service.transaction(partial(commands.write_changed, documents=batch))
    await service.transaction(lambda tx: commands.finish(tx, job))
    log.info("a roll is imported", assembly=assembly_id, job=job.id, **plan.counts())
    return {"import": job.id, **report}


def _read(body: bytes, rules: RollRules, assembly: Assembly, key: bytes, vault: Vault) -> tuple[Roll, list[Document]]:
    roll = read_roll(body, rules)
    wanted = sum(criterion.is_age for criterion in assembly.roll_criteria)
    for resident in roll.residents:
        if is_eligible(assembly, resident.born) and len(age_features(assembly, resident.born)) < wanted:
            message = "the assembly's age bands leave the age of an eligible resident out"
            roll.refuse(RowProblem(resident.row, "cpr", "age band", message))
    if roll.problem_count:
        return roll, []
    return roll, [person_document(key, vault, assembly, resident) for resident in roll.residents]


def _problems(roll: Roll) -> list[Problem]:
    problems = [Problem(p.where, p.column, p.rule, p.message) for p in roll.problems]
    if roll.problem_count > len(problems):
        message = f"{roll.problem_count} problems in all; the first {len(problems)} are listed"
        problems.append(Problem("file", "", "all problems", message))
    return problems


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), BATCH):
        yield documents[start : start + BATCH]
