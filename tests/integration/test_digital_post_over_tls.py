"""NgDP over real mutual TLS: a batch of messages goes to who proves itself, with a certificate that proves us."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis.errors import Transient
from notifications.channels import Outcome
from notifications.channels.digital_post import DigitalPost
from notifications.domain.shipment import Step
from notifications.settings import DigitalPostSettings
from support.certificates import Authority
from support.notifying import NOW, StandIn, cpr, standing_in
from support.ways import to_person


@dataclass
class Post:
    """The stand-in behind TLS, and the authority both sides trust."""

    standin: StandIn
    authority: Authority

    @asynccontextmanager
    async def channel(self, certificate: Path | None, ca: Path | None = None) -> AsyncIterator[DigitalPost]:
        told = DigitalPostSettings(url=self.standin.url, certificate=certificate, ca=ca or self.authority.file)
        channel = DigitalPost(told)
        yield channel
        await channel.close()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    authority = Authority(tmp_path / "certificates")
    tls = {
        "ssl_certfile": str(authority.sign("digital-post").file),
        "ssl_ca_certs": str(authority.file),
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
    }
    async with standing_in(tmp_path / "standin", tls, exempt_share=0.0) as standin:
        yield Post(standin, authority)


async def send(channel: DigitalPost, count: int) -> list[Outcome]:
    return list(await channel.send([to_person(number) for number in range(count)], NOW))


async def test_a_batch_goes_and_its_receipts_come_with_our_certificate(post: Post) -> None:
    async with post.channel(post.authority.sign("dragoer").file) as channel:
        assert await channel.look_up(cpr(1)) == "registered"
        assert {outcome.steps for outcome in await send(channel, 40)} == {(Step.ACCEPTED,)}
        receipts = await channel.receipts(500)
        await channel.forget(receipts)
        assert [len(receipts), len(await channel.receipts(500))] == [40, 0]


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
async def test_without_the_right_certificate_nothing_is_taken(post: Post, tmp_path: Path, who: str) -> None:
    stranger = Authority(tmp_path / "elsewhere", "elsewhere").sign("stranger").file
    async with post.channel(stranger if who == "a stranger" else None) as channel:
        for outcome in await send(channel, 3):
            assert outcome.steps[0] in {Step.NOT_TAKEN, Step.TIMED_OUT}
        with pytest.raises(Transient):
            await channel.look_up(cpr(1))
    async with post.channel(post.authority.sign("dragoer").file) as channel:
        assert await channel.receipts(500) == []


async def test_whoever_cannot_prove_to_be_digital_post_is_told_nothing(post: Post, tmp_path: Path) -> None:
    other = Authority(tmp_path / "elsewhere", "elsewhere").file
    async with post.channel(post.authority.sign("dragoer").file, other) as channel:
        assert {outcome.steps for outcome in await send(channel, 3)} == {(Step.NOT_TAKEN,)}
