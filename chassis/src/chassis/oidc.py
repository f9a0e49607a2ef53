"""Sign-in with the municipality's OpenID Connect provider: the code flow with PKCE, through Authlib.

The provider vouches for who someone is and which one role they have. An account with none of our roles, or with two,
is refused: whoever could be both the council's officer and the secretariat would be the hole in arm's length.
"""

from collections.abc import Mapping
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from chassis.errors import Transient
from chassis.identity import SHORTEST, STAFF, Role
from chassis.settings import OidcSettings

STATE_COOKIE = "borgersamling-log-ind"
STATE_SECONDS = 600
"""How long someone may take at the provider."""


class NotSignedIn(Exception):  # noqa: N818
    """The provider, or what came back from it, signs nobody in; `reason` is one of the constants below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


DENIED, MISMATCH, INVALID, NO_ROLE, TWO_ROLES = "denied", "mismatch", "invalid", "no-role", "two-roles"


class Provider:
    """An OpenID Connect provider. ValueError for settings that cannot work."""

    def __init__(self, settings: OidcSettings) -> None:
        if settings.issuer is None:
            raise ValueError("the provider's issuer is missing")
        if settings.state_key is None or len(settings.state_key.get_secret_value()) < SHORTEST:
            raise ValueError(f"the provider's state_key is missing or shorter than {SHORTEST} characters")
        secret = settings.client_secret
        oauth = OAuth()
        oauth.register(
            "provider",
            client_id=settings.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": settings.scope, "code_challenge_method": "S256", "trust_env": False, "timeout": 10},
        )
        self._client = oauth.provider

    async def send_away(self, request: Request, redirect_uri: str) -> Response:
        """Return the redirect to the provider. Transient when it does not answer."""
        try:
            response: Response = await self._client.authorize_redirect(request, redirect_uri)
        except httpx.HTTPError as error:
            raise Transient("the sign-in provider does not answer") from error
        return response

    async def take_back(self, request: Request) -> Mapping[str, Any]:
        """Return what the provider says of who comes back, with a `sub`, its signature, issuer and nonce checked.

        NotSignedIn, or Transient when the provider does not answer.
        """
        try:
            token = await self._client.authorize_access_token(request)
        except OAuthError as error:
            raise NotSignedIn(_why(error)) from error
        except httpx.HTTPError as error:
            raise Transient("the sign-in provider does not answer") from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise NotSignedIn(INVALID) from error
        claims: Mapping[str, Any] = token.get("userinfo") or {}
        if not claims.get("sub"):
            raise NotSignedIn(INVALID)
        return claims


def the_role(claims: Mapping[str, Any], path: str) -> Role:
    """Return the one role the claims give; NotSignedIn for none of ours, and for two."""
    found = claim(claims, path)
    given = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    roles = {Role(name) for name in given if name in STAFF}
    if not roles:
        raise NotSignedIn(NO_ROLE)
    if len(roles) > 1:
        raise NotSignedIn(TWO_ROLES)
    return roles.pop()


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim; dots in its path lead into objects. None when it is not there.

    A claim that is called so, dots and all, goes first: brokers of MitID have such names.
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _why(error: OAuthError) -> str:
    if error.error == "mismatching_state":
        return MISMATCH
    return DENIED if error.error in {"access_denied", "login_required", "interaction_required"} else INVALID
