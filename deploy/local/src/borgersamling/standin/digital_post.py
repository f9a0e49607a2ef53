"""Digital Post's own interface, as far as a sender meets it."""

import asyncio
import random
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin import people
from borgersamling.standin.options import Options
from borgersamling.standin.reading import BadMemo, Memo, read
from borgersamling.standin.store import Store

API = "/apis/v1"
MOST_RECEIPTS = 1000


class DigitalPost:
    """The routes. `options` may be changed while it runs, which is how a test brings faults about."""

    def __init__(self, options: Options, store: Store) -> None:
        self.options, self._store = options, store
        self._chance = random.Random(options.seed)  # noqa: S311 - faults, not secrets
        self._repeated: set[str] = set()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{API}/memos/", self.take, methods=["POST"]),
            Route(f"{API}/contacts/", self.contact),
            Route(f"{API}/receipts/", self.receipts),
            Route(f"{API}/receipts/{{id}}", self.receipt, methods=["GET", "DELETE"]),
        ]

    async def take(self, request: Request) -> Response:
        """Take a message, or refuse it."""
        if refused := self._refused(request, self.options.unavailable_share):
            return refused
        try:
            memo = read(await request.body())
            _check_cpr(memo.cpr)
        except BadMemo as error:
            return _error(HTTPStatus.BAD_REQUEST, error.code, str(error), error.field)
        if memo.uuid.lower() != request.query_params.get("memo-message-uuid", "").lower():
            return _error(HTTPStatus.BAD_REQUEST, "memo.invalid", "memo-message-uuid is another", "messageUUID")
        before = self._store.transmission_of(memo.uuid)
        if before is not None and self.options.same_uuid == "refuse":
            return _error(HTTPStatus.BAD_REQUEST, "memo.duplicate", "this messageUUID was taken before", "messageUUID")
        if before is None or self.options.same_uuid == "deliver-again":
            before = self._keep(memo)
        if self._happens(self.options.silent_share):
            await asyncio.sleep(self.options.silent_seconds)  # taken, and the sender is left waiting
        taken = {"transmissionId": before, "messageUUID": memo.uuid, "receiptStatus": "RECEIVED", "timeStamp": _now()}
        return JSONResponse(taken, HTTPStatus.CREATED)

    def _keep(self, memo: Memo) -> str:
        status, code = "COMPLETED", None
        if people.is_exempt(memo.cpr, self.options.seed, self.options.exempt_share):
            status, code = "NOT_ALLOWED", "recipient.not.registered"
        elif people.share_of("invalid", self.options.seed, memo.uuid) < self.options.invalid_share:
            status, code = "INVALID", "memo.invalid"
        return self._store.take(memo, _now(), status, code, time.time() + self.options.receipt_seconds)

    async def contact(self, request: Request) -> Response:
        """Say whether someone has Digital Post."""
        if refused := self._refused(request, self.options.look_up_unavailable_share):
            return refused
        cpr = request.query_params.get("cprNumber", "")
        try:
            _check_cpr(cpr)
        except BadMemo as error:
            return _error(HTTPStatus.BAD_REQUEST, error.code, str(error), "cprNumber")
        exempt = people.is_exempt(cpr, self.options.seed, self.options.exempt_share)
        return JSONResponse({"publicRegistrationStatus": "EXEMPT" if exempt else "REGISTERED"})

    async def receipts(self, request: Request) -> Response:
        """Hand out the receipts that wait."""
        if refused := self._refused(request, 0):
            return refused
        given = request.query_params.get("size", "100")
        most = min(int(given), MOST_RECEIPTS) if given.isdigit() else 100
        return JSONResponse(self._store.receipts(time.time(), most))

    async def receipt(self, request: Request) -> Response:
        """Show one receipt, or take it as handled."""
        if refused := self._refused(request, 0):
            return refused
        receipt_id = request.path_params["id"]
        if request.method == "DELETE":
            if not self._store.delete_receipt(receipt_id):
                return _error(HTTPStatus.NOT_FOUND, "receipt.not.found", "there is no such receipt", "id")
            if receipt_id not in self._repeated and self._happens(self.options.repeated_receipt_share):
                self._repeated.add(receipt_id)
                self._store.hand_out_again(receipt_id, time.time() + self.options.receipt_seconds)
            return Response(status_code=HTTPStatus.NO_CONTENT)
        found = self._store.receipt(receipt_id)
        if found is None:
            return _error(HTTPStatus.NOT_FOUND, "receipt.not.found", "there is no such receipt", "id")
        return JSONResponse(found)

    def _refused(self, request: Request, unavailable_share: float) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {self.options.credentials}":
            return _error(HTTPStatus.UNAUTHORIZED, "unauthorized", "unknown system", "authorization")
        if self._happens(unavailable_share):
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "try again", "", {"Retry-After": "1"})
        return None

    def _happens(self, share: float) -> bool:
        return share > 0 and self._chance.random() < share


def _check_cpr(cpr: str) -> None:
    try:
        people.check(cpr)
    except people.RealCpr as error:
        raise BadMemo("recipientID", str(error), "standin.real.person") from None
    except people.NotACpr as error:
        raise BadMemo("recipientID", str(error), "contact.point.id.format.not.allowed") from None


def _error(
    status: HTTPStatus, code: str, message: str, field: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    errors: list[dict[str, Any]] = [{"field": field, "message": message}] if field else []
    return JSONResponse({"code": code, "message": message, "fieldErrors": errors}, status, headers)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
