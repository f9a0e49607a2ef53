"""The realm a municipality imports into Keycloak lets in the roles the code knows, by the one flow it uses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from borgersamling.provider import BACK, CLIENT_ID, ROLES
from chassis.identity import STAFF
from chassis.oidc import STATE_SECONDS, the_role
from chassis.settings import SignInSettings

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy/keycloak/borgersamling-realm.json"
MANUAL = ROOT / "docs/operations/sign-in.md"


@pytest.fixture(scope="module")
def realm() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def client(realm: dict[str, Any]) -> dict[str, Any]:
    (only,) = realm["clients"]
    found: dict[str, Any] = only
    return found


def names(content: Any) -> Iterator[str]:
    """Every field name, at any depth."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield name
            yield from names(value)
    elif isinstance(content, list):
        for value in content:
            yield from names(value)


def test_its_roles_are_those_that_sign_in_and_the_local_provider_has_the_same(realm: dict[str, Any]) -> None:
    there = [role["name"] for role in realm["roles"]["realm"]]
    assert set(there) == STAFF
    assert set(there) == set(ROLES)
    assert len(there) == len(set(there))


def test_no_role_contains_another(realm: dict[str, Any]) -> None:
    assert [role["name"] for role in realm["roles"]["realm"] if role["composite"] or "composites" in role] == []


def test_the_client_signs_in_by_the_code_flow_with_pkce_and_no_other_way(client: dict[str, Any]) -> None:
    assert client["clientId"] == CLIENT_ID
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert client["standardFlowEnabled"] is True
    closed = ("publicClient", "implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled")
    assert {name: client[name] for name in closed} == dict.fromkeys(closed, False)
    assert client["attributes"]["oauth2.device.authorization.grant.enabled"] == "false"
    assert client["attributes"]["oidc.ciba.grant.enabled"] == "false"


def test_it_sends_people_back_to_one_address_alone(client: dict[str, Any]) -> None:
    (back,) = client["redirectUris"]
    assert back == f"https://borgersamling.invalid{BACK}"
    assert client["attributes"]["post.logout.redirect.uris"] == "https://borgersamling.invalid/log-ind"
    assert "*" not in FILE.read_text(encoding="utf-8")
    assert client["webOrigins"] == [], "no script of a page talks to Keycloak"


def test_the_id_token_says_the_role_where_the_sessions_service_looks_and_little_else(
    realm: dict[str, Any], client: dict[str, Any]
) -> None:
    (mapper,) = client["protocolMappers"]
    assert mapper["protocolMapper"] == "oidc-usermodel-realm-role-mapper"
    config = mapper["config"]
    assert (config["claim.name"], config["id.token.claim"], config["multivalued"]) == ("roles", "true", "true")
    assert the_role({config["claim.name"]: ["officer"]}, SignInSettings().roles_claim) == "officer"
    # Not the realm's other roles, nor the name and mail address that Keycloak's `profile` and `email` would add.
    assert client["fullScopeAllowed"] is False
    assert realm["scopeMappings"] == [{"client": CLIENT_ID, "roles": list(ROLES)}]
    assert set(client["defaultClientScopes"]) == {"basic", "acr"}
    assert client["optionalClientScopes"] == []


def test_keycloaks_session_is_not_longer_than_ours_and_guessing_is_slowed(realm: dict[str, Any]) -> None:
    assert realm["ssoSessionMaxLifespan"] <= SignInSettings().hours * 3600
    assert realm["accessCodeLifespanLogin"] <= STATE_SECONDS, "Keycloak's page gives up before our cookie does"
    assert realm["ssoSessionIdleTimeout"] <= 1800
    assert realm["bruteForceProtected"] is True
    assert [realm[name] for name in ("registrationAllowed", "resetPasswordAllowed", "rememberMe")] == [False] * 3


def test_the_file_holds_no_person_and_no_secret(realm: dict[str, Any]) -> None:
    assert {"users", "secret", "credentials", "privateKey", "components"} & set(names(realm)) == set()


def test_the_manual_names_every_role_and_setting() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    settings = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ROLES_CLAIM", "STATE_KEY")
    wanted = (*ROLES, *(f"SIGN_IN__{name}" for name in settings), "FORMS__KEY", "HTTP__PROXIES", BACK)
    assert [name for name in wanted if f"`{name}`" not in manual] == []
