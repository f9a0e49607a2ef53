"""Hands receipts out: to whoever fetches them, or pushed to an address."""

import asyncio
import time
from http import HTTPStatus

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin.digital_post import API, page_asked, paging
from borgersamling.standin.faults import Faults, error
from borgersamling.standin.options import Options
from borgersamling.standin.people import share_of
from borgersamling.standin.store import Store

AT_ONCE, AGAIN_SECONDS = 50, 1.0


class HandingOut:
    """The routes and the pusher. A receipt is there until it is acknowledged, or its push is answered with a 2xx."""

    def __init__(self, options: Options, store: Store, faults: Faults) -> None:
        self._options, self._store, self._faults = options, store, faults
        self._repeated: set[str] = set()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{API}/receipts/", self.ids),
            Route(f"{API}/receipts-bulk/", self.many),
            Route(f"{API}/receipts/{{id}}", self.one, methods=["GET", "DELETE"]),
        ]

    async def ids(self, request: Request) -> Response:
        """List the ids of the receipts that wait, in pages."""
        if refused := self._faults.of_call(request):
            return refused
        page, size = page_asked(request, 100)
        found, total = self._store.receipts(time.time(), size, page * size)
        pages = -(-total // size)
        here = {"number": page, "size": size, "totalElements": total, "totalPages": pages}
        return JSONResponse(here | {"content": [receipt["id"] for receipt in found]})

    async def many(self, request: Request) -> Response:
        """Hand out the receipts that wait, in pages."""
        if refused := self._faults.of_call(request):
            return refused
        page, size = page_asked(request, 100)
        found, total = self._store.receipts(time.time(), size, page * size)
        return JSONResponse(paging(page, size, len(found), total) | {"receipts": found})

    async def one(self, request: Request) -> Response:
        """Show one receipt, or take it as handled."""
        if refused := self._faults.of_call(request):
            return refused
        receipt = request.path_params["id"]
        found = self._store.receipt(receipt)
        if found is None:
            return error(HTTPStatus.NOT_FOUND, "receipt.not.found", "there is no such receipt", "id")
        if request.method == "DELETE" or request.query_params.get("delete") == "true":
            self._acknowledge(receipt)
        return Response(status_code=HTTPStatus.NO_CONTENT) if request.method == "DELETE" else JSONResponse(found)

    def _acknowledge(self, receipt: str) -> None:
        self._store.delete_receipt(receipt)
        share = self._options.repeated_receipt_share
        if share and receipt not in self._repeated and share_of("repeated", self._options.seed, receipt) < share:
            self._repeated.add(receipt)
            self._store.hand_out_again(receipt, time.time() + self._options.receipt_seconds)

    async def push(self) -> None:
        """Push what is ready, for as long as it is asked for; what is not taken goes again."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            while True:
                await asyncio.sleep(self._options.push_seconds)
                if self._options.push_url:
                    found, _ = self._store.receipts(time.time(), AT_ONCE, 0)
                    await asyncio.gather(*(self._push_one(http, receipt) for receipt in found))

    async def _push_one(self, http: httpx.AsyncClient, receipt: dict[str, object]) -> None:
        headers = {self._options.push_header: self._options.push_secret}
        try:
            answer = await http.post(self._options.push_url, json=receipt, headers=headers)
            taken = answer.is_success
        except httpx.HTTPError:
            taken = False
        if taken:
            self._acknowledge(str(receipt["id"]))
        else:
            self._store.hand_out_again(str(receipt["id"]), time.time() + AGAIN_SECONDS)
