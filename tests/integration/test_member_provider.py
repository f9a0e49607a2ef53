"""Members sign in with the municipality's MitID broker: the CPR number finds them, and is kept nowhere."""

import os
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from chassis.identity import Role
from contracts.lottery import MemberDeclined, PanelDrawn
from registration.domain.people import person_id
from support.five import start
from support.house import House
from support.registering import A, Office, drawn, ids, invited, office_of
from support.rolls import ANSWERS, KEY, announced, cpr, roll, row
from support.signing_in import Browser, query

pytestmark = pytest.mark.integration

HOME = "http://127.0.0.1:8080"
STATE_KEY = "a-key-for-tests-that-signs-the-way-there"
LATER = "senere-2026"


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import run_server_in_thread  # noqa: PLC0415 - it warns of its own dependencies

        with run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


async def knows(broker: str, account: str, **claims: Any) -> None:
    """Have the broker say this of an account."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.put(f"{broker}/users/{account}", json=claims)
        assert answer.is_success, answer.text


@pytest.fixture
def audit() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def refusals(audit: list[Any]) -> list[str]:
    return [line["reason"] for line in audit if line["event"] == "refused" and line.get("kind") == "audit"]


def told(broker: str, **more: Any) -> dict[str, Any]:
    return {"issuer": broker, "client_secret": "s", "state_key": STATE_KEY, "scope": "openid ssn"} | more


async def panel(house: House, broker: str, **more: Any) -> Office:
    """Residents 0 and 1 are members, 2 is not."""
    office = await office_of(house, member_sign_in=told(broker, **more), public_url=HOME)
    for link in await invited(office):
        await office.sign_up(link)
    await office.call("POST", "/close-pool", json={"early": True})
    await drawn(office, 0, 1)
    return office


class Phone(Browser):
    """A member's browser."""

    async def set_out(self, onward: str = "") -> str:
        answer = await self.http.get("/tilmelding/medlem")
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


async def test_a_member_is_found_by_the_number_which_is_kept_nowhere(
    house: House, broker: str, audit: list[Any]
) -> None:
    office = await panel(house, broker)
    await knows(broker, "member-a", cpr=cpr(0))
    async with Phone(office.running) as phone:
        sent = query(await phone.set_out())
        assert (sent["scope"], sent["redirect_uri"]) == ("openid ssn", f"{HOME}/tilmelding/medlem/svar")
        assert (sent["code_challenge_method"], bool(sent["state"]), bool(sent["nonce"])) == ("S256", True, True)
        answer = await phone.sign_in("member-a")
        assert (answer.status_code, answer.headers["location"]) == (303, "/samling/medlem")
        caller = await office.running.service.sign_ins.find(phone.cookie or "")
    assert caller is not None
    assert (caller.role, caller.subject, caller.assembly) == (Role.MEMBER, ids(0)[0], A)
    written = [repr(audit), *answer.headers.values(), repr(dict(phone.http.cookies))]
    db = office.running.service.db
    written += [repr(await db.collection(name).find({})) for name in ("outbox", "sign_in_codes", "seals", "audit")]
    last = await house.js.get_last_msg("SIGN_INS", "sign-ins.*.*")
    assert cpr(0) not in " ".join([*written, repr(last)])
    assert [(line["event"], line.get("how")) for line in audit if line.get("kind") == "audit"] == [
        ("signed in", "provider")
    ]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("dk.cpr", {"dk.cpr": cpr(0)}),
        ("person.number", {"person": {"number": f"{cpr(0)[:6]}-{cpr(0)[6:]}"}}),
    ],
)
async def test_brokers_call_the_number_different_things(
    house: House, broker: str, claim: str, said: dict[str, Any]
) -> None:
    office = await panel(house, broker, cpr_claim=claim)
    await knows(broker, "member-a", **said)
    async with Phone(office.running) as phone:
        assert (await phone.sign_in("member-a")).status_code == 303


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({"cpr": cpr(2)}, 403, "not-a-member"),
        ({"cpr": cpr(77)}, 403, "not-a-member"),
        ({}, 400, "sign-in-invalid"),
        ({"cpr": ""}, 400, "sign-in-invalid"),
        ({"cpr": "0000000000"}, 400, "sign-in-invalid"),
        ({"cpr": [cpr(0)]}, 400, "sign-in-invalid"),
    ],
)
async def test_nobody_else_is_let_in(
    house: House, broker: str, audit: list[Any], said: dict[str, Any], status: int, reason: str
) -> None:
    office = await panel(house, broker)
    await knows(broker, "someone", **said)
    async with Phone(office.running) as phone:
        answer = await phone.sign_in("someone")
        assert (answer.status_code, phone.cookie) == (status, None)
        assert ("Du er ikke medlem" in answer.text) == (status == 403)
    assert refusals(audit) == [reason]
    assert cpr(2) not in repr(audit)


async def test_who_says_no_at_the_broker_and_who_replays_an_answer_are_not_signed_in(
    house: House, broker: str, audit: list[Any]
) -> None:
    office = await panel(house, broker)
    await knows(broker, "member-a", cpr=cpr(0))
    async with Phone(office.running) as phone:
        refused = await phone.come_back(await phone.at_provider(await phone.set_out(), action="deny"))
        assert (refused.status_code, phone.cookie) == (403, None)
        back = await phone.at_provider(await phone.set_out(), sub="member-a")
    async with Phone(office.running) as other:
        assert (await other.come_back(back)).status_code == 400, "the answer of another browser"
        assert other.cookie is None
    assert refusals(audit) == ["sign-in-denied", "sign-in-mismatch"]


async def test_a_member_who_left_is_not_let_in(house: House, broker: str) -> None:
    office = await panel(house, broker)
    await house.say(MemberDeclined(assembly=A, person=ids(0)[0]))
    await house.settle()
    await knows(broker, "member-a", cpr=cpr(0))
    async with Phone(office.running) as phone:
        assert (await phone.sign_in("member-a")).status_code == 403


async def test_a_member_of_two_assemblies_comes_to_the_later_one(house: House, broker: str) -> None:
    office = await panel(house, broker)
    closes = announced(A).sign_up_closes_at
    await house.say(announced(LATER, sign_up_closes_at=closes.replace(year=2026)))
    await house.settle()
    headers = house.headers(Role.SECRETARIAT)
    path = f"/tilmelding/api/assemblies/{LATER}"
    await office.public.put(f"{path}/roll", headers=headers, content=roll([row(0)]))
    await office.public.post(f"{path}/open", headers=headers)
    await office.public.post(f"{path}/invitations", headers=headers)
    await house.settle()
    person = person_id(KEY.encode(), LATER, cpr(0))
    people = office.running.service.db.collection("people")
    await people.update({"_id": person}, {"$set": {"status": "pool", "answers": ANSWERS}})
    await knows(broker, "member-a", cpr=cpr(0))
    async with Phone(office.running) as phone:
        await phone.sign_in("member-a")
        first = await office.running.service.sign_ins.find(phone.cookie or "")
    fact = PanelDrawn(
        assembly=LATER, draw="d2", pool_size=1, panel=(person,), alternates=(), composition=(), record_digest="0" * 64
    )
    await house.say(fact)
    await house.settle()
    async with Phone(office.running) as phone:
        await phone.sign_in("member-a")
        second = await office.running.service.sign_ins.find(phone.cookie or "")
    assert first is not None
    assert second is not None
    assert (first.assembly, second.assembly, second.subject) == (A, LATER, person)


async def test_without_a_broker_the_page_shows_the_other_way(house: House) -> None:
    office = await office_of(house)
    page = await office.public.get("/tilmelding/medlem")
    assert (page.status_code, "Her logger medlemmer ikke ind med MitID" in page.text) == (200, True)
    assert (await office.public.get("/tilmelding/medlem/svar")).headers["location"] == "/tilmelding/medlem"


@pytest.mark.parametrize("offered", [True, False])
async def test_the_sign_in_page_offers_mitid_where_it_is_set_up(house: House, offered: bool) -> None:
    sessions = await start(house, "sessions", member_sign_in_offered=offered)
    page = await sessions.http.get("/log-ind")
    assert ('href="/tilmelding/medlem"' in page.text) == offered


async def test_a_broker_without_a_state_key_stops_the_start(house: House, broker: str) -> None:
    with pytest.raises(ValueError, match="state_key"):
        await office_of(house, member_sign_in={"issuer": broker})
