"""The security token service and AccessTokenService: an assertion for a service, changed for a token."""

import base64
import re
import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin.faults import error
from borgersamling.standin.options import Options

SEND = "http://entityid.kombit.dk/service/kombipostafsend/1"
LOOK_UP = "http://entityid.kombit.dk/service/postforespoerg/1"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Tokens:
    """Gives out tokens and knows them again. In memory: who comes after a new start asks for a new one."""

    def __init__(self, options: Options) -> None:
        self._options = options.sf1601
        self._assertions: dict[str, tuple[str, str]] = {}
        self._tokens: dict[str, tuple[str, str, float]] = {}
        self.given = 0
        """How many tokens were given out."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/runtime/api/rest/wstrust/v1/issue", self.issue, methods=["POST"]),
            Route("/service/AccessTokenService_1/token", self.token, methods=["POST"]),
        ]

    async def issue(self, request: Request) -> Response:
        """Give an assertion for one service to a client that names its certificate."""
        asked: dict[str, Any] = await request.json()
        try:
            entity, cvr = asked["AppliesTo"]["EndpointReference"]["Address"], asked["AnvenderKontekst"]["Cvr"]
            if entity not in {SEND, LOOK_UP} or not re.fullmatch(r"\d{8}", cvr):
                return error(HTTPStatus.FORBIDDEN, "no.service.agreement", "unknown service or municipality")
            if asked["UseKey"] is not None or request.url.scheme == "https":
                base64.b64decode(asked["UseKey"], validate=True)
        except (KeyError, TypeError, ValueError):
            return error(HTTPStatus.BAD_REQUEST, "request.invalid", "AppliesTo, AnvenderKontekst and UseKey are needed")
        assertion = base64.b64encode(secrets.token_bytes(48)).decode()
        self._assertions[assertion] = (entity, cvr)
        ends = datetime.now(UTC) + timedelta(hours=8)
        return JSONResponse(
            {"RequestedSecurityToken": {"Assertion": assertion}, "Lifetime": ends.strftime("%m/%d/%Y %H:%M:%S")}
        )

    async def token(self, request: Request) -> Response:
        """Change an assertion for a token."""
        (assertion,) = parse_qs((await request.body()).decode()).get("saml-token", [""])
        known = self._assertions.get(assertion)
        if known is None:
            return error(HTTPStatus.UNAUTHORIZED, "assertion.unknown", "this assertion was not given out here")
        told, works = self._options.token_seconds, self._options.token_works_seconds
        token = secrets.token_hex(16)
        self._tokens[token] = (*known, time.time() + (told if works is None else works))
        self.given += 1
        return JSONResponse({"access_token": token, "token_type": "Holder-of-key", "expires_in": told})

    def refused(self, request: Request, entity: str) -> Response | None:
        """Return the refusal of a call without a valid token for this service, or without the two headers."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        known, _, ends = self._tokens.get(token, ("", "", 0.0))
        if kind != "Holder-of-key" or known != entity or ends <= time.time():
            return error(HTTPStatus.UNAUTHORIZED, "token.invalid", "no token, an old one, or another service's")
        try:
            uuid.UUID(request.headers.get("x-transaktionsid", ""))
        except ValueError:
            return error(HTTPStatus.BAD_REQUEST, "header.invalid", "x-TransaktionsId must be a UUID")
        if not _TIME.fullmatch(request.headers.get("x-transaktionstid", "")):
            return error(HTTPStatus.BAD_REQUEST, "header.invalid", "x-TransaktionsTid must be a time in UTC")
        return None

    def municipality(self, request: Request) -> str:
        """Return the CVR number of whoever calls with a valid token."""
        return self._tokens[request.headers["authorization"].partition(" ")[2]][1]
