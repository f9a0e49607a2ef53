"""Pushes receipts as Beskedfordeler does: again and again until they are taken, and not always once or in order."""

import asyncio
import random
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

import httpx

from borgersamling.standin.options import Options
from borgersamling.standin.receipts import Receipt
from borgersamling.standin.sf1601.post_status import pushed
from borgersamling.standin.sf1601.store import Push, Store

AT_A_TIME = 8
AGAIN_SECONDS, LOOK_SECONDS = 0.5, 0.02
TAKEN = b"<StatusKode>20</StatusKode>"


class Pusher:
    """Plans receipts and pushes those that are due."""

    def __init__(self, options: Options, store: Store) -> None:
        self._options, self._store = options, store
        self._chance = random.Random(f"{options.seed} pushes")  # noqa: S311 - faults, not secrets

    def plan(self, receipts: Iterable[Receipt], cvr: str, *, letter: bool) -> None:
        """Have receipts pushed when each is ready. Their `status` is an event's name."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for receipt in receipts:
            body = pushed(receipt, cvr, now, letter=letter)
            self._store.put(body, receipt.ready)
            if self._chance.random() < self._options.repeated_receipt_share:
                self._store.put(body, receipt.ready + AGAIN_SECONDS)

    async def run(self) -> None:
        """Push until cancelled. Receipts wait while there is nowhere to push them, or nobody takes them."""
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            while True:
                url = self._options.sf1601.push_url
                due = self._store.due(time.time(), AT_A_TIME) if url else []
                await asyncio.gather(*(self._push(http, url, one) for one in due))
                if not due:
                    await asyncio.sleep(LOOK_SECONDS)

    async def _push(self, http: httpx.AsyncClient, url: str, push: Push) -> None:
        headers = {"Content-Type": "application/xml"}
        certificate = self._options.sf1601.push_certificate
        if certificate is not None:
            # A key may lie in the same file: it is nobody else's.
            begin, end = ssl.PEM_HEADER, ssl.PEM_FOOTER
            shown = certificate.read_text().partition(begin)[2].partition(end)[0]
            headers[self._options.sf1601.push_header] = quote(f"{begin}{shown}{end}")
        with suppress(httpx.HTTPError):
            answer = await http.post(url, content=push.body, headers=headers)
            if answer.status_code == HTTPStatus.OK and TAKEN in answer.content:
                self._store.pushed(push)
                return
        self._store.again(push, time.time() + AGAIN_SECONDS)
