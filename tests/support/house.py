"""A house for services under test: real NATS and MongoDB, databases of their own, a clock the test moves.

registration = await house.start(bootstrap.build, Settings)
await house.say(AssemblyAnnounced(...))
await house.settle()
assert await house.heard("registration.sign-up-opened.v1") == [...]
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
import nats
from fastapi import FastAPI
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError, ServerError
from pydantic import BaseModel

from chassis import clock, provisioning
from chassis.facts import ATTACHMENT, ATTACHMENT_DIGEST, FactLike, cloud_event_headers
from chassis.identity import Role
from chassis.mongo import Database
from chassis.objects import Objects, digest_of
from chassis.service import Service
from chassis.settings import CommonSettings
from chassis.topology import ADMIN
from support.servers import Servers

SETTLE_SECONDS = 60.0
Reply = TypeVar("Reply", bound=BaseModel)
FORMS_KEY = "a-key-for-tests-that-seals-every-form"
FORMS: dict[str, Any] = {
    "key": FORMS_KEY,
    "least_seconds": 0,
    **dict.fromkeys(("per_address", "per_link", "guesses_per_address"), "9999/minute"),
}
"""Forms as fast and as often as a test sends them; a test of the limits sets its own."""


@dataclass
class Running:
    """A service that runs in this process."""

    service: Service
    app: FastAPI
    http: httpx.AsyncClient
    stop: Callable[[], Awaitable[None]]
    """Stop it in order, as SIGTERM does; what it had not done yet is left to the next one."""


class House:
    """One test's house; nothing in it is shared with another test but the two servers."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.topology = servers.topology
        self.name = f"t{uuid.uuid4().hex[:12]}"
        self.running: list[Running] = []
        self._databases: set[str] = set()
        self._answers: dict[str, Subscription] = {}
        self._stack = AsyncExitStack()
        self.js: JetStreamContext

    async def __aenter__(self) -> "House":
        client = await nats.connect(
            self.servers.nats_url, user=ADMIN, password=self.servers.password(ADMIN), connect_timeout=5
        )
        self._stack.push_async_callback(client.close)
        self.client = client
        self.js = client.jetstream(timeout=30)
        await self._empty_streams()
        return self

    async def __aexit__(self, *_: object) -> None:
        for running in reversed(self.running):
            await running.stop()
        for name in self._databases:
            database = Database(self.servers.mongo_uri, name)
            await database.drop()
            database.close()
        await self._stack.aclose()

    async def _empty_streams(self) -> None:
        """Have every stream and durable as the topology says, and empty."""
        for stream in self.topology.streams:
            try:
                await self.js.delete_stream(stream.name)
            except NotFoundError:
                continue
        for store in self.topology.object_stores:
            try:
                await self.js.delete_object_store(store.name)
            except NotFoundError:
                continue
        for attempt in range(20):
            try:
                await provisioning.apply(self.js, self.topology)
            except ServerError:
                # "error creating store": the server is still clearing away the files of the stream just deleted.
                if attempt == 19:
                    raise
                await asyncio.sleep(0.2)
            else:
                return

    # Services

    async def start(
        self,
        build: Callable[[Any], Service],
        settings_type: type[CommonSettings],
        *,
        name: str | None = None,
        **extra: Any,
    ) -> Running:
        """Start a service in this process and return when it is ready; started again it finds its database again.

        `name` is the service's, by default the package `build` is in; `extra` are more settings, or override ours.
        """
        name = name or build.__module__.split(".")[0]
        database = f"{self.name}_{name}"
        self._databases.add(database)
        settings = settings_type(
            **{
                "nats": {"url": self.servers.nats_url, "user": name, "password": self.servers.password(name)},
                "mongo": {"uri": self.servers.mongo_uri, "database": database},
                "clock": {"mode": "rehearsal"},
                "identity": {"tokens": {role.value: self.token(role) for role in Role if role is not Role.PUBLIC}},
                "forms": FORMS,
                "topology": self.servers.topology_file,
            }
            | extra
        )
        service = build(settings)
        service.live.stopping = lambda: True  # what follows along says how it is and ends, for our client waits for it
        app = service.app()
        stop_life = await _live(app)
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")

        async def stop() -> None:
            if running in self.running:
                self.running.remove(running)
                await http.aclose()
                await stop_life()

        running = Running(service, app, http, stop)
        self.running.append(running)
        return running

    @staticmethod
    def token(role: Role) -> str:
        return f"a-token-for-tests-of-the-role-{role.value}"

    def headers(self, role: Role) -> dict[str, str]:
        """Return the request headers of someone with this role."""
        return {"Authorization": f"Bearer {self.token(role)}"}

    # Facts

    async def say(self, fact: FactLike, *, attachment: bytes | None = None, event_id: str | None = None) -> str:
        """Say a fact as its speaker would, and return its event id. The same `event_id` again is said again."""
        event_id = event_id or str(uuid.uuid4())
        now = datetime.now(UTC)
        headers = cloud_event_headers(fact.fact_type(), f"/{fact.speaker}", event_id, now)
        if attachment is not None:
            await Objects(self.js).put(event_id, attachment)
            headers |= {ATTACHMENT: event_id, ATTACHMENT_DIGEST: digest_of(attachment)}
        # No Nats-Msg-Id: a fact said twice must reach the hearer twice, or its inbox is never tried.
        subject = fact.subject_for(fact.assembly)
        await self.js.publish(
            subject, fact.model_dump_json().encode(), stream=fact.speaker.upper(), headers=headers, timeout=10
        )
        return event_id

    async def heard(self, fact_type: str, assembly: str = "*") -> list[dict[str, Any]]:
        """Return the bodies of a type of fact on its stream, oldest first."""
        speaker, name, version = fact_type.rsplit(".", 2)[0], *fact_type.rsplit(".", 2)[1:]
        stream, subject = speaker.upper(), f"{speaker}.{assembly}.{name}.{version}"
        bodies: list[dict[str, Any]] = []
        sequence = 1
        while True:
            try:
                message = await self.js.get_msg(stream, seq=sequence, subject=subject, next=True, direct=True)
            except NotFoundError:
                return bodies
            bodies.append(json.loads(message.data or b"{}"))
            sequence = (message.seq or 0) + 1

    async def settle(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until the running services have nothing left to do: outboxes, durables, their own backlogs.

        AssertionError with what is left after `seconds`. Seen empty twice, with no new fact in between: a fact may be
        between two services while each of them is idle.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        before: int | None = None
        while True:
            left = {r.service.name: await r.service.work_left() for r in self.running}
            said = await self._facts_said()
            if not any(sum(work.values()) for work in left.values()):
                if said == before:
                    return
                before = said
            else:
                before = None
            if asyncio.get_running_loop().time() > deadline:
                waiting = {name: {k: n for k, n in work.items() if n} for name, work in left.items()}
                raise AssertionError(f"not settled after {seconds:g} s; still to do: {waiting}")
            await asyncio.sleep(0.03)

    async def _facts_said(self) -> int:
        return sum([(await self.js.stream_info(s.name)).state.last_seq for s in self.topology.speaker_streams])

    # The world outside

    async def move_clock(self, now: datetime) -> None:
        """Move the clock of all services and return when each of them stands there."""
        await clock.move(self.js, now)
        for _ in range(200):
            if all(abs(r.service.clock.now() - now) < timedelta(minutes=5) for r in self.running):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"the services did not follow the clock to {now.isoformat()}")

    async def ask(self, subject: str, question: BaseModel, reply: type[Reply]) -> Reply:
        """Ask a question in another service's place; LookupError names the error it is answered with."""
        answer = await self.client.request(subject, question.model_dump_json().encode(), timeout=15)
        if error := (answer.headers or {}).get("error"):
            raise LookupError(error)
        return reply.model_validate_json(answer.data)

    async def answer(self, subject: str, reply: Callable[[dict[str, Any]], BaseModel | dict[str, Any]]) -> None:
        """Answer a question in another service's place; `reply` gets the question's JSON. The last one said counts."""

        async def respond(message: Msg) -> None:
            body = reply(json.loads(message.data))
            text = body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body)
            await message.respond(text.encode())

        subscription = await self.client.subscribe(subject, cb=respond)
        if earlier := self._answers.pop(subject, None):
            await earlier.unsubscribe()
        self._answers[subject] = subscription
        await self.client.flush()


async def _live(app: FastAPI) -> Callable[[], Awaitable[None]]:
    """Enter an application's lifespan in a task of its own, as a server does; return how to leave it."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    leave = asyncio.Event()

    async def life() -> None:
        try:
            async with app.router.lifespan_context(app):
                ready.set_result(None)
                await leave.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    task = asyncio.create_task(life(), name="lifespan")
    await ready

    async def stop() -> None:
        leave.set()
        await task

    return stop
