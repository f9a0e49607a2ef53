"""Many messages in one request, and many questions in one: what is shared out, refused, halved and told apart."""

import asyncio
import io
import lzma
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borgersamling.standin.people import share_of
from chassis.errors import Permanent, Transient
from notifications.channels import Attachment, Outcome
from notifications.channels.bulk import Made, containers, pack
from notifications.channels.digital_post import DigitalPost
from notifications.channels.look_ups import Answer, LookUps
from notifications.domain.shipment import Step
from notifications.settings import DigitalPostSettings
from support.notifying import NOW, StandIn, cpr, standing_in
from support.ways import to_person


@asynccontextmanager
async def posting(
    folder: Path, settings: Mapping[str, float] | None = None, **options: object
) -> AsyncIterator["Posting"]:
    async with standing_in(folder, **{"exempt_share": 0.0} | options) as standin:
        channel = DigitalPost(DigitalPostSettings.model_validate({"url": standin.url} | (settings or {})))
        yield Posting(channel, standin, folder)
        await channel.close()


class Posting:
    """The channel with the stand-in behind it; it counts the requests that the channel makes."""

    def __init__(self, channel: DigitalPost, standin: StandIn, folder: Path) -> None:
        self.channel, self.standin, self._folder = channel, standin, folder
        self.asked: list[str] = []
        request = channel._connections.request

        async def counted(
            method: str,
            path: str,
            query: dict[str, str] | None = None,
            content: bytes | None = None,
            headers: Mapping[str, str] | None = None,
        ) -> httpx.Response:
            self.asked.append(f"{method} {path}")
            return await request(method, path, query, content, headers)

        channel._connections.request = counted  # type: ignore[method-assign]

    async def send(self, numbers: Sequence[int]) -> list[Outcome]:
        return list(await self.channel.send([to_person(number) for number in numbers], NOW))

    def taken(self) -> dict[str, str]:
        """Return the transmission of each message that was taken."""
        with sqlite3.connect(self._folder / "standin.sqlite") as database:
            return dict(database.execute("select uuid, transmission from messages"))


async def test_a_batch_goes_in_one_request_and_is_accepted_but_not_received(tmp_path: Path) -> None:
    async with posting(tmp_path) as post:
        outcomes = await post.send(range(250))
        taken = post.taken()
    assert post.asked == ["POST /memos/"]
    assert {outcome.steps for outcome in outcomes} == {(Step.ACCEPTED,)}
    assert {outcome.transmission for outcome in outcomes} == set(taken.values())
    assert list(taken) == [to_person(number).message_uuid for number in range(250)]


async def test_a_receipt_comes_for_each_message_of_a_container_with_the_transmission_of_all(tmp_path: Path) -> None:
    async with posting(tmp_path) as post:
        (transmission,) = {outcome.transmission for outcome in await post.send(range(3))}
        receipts = await post.channel.receipts(500)
    assert [(one.message_uuid, one.step, one.transmission) for one in receipts] == [
        (to_person(number).message_uuid, Step.DELIVERED, transmission) for number in range(3)
    ]
    assert len({one.id for one in receipts} | {transmission}) == 4


async def test_a_single_message_goes_by_itself_and_is_received_at_once(tmp_path: Path) -> None:
    async with posting(tmp_path) as post:
        (outcome,) = await post.send([1])
    assert outcome.steps == (Step.ACCEPTED, Step.RECEIVED)


async def test_one_bad_message_in_a_refused_container_fails_alone(tmp_path: Path) -> None:
    uuids = [to_person(number).message_uuid for number in range(40)]
    worst = min(uuids, key=lambda uuid: share_of("bad", "2025", uuid))
    share = share_of("bad", "2025", worst) * 1.0001
    async with posting(tmp_path, container_check="at-once", bad_request_share=share) as post:
        outcomes = dict(zip(uuids, await post.send(range(40)), strict=True))
        taken = post.taken()
    assert outcomes.pop(worst) == Outcome((Step.FAILED,), "memo.invalid")
    assert {outcome.steps[0] for outcome in outcomes.values()} == {Step.ACCEPTED}
    assert set(taken) == set(outcomes)
    assert len(post.asked) <= 13  # 40, two of 20, two of 10, and so on down to the one: not one by one


async def test_one_bad_message_in_a_container_that_is_taken_is_told_by_its_receipt(tmp_path: Path) -> None:
    uuids = [to_person(number).message_uuid for number in range(40)]
    worst = min(uuids, key=lambda uuid: share_of("bad", "2025", uuid))
    async with posting(tmp_path, bad_request_share=share_of("bad", "2025", worst) * 1.0001) as post:
        outcomes = await post.send(range(40))
        receipts = {one.message_uuid: (one.step, one.reason) for one in await post.channel.receipts(500)}
    assert {outcome.steps for outcome in outcomes} == {(Step.ACCEPTED,)}
    assert receipts.pop(worst) == (Step.FAILED, "memo.invalid")
    assert set(receipts.values()) == {(Step.DELIVERED, None)}


async def test_a_container_that_is_not_answered_is_unknown_for_all_in_it_and_taken_once(tmp_path: Path) -> None:
    async with posting(tmp_path, {"timeout_seconds": 2.0}, silent_share=1.0, silent_seconds=4.0) as post:
        assert {outcome.steps for outcome in await post.send(range(20))} == {(Step.TIMED_OUT,)}
        post.standin.options.silent_share = 0.0
        assert {outcome.steps for outcome in await post.send(range(20))} == {(Step.ACCEPTED,)}
        assert (await post.standin.counts())["messages"] == 20


@pytest.mark.parametrize("numbers", [[7], [6, 7, 8]])
async def test_a_uuid_that_was_taken_before_is_taken_whatever_the_provider_calls_it(
    tmp_path: Path, numbers: list[int]
) -> None:
    async with posting(tmp_path, same_uuid="refuse", container_check="at-once") as post:
        await post.send([7])
        outcomes = await post.send(numbers)
        told = [one.step for one in await post.channel.receipts(500)]
    assert Step.FAILED not in [*told, *(step for outcome in outcomes for step in outcome.steps)]


@pytest.mark.parametrize("at", ["receipt", "answer"])
async def test_who_was_registered_at_the_look_up_and_is_not_at_the_sending_is_told_so(tmp_path: Path, at: str) -> None:
    async with posting(tmp_path, not_registered_share=1.0, not_registered_at=at, container_check="at-once") as post:
        assert await post.channel.look_up(cpr(1)) == "registered"
        outcomes = await post.send([1, 2])
        receipts = await post.channel.receipts(500)
    found = [outcome.steps[0] for outcome in outcomes] if at == "answer" else [one.step for one in receipts]
    assert found == [Step.NOT_REGISTERED] * 2


async def test_large_files_are_shared_out_to_more_containers(tmp_path: Path) -> None:
    paper = Attachment("bilag.pdf", "Bilag", b"%PDF-1.7 " + bytes(200_000))
    async with posting(tmp_path, {"container_bytes": 1_000_000}) as post:
        batch = [replace(to_person(number), attachments=(paper,)) for number in range(10)]
        outcomes = await post.channel.send(batch, NOW)
        (message,) = await post.standin.inbox(3)
    assert [outcome.steps[0] for outcome in outcomes] == [Step.ACCEPTED] * 10
    assert len(post.asked) == 4
    assert message["attachments"] == ["bilag.pdf (200009 bytes)"]


def test_a_container_is_what_digital_posts_own_library_writes() -> None:
    made = [Made(place, f"uuid-{place}", f"<memo>{place}</memo>".encode()) for place in range(3)]
    container = pack(made)
    assert container[0] == 0x5D  # lc 3, lp 0, pb 2: the header of the old form, which has no magic bytes
    assert container[5:13] == b"\xff" * 8  # its length is not said
    opened = lzma.decompress(container, lzma.FORMAT_ALONE)
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        assert tar.getnames() == ["uuid-0.xml", "uuid-1.xml", "uuid-2.xml"]
        file = tar.extractfile("uuid-1.xml")
        assert file is not None
        assert file.read() == b"<memo>1</memo>"
    assert opened[257:263] == b"ustar\x00"


@given(st.lists(st.integers(1, 50)), st.integers(1, 5), st.integers(1, 100))
def test_containers_keep_the_order_and_the_limits_and_lose_nothing(sizes: list[int], messages: int, size: int) -> None:
    made = [Made(place, str(place), bytes(length)) for place, length in enumerate(sizes)]
    shared = list(containers(made, messages, size))
    assert [one for container in shared for one in container] == made
    for container in shared:
        assert 1 <= len(container) <= messages
        assert len(container) == 1 or sum(len(one.xml) for one in container) <= size


async def test_the_look_ups_of_one_moment_are_few_questions_and_each_gets_its_own_answer(tmp_path: Path) -> None:
    async with posting(tmp_path, exempt_share=0.3) as post:
        found = await asyncio.gather(*(post.channel.look_up(cpr(number)) for number in range(250)))
        alone = [await post.channel.look_up(cpr(number)) for number in range(20)]
    assert post.asked[:3] == ["GET /contacts/"] * 3
    assert len(post.asked) == 3 + 20
    assert list(found[:20]) == alone
    assert set(found) == {"registered", "not-registered"}


@pytest.mark.parametrize(
    ("share", "answer"),
    [("exempt", "not-registered"), ("closed", "not-registered"), ("quarantined", "not-registered"), ("unknown", None)],
)
async def test_only_a_definite_answer_is_one(tmp_path: Path, share: str, answer: str | None) -> None:
    async with posting(tmp_path, **{f"{share}_share": 1.0}) as post:
        if answer:
            assert await post.channel.look_up(cpr(1)) == answer
        else:
            with pytest.raises(Transient, match="no definite answer"):
                await post.channel.look_up(cpr(1))


async def test_a_number_that_is_refused_keeps_no_other_back(tmp_path: Path) -> None:
    async with posting(tmp_path) as post:
        numbers = [cpr(1), "0101501234", cpr(2)]
        found = await asyncio.gather(*map(post.channel.look_up, numbers), return_exceptions=True)
    assert (found[0], found[2]) == ("registered", "registered")
    assert isinstance(found[1], Permanent)
    assert str(found[1]) == "standin.real.person"


async def test_a_look_up_that_is_not_answered_is_told_to_all_who_asked_and_asked_anew_by_the_next() -> None:
    calls: list[Sequence[str]] = []

    async def ask(numbers: Sequence[str]) -> Mapping[str, Answer]:
        calls.append(numbers)
        if len(calls) == 1:
            raise Transient("away", 3.0)
        return dict.fromkeys(numbers, "registered")

    look_ups = LookUps(ask, 10)
    first = await asyncio.gather(*map(look_ups.look_up, ("a", "b", "a")), return_exceptions=True)
    assert [type(answer) for answer in first] == [Transient] * 3
    assert await look_ups.look_up("a") == "registered"
    assert calls == [["a", "b"], ["a"]]


async def test_who_asks_no_longer_takes_nobody_elses_answer_away() -> None:
    go = asyncio.Event()

    async def ask(numbers: Sequence[str]) -> Mapping[str, Answer]:
        await go.wait()
        return dict.fromkeys(numbers, "registered")

    look_ups = LookUps(ask, 10)
    gone, stays = (asyncio.create_task(look_ups.look_up("a")) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    go.set()
    assert await stays == "registered"
