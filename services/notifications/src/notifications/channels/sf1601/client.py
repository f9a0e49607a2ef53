"""Calls to Serviceplatformen: mutual TLS, a token for the service, and the two headers that every call carries.

CPR numbers are in the look-up's URL. So nothing here logs a URL, and no httpx error gets out with its text.
"""

import uuid
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus

import httpx

from notifications.channels.connections import Connections
from notifications.channels.sf1601.certificates import first_der
from notifications.channels.sf1601.token import Tokens
from notifications.settings_sf1601 import Sf1601Settings


class Service(StrEnum):
    """The services we call, by their entity ids (C)."""

    SEND = "http://entityid.kombit.dk/service/kombipostafsend/1"
    LOOK_UP = "http://entityid.kombit.dk/service/postforespoerg/1"


class Client:
    """One municipality at Serviceplatformen."""

    def __init__(self, settings: Sf1601Settings, cvr: str, machine_now: Callable[[], datetime]) -> None:
        context = settings.context()
        platform, issuer = settings.platform_url.rstrip("/"), settings.issuer_url.rstrip("/")
        self._now = machine_now
        # A message with its attachments takes longer than a look-up, and a token must not wait for either.
        seconds = settings.timeout_seconds
        self._platform = Connections(platform, {}, settings.connections, seconds, context)
        self._tokens_at = Connections(platform, {}, len(Service), seconds, context)
        self._issuer = Connections(issuer, {}, len(Service), seconds, context)
        shown = _shown(settings)
        self._tokens = {one: Tokens(self._issuer, self._tokens_at, one, cvr, shown, machine_now) for one in Service}

    async def call(
        self,
        service: Service,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Ask once; a second time with a new token when the first is refused, which says that nothing was taken.

        NoToken when nothing has been sent; httpx.HTTPError when there is no answer: it goes no further than the caller.
        """
        tokens = self._tokens[service]
        token = await tokens.get()
        response = await self._ask(token, method, path, query, content)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            tokens.refuse(token)
            response = await self._ask(await tokens.get(), method, path, query, content)
        return response

    async def _ask(
        self, token: str, method: str, path: str, query: dict[str, str] | None, content: bytes | None
    ) -> httpx.Response:
        headers = {
            "Authorization": token,
            "x-TransaktionsId": str(uuid.uuid4()),
            "x-TransaktionsTid": self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return await self._platform.request(method, path, query, content, headers)

    async def close(self) -> None:
        """Close the connections."""
        for connections in (self._platform, self._tokens_at, self._issuer):
            await connections.close()


def _shown(settings: Sf1601Settings) -> str | None:
    """Return our own certificate, the first in its file, as the token service wants it named."""
    if settings.certificate is None:
        return None
    return b64encode(first_der(settings.certificate.read_text("ascii", "ignore"))).decode()
