"""What each service's NATS user may do, tried on a real nats-server with the topology's own permissions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, ObjectStoreConfig, StreamConfig
from nats.js.errors import NotFoundError

from borgersamling.servers import NatsServer
from chassis.topology import Topology, inbox_prefix, load, nats_users

pytestmark = pytest.mark.integration
TOPOLOGY = load(Path(__file__).parents[2] / "deploy/nats/topology.yaml")
Connect = Callable[[str], Awaitable[Client]]


async def provision(admin: Client, topology: Topology) -> None:
    js = admin.jetstream()
    for stream in topology.streams:
        await js.add_stream(StreamConfig(name=stream.name, subjects=list(stream.subjects), allow_direct=True))
    for durable in topology.durables:
        config = ConsumerConfig(
            durable_name=durable.name, filter_subject=durable.subject, ack_policy=AckPolicy.EXPLICIT
        )
        await js.add_consumer(durable.stream, config)
    for store in topology.object_stores:
        await js.create_object_store(store.name, ObjectStoreConfig(max_bytes=store.max_bytes))


PASSWORDS = {user: f"pw-{user}" for user in (*TOPOLOGY.services, "admin")}


async def refusal_seen(_: Exception) -> None:
    """A refusal also shows as a time-out, which is what the tests look at."""


async def open_as(url: str, user: str) -> Client:
    prefix = inbox_prefix(user).encode()
    return await nats.connect(url, user=user, password=PASSWORDS[user], inbox_prefix=prefix, error_cb=refusal_seen)


@pytest.fixture(scope="module")
def guarded_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker with the topology's users, provisioned by its admin."""

    async def set_up(url: str) -> None:
        admin = await open_as(url, "admin")
        await provision(admin, TOPOLOGY)
        await admin.close()

    folder = tmp_path_factory.mktemp("nats")
    with NatsServer(folder, config=nats_users(TOPOLOGY, PASSWORDS)) as server:
        asyncio.run(set_up(server.url))
        yield server.url


@pytest.fixture
async def connect(guarded_broker: str) -> AsyncIterator[Connect]:
    """Connect to the broker as a service."""
    clients: list[Client] = []

    async def connected(user: str) -> Client:
        clients.append(await open_as(guarded_broker, user))
        return clients[-1]

    yield connected
    for client in clients:
        await client.close()


async def test_a_fact_is_said_by_its_owner_heard_and_acknowledged(connect: Connect) -> None:
    said = (
        await (await connect("registration"))
        .jetstream()
        .publish("registration.dragoer-2025.pool-closed.v1", b"{}", stream="REGISTRATION")
    )
    lottery = (await connect("lottery")).jetstream()
    heard = await lottery.pull_subscribe_bind(consumer="lottery-pool-closed", stream="REGISTRATION")
    (message,) = await heard.fetch(1)
    await message.in_progress()
    await message.ack_sync()
    assert message.metadata.sequence.stream == said.seq


async def test_an_attachment_is_put_by_registration_and_read_by_lottery_who_cannot_change_it(connect: Connect) -> None:
    written = await (await connect("registration")).jetstream().object_store("attachments")
    await written.put("pool", b"x" * 300_000)
    await written.put("pool", b"y" * 300_000)
    lottery = await connect("lottery")
    read = await lottery.jetstream().object_store("attachments")
    assert (await read.get("pool")).data == b"y" * 300_000
    overwrite = await lottery.jetstream(timeout=1).object_store("attachments")  # what is refused is not answered
    with pytest.raises(Error):
        await overwrite.put("pool", b"other people")
    await written.delete("pool")


async def test_a_dead_letter_is_read_and_taken_off_the_list(connect: Connect) -> None:
    await (
        (await connect("registration"))
        .jetstream()
        .publish("registration.dragoer-2025.person-erased.v1", b"{}", stream="REGISTRATION")
    )
    lottery = (await connect("lottery")).jetstream()
    heard = await lottery.pull_subscribe_bind(consumer="lottery-person-erased", stream="REGISTRATION")
    (message,) = await heard.fetch(1)
    await message.term()
    await message._client.flush()
    for _ in range(100):  # the server says what it was told in its own time
        try:
            letter = await lottery.get_msg("DEAD_LETTERS", seq=1)
            break
        except NotFoundError:
            await asyncio.sleep(0.05)
    assert letter.data is not None
    assert b"lottery-person-erased" in letter.data
    assert await lottery.delete_msg("DEAD_LETTERS", 1)


async def test_notifications_asks_and_registration_answers(connect: Connect) -> None:
    async def answer(message: Msg) -> None:
        await message.respond(b"answered")

    registration = await connect("registration")
    await registration.subscribe("registration.recipients.resolve", cb=answer)
    await registration.flush()
    reply = await (await connect("notifications")).request("registration.recipients.resolve", b"", timeout=5)
    assert reply.data == b"answered"


async def test_the_rehearsal_clock_is_read(connect: Connect) -> None:
    await (await connect("admin")).jetstream().publish("rehearsal.clock", b"then")
    followup = (await connect("followup")).jetstream()
    assert (await followup.get_last_msg("CLOCK", "rehearsal.clock")).data == b"then"
    assert (await followup.get_last_msg("CLOCK", "rehearsal.clock", direct=True)).data == b"then"


@pytest.mark.parametrize(
    ("what", "attempt"),
    [
        (
            "another's fact",
            lambda js: js.publish("registration.a.pool-closed.v1", b"", stream="REGISTRATION", timeout=1),
        ),
        ("the clock", lambda js: js.publish("rehearsal.clock", b"", timeout=1)),
        ("a stream's end", lambda js: js.delete_stream("LOTTERY")),
        ("a stream's content", lambda js: js.purge_stream("LOTTERY")),
        ("another's place", lambda js: js.consumer_info("REGISTRATION", "notifications-invitation-issued")),
        ("another's stream", lambda js: js.get_msg("NOTIFICATIONS", seq=1)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_service_is_refused_what_is_not_its_own(
    connect: Connect, what: str, attempt: Callable[..., Awaitable[object]]
) -> None:
    lottery = await connect("lottery")
    with pytest.raises(NatsTimeout):
        await attempt(lottery.jetstream(timeout=1))
    await lottery.flush()
    assert "permissions violation" in str(lottery.last_error), what


async def test_a_service_cannot_listen_to_anothers_replies(connect: Connect) -> None:
    admin, lottery = await connect("admin"), await connect("lottery")
    overheard = await lottery.subscribe("_INBOX_notifications.>")
    own = await lottery.subscribe("_INBOX_lottery.own")
    await lottery.flush()
    await admin.publish("_INBOX_notifications.reply", b"names and addresses")
    await admin.publish("_INBOX_lottery.own", b"for lottery")
    assert (await own.next_msg(timeout=10)).data == b"for lottery"
    assert overheard.pending_msgs == 0
