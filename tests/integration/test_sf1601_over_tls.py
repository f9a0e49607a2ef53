"""SF1601 over real mutual TLS: who shows the right certificate gets a token and is heard, and nobody else."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.errors import Permanent, Transient
from notifications.channels import Outcome, Outgoing, Person
from notifications.channels.letter import Letterhead, Press
from notifications.channels.sf1601.channel import DigitalPost, Fjernprint
from notifications.channels.sf1601.client import Client
from notifications.domain.shipment import Step
from notifications.settings_sf1601 import Sf1601Settings
from support.certificates import Authority, Signed
from support.notifying import NOW, StandIn, cpr, message, recipient, standing_in

CVR = "12345678"


@dataclass
class Platform:
    """The stand-in behind TLS, and who may call it."""

    standin: StandIn
    authority: Authority
    ours: Signed

    def settings(self, **changes: Any) -> Sf1601Settings:
        given = {"way": "sf1601", "platform_url": self.standin.url, "issuer_url": self.standin.url}
        given |= {"certificate": self.ours.file, "ca": self.authority.file, "timeout_seconds": 5.0}
        return Sf1601Settings.model_validate(given | changes)

    async def seen(self) -> dict[str, Any]:
        context = ssl.create_default_context(cafile=str(self.authority.file))
        context.load_cert_chain(self.ours.file)
        async with httpx.AsyncClient(base_url=self.standin.url, verify=context, trust_env=False) as http:
            counts = (await http.get("/standin/counts")).json()
            return dict((await http.get("/standin/sf1601")).json()) | {"messages": counts["messages"]}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    authority = Authority(tmp_path / "certificates")
    tls = {
        "ssl_certfile": str(authority.sign("platform").file),
        "ssl_ca_certs": str(authority.file),
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
    }
    async with standing_in(tmp_path / "standin", tls, exempt_share=0.0) as standin:
        yield Platform(standin, authority, authority.sign("dragoer"))


@asynccontextmanager
async def channel(settings: Sf1601Settings) -> AsyncIterator[DigitalPost]:
    post = DigitalPost(Client(settings, CVR, lambda: datetime.now(UTC)), CVR)
    try:
        yield post
    finally:
        await post.close()


def invitation(number: int) -> Outgoing:
    known = recipient(number)
    person = Person(known.cpr, known.name, known.address, known.link, "da")
    uuid = f"00000000-0000-4000-8000-{number:012d}"
    return replace(message("invitation", to=person), message_uuid=uuid)


async def send(post: DigitalPost, count: int) -> list[Outcome]:
    return list(await post.send([invitation(number) for number in range(count)], NOW))


def accepted(outcomes: list[Outcome]) -> bool:
    return all(one.steps == (Step.ACCEPTED,) for one in outcomes)


async def test_invitations_go_with_one_token_and_each_has_a_transmission(platform: Platform) -> None:
    async with channel(platform.settings()) as post:
        outcomes = await send(post, 40)
    assert accepted(outcomes)
    assert len({one.transmission for one in outcomes} - {None}) == 40
    seen = await platform.seen()
    assert (seen["messages"], seen["tokens"]) == (40, 1)


async def test_a_reply_without_a_transmission_is_accepted_too(platform: Platform) -> None:
    platform.standin.options.sf1601.without_transmission_share = 1.0
    async with channel(platform.settings()) as post:
        assert await send(post, 1) == [Outcome((Step.ACCEPTED,))]


async def test_a_token_that_ends_early_is_renewed_at_once_and_every_invitation_goes_out_once(
    platform: Platform,
) -> None:
    async with channel(platform.settings()) as post:
        platform.standin.options.sf1601.token_works_seconds = 0.0
        assert {one.reason for one in await send(post, 3)} == {"http-401"}
        platform.standin.options.sf1601.token_works_seconds = None
        assert accepted(await send(post, 40))
    assert (await platform.seen())["messages"] == 40


async def test_a_token_is_renewed_before_its_hour_is_over(platform: Platform) -> None:
    now = datetime.now(UTC)
    client = Client(platform.settings(), CVR, lambda: now)
    post = DigitalPost(client, CVR)
    for minutes in (0, 53, 2):
        now += timedelta(minutes=minutes)
        assert accepted(await send(post, 1))
    await post.close()
    assert (await platform.seen())["tokens"] == 2


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
async def test_without_the_right_certificate_nothing_is_sent_and_nothing_fails_for_it(
    platform: Platform, tmp_path: Path, who: str
) -> None:
    stranger = Authority(tmp_path / "elsewhere", "elsewhere").sign("stranger")
    shown = None if who == "nobody" else stranger.file
    # Settings refuse to be without a certificate: this is a municipality whose own has ended.
    settings = platform.settings().model_copy(update={"certificate": shown})
    async with channel(settings) as post:
        assert await send(post, 2) == [Outcome((Step.NOT_TAKEN,), "no-token")] * 2
        with pytest.raises(Transient, match="no token"):
            await post.look_up(cpr(1))
    assert (await platform.seen())["messages"] == 0


async def test_a_platform_that_cannot_prove_who_it_is_is_told_nothing(platform: Platform, tmp_path: Path) -> None:
    other = Authority(tmp_path / "elsewhere", "elsewhere")
    async with channel(platform.settings(ca=other.file)) as post:
        assert await send(post, 1) == [Outcome((Step.NOT_TAKEN,), "no-token")]
    assert (await platform.seen())["tokens"] == 0


async def test_a_look_up_tells_who_has_digital_post_and_logs_no_number(
    platform: Platform, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    async with channel(platform.settings()) as post:
        assert await post.look_up(cpr(1)) == "registered"
        platform.standin.options.exempt_share = 1.0
        assert await post.look_up(cpr(1)) == "not-registered"
        platform.standin.options.look_up_unavailable_share = 1.0
        with pytest.raises(Transient):
            await post.look_up(cpr(1))
        platform.standin.options.look_up_unavailable_share = 0.0
        with pytest.raises(Permanent, match=r"standin\.real\.person"):
            await post.look_up("0101701234")
    said = caplog.text + "".join(capsys.readouterr())
    assert cpr(1) not in said
    assert "0101701234" not in said


async def test_a_message_that_was_taken_and_not_answered_is_one_message_when_it_goes_again(platform: Platform) -> None:
    platform.standin.options.silent_share, platform.standin.options.silent_seconds = 1.0, 1.5
    async with channel(platform.settings(timeout_seconds=0.75)) as post:
        assert await send(post, 1) == [Outcome((Step.TIMED_OUT,), "no-answer")]
        platform.standin.options.silent_share = 0.0
        assert accepted(await send(post, 1))
    assert (await platform.seen())["messages"] == 1


async def test_a_letter_is_taken_as_fjernprint_wants_it_and_twice_it_is_one_letter(platform: Platform) -> None:
    client = Client(platform.settings(), CVR, lambda: datetime.now(UTC))
    letters = Fjernprint(client, Press(Letterhead("32 89 01 00")), 265)
    for _ in range(2):
        assert await letters.send([invitation(1)], NOW) == [Outcome((Step.ACCEPTED,))]
    await letters.close()
    await client.close()
    (letter,) = (await platform.seen())["letters"]
    assert (letter["name"], letter["enclosed"]) == ("Åse Prøve Nr1", 0)
    assert "Strandlinien 2" in letter["text"]
    assert "/tilmelding/l/token00000001" in letter["text"]
