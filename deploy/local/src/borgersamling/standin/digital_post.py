"""Digital Post's own interface, as far as a sender meets it: messages and look-ups. Receipts are in `handing_out`."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin import people, receipts
from borgersamling.standin.containers import unpack
from borgersamling.standin.faults import Faults, error
from borgersamling.standin.options import Options
from borgersamling.standin.reading import BadMemo, Memo, read
from borgersamling.standin.store import Store

API = "/apis/v1"
CONTAINER = "application/x-lzma"
AT_A_TIME = 25
"""Messages of a container that are read before others are heard again."""


class DigitalPost:
    """The routes. `options` may be changed while it runs, which is how a test brings faults about."""

    def __init__(self, options: Options, store: Store, faults: Faults) -> None:
        self._options, self._store, self._faults = options, store, faults

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route(f"{API}/memos/", self.take, methods=["POST"]), Route(f"{API}/contacts/", self.contacts)]

    async def take(self, request: Request) -> Response:
        """Take a message or a container, or refuse it."""
        if refused := self._faults.of_sending(request):
            return refused
        try:
            if request.headers.get("content-type") == CONTAINER:
                uuid, transmission = None, await self._take_container(await request.body())
            else:
                uuid = request.query_params.get("memo-message-uuid", "").lower()
                transmission = self._take_one(admit(read(await request.body()), self._options), uuid)
        except BadMemo as bad:
            return error(HTTPStatus.BAD_REQUEST, bad.code, str(bad), bad.field)
        if broken := await self._faults.after_taking():
            return broken
        taken = {"transmissionId": transmission, "messageUUID": uuid, "receiptStatus": "RECEIVED", "timeStamp": now()}
        return JSONResponse(taken, HTTPStatus.CREATED)

    def _take_one(self, memo: Memo, uuid: str) -> str:
        if memo.uuid != uuid:
            raise BadMemo("messageUUID", "memo-message-uuid is another")
        before = self._store.transmissions([memo.uuid]).get(memo.uuid)
        if before is not None and self._options.same_uuid == "refuse":
            raise BadMemo("messageUUID", "this messageUUID was taken before", "memo.duplicate")
        if before is not None and self._options.same_uuid == "same-receipt":
            return before
        transmission = str(uuid4())
        self._keep([memo], [], transmission)
        return transmission

    async def _take_container(self, container: bytes) -> str:
        memos: dict[str, Memo] = {}
        bad: list[BadMemo] = []
        for number, xml in enumerate(await asyncio.to_thread(unpack, container)):
            if number % AT_A_TIME == AT_A_TIME - 1:
                await asyncio.sleep(0)
            try:
                memo = admit(read(xml), self._options)
            except BadMemo as refused:
                if refused.code == people.RealCpr.code or self._options.container_check == "at-once":
                    raise
                bad.append(refused)
            else:
                memos[memo.uuid] = memo
        transmission = str(uuid4())
        # From here on nothing is waited for: what is known now is what is kept.
        if self._options.same_uuid != "deliver-again":
            known = [memos.pop(uuid) for uuid in self._store.transmissions(list(memos))]
            if self._options.same_uuid == "refuse":
                bad += [BadMemo("messageUUID", "taken before", "memo.duplicate", memo.uuid) for memo in known]
        self._keep(list(memos.values()), bad, transmission)
        return transmission

    def _keep(self, memos: Sequence[Memo], bad: Sequence[BadMemo], transmission: str) -> None:
        options, moment = self._options, time.time()
        planned = [receipts.of_refusal(one.uuid, transmission, one.code, options, moment) for one in bad]
        for memo in memos:
            registration = people.registration(memo.cpr, options)
            planned += receipts.of_message(memo.uuid, transmission, registration, options, moment)
        self._store.take(memos, planned, transmission, now())

    async def contacts(self, request: Request) -> Response:
        """Say who of some people has Digital Post. Several numbers come with commas between them or each by itself."""
        if refused := self._faults.of_look_up(request):
            return refused
        numbers = [cpr for given in request.query_params.getlist("cprNumber") for cpr in given.split(",")]
        try:
            for cpr in numbers:
                check_cpr(cpr)
        except BadMemo as bad:
            return error(HTTPStatus.BAD_REQUEST, bad.code, str(bad), "cprNumber")
        page, size = page_asked(request, 20)
        some = numbers[page * size : (page + 1) * size]
        return JSONResponse(paging(page, size, len(some), len(numbers)) | {"contacts": list(map(self._contact, some))})

    def _contact(self, cpr: str) -> dict[str, object]:
        found = people.registration(cpr, self._options)
        subscription = {"registrationStatus": found.status, "publicRegistrationStatus": found.public}
        return {"type": "CITIZEN", "cprNumber": cpr, "mailboxSubscription": subscription}


def admit(memo: Memo, options: Options) -> Memo:
    """Return a message that is taken; BadMemo when its recipient is nobody's here, or it was asked to be refused."""
    check_cpr(memo.cpr)
    if options.bad_request_share and people.share_of("bad", options.seed, memo.uuid) < options.bad_request_share:
        raise BadMemo("Message", "refused because it was asked to be", uuid=memo.uuid)
    registration = people.registration(memo.cpr, options)
    if not registration.takes and options.not_registered_at == "answer":
        raise BadMemo("recipientID", "cannot get Digital Post", receipts.refusal(registration), uuid=memo.uuid)
    return memo


def page_asked(request: Request, usual: int, most: int = 1000) -> tuple[int, int]:
    """Return the page that is asked for, from 0, and its size."""

    def number(name: str, otherwise: int) -> int:
        given = request.query_params.get(name, "")
        return int(given) if given.isdigit() else otherwise

    return number("page", 0), max(1, min(number("size", usual), most))


def paging(page: int, size: int, here: int, total: int) -> dict[str, object]:
    """Return what each list says about its pages."""
    return {"currentPage": page, "totalPages": -(-total // size), "elementsOnPage": here, "totalElements": total}


def now() -> str:
    """Return the time as the protocol writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_cpr(cpr: str) -> None:
    """Refuse a number that is not a synthetic person's: BadMemo, without the number."""
    try:
        people.check(cpr)
    except people.RealCpr as refused:
        raise BadMemo("recipientID", str(refused), refused.code) from None
    except people.NotACpr as refused:
        raise BadMemo("recipientID", str(refused), "contact.point.id.format.not.allowed") from None
