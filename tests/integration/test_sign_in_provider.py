"""The local run's sign-in is a real provider: people sign in by the code flow, and what must be refused is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from borgersamling import table
from borgersamling.programs import SERVICES, Program
from borgersamling.provider import BACK as PATH_BACK
from borgersamling.provider import PEOPLE, STAFF_PEOPLE
from borgersamling.provider.app import build
from borgersamling.secrets_file import Secrets
from chassis import signing_in
from chassis.identity import STAFF
from chassis.oidc import NotSignedIn, the_role

pytestmark = pytest.mark.integration

HOME = "http://127.0.0.1:8080"
BACK = f"{HOME}/log-ind/svar"
SECRET = "the-secret-of-the-client-in-this-test"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    told = {"PUBLIC_URL": HOME, "SIGN_IN__CLIENT_SECRET": SECRET}
    data = tmp_path_factory.mktemp("provider")
    with Program("sign-in-provider", data, lambda _: told, module="borgersamling.provider") as running:
        yield running


def discovered(provider: Program) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{provider.url}/.well-known/openid-configuration", trust_env=False).json()
    return found


def authorize(provider: Program, form: dict[str, str] | None = None, **changes: str) -> httpx.Response:
    """Open the provider's page, or press a button on it."""
    query = {
        "client_id": "borgersamling",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": BACK,
        "state": "a-state",
        "nonce": "a-nonce",
    }
    where = discovered(provider)["authorization_endpoint"]
    return httpx.request("POST" if form else "GET", where, params=query | changes, data=form, trust_env=False)


def answer(response: httpx.Response) -> dict[str, str]:
    """What the browser brings back to the one address."""
    location = response.headers["location"]
    assert location.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def token(provider: Program, code: str, secret: str = SECRET) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    where = discovered(provider)["token_endpoint"]
    return httpx.post(where, data=form, auth=("borgersamling", secret), trust_env=False)


def id_token(provider: Program, account: str) -> jwt.Token:
    """Sign in, and return the ID token with its signature checked against the provider's published keys."""
    keys = KeySet.import_key_set(httpx.get(discovered(provider)["jwks_uri"], trust_env=False).json())
    return jwt.decode(token(provider, answer(authorize(provider, {"sub": account}))["code"]).json()["id_token"], keys)


def test_its_name_is_the_address_that_browsers_and_services_reach(provider: Program) -> None:
    there = discovered(provider)
    assert there["issuer"] == provider.url
    assert all(there[name].startswith(f"{provider.url}/") for name in there if name.endswith(("_endpoint", "_uri")))


@pytest.mark.parametrize("account", PEOPLE)
def test_everyone_on_its_page_signs_in_with_the_roles_they_have(provider: Program, account: str) -> None:
    page = authorize(provider)
    assert f'value="{account}"' in page.text
    claims = id_token(provider, account).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (provider.url, ["borgersamling"], "a-nonce")
    assert (claims["sub"], claims["roles"]) == (account, list(PEOPLE[account]))


def test_there_is_one_person_a_role_and_three_whom_the_services_refuse() -> None:
    for account, roles in PEOPLE.items():
        if account in STAFF_PEOPLE:
            assert the_role({"roles": list(roles)}, "roles") in STAFF
        else:
            with pytest.raises(NotSignedIn):
                the_role({"roles": list(roles)}, "roles")
    assert {role for (role,) in STAFF_PEOPLE.values()} == STAFF


def test_a_token_says_nothing_of_a_person_but_the_name_of_the_account(provider: Program) -> None:
    known = {"iss", "aud", "sub", "iat", "exp", "auth_time", "nonce", "at_hash", "roles"}
    assert set(id_token(provider, "member-1").claims) <= known


def test_it_sends_people_back_where_the_sessions_service_takes_them() -> None:
    assert PATH_BACK == signing_in.BACK


def test_who_says_no_comes_back_without_a_code(provider: Program) -> None:
    back = answer(authorize(provider, {"action": "deny"}))
    assert back["error"] == "access_denied"
    assert "code" not in back


def test_another_way_back_or_another_client_is_refused(provider: Program) -> None:
    for changes in ({"redirect_uri": "http://127.0.0.1:8080/elsewhere"}, {"client_id": "another"}):
        refused = authorize(provider, {"sub": "secretariat-1"}, **changes)
        assert refused.status_code == 400
        assert "location" not in refused.headers


def test_a_code_is_worth_nothing_without_the_clients_secret_and_once_only(provider: Program) -> None:
    code = answer(authorize(provider, {"sub": "officer-1"}))["code"]
    assert token(provider, code, secret="a guess").status_code == 401
    assert token(provider, code).status_code == 200
    assert token(provider, code).status_code == 400


def test_after_a_restart_its_tokens_name_the_new_key(provider: Program) -> None:
    before = id_token(provider, "operator-1").header["kid"]
    provider.kill()
    provider.start()
    assert id_token(provider, "operator-1").header["kid"] != before


def test_its_pages_ask_no_other_host_for_anything(provider: Program) -> None:
    for page in (authorize(provider), authorize(provider, client_id="another"), httpx.get(provider.url)):
        assert 'lang="da"' in page.text
        assert "//" not in page.text


def test_its_log_holds_no_request_and_no_warning_of_a_library(provider: Program) -> None:
    authorize(provider, {"sub": "expert-1"})
    id_token(provider, "expert-1")
    log = provider.log.read_text(encoding="utf-8")
    assert "expert-1" not in log
    assert "code=" not in log
    assert "Warning" not in log


def test_a_fault_shows_no_debugger() -> None:
    app = build(HOME, SECRET)

    def fault() -> str:
        raise ValueError("what only the log may say")

    app.add_url_rule("/fault", view_func=fault)
    page = app.test_client().get("/fault")
    assert not app.debug
    assert page.status_code == 500
    assert b"what only the log may say" not in page.data


def the_table(tmp_path: Path) -> table.Table:
    secrets = Secrets.of(tmp_path / "secrets.json", SERVICES)
    return table.Table(tmp_path, secrets, "nats://n", "mongodb://m", "system", HOME, (), 1025)


def test_sessions_alone_is_told_of_the_provider_and_all_five_share_the_key_of_the_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIGN_IN__ISSUER", raising=False)
    told = the_table(tmp_path)
    assert {told.common(name)["FORMS__KEY"] for name in SERVICES} == {told.secrets.forms_key}
    special = {name: told.special(name, lambda part: f"http://{part}") for name in SERVICES}
    assert special["sessions"]["SIGN_IN__ISSUER"] == "http://sign-in-provider"
    assert special["sessions"]["SIGN_IN__CLIENT_SECRET"] == told.secrets.client_secret
    assert [name for name in SERVICES if any(key.startswith("SIGN_IN") for key in special[name])] == ["sessions"]
    assert [part.name for part in table.stand_ins(told)] == ["digital-post", "sign-in-provider"]
    assert "secretariat-1" in table.who_signs_in()
    assert not [account for account in ("member-1", "two-roles-1", "no-role-1") if account in table.who_signs_in()]


def test_a_municipalitys_own_sign_in_takes_the_stand_ins_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN__ISSUER", "https://login.kommune.example/realms/borgersamling")
    told = the_table(tmp_path)
    assert [part.name for part in table.stand_ins(told)] == ["digital-post"]
    sessions = told.special("sessions", lambda part: f"http://{part}")
    assert [name for name in sessions if name.startswith("SIGN_IN")] == ["SIGN_IN__STATE_KEY"], "the rest is its own"
    assert table.who_signs_in() == "with an account of https://login.kommune.example/realms/borgersamling"
