"""Tokens for one service of Serviceplatformen: a SAML assertion by mutual TLS, changed for an access token.

Renewed by one caller while the others wait for the same answer, when nine tenths of its life are over (of 3600 s) or
when the service has refused it. Nothing of a token, an assertion or a refusal is logged.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog

from chassis.errors import Transient
from notifications.channels.answers import REFUSED_US, json_object
from notifications.channels.connections import Connections

ISSUE = "/runtime/api/rest/wstrust/v1/issue"
TOKEN = "/service/AccessTokenService_1/token"  # noqa: S105 - a path
LIVED = 0.9
"""The share of a token's life after which it is renewed: the clocks of two machines differ, and calls take time."""
PAUSE = timedelta(seconds=5)
"""How long a failed renewal is not tried again: a whole batch would otherwise wait for one time-out after the other."""
_HEADER = re.compile(r"[\x21-\x7e]+ [\x21-\x7e]+")
_SAML, _TRUST = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0", "200512"

log = structlog.get_logger()


class NoToken(Transient):
    """There is no token, so nothing has been sent; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no token from Serviceplatformen: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    header: str
    renew_at: datetime


class Tokens:
    """The token for one service, by its entity id.

    `certificate`: ours as base64 of DER, which the token is bound to; None where the other side asks for none.
    """

    def __init__(
        self,
        issuer: Connections,
        platform: Connections,
        entity: str,
        cvr: str,
        certificate: str | None,
        machine_now: Callable[[], datetime],
    ) -> None:
        self._issuer, self._platform = issuer, platform
        self._entity, self._cvr, self._certificate = entity, cvr, certificate
        self._now = machine_now
        self._token: _Token | None = None
        self._renewal: asyncio.Task[_Token] | None = None
        self._failed: tuple[NoToken, datetime] | None = None

    async def get(self) -> str:
        """Return the value of the `authorization` header. NoToken when there is none to be had."""
        if self._token is not None and self._now() < self._token.renew_at:
            return self._token.header
        if self._failed is not None and self._now() < self._failed[1]:
            raise NoToken(self._failed[0].reason)
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew(), name="renew a token")
            self._renewal.add_done_callback(self._renewed)
        # Shielded: one caller that gives up must not take the token from all who wait with it.
        return (await asyncio.shield(self._renewal)).header

    def refuse(self, header: str) -> None:
        """Forget the token if it is still the one that a service has refused."""
        if self._token is not None and self._token.header == header:
            self._token = None

    def _renewed(self, renewal: asyncio.Task[_Token]) -> None:
        self._renewal = None
        error = None if renewal.cancelled() else renewal.exception()
        if isinstance(error, NoToken):
            self._failed = (error, self._now() + PAUSE)
            log.warning("no token from Serviceplatformen", why=error.reason)
        elif error is None and not renewal.cancelled():
            self._token, self._failed = renewal.result(), None

    async def _renew(self) -> _Token:
        issued = await self._ask(self._issuer, ISSUE, "application/json", json.dumps(self._question()).encode())
        try:
            assertion = str(issued["RequestedSecurityToken"]["Assertion"])
        except (KeyError, TypeError):
            raise NoToken("no-assertion") from None
        asked_at = self._now()
        form = urlencode({"saml-token": assertion}).encode()
        given = await self._ask(self._platform, TOKEN, "application/x-www-form-urlencoded", form)
        header = f"{given.get('token_type')} {given.get('access_token')}"
        seconds = given.get("expires_in")
        if not isinstance(seconds, int | float) or seconds <= 0 or not _HEADER.fullmatch(header):
            raise NoToken("no-access-token")
        return _Token(header, asked_at + timedelta(seconds=seconds * LIVED))

    async def _ask(self, there: Connections, path: str, kind: str, content: bytes) -> dict[str, Any]:
        try:
            response = await there.request("POST", path, content=content, headers={"Content-Type": kind})
        except httpx.HTTPError as error:
            raise NoToken(f"no answer ({type(error).__name__})") from None
        if response.status_code in REFUSED_US:
            raise NoToken(f"credentials refused ({response.status_code})")
        if response.status_code != HTTPStatus.OK:
            raise NoToken(f"answered with {response.status_code}")
        return json_object(response)

    def _question(self) -> dict[str, Any]:
        return {
            "TokenType": _SAML,
            "RequestType": f"http://docs.oasis-open.org/ws-sx/ws-trust/{_TRUST}/Issue",
            "KeyType": f"http://docs.oasis-open.org/ws-sx/ws-trust/{_TRUST}/PublicKey",
            "AnvenderKontekst": {"Cvr": self._cvr},
            "UseKey": self._certificate,
            "AppliesTo": {"EndpointReference": {"Address": self._entity}},
            "OnBehalfOf": None,
        }
