"""Tokens of roles, the one role of an account, and whether a service is well."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from chassis import health
from chassis.identity import Role, Tokens
from chassis.oidc import NO_ROLE, TWO_ROLES, NotSignedIn, the_role

SECRETARIAT, OFFICER = "s" * 32, "o" * 32
TOKENS = {"secretariat": SecretStr(SECRETARIAT), "officer": SecretStr(OFFICER)}


def test_a_token_is_a_role() -> None:
    assert Tokens(TOKENS).role_of(SECRETARIAT) is Role.SECRETARIAT
    assert Tokens(TOKENS).role_of(OFFICER) is Role.OFFICER


@pytest.mark.parametrize("token", ["", "s" * 31, "s" * 33, "S" * 32, "x", "æ" * 32])
def test_an_unknown_token_is_no_role(token: str) -> None:
    assert Tokens(TOKENS).role_of(token) is None
    assert Tokens({}).role_of(token) is None


@pytest.mark.parametrize(
    ("tokens", "why"),
    [
        ({"secretariat": SecretStr("short")}, "shorter than 32"),
        ({"mayor": SecretStr("m" * 32)}, "'mayor'"),
        ({"public": SecretStr("p" * 32)}, "'public'"),
        ({"secretariat": SecretStr("s" * 32), "officer": SecretStr("s" * 32)}, "another role's too"),
    ],
)
def test_a_service_does_not_start_with_tokens_that_protect_nothing(tokens: dict[str, SecretStr], why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        Tokens(tokens)
    assert "ssss" not in str(refused.value)


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({"roles": ["officer", "offline_access", "uma_authorization"]}, "roles"),
        ({"roles": "officer"}, "roles"),
        ({"realm_access": {"roles": ["default-roles-dragoer", "officer"]}}, "realm_access.roles"),
    ],
)
def test_an_account_has_the_one_role_its_claim_gives(claims: dict[str, Any], path: str) -> None:
    assert the_role(claims, path) is Role.OFFICER


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({}, NO_ROLE),
        ({"roles": []}, NO_ROLE),
        ({"roles": ["mayor"]}, NO_ROLE),
        ({"roles": {"officer": True}}, NO_ROLE),
        ({"roles": ["public"]}, NO_ROLE),
        ({"roles": ["resident"]}, NO_ROLE),
        ({"roles": ["member"]}, NO_ROLE),  # a member is one by the draw, never by the municipality's word
        ({"roles": ["officer", "secretariat"]}, TWO_ROLES),
        ({"roles": ["operator", "data-protection-officer"]}, TWO_ROLES),
    ],
)
def test_an_account_with_no_role_or_two_is_not_signed_in(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        the_role(claims, "roles")
    assert refused.value.reason == why


def doctor(**checks: health.Check) -> TestClient:
    app = FastAPI()
    app.include_router(health.router(checks, timeout=0.01))
    return TestClient(app)


async def well() -> None:
    pass


async def ill() -> None:
    raise ConnectionError("mongodb://user:password@host")


async def slow() -> None:
    await asyncio.Event().wait()


def test_a_service_is_ready_when_all_it_needs_answers() -> None:
    answer = doctor(mongo=well, nats=well).get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"mongo": "ok", "nats": "ok"}}


def test_a_service_that_lacks_something_says_what_and_lives_on() -> None:
    client = doctor(mongo=ill, nats=slow, disk=well)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"mongo": "ConnectionError", "nats": "timed out", "disk": "ok"}
    assert "password" not in answer.text
    assert client.get("/health/live").json() == {"status": "live"}
