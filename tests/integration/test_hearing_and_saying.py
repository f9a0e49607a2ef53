"""The traps of FastStream, nats-py and nats-server that cost facts in other houses, each tried here on real servers."""

import asyncio
from typing import Any

import pytest

from borgersamling.servers import NatsServer
from chassis import outbox, watchdog
from chassis.errors import Permanent, Transient
from chassis.facts import ATTACHMENT, ATTACHMENT_DIGEST, Heard, cloud_event_headers
from chassis.identity import Role
from chassis.objects import Objects, digest_of
from chassis.provisioning import Drift, consumer_config
from chassis.retry import DELAYS
from chassis.service import Service
from chassis.settings import CommonSettings
from chassis.telemetry import current_traceparent
from chassis.transaction import Transaction
from support.five import Visitor
from support.house import House, Running
from support.toys import BulkHappened, ParcelSent, ThingHappened, Unheard, alpha, beta

pytestmark = pytest.mark.integration

A = "dragoer-2025"


class Beta:
    """Beta with handlers that write down what they heard, and fail as a test wants."""

    def __init__(self, size: int = 500) -> None:
        self.attempts: list[int] = []
        self.batches: list[int] = []
        self.attachments: list[bytes | None] = []
        self.fail: dict[int, list[Exception]] = {}
        self.slow: asyncio.Event | None = None
        self.size = size

    def build(self, settings: CommonSettings) -> Service:
        service = beta(settings)
        service.hear(ThingHappened, self.thing)
        service.hear(ParcelSent, self.parcel, with_attachment=True)
        service.hear_batch(BulkHappened, self.bulk, size=self.size)
        return service

    async def thing(self, tx: Transaction, fact: ThingHappened, heard: Heard) -> None:
        self.attempts.append(fact.number)
        await tx.collection("things").insert({"_id": heard.id, "number": fact.number})
        if self.slow is not None:
            await self.slow.wait()
        if self.fail.get(fact.number):
            raise self.fail[fact.number].pop(0)

    async def parcel(self, tx: Transaction, fact: ParcelSent, heard: Heard) -> None:
        self.attachments.append(heard.attachment)

    async def bulk(self, tx: Transaction, facts: list[tuple[BulkHappened, Heard]]) -> None:
        self.batches.append(len(facts))
        for fact, _ in facts:
            if self.fail.get(fact.number):
                raise self.fail[fact.number].pop(0)
        await tx.collection("bulk").insert_many([{"_id": h.id, "number": f.number} for f, h in facts])


async def start(toys: House, heard: Beta) -> Running:
    return await toys.start(heard.build, CommonSettings, name="beta")


async def things(running: Running) -> list[int]:
    return sorted(d["number"] for d in await running.service.db.collection("things").find({}))


async def dead_letters(toys: House, running: Running) -> list[dict[str, Any]]:
    for _ in range(100):
        answer = await running.http.get("/beta/ops/dead-letters", headers=toys.headers(Role.OPERATOR))
        if answer.json():
            break
        await asyncio.sleep(0.05)
    letters: list[dict[str, Any]] = answer.json()
    return letters


async def test_a_fact_is_heard_by_a_service_that_may_do_no_more_than_its_permissions(toys: House) -> None:
    running = await start(toys, Beta())
    await toys.say(ThingHappened(assembly=A, number=1))
    await toys.settle()
    assert await things(running) == [1]


async def test_a_fact_delivered_twice_changes_the_house_once(toys: House) -> None:
    heard = Beta()
    running = await start(toys, heard)
    event = await toys.say(ThingHappened(assembly=A, number=1))
    await toys.settle()
    await toys.say(ThingHappened(assembly=A, number=1), event_id=event)
    await toys.settle()
    assert await things(running) == [1]
    assert heard.attempts == [1]


async def test_a_handler_that_fails_once_is_tried_again_and_leaves_nothing_half_written(toys: House) -> None:
    heard = Beta()
    heard.fail[1] = [RuntimeError("the first time")]
    running = await start(toys, heard)
    await toys.say(ThingHappened(assembly=A, number=1))
    await toys.settle()
    assert heard.attempts == [1, 1]
    assert await things(running) == [1]
    assert await toys.js.stream_info("DEAD_LETTERS")
    assert (await toys.js.stream_info("DEAD_LETTERS")).state.messages == 0


async def test_a_failing_fact_waits_its_delay_before_it_comes_back(toys: House) -> None:
    heard = Beta()
    heard.fail[1] = [Transient("not now", retry_after=3600)]
    running = await start(toys, heard)
    await toys.say(ThingHappened(assembly=A, number=1))
    # Other facts go on being heard meanwhile, and the failing one is not seen among them again.
    for number in range(2, 40):
        await toys.say(ThingHappened(assembly=A, number=number))
    for _ in range(200):
        if len(await things(running)) == 38:
            break
        await asyncio.sleep(0.05)
    assert await things(running) == list(range(2, 40))
    assert heard.attempts.count(1) == 1
    assert min(DELAYS) >= 1


async def test_a_fact_refused_for_good_becomes_a_dead_letter_that_can_be_read_and_replayed(toys: House) -> None:
    heard = Beta()
    heard.fail[7] = [Permanent("never")]
    running = await start(toys, heard)
    event = await toys.say(ThingHappened(assembly=A, number=7, person="0123456789abcdef" * 2))
    [letter] = await dead_letters(toys, running)
    assert letter["durable"] == "beta-thing-happened"
    operator = toys.headers(Role.OPERATOR)
    shown = (await running.http.get(f"/beta/ops/dead-letters/{letter['number']}", headers=operator)).json()
    assert shown["headers"]["ce-id"] == event
    assert '"number":7' in shown["body"]
    assert '"person":"[person]"' in shown["body"], "who takes part is not for the operator"

    replayed = await running.http.post(f"/beta/ops/dead-letters/{letter['number']}/replay", headers=operator)

    assert replayed.status_code == 200
    assert await things(running) == [7]
    assert (await running.http.get("/beta/ops/dead-letters", headers=operator)).json() == []


async def test_the_operator_has_a_dead_letter_handled_again_from_the_page(toys: House) -> None:
    heard = Beta()
    heard.fail[7] = [Permanent("never"), Permanent("nor now")]
    running, doorway = await start(toys, heard), await toys.start(alpha, CommonSettings, name="alpha")
    operator = await Visitor.of(Role.OPERATOR, doorway)
    assert "Alle de hændelser, tjenesten har hørt, er behandlet" in (await operator.get(running, "/beta/drift")).text
    await toys.say(ThingHappened(assembly=A, number=7))
    [letter] = await dead_letters(toys, running)
    button = f"/beta/drift/dead-letters/{letter['number']}"
    page = await operator.get(running, "/beta/drift")
    assert f'action="{button}"' in page.text
    assert "beta-thing-happened" in page.text
    for outcome, words in (("nej", "Hændelsen kunne ikke behandles"), ("ja", "Hændelsen er behandlet")):
        pressed = await operator.send(running, button)
        assert pressed.headers["location"] == f"/beta/drift?behandlet={outcome}"
        assert words in (await operator.get(running, pressed.headers["location"])).text
    assert await things(running) == [7]


async def test_a_dead_letter_that_fails_again_stays_on_the_list(toys: House) -> None:
    heard = Beta()
    heard.fail[7] = [Permanent("never"), Permanent("nor now")]
    running = await start(toys, heard)
    await toys.say(ThingHappened(assembly=A, number=7))
    [letter] = await dead_letters(toys, running)
    operator = toys.headers(Role.OPERATOR)
    refused = await running.http.post(f"/beta/ops/dead-letters/{letter['number']}/replay", headers=operator)
    assert refused.status_code == 422
    assert len((await running.http.get("/beta/ops/dead-letters", headers=operator)).json()) == 1
    assert await things(running) == []


async def test_a_fact_that_is_no_fact_becomes_a_dead_letter_and_blocks_nobody(toys: House) -> None:
    running = await start(toys, Beta())
    await toys.js.publish(f"alpha.{A}.thing-happened.v1", b'{"assembly": "no number"}', stream="ALPHA")
    await toys.say(ThingHappened(assembly=A, number=2))
    await toys.settle()
    assert await things(running) == [2]
    assert len(await dead_letters(toys, running)) == 1


async def test_only_the_operator_sees_dead_letters(toys: House) -> None:
    running = await start(toys, Beta())
    assert (await running.http.get("/beta/ops/dead-letters")).status_code == 401
    officer = await running.http.get("/beta/ops/dead-letters", headers=toys.headers(Role.OFFICER))
    assert officer.status_code == 403


async def test_thousands_of_bulk_facts_are_heard_in_batches_each_once(toys: House) -> None:
    heard = Beta(size=500)
    running = await start(toys, heard)
    speaker = await toys.start(alpha, CommonSettings, name="alpha")

    async def say(tx: Transaction) -> None:
        for number in range(1200):
            tx.say(BulkHappened(assembly=A, number=number), once=str(number))

    await speaker.service.transaction(say)
    await speaker.service.transaction(say)
    await toys.settle()
    numbers = sorted(d["number"] for d in await running.service.db.collection("bulk").find({}))
    assert numbers == list(range(1200))
    assert max(heard.batches) > 100


async def test_a_bad_fact_in_a_batch_takes_nobody_with_it(toys: House) -> None:
    heard = Beta()
    heard.fail[3] = [Permanent("bad"), Permanent("bad")]
    for number in range(6):
        await toys.say(BulkHappened(assembly=A, number=number))
    running = await start(toys, heard)
    await toys.settle()
    assert sorted(d["number"] for d in await running.service.db.collection("bulk").find({})) == [0, 1, 2, 4, 5]
    assert len(await dead_letters(toys, running)) == 1


async def test_a_service_finishes_what_it_is_doing_before_it_stops(toys: House) -> None:
    heard = Beta()
    heard.slow = asyncio.Event()
    running = await start(toys, heard)
    await toys.say(ThingHappened(assembly=A, number=1))
    while not heard.attempts:
        await asyncio.sleep(0.01)
    stopping = asyncio.create_task(running.stop())
    await asyncio.sleep(0.2)
    heard.slow.set()
    await stopping
    again = await start(toys, heard)
    await toys.settle()
    assert await things(again) == [1]
    assert heard.attempts == [1]


async def test_a_service_hears_again_after_nats_was_away(toys: House, toy_nats: NatsServer) -> None:
    running = await start(toys, Beta())
    await toys.say(ThingHappened(assembly=A, number=1))
    await toys.settle()
    toy_nats.stop()
    for _ in range(200):
        ready = await running.http.get("/health/ready")
        if ready.status_code == 503:
            break
        await asyncio.sleep(0.05)
    assert ready.status_code == 503
    # The event loop is not frozen by reconnecting: liveness is answered throughout.
    assert (await running.http.get("/health/live")).status_code == 200
    toy_nats.start()
    for _ in range(200):
        if running.service.broker.connected and toys.client.is_connected:
            break
        await asyncio.sleep(0.05)
    await toys.say(ThingHappened(assembly=A, number=2))
    await toys.settle()
    assert await things(running) == [1, 2]


async def test_a_deleted_durable_ends_the_service_with_a_word_for_the_operator(toys: House) -> None:
    running = await start(toys, Beta())
    said: list[str] = []
    durables = running.service.topology.durables_of("beta")
    await toys.js.delete_consumer("ALPHA", "beta-thing-happened")
    await asyncio.wait_for(watchdog.watch(running.service.broker.js, durables, said.append, seconds=0.05), 20)
    assert said == ["the durable beta-thing-happened is missing: provision the streams again"]


async def test_a_service_refuses_to_start_on_a_server_that_differs_from_the_topology(toys: House) -> None:
    durable = next(d for d in toys.topology.durables if d.fact == "thing-happened")
    await toys.js.add_consumer("ALPHA", consumer_config(durable), max_deliver=99)
    with pytest.raises(Drift, match="durable beta-thing-happened: max_deliver is 99, not 4"):
        await start(toys, Beta())


async def test_a_started_service_has_changed_no_stream_and_no_durable(toys: House) -> None:
    before = [(await toys.js.stream_info(s.name)).config.as_dict() for s in toys.topology.streams]
    consumers = [(await toys.js.consumer_info(d.stream, d.name)).config.as_dict() for d in toys.topology.durables]
    await start(toys, Beta())
    assert [(await toys.js.stream_info(s.name)).config.as_dict() for s in toys.topology.streams] == before
    after = [(await toys.js.consumer_info(d.stream, d.name)).config.as_dict() for d in toys.topology.durables]
    assert after == consumers


async def test_a_fact_no_stream_takes_stays_in_the_outbox_and_is_not_lost(
    toys: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")
    monkeypatch.setattr(outbox, "PUBLISH_TIMEOUT", 1.0)  # nobody will ever answer

    async def say(tx: Transaction) -> None:
        tx.say(Unheard(assembly=A))

    await speaker.service.transaction(say)
    for _ in range(600):
        if speaker.service.metrics.registry.get_sample_value("relay_failures_total"):
            break
        await asyncio.sleep(0.05)
    assert speaker.service.metrics.registry.get_sample_value("relay_failures_total"), "the operator can see it"
    assert await outbox.waiting(speaker.service.db) == 1


async def test_a_fact_published_twice_by_two_relays_is_on_the_stream_once(toys: House) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")

    async def say(tx: Transaction) -> None:
        tx.say(ThingHappened(assembly=A, number=1), once="the thing")

    await speaker.service.transaction(say)
    await toys.settle()
    # As if the relay had died after publishing and before marking.
    rows = speaker.service.db.collection(outbox.COLLECTION)
    await rows.update_many({}, {"$set": {"published_at": None}})
    speaker.service.relay.wake()
    await toys.settle()
    assert await toys.heard("alpha.thing-happened.v1") == [{"assembly": A, "number": 1, "person": ""}]


async def test_a_fact_leased_by_a_relay_that_died_is_published_by_another(toys: House) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")
    await speaker.stop()

    async def say(tx: Transaction) -> None:
        tx.say(ThingHappened(assembly=A, number=1))

    again = await toys.start(alpha, CommonSettings, name="alpha")
    await again.service.transaction(say)
    await toys.settle()
    rows = again.service.db.collection(outbox.COLLECTION)
    long_ago = again.service.clock.machine_now() - 2 * outbox.LEASE
    await rows.update_many({}, {"$set": {"published_at": None, "lease": "of the dead", "lease_until": long_ago}})
    again.service.relay.wake()
    await toys.settle()
    assert (await rows.find({}))[0]["published_at"] is not None


async def test_a_command_that_fails_says_nothing(toys: House) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")

    async def say(tx: Transaction) -> None:
        tx.say(ThingHappened(assembly=A, number=1))
        await tx.collection("things").insert({"_id": "1"})
        raise RuntimeError("after all not")

    with pytest.raises(RuntimeError):
        await speaker.service.transaction(say)
    await toys.settle()
    assert await toys.heard("alpha.thing-happened.v1") == []
    assert await speaker.service.db.collection("things").count({}) == 0


async def test_two_commands_at_the_same_document_are_run_one_after_the_other(toys: House) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")
    await speaker.service.db.collection("counters").save({"_id": "c", "n": 0})

    async def count(tx: Transaction) -> None:
        counters = tx.collection("counters")
        counter = await counters.get("c")
        assert counter is not None
        counter["n"] += 1
        await counters.save(counter)
        tx.say(ThingHappened(assembly=A, number=counter["n"]))

    await asyncio.gather(*(speaker.service.transaction(count) for _ in range(8)))
    await toys.settle()
    said = await toys.heard("alpha.thing-happened.v1")
    assert sorted(fact["number"] for fact in said) == list(range(1, 9))


async def test_commands_that_collide_at_the_commit_are_run_again_and_none_is_lost(toys: House) -> None:
    speaker = await toys.start(alpha, CommonSettings, name="alpha")

    async def first_to_write(collection: str, number: int) -> None:
        async def command(tx: Transaction) -> None:
            await tx.collection("counters").one({})
            await asyncio.sleep(0.002 * (number % 3))
            await tx.collection(collection).insert({"_id": str(number)})

        await speaker.service.transaction(command)

    # Collections nobody has written before: two transactions that create one collide only when they commit.
    for round_ in range(10):
        await asyncio.gather(*(first_to_write(f"new-{round_}", number) for number in range(6)))
        assert await speaker.service.db.collection(f"new-{round_}").count({}) == 6


async def test_an_attachment_arrives_with_its_fact_and_can_be_forgotten(toys: House) -> None:
    heard = Beta()
    await start(toys, heard)
    speaker = await toys.start(alpha, CommonSettings, name="alpha")
    body = b"x" * 300_000

    async def say(tx: Transaction) -> str:
        return tx.say(ParcelSent(assembly=A), attachment=body)

    event = await speaker.service.transaction(say)
    await toys.settle()
    assert heard.attachments == [body]
    rows = speaker.service.db.collection(outbox.COLLECTION)
    assert (await rows.find({}))[0]["attachment"] is None
    await speaker.service.forget_attachment(event)
    info = await toys.js.stream_info("OBJ_attachments")
    assert info.state.bytes < 10_000


async def test_an_attachment_put_again_while_it_is_read_is_read_whole(toys: House) -> None:
    objects, body = Objects(toys.js), b"a pool, a row each. " * 20_000
    await objects.put("parcel-1", body)

    async def put() -> None:
        for _ in range(20):
            await objects.put("parcel-1", body)

    async def read() -> None:
        for _ in range(20):
            assert await objects.get("parcel-1", digest_of(body)) == body

    await asyncio.gather(put(), read())


async def test_a_parcel_whose_attachment_is_another_becomes_a_dead_letter(toys: House) -> None:
    heard = Beta()
    running = await start(toys, heard)
    fact = ParcelSent(assembly=A)
    headers = cloud_event_headers(fact.fact_type(), "/alpha", "parcel-1", running.service.clock.now())
    await Objects(toys.js).put("parcel-1", b"as forged")
    headers |= {ATTACHMENT: "parcel-1", ATTACHMENT_DIGEST: digest_of(b"as sent")}
    await toys.js.publish(fact.subject_for(A), fact.model_dump_json().encode(), stream="ALPHA", headers=headers)
    [letter] = await dead_letters(toys, running)
    assert letter["durable"] == "beta-parcel-sent"
    assert heard.attachments == []


async def test_one_trace_runs_from_a_command_through_outbox_and_nats_to_the_hearer(toys: House) -> None:
    traces: list[str | None] = []

    class Listening(Beta):
        async def thing(self, tx: Transaction, fact: ThingHappened, heard: Heard) -> None:
            traces.append(current_traceparent())

    await start(toys, Listening())
    speaker = await toys.start(alpha, CommonSettings, name="alpha")

    async def say(tx: Transaction) -> None:
        tx.say(ThingHappened(assembly=A, number=1))

    with speaker.service.telemetry.span("a request"):
        began = current_traceparent()
        await speaker.service.transaction(say)
    await toys.settle()
    assert began is not None
    assert [trace.split("-")[1] for trace in traces if trace] == [began.split("-")[1]]


async def test_a_service_documents_what_it_hears_and_says(toys: House) -> None:
    running = await start(toys, Beta())
    document = (await running.http.get("/beta/asyncapi.json")).json()
    heard = {c["address"] for c in document["channels"].values()}
    assert heard == {"alpha.*.thing-happened.v1", "alpha.*.parcel-sent.v1", "alpha.*.bulk-happened.v1"}
    assert (await running.http.get("/beta/openapi.json")).json()["info"]["title"] == "Borgersamling: beta"
