"""Refuses calls: who is unknown, whose credentials have ended, and whoever the options say at random."""

import asyncio
import random
from base64 import b64encode
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from borgersamling.standin.options import Options


class Faults:
    """Chance, and the count of what the credentials were used for."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._chance = random.Random(options.seed)  # noqa: S311 - faults, not secrets
        self._uses = 0

    def happens(self, share: float) -> bool:
        """Say whether something happens now that happens to a share of the calls."""
        return share > 0 and self._chance.random() < share

    def renew(self) -> None:
        """Have new credentials, which are the same text: they may be used as often again."""
        self._uses = 0

    def of_call(self, request: Request) -> Response | None:
        """Refuse any call at all, or say None."""
        options = self._options
        if request.headers.get("authorization") not in _accepted(options.credentials):
            return error(HTTPStatus.UNAUTHORIZED, "unauthorized", "unknown system", "authorization")
        self._uses += 1
        if 0 < options.credentials_uses < self._uses:
            return error(HTTPStatus.UNAUTHORIZED, "credentials.expired", "the credentials have ended", "authorization")
        if self.happens(options.unauthorized_share):
            return error(HTTPStatus.UNAUTHORIZED, "unauthorized", "not let in this time", "authorization")
        return None

    def of_look_up(self, request: Request) -> Response | None:
        """Refuse a look-up, or say None."""
        return self.of_call(request) or self.unavailable(self._options.look_up_unavailable_share)

    def of_sending(self, request: Request) -> Response | None:
        """Refuse a sending before it is read, or say None."""
        return self.of_call(request) or self.of_load()

    def of_load(self) -> Response | None:
        """Refuse a sending because there is too much to do, or it is not allowed today; or say None."""
        if refused := self.unavailable(self._options.unavailable_share):
            return refused
        if self.happens(self._options.busy_share):
            wait = {"Retry-After": str(self._options.busy_seconds)}
            return error(HTTPStatus.TOO_MANY_REQUESTS, "too.many.requests", "slower, please", headers=wait)
        if self.happens(self._options.forbidden_share):
            return error(HTTPStatus.FORBIDDEN, "forbidden", "this system may not send", "Sender")
        return None

    async def after_taking(self) -> Response | None:
        """Leave the sender of what is taken waiting, or with an error; or say None."""
        if self.happens(self._options.silent_share):
            await asyncio.sleep(self._options.silent_seconds)
        if self.happens(self._options.broken_share):
            return error(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "something broke")
        return None

    def unavailable(self, share: float) -> Response | None:
        """Say 503 to a share of the calls."""
        if self.happens(share):
            return error(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "try again", headers={"Retry-After": "1"})
        return None


def error(
    status: HTTPStatus, code: str, message: str, field: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return an error in the protocol's own shape. Nothing of what was sent is in it."""
    errors: list[dict[str, Any]] = [{"field": field, "code": code, "message": message}] if field else []
    return JSONResponse({"code": code, "message": message, "fieldErrors": errors}, status, headers)


def _accepted(credentials: str) -> tuple[str, str]:
    # Basic is the real one's; Bearer is easier on a command line.
    return f"Basic {b64encode(credentials.encode()).decode()}", f"Bearer {credentials}"
