"""The background of imports: what was received is checked, what may be written is written, whoever began it."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from chassis.errors import Conflict, Duplicate
from chassis.language import LOCAL
from chassis.mongo import Document
from chassis.service import Service
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain.assembly import Assembly
from registration.domain.eligibility import MOVED_OUT
from registration.domain.encoding import Scanner, TextForm
from registration.domain.registration import Status
from registration.domain.resident import RollRules
from registration.domain.roll_changes import JUDGED, MAY_LEAVE, Outcome
from registration.importing.entries import Entry, new_person, roll_part
from registration.importing.index import Index
from registration.importing.reading import BATCH, Reading
from registration.importing.tally import HELD, Tally, outcome_of
from registration.importing.uploads import Uploads, cut
from registration.repository import IMPORTS, PEOPLE, assembly_from
from registration.settings import Settings
from registration.use_cases import imports, roll
from registration.use_cases.imports import LeaseLostError, State, Wish

NAME = "imports"
ASKED_HOURS = 48
"""How long a checked file waits for someone to confirm it; then it is discarded."""
RECEIVING_SECONDS = 60.0
"""How long a piece of a file may take to come; then it is taken to have broken off."""

NewPeople = Callable[[Transaction, Sequence[Document]], Awaitable[None]]

log = structlog.get_logger()


class Importer:
    """One process's share of the work; two replicas may each have one."""

    def __init__(self, service: Service, settings: Settings, vault: Vault) -> None:
        self._service, self._settings, self._vault = service, settings, vault
        self._uploads = Uploads(service.db, vault, service.clock)
        self._me = uuid.uuid4().hex

    # --- a file comes in ---

    async def take(self, wish: Wish, stream: AsyncIterator[bytes]) -> str:
        """Take a file as it comes and return its import. Conflict while another one is under way."""
        job = await self.begin(wish)
        await self.receive(job, wish.assembly, stream)
        return job

    async def begin(self, wish: Wish) -> str:
        """Begin an import, whose file must come next. Conflict while another one is under way."""
        today = self._service.clock.now().astimezone(LOCAL).date().isoformat()
        until = imports.lease(self._service.clock.machine_now(), RECEIVING_SECONDS)
        return await self._service.transaction(lambda tx: imports.begin(tx, wish, today, until))

    async def receive(self, job: str, assembly: str, stream: AsyncIterator[bytes]) -> None:
        """Take the file of an import as it comes."""
        scanner = Scanner()
        try:
            n = size = 0
            async for piece in cut(stream):
                scanner.feed(piece)
                await self._uploads.save(job, assembly, n, piece)
                n, size = n + 1, size + len(piece)
                await self._got(job, {"pieces": n, "bytes": size})
            form = scanner.finish()
            await self._service.transaction(lambda tx: imports.received(tx, job, form))
        except BaseException:
            # Whoever sent it has gone, or it was discarded; a process that is killed here leaves it to `_tidy`.
            await self._service.transaction(lambda tx: imports.discard(tx, assembly, job))
            await self._uploads.delete(job)
            raise
        self.wake()

    async def _got(self, job: str, changes: Document) -> None:
        until = imports.lease(self._service.clock.machine_now(), RECEIVING_SECONDS)
        where = {"_id": job, "state": State.RECEIVING.value}
        if not await self._service.db.collection(IMPORTS).update(where, {"$set": changes | {"lease_until": until}}):
            raise Conflict("the file was discarded while it was on its way")

    def wake(self) -> None:
        """Look for what there is to do now."""
        self._service.poke(NAME)

    # --- the work ---

    async def work(self) -> None:
        """Do what there is to do, one import after the other."""
        await self._tidy()
        while job := await self._take_up():
            try:
                await self._go_on(job)
            except LeaseLostError:
                log.info("an import was taken up by another process, or discarded", job=job["_id"])
            except Exception:
                # It is free again when its lease is over: the next try begins where this one ended.
                log.exception("an import failed and is tried again", job=job["_id"])
            await self._tidy()

    async def waiting(self) -> int:
        """Count the imports that are to be checked or written."""
        return await self._service.db.collection(IMPORTS).count({"state": {"$in": list(imports.TO_DO)}})

    async def _take_up(self) -> Document | None:
        now = self._service.clock.machine_now()
        free, mine = imports.to_take_up(now), {"holder": self._me, "lease_until": self._until()}
        found = self._service.db.collection(IMPORTS)
        new = {"state": {"$in": [State.RECEIVED.value, State.CHECKING.value]}, "$or": free["$or"]}
        job = await found.claim(new, {"$set": mine | {"state": State.CHECKING.value}}, sort=[("started_at", 1)])
        writing = {"state": State.WRITING.value, "$or": free["$or"]}
        return job or await found.claim(writing, {"$set": mine}, sort=[("started_at", 1)])

    async def _go_on(self, job: Document) -> None:
        assembly = assembly_from({"_id": job["assembly"], "announced": job["announced"]})
        if job["state"] == State.CHECKING and await self._check(job, assembly) is State.WRITING:
            job = job | {"state": State.WRITING.value}
        if job["state"] == State.WRITING:
            await self._write(job, assembly)

    async def _check(self, job: Document, assembly: Assembly) -> State:
        tally = Tally(self._vault)
        with Index() as index:
            reading = self._reading(job, assembly, index)
            while not reading.over:
                entries = await asyncio.to_thread(reading.batch)
                if not reading.problems.count:
                    held = await self._held(entries)
                    await asyncio.to_thread(tally.add, entries, held)
                await self._service.transaction(partial(self._progress, job=job, reading=reading))
            if not reading.problems.count and not job["exclusion"]:
                async for gone in self._gone(assembly.id, index):
                    tally.gone(gone)
                    await self._service.transaction(partial(self._progress, job=job, reading=reading))
        report, problems = tally.report(), reading.problems
        state = await self._service.transaction(lambda tx: imports.checked(tx, job, problems, report))
        log.info("a roll is checked", assembly=assembly.id, job=job["_id"], state=state, problems=problems.count)
        return state

    async def _write(self, job: Document, assembly: Assembly) -> None:
        with Index() as index:
            reading = self._reading(job, assembly, index)
            while not reading.over:
                entries = await asyncio.to_thread(reading.batch)
                if reading.row > job["done_row"]:
                    await self._write_batch(job, assembly, entries, reading.row)
            if job["mark_gone"] and not job["exclusion"]:
                async for gone in self._gone(assembly.id, index):
                    leaving = [p["_id"] for p in gone if Status(p["status"]) in MAY_LEAVE]
                    await self._service.transaction(partial(self._let_go, job=job, people=leaving))
        await self._service.transaction(lambda tx: imports.written(tx, job))
        log.info("a roll is imported", assembly=assembly.id, job=job["_id"])

    async def _write_batch(self, job: Document, assembly: Assembly, entries: Sequence[Entry], row: int) -> None:
        held = await self._held(entries)
        new, changes = await asyncio.to_thread(self._writes, assembly, entries, held)

        async def write(tx: Transaction, write_new: NewPeople) -> None:
            await imports.hold(tx, job, {"row": row, "done_row": row, "lease_until": self._until()})
            await write_new(tx, new)
            await roll.change(tx, changes)

        try:
            await self._service.transaction(partial(write, write_new=roll.write_new))
        except Duplicate:
            await self._service.transaction(partial(write, write_new=roll.write_missing))

    def _writes(
        self, assembly: Assembly, entries: Sequence[Entry], held: dict[str, Document]
    ) -> tuple[list[Document], list[roll.Change]]:
        new: list[Document] = []
        changes: list[roll.Change] = []
        for entry in entries:
            result = outcome_of(entry, held.get(entry.person))
            if result is Outcome.LEAVES:
                changes.append(roll.left(entry.person, str(entry.why), entry.fingerprint))
            elif result in {Outcome.NEW, Outcome.CHANGED}:
                part = roll_part(self._settings.key, self._vault, assembly.id, entry)
                if result is Outcome.NEW:
                    new.append(new_person(assembly.id, entry, part))
                else:
                    changes += roll.changed(entry.person, part, entry.why)
        return new, changes

    # --- what both readings need ---

    def _reading(self, job: Document, assembly: Assembly, index: Index) -> Reading:
        pieces = self._uploads.read(job["_id"], job["pieces"], asyncio.get_running_loop())
        form = TextForm(job["encoding"], job["delimiter"])
        today = date.fromisoformat(job["today"])
        synthetic = self._settings.synthetic_people
        rules = RollRules.of(assembly, today, synthetic_allowed=synthetic, exclusion=job["exclusion"])
        return Reading(pieces, form, rules, assembly, self._settings.key, index)

    async def _held(self, entries: Sequence[Entry]) -> dict[str, Document]:
        ids = [entry.person for entry in entries]
        people = await self._service.db.collection(PEOPLE).find({"_id": {"$in": ids}}, fields=HELD)
        return {person["_id"]: person for person in people}

    async def _gone(self, assembly: str, index: Index) -> AsyncIterator[list[Document]]:
        """Yield those held who are not in the file, in batches; not who is out already."""
        statuses = [status.value for status in MAY_LEAVE | JUDGED]
        last = ""
        while True:
            where = {"assembly": assembly, "status": {"$in": statuses}, "_id": {"$gt": last}}
            people = await self._service.db.collection(PEOPLE).find(
                where, sort=[("_id", 1)], limit=BATCH, fields=["status", "test"]
            )
            if not people:
                return
            last = people[-1]["_id"]
            missing = set(await asyncio.to_thread(index.missing, [p["_id"] for p in people if not p["test"]]))
            yield [person for person in people if person["_id"] in missing]

    async def _let_go(self, tx: Transaction, job: Document, people: Sequence[str]) -> None:
        await imports.hold(tx, job, {"lease_until": self._until()})
        await roll.change(tx, [roll.left(person, MOVED_OUT) for person in people])

    async def _progress(self, tx: Transaction, job: Document, reading: Reading) -> None:
        done = {"row": reading.row, "done_pieces": reading.pieces, "lease_until": self._until()}
        await imports.hold(tx, job, done)

    async def _tidy(self) -> None:
        """Give up what broke off or nobody wanted, and delete the files of all that has ended."""
        found = self._service.db.collection(IMPORTS)
        ago = self._service.clock.now() - timedelta(hours=ASKED_HOURS)
        for job in await found.find(imports.abandoned(self._service.clock.machine_now(), ago)):
            await self._service.transaction(partial(imports.discard, assembly=job["assembly"], job=job["_id"]))
        for job in await found.find({"kept": True, "state": {"$in": list(imports.ENDED)}}):
            await self._uploads.delete(job["_id"])
            await found.update({"_id": job["_id"]}, {"$set": {"kept": False}})

    def _until(self) -> datetime:
        return imports.lease(self._service.clock.machine_now(), self._settings.import_lease_seconds)
