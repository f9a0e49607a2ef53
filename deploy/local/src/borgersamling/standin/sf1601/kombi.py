"""KombiPostAfsend and PostForespoerg: takes messages and letters, and says who is registered."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin import people, store
from borgersamling.standin.digital_post import admit, check_cpr, now
from borgersamling.standin.faults import Faults, error
from borgersamling.standin.options import Options
from borgersamling.standin.reading import BadMemo, Memo
from borgersamling.standin.receipts import Receipt, of_message
from borgersamling.standin.sf1601.pushing import Pusher
from borgersamling.standin.sf1601.reading import Letter, read_request
from borgersamling.standin.sf1601.store import Store
from borgersamling.standin.sf1601.tokens import LOOK_UP, SEND, Tokens

DIGITALLY = {"RECEIVED": "Modtaget Digital Post", "COMPLETED": "Afleveret Digital Post"}
BY_POST = {"RECEIVED": "Afleveret til print og kuvertering", "COMPLETED": "Modtaget Post Danmark"}
AT_PRINTER, FAILED, RECALLED = "Modtaget Fjern-print", "Fejlet", "Tilbagekaldt"


class Sf1601:
    """The routes. `options` may be changed while it runs, which is how a test brings faults about."""

    def __init__(self, options: Options, messages: store.Store, faults: Faults) -> None:
        self._options, self._messages, self._letters = options, messages, Store(options.data)
        self._tokens, self._faults = Tokens(options), faults
        self._pusher = Pusher(options, self._letters)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self._tokens.routes(),
            Route("/service/KombiPostAfsend_1/kombi", self.take, methods=["POST"]),
            Route("/service/PostForespoerg_1/digitalpost", self.look_up),
            Route("/standin/sf1601", self.seen),
        ]

    def letters(self) -> list[dict[str, Any]]:
        """Return the letters that were taken for the printer, oldest first."""
        return self._letters.letters()

    @asynccontextmanager
    async def pushing(self) -> AsyncIterator[None]:
        """Push receipts meanwhile."""
        task = asyncio.create_task(self._pusher.run(), name="push receipts")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._letters.close()

    async def take(self, request: Request) -> Response:
        """Take a message or a letter, or refuse it."""
        if refused := self._tokens.refused(request, SEND) or self._faults.of_load():
            return refused
        try:
            read = read_request(await request.body())
            transmission = self._take(read, self._tokens.municipality(request))
        except BadMemo as bad:
            return error(HTTPStatus.BAD_REQUEST, bad.code, str(bad), bad.field)
        if broken := await self._faults.after_taking():
            return broken
        # Letters are replied to without an id, as others have seen it.
        named = isinstance(read, Memo) and not self._faults.happens(self._options.sf1601.without_transmission_share)
        return Response(_reply(transmission if named else ""), media_type="application/xml")

    def _take(self, read: Memo | Letter, cvr: str) -> str:
        if isinstance(read, Memo):
            admit(read, self._options)
            before = self._messages.transmissions([read.uuid]).get(read.uuid)
        else:
            if self._is("bad", self._options.bad_request_share, read.identifier):
                raise BadMemo("ForsendelseI", "refused because it was asked to be")
            before = self._letters.transmission_of(read.identifier)
        if before is not None and self._options.same_uuid == "refuse":
            raise BadMemo("messageUUID", "this UUID was taken before", "memo.duplicate")
        if before is not None and self._options.same_uuid == "same-receipt":
            return before
        transmission = str(uuid4())
        if isinstance(read, Memo):
            self._messages.take([read], [], transmission, now())
        else:
            self._letters.take(read, transmission, now())
        self._pusher.plan(self._course(read, transmission), cvr, letter=isinstance(read, Letter))
        return transmission

    def _course(self, read: Memo | Letter, transmission: str) -> Iterator[Receipt]:
        """Yield the receipts of a message or a letter, each with its event's name for a status."""
        if isinstance(read, Memo):
            uuid, registration, words = read.uuid, people.registration(read.cpr, self._options), DIGITALLY
            first = words["RECEIVED"]
        else:
            uuid, registration, words = read.identifier, people.REGISTERED, BY_POST
            first = AT_PRINTER
        moment = time.time()
        yield Receipt(str(uuid4()), uuid, transmission, first, None, moment)
        for receipt in of_message(uuid, transmission, registration, self._options, moment):
            told = words.get(receipt.status, FAILED)
            if told == BY_POST["COMPLETED"] and self._is("recalled", self._options.sf1601.recalled_share, uuid):
                told = RECALLED
            yield replace(receipt, status=told)

    def _is(self, fault: str, share: float, letter: str) -> bool:
        return share > 0 and people.share_of(fault, self._options.seed, letter) < share

    async def look_up(self, request: Request) -> Response:
        """Say whether someone has Digital Post."""
        busy = self._faults.unavailable(self._options.look_up_unavailable_share)
        if refused := self._tokens.refused(request, LOOK_UP) or busy:
            return refused
        cpr = request.query_params.get("cprNumber", "")
        try:
            check_cpr(cpr)
        except BadMemo as bad:
            return error(HTTPStatus.BAD_REQUEST, bad.code, str(bad), "cprNumber")
        return JSONResponse({"result": people.registration(cpr, self._options).public == "REGISTERED"})

    async def seen(self, _: Request) -> Response:
        """Tell what was seen: letters, how many tokens were given out, how many receipts still wait."""
        return JSONResponse(
            {"letters": self._letters.letters(), "tokens": self._tokens.given, "waiting": self._letters.waiting()}
        )


def _reply(transmission: str) -> str:
    named = f"<TransmissionID>{transmission}</TransmissionID>" if transmission else ""
    advice = "<Advis><AdvisId>0</AdvisId><AdvisTekst>RECEIVED</AdvisTekst></Advis>"
    told = f"<HovedoplysningerSvarREST><SvarReaktion>{advice}</SvarReaktion></HovedoplysningerSvarREST>"
    return f"<kombi_response><Result>true</Result>{named}{told}</kombi_response>"
