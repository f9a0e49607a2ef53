"""Sends what waits: claims a batch, asks who they are, chooses channels, stores the intent, sends, stores the outcome.

No transaction is open across a network call. A sender that dies leaves a lease that ends by itself. What it was sending
is in doubt then: it waits for its receipt, the receipts are asked for, and only then is it sent again, under the UUID
it has had since it was made, so the other side can tell.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

import structlog

from chassis.errors import Permanent, Transient
from chassis.mongo import Document
from chassis.service import Service
from contracts.recipients import MAX_BATCH
from notifications.catalogue import KINDS
from notifications.channels import ChannelName, Follower, LookUp, StaffMember
from notifications.channels.answers import RefusedUs
from notifications.domain.backoff import Backoff
from notifications.domain.message import TemplateError
from notifications.domain.shipment import State, Step
from notifications.receipts import Receipts
from notifications.rendering import Assembly, Renderer, Wordings
from notifications.repository.known import load_assemblies
from notifications.repository.shipments import SHIPMENTS, Lease, claim, release, renew
from notifications.resolving import Recipient, Resolver
from notifications.sending import Ready, Sender
from notifications.settings import Settings
from notifications.texts import Texts
from notifications.use_cases.jobs import CANCELLED
from notifications.use_cases.recording import NO_DIGITAL_POST, Happened, record
from notifications.watching import Watch

LANES = 2
"""Batches under way at a time in one process: while one waits for the database, the other sends."""

log = structlog.get_logger()


class Dispatcher:
    """Sends for one process; two replicas share the work by leases."""

    def __init__(
        self,
        service: Service,
        settings: Settings,
        renderer: Renderer,
        sender: Sender,
        look_up: LookUp,
        receipts: Receipts,
        watch: Watch,
    ) -> None:
        self._service = service
        self._size = min(settings.batch_size, MAX_BATCH, *(rate.burst for rate in settings.rates.values()))
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._resolver = Resolver(service, settings.staff)
        self._renderer = renderer
        self._texts = Texts(service)
        self._sender = sender
        self._look_up = look_up
        self._receipts = receipts
        self._watch = watch
        self._doubt_seconds = settings.unknown_wait_seconds
        self._backoff = Backoff(settings.retry.base_seconds, settings.retry.cap_seconds, Random())  # noqa: S311 - jitter

    async def run(self) -> None:
        """Send until nothing is due."""
        lanes = await asyncio.gather(*(self._lane() for _ in range(LANES)), return_exceptions=True)
        for ended in lanes:  # each lane has let its batch go by itself; the loop logs the first error and starts again
            if isinstance(ended, BaseException):
                raise ended

    async def _lane(self) -> None:
        while await self.send_batch():
            pass

    async def send_batch(self) -> int:
        """Send one batch and return how many shipments it had."""
        lease = await claim(self._service.db, self._service.clock.machine_now(), self._lease, self._size)
        if not lease.shipments:
            return 0
        async with self._kept(lease):
            if shipments := await self._settled(lease):
                await self._send_these(shipments, lease)
        self._service.poke("receipts")
        return len(lease.shipments)

    async def _settled(self, lease: Lease) -> list[Document]:
        """Return those of a batch that may be sent: a doubt is left to its receipt first, a cancelled job stays so."""
        set_aside: dict[str, Happened] = {}
        doubtful = {d["_id"] for d in lease.shipments if d["state"] == State.UNKNOWN and d["channel"] == "digital-post"}
        asked = await self._receipts.fetch() if doubtful else True
        for document in lease.shipments:
            one, state = document["_id"], document["state"]
            if state == State.SENDING:  # its sender died
                set_aside[one] = Happened(one, (Step.LOST,), reason="sender-lost", cause="clock")
            elif state == State.UNKNOWN:
                if not asked and one in doubtful:
                    set_aside[one] = Happened(one, reason="receipts-unasked")
            elif document["job"] in lease.cancelled:
                set_aside[one] = Happened(one, (Step.CANCELLED,), reason=CANCELLED, cause="job")
        await self._record(lease, list(set_aside.values()))
        return [document for document in lease.shipments if document["_id"] not in set_aside]

    async def _send_these(self, shipments: Sequence[Document], lease: Lease) -> None:
        people, happened = await self._resolver.resolve(shipments)
        channels, unclear = await self._choose(shipments, people)
        assemblies = await load_assemblies(self._service.db, list({d["assembly"] for d in shipments}))
        ready, unready = self._render(shipments, people, channels, assemblies, await self._texts.load(shipments))
        happened |= unclear | unready
        full = await self._sender.wait_for_turns(ready.values())
        for name, seconds in full.items():
            later = self._service.clock.machine_now() + timedelta(seconds=seconds)
            put_back = [one for one in ready if ready[one].channel == name]
            await release(self._service.db.collection(SHIPMENTS), lease.token, put_back, later)
        starting = [one for one in ready if ready[one].channel not in full]
        happened |= {one: _begins(ready[one]) for one in starting}
        held = await self._record(lease, list(happened.values()))
        await self._record(lease, await self._sender.send([ready[one] for one in starting if one in held]))

    async def _choose(
        self, shipments: Sequence[Document], people: Mapping[str, Recipient]
    ) -> tuple[dict[str, ChannelName], dict[str, Happened]]:
        """Choose each channel once. Only a definite `not registered` leads to a letter; an error never does."""
        chosen: dict[str, ChannelName] = {}
        happened: dict[str, Happened] = {}

        async def choose(document: Document) -> None:
            one, to = document["_id"], people[document["_id"]]
            if document["channel"]:
                chosen[one] = document["channel"]
            elif isinstance(to, StaffMember | Follower):
                chosen[one] = "email"
            else:
                try:
                    # Without a number nobody can be looked up, nor written to there.
                    if to.cpr and await self._look_up.look_up(to.cpr) == "registered":
                        chosen[one] = "digital-post"
                    elif KINDS[document["template"]].paper:
                        chosen[one] = "letter"
                    else:
                        happened[one] = Happened(one, (Step.FAILED,), "digital-post", NO_DIGITAL_POST)
                except RefusedUs as error:
                    happened[one] = Happened(one, reason=error.reason)
                except Transient as error:
                    happened[one] = Happened(one, reason="look-up-failed", wait=error.retry_after)
                except Permanent as refused:
                    happened[one] = Happened(one, (Step.FAILED,), "digital-post", str(refused))

        with self._service.telemetry.span("choose channels", attributes={"shipments": len(people)}):
            await asyncio.gather(*(choose(d) for d in shipments if d["_id"] in people))
        return chosen, happened

    def _render(
        self,
        shipments: Sequence[Document],
        people: Mapping[str, Recipient],
        channels: Mapping[str, ChannelName],
        assemblies: Mapping[str, Assembly],
        own: Wordings,
    ) -> tuple[dict[str, Ready], dict[str, Happened]]:
        ready: dict[str, Ready] = {}
        happened: dict[str, Happened] = {}
        for document in shipments:
            one = document["_id"]
            if one not in channels:
                continue
            if document["assembly"] not in assemblies:  # announced on another stream: it may be heard of later
                happened[one] = Happened(one, reason="assembly-unknown")
                continue
            try:
                assembly = assemblies[document["assembly"]]
                out = self._renderer.render(document, assembly, people[one], channels[one], own)
            except TemplateError:  # a problem on the list: it goes when the text is mended
                happened[one] = Happened(one, reason="template-refused")
                continue
            except KeyError as error:  # the template names a field that the event did not bring
                log.warning(
                    "a message could not be rendered", shipment=one, template=document["template"], field=str(error)
                )
                happened[one] = Happened(one, (Step.FAILED,), reason="not-rendered")
                continue
            ready[one] = Ready(document, out, channels[one])
        return ready, happened

    async def _record(self, lease: Lease, happened: Sequence[Happened]) -> frozenset[str]:
        if not happened:
            return frozenset()
        attempts = {document["_id"]: document["attempts"] for document in lease.shipments}
        waiting = [replace(one, wait=self._wait(one, attempts[one.shipment])) for one in happened]
        recorded = await self._service.transaction(partial(record, happened=waiting, lease=lease.token))
        await self._watch.see(recorded.ended)
        return recorded.moved

    def _wait(self, one: Happened, attempts: int) -> float:
        doubt = Step.TIMED_OUT in one.steps or Step.LOST in one.steps
        return self._doubt_seconds if doubt else self._backoff.wait(attempts, one.wait)

    @asynccontextmanager
    async def _kept(self, lease: Lease) -> AsyncIterator[None]:
        """Renew the lease while the batch is under way: short leases, so that a dead sender's are soon free."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(self._lease.total_seconds() / 4)
                until = self._service.clock.machine_now() + self._lease
                with suppress(Exception):  # the lease then ends, which is safe; the batch itself reports the failure
                    await renew(self._service.db.collection(SHIPMENTS), lease, until)

        keeper = asyncio.create_task(keep(), name="keep a lease")
        try:
            yield
        finally:
            keeper.cancel()


def _begins(ready: Ready) -> Happened:
    # With its version: should the sender die, what may have been taken was in these words.
    steps = (Step.CHANNEL_CHOSEN, Step.SENDING)
    return Happened(ready.out.shipment, steps, ready.channel, template_version=ready.out.template_version)
