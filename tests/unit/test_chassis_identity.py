"""Roles behind bearer tokens, and whether a service is well."""

import asyncio

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from chassis import health
from chassis.identity import Role, require

SECRETARIAT, OFFICER = "s" * 32, "o" * 32
TOKENS = {"secretariat": SecretStr(SECRETARIAT), "officer": SecretStr(OFFICER)}


@pytest.fixture
def door() -> TestClient:
    app = FastAPI()

    @app.post("/roll", dependencies=[require(TOKENS, Role.SECRETARIAT)])
    def roll() -> str:
        return "taken"

    @app.get("/who")
    def who(role: Role = require(TOKENS, Role.OFFICER, Role.PUBLIC)) -> Role:  # noqa: B008 - FastAPI's way
        return role

    @app.get("/unset", dependencies=[require({}, Role.OPERATOR)])
    def unset() -> str:
        return "never"

    return TestClient(app)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_the_secretariat_may_and_the_municipalitys_officer_may_not(door: TestClient) -> None:
    assert door.post("/roll", headers=bearer(SECRETARIAT)).status_code == 200
    assert door.post("/roll", headers=bearer(OFFICER)).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic abc"}, {"authorization": "Bearer"}])
def test_without_a_token_one_is_asked_for(door: TestClient, headers: dict[str, str]) -> None:
    answer = door.post("/roll", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["s" * 31, "s" * 33, "S" * 32, "x", "æ" * 32])
def test_an_unknown_token_is_no_role(door: TestClient, token: str) -> None:
    answer = door.post("/roll", headers={b"authorization": f"Bearer {token}".encode()})  # type: ignore[dict-item]
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_who_needs_no_role_is_the_public_but_a_wrong_token_is_still_wrong(door: TestClient) -> None:
    assert door.get("/who").json() == "public"
    assert door.get("/who", headers=bearer(OFFICER)).json() == "officer"
    assert door.get("/who", headers=bearer("x" * 32)).status_code == 401
    assert door.get("/who", headers=bearer(SECRETARIAT)).status_code == 403


def test_a_role_without_a_token_lets_nobody_in(door: TestClient) -> None:
    assert door.get("/unset").status_code == 401
    assert door.get("/unset", headers=bearer("")).status_code == 401


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
        require(tokens, Role.SECRETARIAT)
    assert "ssss" not in str(refused.value)


def test_the_api_description_says_that_a_token_is_needed(door: TestClient) -> None:
    described = door.get("/openapi.json").json()
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert described["paths"]["/roll"]["post"]["security"] == [{"HTTPBearer": []}]


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
