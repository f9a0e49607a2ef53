"""A service: one process, one database, one connection to NATS, one FastAPI application.

A service's `bootstrap.build` makes one of these and says what it hears, answers, repeats and serves. FastAPI owns the
process; the broker starts in its lifespan (FastStream's own ASGI application matches exact paths only).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.middleware import Middleware

from chassis import audit, health, inbox, openapi, ops, outbox, provisioning, seals, staff_pages, watchdog, web
from chassis.access import Table
from chassis.broker import Broker
from chassis.clock import Clock, RehearsalClock, SystemClock
from chassis.deadletters import DeadLetters
from chassis.errors import Permanent
from chassis.facts import FactLike
from chassis.hearing import BatchHandler, Ear, Handler
from chassis.identity import Role, Tokens
from chassis.live import Live
from chassis.loops import Loops
from chassis.metrics import Metrics
from chassis.mongo import Database, Sort
from chassis.ordered import OrderedRelay
from chassis.outbox import Relay
from chassis.pages import Pages
from chassis.ratelimits import Limits
from chassis.requests import answering
from chassis.retry import retry_middleware
from chassis.seals import Seals
from chassis.settings import CommonSettings
from chassis.signins import Cookie, SignIns
from chassis.telemetry import Telemetry
from chassis.topology import load
from chassis.transaction import Transaction, UnitOfWork

T = TypeVar("T")
Reply = TypeVar("Reply", bound=BaseModel)
START_SECONDS = 60.0
"""How long a starting service waits for its servers before it gives up and is started anew by whoever runs it."""
HEADER_BYTES = 4096
"""What a fact's headers need of a stream's largest message: a few hundred, and room."""

log = structlog.get_logger()
audit_log = structlog.get_logger(kind="audit")


class Service:
    """One of the five. `prefix` is its path at the one address; `says` are the facts it may say.

    `access` is the table of who may open what in all services: the menu is the same in each.
    Templates and words are looked for in `package`, which is called as the service unless it is said.
    `in_order` brings its facts to the stream in the order in which they became true (`chassis.ordered`): for few facts
    of which each follows from the one before, for its commands are run one after the other where they say something.
    """

    def __init__(
        self,
        *,
        name: str,
        prefix: str,
        settings: CommonSettings,
        access: Table,
        says: Sequence[type[FactLike]],
        package: str | None = None,
        version: str = "0.1.0",
        in_order: bool = False,
    ) -> None:
        self.name, self.prefix, self.settings, self.says = name, prefix, settings, tuple(says)
        self.version = version
        self.clock: Clock = RehearsalClock() if settings.clock.mode == "rehearsal" else SystemClock()
        self.metrics = Metrics(name)
        self.telemetry = Telemetry(name, settings.telemetry.traces_file, settings.telemetry.otlp_endpoint)
        self.topology = load(settings.topology)
        self.db = Database(settings.mongo.uri.get_secret_value(), settings.mongo.database or name)
        self.broker = Broker(name, settings.nats, (retry_middleware(self.metrics),), self.topology.stores_by_writer)
        relay = OrderedRelay if in_order else Relay
        self.relay = relay(name, self.db, self.broker, self.clock, self.telemetry, self.metrics)
        self._in_order = in_order
        self.access = access
        self.tokens = Tokens(settings.identity.tokens)
        self.sign_ins = SignIns(self.broker, self.clock, Cookie.at(settings.public_url))
        self.seals = Seals(settings.forms.key, self.clock, self.db, settings.forms.least_seconds)
        self.limits = Limits(settings.forms)
        self.pages = Pages(package or name, self.clock, access, self.seals, settings.site)
        self.live = Live(self.pages, self.metrics)
        self.body_limits: dict[str, int] = {}
        """Paths (regular expressions) that take larger bodies than the settings say, with their limit in bytes."""
        self.embeddable: set[str] = set()
        """Paths (regular expressions) that other sites may show in a frame (`edge.security_headers`)."""
        self.sign_in_paths: set[str] = set()
        """Pages that are counted as forms are, because someone tries to sign in by them."""
        self.middlewares: list[Middleware] = []
        """More that the application wears, inside of everything else."""
        self.fatal: str | None = None
        self.on_fatal: Callable[[], None] = lambda: None
        self.ears: dict[str, Ear[Any]] = {}
        largest = self.topology.stream_settings.defaults.max_message_bytes - HEADER_BYTES
        self._work = UnitOfWork(self.db, self.clock, self.relay.wake, in_order=in_order, largest_bytes=largest)
        self._loops = Loops(self.telemetry)
        self._indexes: list[tuple[str, Sort, bool, int | None]] = []
        self._backlogs: dict[str, Callable[[], Awaitable[int]]] = {}
        self._routers: list[APIRouter] = []
        self._endings: list[Callable[[], None]] = []

    # --- what a service says of itself, in its bootstrap ---

    def index(self, collection: str, keys: Sort, *, unique: bool = False, expire_after: int | None = None) -> None:
        """Have an index, created at start; `expire_after` in seconds from the indexed time."""
        self._indexes.append((collection, keys, unique, expire_after))

    def hear(self, fact: type[FactLike], handler: Handler, *, with_attachment: bool = False) -> None:
        """Hear a fact, one at a time: `await handler(tx, fact, heard)` is one command in one transaction."""
        self._ear(fact).hear(handler, with_attachment=with_attachment)

    def hear_batch(self, fact: type[FactLike], handler: BatchHandler, *, size: int = 500) -> None:
        """Hear a bulk fact: `await handler(tx, [(fact, heard), ...])` is one command for up to `size` of them."""
        ear = self._ear(fact)
        ear.hear_in_batches(handler)
        self._loops.add(f"hear {ear.durable.name}", lambda: ear.run_batches(handler, size))

    def answer(self, subject: str, question: type[Any], handler: Callable[[Any], Awaitable[BaseModel]]) -> None:
        """Answer another service's question over NATS request/reply (docs/adr/0003 lists them)."""
        self.broker.answer(subject, answering(self.telemetry, subject, question, handler))

    def every(self, name: str, seconds: float, work: Callable[[], Awaitable[Any]]) -> None:
        """Do `work` again and again, at least `seconds` apart; `poke(name)` and a moved clock wake it."""
        self._loops.add_repeating(name, seconds, work)

    def poke(self, name: str) -> None:
        """Wake a repeated work now."""
        self._loops.poke(name)

    def backlog(self, name: str, count: Callable[[], Awaitable[int]]) -> None:
        """Name work that still has to be done, for `{prefix}/ops/backlog`."""
        self._backlogs[name] = count

    def include(self, router: APIRouter) -> None:
        """Serve these routes; their paths are full, the prefix included."""
        self._routers.append(router)

    def at_end(self, close: Callable[[], None]) -> None:
        """Close something of the service's own when it stops."""
        self._endings.append(close)

    # --- what a service does ---

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run one command. Retried on transient conflicts: `work` has no side effects of its own."""
        return await self._work.run(work)

    async def ask(self, subject: str, question: BaseModel, reply: type[Reply], seconds: float = 10.0) -> Reply:
        """Ask another service; Transient when nobody answers within `seconds`."""
        with self.telemetry.span(f"ask {subject}", kind="client"):
            body = await self.broker.request(subject, question.model_dump_json().encode(), seconds)
        return reply.model_validate_json(body)

    async def forget_attachment(self, event_id: str) -> None:
        """Delete a fact's attachment for good (erasure)."""
        await self.broker.objects_of(self.name).forget(event_id)

    @property
    def dead_letters(self) -> DeadLetters:
        """This service's dead letters."""
        return DeadLetters(self.name, self.broker.js)

    def refused(self, reason: str, route: str, role: Role) -> None:
        """Say that a request was refused: an audit line and a count. `route` is the template, never the path itself."""
        audit_log.warning("refused", reason=reason, route=route, role=role)
        self.metrics.refused(reason)

    async def work_left(self) -> dict[str, int]:
        """Count what this service still has to do: facts to bring out, facts to hear, and its own named work."""
        left = {"outbox": await outbox.waiting(self.db)}
        for durable in self.topology.durables_of(self.name):
            info = await self.broker.js.consumer_info(durable.stream, durable.name)
            left[durable.name] = (info.num_pending or 0) + (info.num_ack_pending or 0)
        for name, count in self._backlogs.items():
            left[name] = await count()
        return left

    # --- the process ---

    def app(self) -> FastAPI:
        """Return the application, which starts and stops all of the above in its lifespan."""
        app = FastAPI(
            title=f"Borgersamling: {self.name}",
            version=self.version,
            openapi_url=f"{self.prefix}/openapi.json",
            docs_url=None,  # the interactive docs load scripts from another host, which the content policy forbids
            redoc_url=None,
            lifespan=self._lifespan,
        )
        app.include_router(
            health.router({"mongo": self.db.ping, "nats": self._check_nats, "durables": self._check_fatal})
        )
        app.include_router(ops.router(self))
        app.include_router(staff_pages.router(self))
        for router in self._routers:
            app.include_router(router)
        openapi.describe(app, self.access)
        web.dress(app, self)
        return app

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Have the database with its indexes, NATS as the topology says and the clock; hear and repeat nothing yet."""
        async with AsyncExitStack() as stack:
            stack.callback(self.telemetry.shutdown)
            stack.callback(self.db.close)
            for close in self._endings:
                stack.callback(close)
            await self.db.wait(START_SECONDS)
            await outbox.prepare(self.db, in_order=self._in_order)
            await inbox.prepare(self.db)
            await self.db.ensure_index(seals.COLLECTION, [("at", 1)], expire_after=seals.KEPT_SECONDS)
            await self.db.ensure_index(audit.COLLECTION, [("at", -1)])
            for collection, keys, unique, expire_after in self._indexes:
                await self.db.ensure_index(collection, keys, unique=unique, expire_after=expire_after)
            await asyncio.wait_for(self.broker.connect(), START_SECONDS)
            stack.push_async_callback(self.broker.stop)
            await provisioning.check(self.broker.js, self.topology, self.name)
            if isinstance(self.clock, RehearsalClock):
                self.clock.on_move(self._loops.poke_all)
                await self.clock.follow(self.broker.client, self.broker.js)
            yield

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.connected())
            self._check_ears()
            await self.broker.start()
            durables = self.topology.durables_of(self.name)
            self._loops.add("relay", self.relay.run)
            self._loops.add("watchdog", lambda: watchdog.watch(self.broker.js, durables, self._end))
            self._loops.add_repeating("gauges", 5.0, self._measure)
            await stack.enter_async_context(self._loops.running())
            log.info("ready", service=self.name, hears=len(durables))
            yield
            log.info("stopping", service=self.name)

    def _ear(self, fact: type[FactLike]) -> Ear[Any]:
        durable = next((d for d in self.topology.durables_of(self.name) if d.subject == fact.subject_for()), None)
        if durable is None:
            raise LookupError(f"deploy/nats/topology.yaml does not let {self.name} hear {fact.fact_type()}")
        ear = Ear(durable, fact, self._work, self.broker, self.clock, self.telemetry, self.metrics)
        self.ears[durable.name] = ear
        return ear

    def _check_ears(self) -> None:
        deaf = [d.name for d in self.topology.durables_of(self.name) if d.name not in self.ears]
        if deaf:
            raise provisioning.Drift(
                f"{self.name} has no handler for {', '.join(deaf)}, which the topology lets it hear"
            )

    async def _check_nats(self) -> None:
        if not self.broker.connected:
            raise ConnectionError("not connected")

    async def _check_fatal(self) -> None:
        if self.fatal:
            raise Permanent(self.fatal)

    async def _measure(self) -> None:
        self.metrics.outbox_waiting(await outbox.waiting(self.db))
        self.metrics.dead_letters(len(await self.dead_letters.find()))
        offset = self.clock.offset if isinstance(self.clock, RehearsalClock) else timedelta()
        self.metrics.clock_offset(offset.total_seconds())

    def _end(self, why: str) -> None:
        self.fatal = why
        self.on_fatal()
