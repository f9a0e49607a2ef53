"""The last steps of a batch: its turn at each provider, and the channels themselves."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.mongo import Document
from chassis.telemetry import Telemetry
from notifications.catalogue import KINDS
from notifications.channels import Channel, ChannelName, Outcome, Outgoing
from notifications.rates import Rates
from notifications.use_cases.recording import Happened

TOO_MUCH = "http-429"
"""The reason of an outcome that is about the whole channel: its provider says that it has too much."""
SHORT_STOP = 1.0
"""Seconds that a channel stops for when its provider does not say how long."""


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """A shipment and what is sent for it."""

    shipment: Document
    out: Outgoing
    channel: ChannelName


class Sender:
    """Sends what is ready, no faster than the providers allow."""

    def __init__(
        self, channels: Mapping[ChannelName, Channel], rates: Rates, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._channels = channels
        self._rates = rates
        self._clock = clock
        self._telemetry = telemetry

    async def wait_for_turns(self, ready: Iterable[Ready]) -> dict[ChannelName, float]:
        """Wait until each channel's turn has come. Return those whose turn is too far off, with the seconds to it."""
        turns = {name: await self._rates.turn(name, len(some)) for name, some in by_channel(ready).items()}
        await asyncio.sleep(max((turn.seconds for turn in turns.values() if turn.taken), default=0.0))
        return {name: turn.seconds for name, turn in turns.items() if not turn.taken}

    async def send(self, ready: Sequence[Ready]) -> list[Happened]:
        """Send each once, the bulk of a channel together, and return what happened."""
        bulk = [one for one in ready if KINDS[one.out.template].bulk]
        single = [one for one in ready if not KINDS[one.out.template].bulk]
        sent = await asyncio.gather(
            *(self._send_bulk(name, some) for name, some in by_channel(bulk).items()),
            *(self._send_single(one) for one in single),
        )
        return [one for some in sent for one in some]

    async def _send_bulk(self, channel: ChannelName, some: Sequence[Ready]) -> list[Happened]:
        attributes = {"shipments": len(some), "channel": channel}
        with self._telemetry.span(f"send {some[0].out.template} in bulk", attributes=attributes):
            return await self._send_by(channel, some)

    async def _send_single(self, one: Ready) -> list[Happened]:
        attributes = {"shipment": one.out.shipment, "channel": one.channel}
        parent = one.shipment["traceparent"]
        with self._telemetry.span(f"send {one.out.template}", parent=parent, attributes=attributes):
            return await self._send_by(one.channel, [one])

    async def _send_by(self, channel: ChannelName, some: Sequence[Ready]) -> list[Happened]:
        outcomes = await self._channels[channel].send([one.out for one in some], self._clock.now())
        stops = [outcome.retry_after or SHORT_STOP for outcome in outcomes if outcome.reason == TOO_MUCH]
        if stops:
            await self._rates.stop(channel, max(stops))
        return [_as_happened(one.out, outcome) for one, outcome in zip(some, outcomes, strict=True)]


def by_channel(ready: Iterable[Ready]) -> dict[ChannelName, list[Ready]]:
    """Return what is ready by its channel."""
    found: dict[ChannelName, list[Ready]] = {}
    for one in ready:
        found.setdefault(one.channel, []).append(one)
    return found


def _as_happened(out: Outgoing, outcome: Outcome) -> Happened:
    return Happened(
        out.shipment,
        outcome.steps,
        reason=outcome.reason,
        wait=outcome.retry_after,
        transmission=outcome.transmission,
        template_version=out.template_version,
    )
