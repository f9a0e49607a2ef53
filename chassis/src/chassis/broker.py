"""The way to NATS: one FastStream broker per service, with the settings its traps ask for.

The traps are listed in docs/architecture/events.md; each non-default below answers one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from faststream.types import BrokerMiddleware
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck

from chassis.errors import Transient
from chassis.objects import BUCKET, Objects
from chassis.publishing import Publisher
from chassis.settings import Nats

PUBLISH_TIMEOUT = 10.0
"""Seconds to wait for JetStream's acknowledgement; nats-py's own 0.5 s is too short under load."""

log = structlog.get_logger()


class Broker:
    """A service's connection: FastStream for hearing one at a time, nats-py for all else, over one socket."""

    def __init__(
        self,
        service: str,
        settings: Nats,
        middlewares: tuple[BrokerMiddleware[Any, Any], ...] = (),
        stores: Mapping[str, str] | None = None,
    ) -> None:
        """`stores` names the store in which each service's attachments lie (`Topology.stores_by_writer`)."""
        self._stores = dict(stores or {})
        self.inbox_prefix = f"_INBOX_{service}".encode()
        self.pull_inbox = self.inbox_prefix + b"."
        self._service = service
        self._client: Client | None = None
        self._js: JetStreamContext | None = None
        self._publisher: Publisher | None = None
        self._subscriptions: list[tuple[str, Callable[[Msg], Awaitable[None]]]] = []
        security = None
        if settings.user and settings.password:
            security = SASLPlaintext(username=settings.user, password=settings.password.get_secret_value())
        self.faststream = NatsBroker(
            settings.url,
            name=service,
            max_reconnect_attempts=-1,  # a finite number ends in a pull loop that spins and freezes the event loop
            reconnect_time_wait=1,
            connect_timeout=5,
            inbox_prefix=self.inbox_prefix,
            graceful_timeout=15.0,  # None cuts handlers in flight
            ack_policy=AckPolicy.NACK_ON_ERROR,  # the default terminates a message on its first exception
            middlewares=middlewares,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
            logger=None,
            security=security,
        )

    async def connect(self) -> None:
        """Connect; subscriptions start with `start`."""
        self._client = await self.faststream.connect()
        self._js = self._client.jetstream(timeout=PUBLISH_TIMEOUT)

    async def start(self) -> None:
        """Start every subscription FastStream knows, and those of `answer`."""
        await self.faststream.start()
        for subject, callback in self._subscriptions:
            await self.client.subscribe(subject, queue=self._service, cb=callback)
        # A subscription counts when the server has it: who is told that we are ready may ask at once.
        await self.client.flush()

    async def stop(self) -> None:
        """Let handlers in flight finish, then close."""
        await self.faststream.stop()

    @property
    def client(self) -> Client:
        """The nats-py connection; ConnectionError before `connect`."""
        if self._client is None:
            raise ConnectionError("not connected to NATS yet")
        return self._client

    @property
    def js(self) -> JetStreamContext:
        """JetStream over the same connection; ConnectionError before `connect`."""
        if self._js is None:
            raise ConnectionError("not connected to NATS yet")
        return self._js

    def objects_of(self, speaker: str) -> Objects:
        """Return the store in which the attachments of this service's facts lie."""
        return Objects(self.js, self._stores.get(speaker, BUCKET))

    @property
    def connected(self) -> bool:
        """Whether the connection stands at this moment."""
        return self._client is not None and bool(self._client.is_connected)

    async def publish_soon(
        self, subject: str, body: bytes, stream: str, message_id: str, headers: dict[str, str]
    ) -> asyncio.Future[PubAck]:
        """Send now and return what to wait for, PUBLISH_TIMEOUT and no longer: the stream's acknowledgement.

        Always with the stream's name: no other may take it.
        """
        if self._publisher is None:
            self._publisher = await Publisher.over(self.client)
        ids = {Header.EXPECTED_STREAM.value: stream, Header.MSG_ID.value: message_id}
        return await self._publisher.send(subject, body, headers | ids)

    async def request(self, subject: str, body: bytes, seconds: float) -> bytes:
        """Ask another service. Transient when nobody answers within `seconds`."""
        try:
            reply = await self.client.request(subject, body, timeout=seconds)
        except (NatsTimeoutError, NoRespondersError, TimeoutError) as error:
            raise Transient(f"nobody answered {subject}") from error
        if reply.headers and reply.headers.get("error"):
            raise Transient(f"{subject} was answered with an error")
        return reply.data

    def answer(self, subject: str, callback: Callable[[Msg], Awaitable[None]]) -> None:
        """Answer a subject, one replica of the service a request."""
        self._subscriptions.append((subject, callback))

    async def _on_error(self, error: Exception) -> None:
        # A forbidden publish shows itself here and, to its caller, only as a time-out.
        log.error("NATS reports an error", error=type(error).__name__, detail=str(error))

    async def _on_disconnected(self) -> None:
        log.warning("disconnected from NATS")

    async def _on_reconnected(self) -> None:
        log.info("connected to NATS again")
