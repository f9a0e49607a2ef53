"""Streams, durables and object stores, applied from the topology by an operator's hand and checked by every service.

Services declare nothing: a changed configuration of an existing durable is ignored without an error, and a broker that
declares merges subjects into streams. So one place applies, and each service refuses to start on a server that differs.
"""

from collections.abc import Sequence
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, ObjectStoreConfig, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from chassis import inbox
from chassis.topology import Durable, Stream, Topology


class Drift(RuntimeError):  # noqa: N818
    """The server is not as the topology says; the text names each difference and the command that mends it."""


def stream_config(stream: Stream) -> StreamConfig:
    """Return a stream as nats-py wants it."""
    return StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        storage=StorageType(stream.storage),
        max_age=float(stream.max_age_seconds),
        max_msgs=stream.max_messages,
        max_msgs_per_subject=stream.max_messages_per_subject,
        max_msg_size=stream.max_message_bytes,
        duplicate_window=float(stream.duplicate_window_seconds),
        allow_direct=True,
    )


def consumer_config(durable: Durable) -> ConsumerConfig:
    """Return a durable as nats-py wants it: from the stream's beginning, so that a new service learns the past."""
    return ConsumerConfig(
        durable_name=durable.name,
        filter_subject=durable.subject,
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=float(durable.ack_wait_seconds),
        max_deliver=durable.max_deliver,
        max_ack_pending=durable.max_ack_pending,
    )


async def apply(js: JetStreamContext, topology: Topology) -> None:
    """Make the server as the topology says; running it again changes nothing. Only the admin user may."""
    for stream in topology.streams:
        if stream.max_age_seconds >= inbox.KEPT_SECONDS:
            raise ValueError(f"the stream {stream.name} must forget before the inboxes do")
        try:
            await js.stream_info(stream.name)
        except NotFoundError:
            await js.add_stream(stream_config(stream))
        else:
            await js.update_stream(stream_config(stream))
    for store in topology.object_stores:
        try:
            await js.object_store(store.name)
        except NotFoundError:
            await js.create_object_store(
                store.name, config=ObjectStoreConfig(bucket=store.name, max_bytes=store.max_bytes)
            )
    for durable in topology.durables:
        await js.add_consumer(durable.stream, consumer_config(durable))


async def check(js: JetStreamContext, topology: Topology, service: str) -> None:
    """Raise Drift unless what this service uses stands on the server as the topology says."""
    differences: list[str] = []
    durables = topology.durables_of(service)
    used = {service.upper(), *(durable.stream for durable in durables)}
    facts = (s for s in topology.speaker_streams if s.name in used)
    for stream in (*facts, topology.sign_ins):
        differences += await _stream_differences(js, stream)
    differences += [line for durable in durables for line in await _durable_differences(js, durable)]
    if differences:
        raise Drift("NATS is not as deploy/nats/topology.yaml says; provision it again:\n" + "\n".join(differences))


async def _stream_differences(js: JetStreamContext, stream: Stream) -> list[str]:
    try:
        config = (await js.stream_info(stream.name)).config
    except NotFoundError:
        return [f"stream {stream.name}: missing"]
    wanted = stream_config(stream)
    return _compare(
        f"stream {stream.name}", config, wanted, ("subjects", "max_age", "max_msg_size", "duplicate_window")
    )


async def _durable_differences(js: JetStreamContext, durable: Durable) -> list[str]:
    try:
        config = (await js.consumer_info(durable.stream, durable.name)).config
    except NotFoundError:
        return [f"durable {durable.name}: missing"]
    wanted = consumer_config(durable)
    return _compare(
        f"durable {durable.name}", config, wanted, ("filter_subject", "ack_wait", "max_deliver", "max_ack_pending")
    )


def _compare(what: str, found: Any, wanted: Any, fields: Sequence[str]) -> list[str]:
    return [
        f"{what}: {field} is {getattr(found, field)!r}, not {getattr(wanted, field)!r}"
        for field in fields
        if getattr(found, field) != getattr(wanted, field)
    ]
