"""Staff sign in at the municipality's provider, open their own doors, and sign out: everywhere at once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from borgersamling.programs import Program
from chassis.access import Table
from chassis.oidc import Provider
from chassis.settings import OidcSettings
from chassis.signins import Cookie
from contracts.access import TABLE
from support.audit import refusals
from support.five import start
from support.house import House, Running
from support.signing_in import Browser, query

pytestmark = pytest.mark.integration

SECRET = "the-secret-of-the-client-in-this-test"
STATE_KEY = "a-key-for-tests-that-signs-the-way-there"
HOME = "http://127.0.0.1:8080"
STAFF = ("secretariat", "expert", "observer", "officer", "operator", "data-protection-officer")
OWN_PAGE = {"operator": "/samling/drift", "data-protection-officer": "/samling/indsigt"}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    told = {"PUBLIC_URL": HOME, "SIGN_IN__CLIENT_SECRET": SECRET}
    data = tmp_path_factory.mktemp("provider")
    with Program("sign-in-provider", data, lambda _: told, module="borgersamling.provider") as running:
        yield running


def told(provider: Program, **more: Any) -> dict[str, Any]:
    return {"issuer": provider.url, "client_secret": SECRET, "state_key": STATE_KEY} | more


@pytest.fixture
async def sessions(house: House, provider: Program) -> Running:
    return await start(house, "sessions", sign_in=told(provider), public_url=HOME)


@pytest.mark.parametrize("role", STAFF)
async def test_each_role_signs_in_and_is_shown_what_it_may_open(sessions: Running, role: str) -> None:
    async with Browser(sessions) as browser:
        answer = await browser.sign_in(f"{role}-1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/log-ind")
        page = await browser.http.get("/log-ind?sprog=en")
        assert "You are signed in" in page.text
        assert page.headers["cache-control"] == "no-store"
        table = Table(TABLE)
        for own, path in OWN_PAGE.items():
            status = (await browser.http.get(path)).status_code
            assert status == (200 if own == role else 403), path
            assert (f'href="{path}"' in page.text) == (own == role and path == "/samling/drift")
        assert (await browser.http.get("/")).status_code == 200
        assert table.may_open(role, "/")


async def test_the_code_flow_has_pkce_a_state_and_a_nonce(sessions: Running) -> None:
    async with Browser(sessions) as browser:
        sent = query(await browser.set_out())
    assert (sent["code_challenge_method"], len(sent["code_challenge"])) == ("S256", 43)
    assert len(sent["state"]) >= 20
    assert len(sent["nonce"]) >= 20
    assert (sent["response_type"], sent["scope"], sent["redirect_uri"]) == ("code", "openid", f"{HOME}/log-ind/svar")


async def test_the_cookie_is_for_this_server_alone(sessions: Running) -> None:
    async with Browser(sessions) as browser:
        answer = await browser.sign_in("secretariat-1")
    given = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("borgersamling="))
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "Secure" not in given, "localhost has no TLS"
    there = Cookie.at("https://borgersamling.dragoer.example")
    assert (there.name, there.secure) == ("__Host-borgersamling", True)


async def test_one_goes_on_to_the_page_one_wanted_and_never_to_another_site(sessions: Running) -> None:
    async with Browser(sessions) as browser:
        asked = await browser.http.get("/samling/drift")
        assert asked.headers["location"] == "/log-ind?videre=/samling/drift"
        assert "videre=/samling/drift" in (await browser.http.get(asked.headers["location"])).text
        assert (await browser.sign_in("operator-1", "/samling/drift")).headers["location"] == "/samling/drift"
        for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "/samling/api/assemblies"):
            assert (await browser.sign_in("operator-1", elsewhere)).headers["location"] == "/log-ind", elsewhere
        other_role = await browser.sign_in("officer-1", "/samling/drift")
        assert other_role.headers["location"] == "/log-ind", "a page of another role is no place to go"


async def test_signed_out_is_signed_out_everywhere_and_the_old_cookie_opens_nothing(
    house: House, sessions: Running, audit: list[Any]
) -> None:
    lottery = await start(house, "lottery")
    async with Browser(sessions) as browser:
        await browser.sign_in("operator-1")
        kept = {"cookie": f"borgersamling={browser.cookie}", "accept": "text/html"}
        assert (await lottery.http.get("/lodtraekning/drift", headers=kept)).status_code == 200
        gone = await browser.sign_out()
        assert gone.headers["location"] == "/log-ind?hvorfor=ude"
        assert browser.cookie is None
        assert "Du er logget ud" in (await browser.http.get(gone.headers["location"])).text
    replayed = await lottery.http.get("/lodtraekning/drift", headers=kept)
    assert (replayed.status_code, replayed.headers["location"]) == (303, "/log-ind?videre=/lodtraekning/drift")
    assert "Max-Age=0" in replayed.headers["set-cookie"], "a cookie that is worth nothing is taken back"
    assert refusals(audit) == ["sign-in-unknown", "signed-out"]


@pytest.mark.parametrize(
    "forged", ["x", ".", "0" * 32, f"{'0' * 32}.guess", f"{'*' * 32}.guess", f"{'0' * 31}>.x", "a" * 5000, "æøå"]
)
async def test_a_forged_cookie_is_the_public(sessions: Running, audit: list[Any], forged: str) -> None:
    headers = [(b"cookie", f"borgersamling={forged}".encode()), (b"accept", b"text/html")]
    front = await sessions.http.get("/", headers=headers)
    assert (front.status_code, "Log ind" in front.text) == (200, True)
    assert (await sessions.http.get("/samling/drift", headers=headers)).status_code == 303
    assert refusals(audit) == ["sign-in-unknown", "sign-in-unknown", "signed-out"]


async def test_a_sign_in_ends_after_its_hours_and_says_so(house: House, sessions: Running, audit: list[Any]) -> None:
    async with Browser(sessions) as browser:
        await browser.sign_in("operator-1")
        assert (await browser.http.get("/samling/drift")).status_code == 200
        await house.move_clock(sessions.service.clock.now() + timedelta(hours=8, minutes=10))
        late = await browser.http.get("/samling/drift")
        assert late.headers["location"] == "/log-ind?videre=/samling/drift&hvorfor=udloebet"
        assert "Dit login er udløbet" in (await browser.http.get(late.headers["location"])).text
    assert refusals(audit) == ["sign-in-expired", "signed-out"]


@pytest.mark.parametrize(
    ("account", "words", "reason"),
    [
        ("two-roles-1", "Din konto har mere end én rolle", "sign-in-two-roles"),
        ("no-role-1", "Din konto har ingen rolle her", "sign-in-no-role"),
    ],
)
async def test_an_account_without_one_role_is_refused_with_the_reason(
    sessions: Running, audit: list[Any], account: str, words: str, reason: str
) -> None:
    async with Browser(sessions) as browser:
        refused = await browser.sign_in(account)
        assert (refused.status_code, words in refused.text) == (403, True)
        assert browser.cookie is None
    assert refusals(audit) == [reason]


async def test_a_sign_in_answered_with_an_error_is_a_clear_page(sessions: Running, audit: list[Any]) -> None:
    async with Browser(sessions) as browser:
        back = await browser.at_provider(await browser.set_out(), action="deny")
        refused = await browser.come_back(back)
        assert (refused.status_code, "Du blev ikke logget ind" in refused.text) == (403, True)
        assert "access_denied" not in refused.text
        assert browser.cookie is None
    assert refusals(audit) == ["sign-in-denied"]


async def test_a_code_works_once_and_in_the_browser_that_asked_for_it(sessions: Running, audit: list[Any]) -> None:
    async with Browser(sessions) as browser, Browser(sessions) as other:
        way = await browser.set_out()
        state = dict(browser.http.cookies)
        back = await browser.at_provider(way, sub="secretariat-1")
        stolen = await other.come_back(back)
        assert (stolen.status_code, other.cookie) == (400, None)
        assert (await browser.come_back(back)).status_code == 303
        again = await browser.come_back(back)
        assert (again.status_code, "Login kunne ikke gennemføres" in again.text) == (400, True)
        # Even with the cookie of the sign-in under way kept and put back, the provider takes a code once.
        other.http.cookies.update(state)
        replayed = await other.come_back(back)
        assert (replayed.status_code, other.cookie) == (400, None)
    assert refusals(audit) == ["sign-in-mismatch", "sign-in-mismatch", "sign-in-invalid"]


@pytest.mark.parametrize("change", [{"state": "forged"}, {"code": "forged"}, {"code": ""}, {"state": ""}])
async def test_a_forged_answer_signs_nobody_in(sessions: Running, audit: list[Any], change: dict[str, str]) -> None:
    async with Browser(sessions) as browser:
        back = query(await browser.at_provider(await browser.set_out(), sub="secretariat-1")) | change
        refused = await browser.http.get("/log-ind/svar", params=back)
        assert (refused.status_code, browser.cookie) == (400, None)
    assert refusals(audit) in (["sign-in-mismatch"], ["sign-in-invalid"])


async def test_the_provider_away_is_said_and_nothing_else_stands_still(house: House, provider: Program) -> None:
    away = told(provider, issuer="http://127.0.0.1:9")
    sessions = await start(house, "sessions", sign_in=away, public_url=HOME)
    answer = await sessions.http.get("/log-ind/start", headers={"accept": "text/html"})
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert (await sessions.http.get("/")).status_code == 200


async def test_without_a_provider_the_page_says_what_is_missing(house: House) -> None:
    sessions = await start(house, "sessions")
    assert "Login er ikke sat op her" in (await sessions.http.get("/log-ind")).text
    assert (await sessions.http.get("/log-ind/start")).headers["location"] == "/log-ind"


async def test_a_second_sign_in_in_a_browser_ends_the_first(sessions: Running) -> None:
    async with Browser(sessions) as browser:
        await browser.sign_in("operator-1")
        first = browser.cookie
        await browser.sign_in("data-protection-officer-1")
        assert await sessions.service.sign_ins.find(first or "") is None
        assert (await browser.http.get("/samling/drift")).status_code == 403


async def test_no_name_and_no_cookie_is_in_what_is_written_down(sessions: Running, audit: list[Any]) -> None:
    async with Browser(sessions) as browser:
        await browser.sign_in("secretariat-1")
        cookie = browser.cookie or ""
        await browser.http.get("/samling/drift")
        await browser.sign_out()
    written = repr(audit)
    assert [line["event"] for line in audit if line.get("kind") == "audit"] == ["signed in", "refused", "signed out"]
    assert "secretariat-1" not in written
    assert cookie.split(".")[1] not in written


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (OidcSettings(), "issuer is missing"),
        (OidcSettings(issuer="http://x"), "state_key is missing"),
        (OidcSettings(issuer="http://x", state_key=SecretStr("short")), "shorter than 32"),
    ],
)
def test_a_provider_that_cannot_work_stops_the_start(settings: OidcSettings, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Provider(settings)
