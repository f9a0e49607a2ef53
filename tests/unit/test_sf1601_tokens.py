"""Tokens are renewed in time, by one for all, and at once when a service has refused one."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from notifications.channels.sf1601.token import ISSUE, PAUSE, NoToken, Tokens

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ENTITY = "http://entityid.kombit.dk/service/kombipostafsend/1"


class Issuer:
    """Both services that a token takes, at the other end of a connection. It gives out numbered tokens."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.given = 0
        self.answer: httpx.Response | httpx.HTTPError | None = None
        self.life: object = 3600

    async def request(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        await asyncio.sleep(0)
        assert content is not None
        if isinstance(self.answer, httpx.HTTPError):
            raise self.answer
        if self.answer is not None:
            return self.answer
        if path == ISSUE:
            self.asked.append(json.loads(content))
            return httpx.Response(200, json={"RequestedSecurityToken": {"Assertion": "a+/="}})
        assert parse_qs(content.decode()) == {"saml-token": ["a+/="]}
        self.given += 1
        token = {"access_token": f"token-{self.given}", "token_type": "Holder-of-key", "expires_in": self.life}
        return httpx.Response(200, json=token)


class Clock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(issuer: Issuer, clock: Clock) -> Tokens:
    return Tokens(issuer, issuer, ENTITY, "12345678", "DER", clock.now)  # type: ignore[arg-type]


async def test_a_token_is_for_one_service_one_municipality_and_one_certificate(tokens: Tokens, issuer: Issuer) -> None:
    assert await tokens.get() == "Holder-of-key token-1"
    (asked,) = issuer.asked
    assert asked["AppliesTo"] == {"EndpointReference": {"Address": ENTITY}}
    assert (asked["AnvenderKontekst"], asked["UseKey"]) == ({"Cvr": "12345678"}, "DER")


async def test_a_token_is_kept_and_renewed_before_its_hour_is_over(
    tokens: Tokens, issuer: Issuer, clock: Clock
) -> None:
    await tokens.get()
    clock.time = START + timedelta(seconds=3239)
    assert await tokens.get() == "Holder-of-key token-1"
    clock.time = START + timedelta(seconds=3241)
    assert await tokens.get() == "Holder-of-key token-2"


async def test_a_thousand_who_need_a_token_at_once_cause_one_renewal(tokens: Tokens, issuer: Issuer) -> None:
    assert set(await asyncio.gather(*(tokens.get() for _ in range(1000)))) == {"Holder-of-key token-1"}
    assert issuer.given == 1


async def test_one_who_gives_up_does_not_take_the_token_from_those_who_wait_with_them(tokens: Tokens) -> None:
    waiting = [asyncio.create_task(tokens.get()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    assert await asyncio.gather(*waiting[1:]) == ["Holder-of-key token-1"] * 2


async def test_a_refused_token_is_renewed_once_however_many_were_refused_with_it(
    tokens: Tokens, issuer: Issuer
) -> None:
    refused = await tokens.get()

    async def again() -> str:
        tokens.refuse(refused)
        return await tokens.get()

    assert {await again() for _ in range(5)} == {"Holder-of-key token-2"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.ConnectError("https://issuer/ 6101701234"), "no answer (ConnectError)"),
        (httpx.ReadTimeout("slow"), "no answer (ReadTimeout)"),
        (httpx.Response(401, text="6101701234"), "credentials refused (401)"),
        (httpx.Response(500), "answered with 500"),
        (httpx.Response(200, text="<html>"), "no-assertion"),
        (httpx.Response(200, json={"RequestedSecurityToken": None}), "no-assertion"),
    ],
)
async def test_without_a_token_it_is_said_why_and_nothing_is_quoted(
    tokens: Tokens, issuer: Issuer, answer: httpx.Response | httpx.HTTPError, reason: str
) -> None:
    issuer.answer = answer
    with pytest.raises(NoToken) as refused:
        await tokens.get()
    assert refused.value.reason == reason
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("life", [None, "3600", 0, -1])
async def test_a_token_without_an_end_is_no_token(tokens: Tokens, issuer: Issuer, life: object) -> None:
    issuer.life = life
    with pytest.raises(NoToken):
        await tokens.get()


async def test_after_a_failure_nobody_waits_for_the_same_time_out_again_until_a_pause_is_over(
    tokens: Tokens, issuer: Issuer, clock: Clock
) -> None:
    issuer.answer = httpx.ReadTimeout("slow")
    with pytest.raises(NoToken):
        await tokens.get()
    issuer.answer = None
    with pytest.raises(NoToken):
        await tokens.get()
    assert issuer.given == 0
    clock.time += PAUSE
    assert await tokens.get() == "Holder-of-key token-1"
